"""Pictures in and out: image files become ink on a sheet, a sheet becomes a PNG file.

A picture may be of any size, grey or coloured, dark on light or light on dark, transparent, or a photograph. What is
taken from it is ink alone, 0 to 1. Where the ground is clean, as in drawings and scans, all that stands out from it is
ink; everything else is a photograph, in which a digit has to be found first (`digits.files.photographs`).
"""

import logging
import os
import warnings
from itertools import count
from math import ceil, sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError, errors
from digits.files import clean, guards, photographs, writing
from digits.files.photographs import Photograph
from digits.ink import grid

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM", "ICO")
WORK = 16  # pixels a cell: as fine as it need be to find the ink
_PAGE = 84  # cells across a picture of several digits
GRAIN = 8  # to a cell: what is finer is noise of the camera
SMALLEST = 0.4  # of the height of the picture, once framed: a smaller digit is brought nearer

# What a file may cost. A photograph has up to 50 million pixels, and of a JPEG a part is enough; it has some 10 scans.
_MOST_PIXELS = 40_000_000  # decoded; in the greediest format, WebP, each takes 20 bytes meanwhile
_MOST_BYTES = 6 * _MOST_PIXELS
_MOST_LETTERS, _IN_LETTERS = 20_000_000, (b"P1", b"P2", b"P3")  # bytes of PPM as text, some million numbers a second
_MOST_SCANNED = 50 * _MOST_PIXELS
_SCAN = b"\xff\xda"
_WORKED_ON = 16_000_000  # pixels at most
_LARGE = 20  # pixels a cell
_EVEN = 0.4  # cells: the waves along slanted edges are so long, and the finest strokes outlast it
_FINEST = 4000  # pixels a side, the same of a JPEG

logging.getLogger("PIL").addHandler(logging.NullHandler())  # else it prints what is odd about a file


class Page(NamedTuple):
    """The ink of a whole picture."""

    ink: np.ndarray  # (rows, columns) float32, 0 to 1
    scale: float  # pixels of the picture, as it was given, for each of its places


def read(path: Path, columns: int = grid.SIZE) -> np.ndarray:
    """Return the ink of an image file as (28, columns); raise UserError where there is none."""
    return _opened(path, lambda image: from_image(image, columns))


def look(path: Path, columns: int = grid.SIZE) -> np.ndarray | Photograph:
    """Return the ink of an image file as (28, columns), or a photograph of which a part has yet to be cut out.

    Raises UserError where nothing is written on it.
    """
    return _opened(path, lambda image: seen(image, columns))


def read_page(path: Path) -> Page:
    """Return all the ink of an image file, whatever its shape; raise UserError where there is none."""
    return _opened(path, page)


