"""The platform's own places for what a program keeps."""

import contextlib
import tempfile
from pathlib import Path

import platformdirs


def folder(kind: str) -> Path | None:
    """Return the folder for `config` or `state` of this program; None for a user without a home."""
    with contextlib.suppress(RuntimeError):  # which not every version raises
        path = getattr(platformdirs, f"user_{kind}_path")("digits", appauthor=False)
        return path if path.is_absolute() else None
    return None


def pictures() -> Path:
    """Return the user's folder for pictures, which may not be there yet; the one for temporary files without a home."""
    with contextlib.suppress(RuntimeError):
        path = platformdirs.user_pictures_path()
        return path if path.is_absolute() else Path(tempfile.gettempdir())
    return Path(tempfile.gettempdir())
