"""What was copied elsewhere, beyond plain text: files and pictures, by the means of each platform."""

import contextlib
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import numpy as np

from digits import UserError
from digits.files import pictures
from digits.ink import grid

_VERBS = ("copy", "cut")  # stand above the files in x-special/gnome-copied-files
_LONGEST = 10_000  # characters of a text in which the name of a file is looked for


def read(text: str, columns: int = grid.SIZE) -> np.ndarray:
    """Return the ink of the file or the picture in the clipboard as (28, columns); raise UserError if it has neither.

    text: what the clipboard has as text, for file managers copy the names of files as text too.
    """
    if path := file_in(text):
        return pictures.read(path, columns)
    from PIL import ImageGrab

    try:
        copied = ImageGrab.grabclipboard()
    except Exception as error:  # every platform has its own ways of having no picture
        raise UserError("There is no picture in the clipboard that can be had.") from error
    if isinstance(copied, list) and copied:
        return pictures.read(Path(copied[0]), columns)
    if copied is None or isinstance(copied, list):
        raise UserError("There is no picture in the clipboard.")
    return pictures.from_image(copied, columns)


def file_in(text: str) -> Path | None:
    """Return the first file that a text names, a URI or a path on each line; None where it names no file.

    A list of URIs is text/uri-list (RFC 2483), in which lines with # are comments.
    """
    lines = (line.strip() for line in text[:_LONGEST].splitlines())
    name = next((line for line in lines if line and not line.startswith("#") and line not in _VERBS), "")
    with contextlib.suppress(ValueError, OSError):  # no path on this system
        parts = urlsplit(name)
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            return Path(url2pathname(parts.path))
        if Path(name).is_absolute() and Path(name).is_file():
            return Path(name)
    return None
