"""Where the files lie that come with the program: in a checkout beside the package, installed inside it."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "shipped"  # where the wheel puts them, see pyproject.toml

ASSETS = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "assets"
MODEL = ASSETS / "model.keras"
