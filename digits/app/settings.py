"""What the window remembers between two runs, in the platform's own place for such things."""

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from digits import UserError
from digits.app import places
from digits.files import bounded, guards, writing

THEMES = ("light", "dark", "system")
_LARGEST = 10_000  # bytes


@dataclass
class Settings:
    """The size of the window in points, None for one that suits the display; the theme; whether anybody has drawn."""

    size: tuple[int, int] | None = None
    theme: str = "system"
    has_drawn: bool = False


def place() -> Path | None:
    """Return the file that the settings are kept in; None for a user without a home."""
    folder = places.folder("config")
    return folder and folder / "window.json"


def load(path: Path | None) -> Settings:
    """Return what was saved, and what is usual where nothing was, or nothing that can be used."""
    settings, saved = Settings(), {}
    with contextlib.suppress(OSError, ValueError, RecursionError, UserError):
        if path and not guards.is_special(path):
            saved = json.loads(bounded.read_file(path, _LARGEST))
    if not isinstance(saved, dict):
        return settings
    size, theme = saved.get("size"), saved.get("theme")
    if isinstance(size, list) and len(size) == 2 and all(type(side) is int and 0 < side < 100_000 for side in size):
        settings.size = tuple(size)
    if theme in THEMES:
        settings.theme = theme
    settings.has_drawn = saved.get("has_drawn") is True
    return settings


def save(settings: Settings, path: Path | None) -> None:
    """Save settings; where that cannot be done the next run starts as usual."""
    if not path:
        return
    with contextlib.suppress(OSError, UserError):
        path.parent.mkdir(parents=True, exist_ok=True)
        writing.write_whole(path, lambda unfinished: unfinished.write_text(json.dumps(asdict(settings)), "utf-8"))


def theme_of_system() -> str:
    """Return whether the desktop is light or dark; light where it does not say."""
    with contextlib.suppress(Exception):  # desktops differ, and none is worth failing for
        return "dark" if _is_dark() else "light"
    return "light"


def _is_dark():
    import subprocess
    import sys

    if sys.platform == "win32":
        import winreg

        path = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
            return winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0
    ask = ["gsettings", "get", "org.gnome.desktop.interface", "color-scheme"]
    if sys.platform == "darwin":
        ask = ["defaults", "read", "-g", "AppleInterfaceStyle"]
    said = subprocess.run(ask, capture_output=True, text=True, timeout=0.2, check=False).stdout
    return "dark" in said.lower()