def _opened(path, function):
    """Return what a function makes of the image in a file; raise UserError where that cannot be."""
    from PIL import Image, UnidentifiedImageError

    try:
        _check_file(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd about a file is not the user's concern
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                return function(image)
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file.") from None
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    except UnidentifiedImageError:
        raise UserError(f"{path} cannot be read as a picture: expected {', '.join(FORMATS)}.") from None
    except Exception as error:  # a file from anywhere: decoders raise what they happen to stumble over
        raise UserError(f"{path} cannot be read as a picture ({errors.first_line(error)}).") from error


def _check_file(path):
    """Raise UserError if there is more in a file than any picture of ours takes to decode; FileNotFoundError too."""
    if guards.is_special(path):
        raise UserError("it is no file.")
    with path.open("rb") as file:
        most = _MOST_LETTERS if file.read(2) in _IN_LETTERS else _MOST_BYTES
        if (size := file.seek(0, os.SEEK_END)) > most:
            raise UserError(f"it has {size:,} bytes, at most {most:,} are read; make the picture smaller.")


def from_image(image, columns: int = grid.SIZE) -> np.ndarray:
    """Return the ink of a Pillow image as (28, columns) float32, 0 to 1."""
    found = seen(image, columns)
    return found.cut(found.corners, columns) if isinstance(found, Photograph) else found


def seen(image, columns: int = grid.SIZE) -> np.ndarray | Photograph:
    """Return what is on a Pillow image, as `look` does."""
    image = _decoded(image, columns)
    levels = _levels(image, columns)
    if levels.shape == (grid.SIZE, columns):  # made for this, as the drawings that the window saves: taken as it is
        return levels if np.median(levels) < 0.5 else 1 - levels
    if clean.is_clean(levels):
        return _from_clean(image, levels, columns)
    return photographs.look(image.convert("RGB"), columns)


def _from_clean(image, levels, columns):
    ink = clean.ink(levels)
    written, whole = clean.extent(ink), clean.Extent(0, ink.shape[0], 0, ink.shape[1])
    if written.height_of_frame(columns) < SMALLEST * whole.height_of_frame(columns):
        return clean.fit(_brought_nearer(image, written, image.width / ink.shape[1], columns), columns)
    return clean.fit(clean.framed(ink, whole.height_of_frame(columns), columns, whole.middle), columns)


def page(image) -> Page:
    """Return all the ink of a Pillow image; raise UserError where there is none."""
    side = max(image.size)  # before it is reduced
    image = _decoded(image, _PAGE)
    is_drawing = image.height == grid.SIZE  # as the window saves them
    levels = _levels(image, image.width if is_drawing else _PAGE)
    ink = clean.ink(levels) if is_drawing or clean.is_clean(levels) else photographs.look(image.convert("RGB")).page
    return Page(ink, side / max(ink.shape))


def _decoded(image, columns):
    """Return a Pillow image upright and no larger than is worked on; raise UserError where it is too large."""
    from PIL import ImageOps

    _check_scans(image)
    finest = min(4 * WORK * columns, _FINEST)
    image.draft("RGB", (finest, finest))  # a JPEG is decoded no finer than needed
    if image.width * image.height > _MOST_PIXELS:
        raise UserError(f"{image.width} x {image.height} pixels are too many; make the picture smaller.")
    return _opaque(ImageOps.exif_transpose(_reduced(image)))


def _check_scans(image):
    """Raise UserError where a JPEG goes over its pixels again and again: each time is some bytes long at least."""
    if image.format in ("JPEG", "MPO") and image.fp:
        scans = image.fp.read().count(_SCAN)
        image.fp.seek(0)
        if scans * image.width * image.height > _MOST_SCANNED:
            raise UserError(f"it is packed in {scans:,} layers, which would take too long; save it in another way.")


def _reduced(image):
    """Return an image of no more pixels than are worked on: whatever is done to all of them takes memory."""
    if (factor := ceil(sqrt(image.width * image.height / _WORKED_ON))) == 1:
        return image
    if image.mode.startswith("I"):
        return image.convert("F").reduce(factor)
    if image.has_transparency_data:
        return image.convert("RGBA").reduce(factor)
    return image.convert("L").reduce(factor)


def save(ink: np.ndarray, folder: Path) -> Path:
    """Save ink as `write` does, under a new name in a folder; return its path."""
    path = new_name(folder)
    write(path, ink)
    return path


def new_name(folder: Path, stem: str = "digit") -> Path:
    """Return a path in a folder where nothing is yet."""
    return next(path for number in count(1) if not os.path.lexists(path := folder / f"{stem}-{number}.png"))


def write(path: Path, ink: np.ndarray) -> None:
    """Write ink as a PNG file of one pixel a cell, black on white; read back it is the same."""
    from PIL import Image

    image = Image.fromarray((255 * (1 - ink)).round().astype(np.uint8))
    writing.write_whole(path, lambda unfinished: image.save(unfinished, "PNG"))


def large(ink: np.ndarray):
    """Return ink as a Pillow image of 20 pixels a cell, black on white, with the smooth edges that the brush meant.

    Ink falls linearly across an edge, so between the cells it tells how far the edge is (Green, "Improved Alpha-Tested
    Magnification for Vector Textures and Special Effects", 2007).
    """
    from PIL import Image, ImageFilter

    size = (_LARGE * ink.shape[1], _LARGE * ink.shape[0])
    finer = Image.fromarray((255 * ink).round().astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    between = np.asarray(finer.filter(ImageFilter.GaussianBlur(_EVEN * _LARGE)), np.float32) / 255
    sharp = np.clip((between - 0.5) * _LARGE / 2 + 0.5, 0, 1)
    return Image.fromarray((255 * (1 - sharp)).round().astype(np.uint8))


def _opaque(image):
    """Return an image in 8 bits that nothing shines through."""
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more: whatever its range, all of it
        levels = np.asarray(image, np.float32)
        spread = float(np.ptp(levels))
        return Image.fromarray(((levels - levels.min()) * (255 / spread if spread else 0)).astype(np.uint8))
    return _on_paper(image.convert("RGBA")) if image.has_transparency_data else image


def _levels(image, columns):
    """Return an image as (height, width) float32, 0 black to 1 white, no larger than needed."""
    from PIL import ImageFilter

    image = image.convert("L")
    if max(image.size) > WORK * columns:
        image = image.reduce(ceil(max(image.size) / (WORK * columns)))
    if image.size != (columns, grid.SIZE):
        image = image.filter(ImageFilter.GaussianBlur(max(image.size) / (GRAIN * columns)))
    return np.asarray(image, np.float32) / 255


def _on_paper(image):
    """Lay a transparent image on paper that its ink stands out from."""
    from PIL import Image

    pixels = np.asarray(image.convert("LA"), np.float32)
    brightness, cover = pixels[..., 0], pixels[..., 1]
    is_dark = (brightness * cover).sum() < 127.5 * max(1, cover.sum())
    paper = Image.new("RGBA", image.size, "white" if is_dark else "black")
    return Image.alpha_composite(paper, image)


def _brought_nearer(image, written, scale, columns):
    """Look again, closely, at the part of an image that is written on; return its ink, framed."""
    row, column = (at * scale for at in written.middle)
    reach = written.height_of_frame(columns) * scale
    across = reach * columns / grid.SIZE
    box = (
        max(0, column - across),
        max(0, row - reach),
        min(image.width, column + across),
        min(image.height, row + reach),
    )
    ink = clean.ink(_levels(image.crop([round(edge) for edge in box]), columns))
    written = clean.extent(ink)
    return clean.framed(ink, written.height_of_frame(columns) / photographs.NEARER, columns, written.middle)
