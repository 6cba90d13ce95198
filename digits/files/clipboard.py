"""The clipboard beyond plain text: files and pictures that were copied elsewhere, and a picture for others to paste."""

import contextlib
import io
from pathlib import Path

import numpy as np

from digits import UserError
from digits.files import pictures, x11
from digits.files.photographs import Photograph
from digits.ink import grid

_FILES, _PICTURES = "text/uri-list", ("image/png", "image/jpeg", "image/bmp")  # as X11 calls what may be pasted
_TEXTS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain")  # and text
_VERBS = ("copy", "cut")  # stand above the files in x-special/gnome-copied-files
_LONGEST = 10_000  # characters of a text in which the name of a file is looked for


def read(columns: int = grid.SIZE) -> np.ndarray | Photograph:
    """Return what is on the file or picture in the clipboard, as `pictures.look` does; raise UserError without one."""
    copied = None
    for look in (_in_x11, _in_others):
        with contextlib.suppress(Exception):  # every platform has its own ways of having no picture
            copied = copied or look()
    if copied is None:
        raise UserError("There is no picture in the clipboard, and no copied file.")
    return pictures.look(copied, columns) if isinstance(copied, Path) else pictures.seen(copied, columns)


def _in_x11():
    from PIL import Image

    if not (found := x11.get((_FILES, *_PICTURES, *_TEXTS))):
        return None
    kind, content = found
    if kind in _PICTURES:
        return Image.open(io.BytesIO(content), formats=pictures.FORMATS)
    return file_in(content.decode("utf-8", errors="replace"))


def _in_others():
    from PIL import ImageGrab

    copied = ImageGrab.grabclipboard()
    return Path(copied[0]) if isinstance(copied, list) else copied


def put(ink: np.ndarray, words: str) -> bool:
    """Copy ink as a picture, and words as text if there are any; say whether the clipboard takes both, as X11's does.

    They are there until somebody else copies or the program ends.
    """
    content = io.BytesIO()
    pictures.large(ink).save(content, "PNG")
    try:
        x11.offer({"image/png": content.getvalue()} | (dict.fromkeys(_TEXTS, words.encode()) if words else {}))
    except OSError:
        return False
    return True


def file_in(text: str) -> Path | None:
    """Return the first file that a text names, a URI or a path on each line; None where it names no file.

    A list of URIs is text/uri-list (RFC 2483), in which lines with # are comments.
    """
    from urllib.parse import urlsplit
    from urllib.request import url2pathname  # it loads much

    lines = (line.strip() for line in text[:_LONGEST].splitlines())
    name = next((line for line in lines if line and not line.startswith("#") and line not in _VERBS), "")
    with contextlib.suppress(ValueError, OSError):  # no path on this system
        parts = urlsplit(name)
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            return Path(url2pathname(parts.path))
        if Path(name).is_absolute() and Path(name).is_file():
            return Path(name)
    return None
