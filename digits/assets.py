"""Where the files lie that come with the program: in a checkout beside the package, installed inside it."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "shipped"  # where the wheel puts them, see pyproject.toml

IS_INSTALLED = _INSTALLED.is_dir()
ASSETS = _INSTALLED if IS_INSTALLED else _PACKAGE.parent / "assets"
MODEL = ASSETS / "model.keras"
PEN_DIGITS = ASSETS / "pen-digits.dat"
