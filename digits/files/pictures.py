"""Pictures in and out: image files become ink on a sheet, a sheet becomes a PNG file.

A picture may be of any size, grey or coloured, dark on light or light on dark, transparent, or a photograph of a digit
on unevenly lit paper. What is taken from it is ink alone, 0 to 1.
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
from digits.files import guards, writing
from digits.ink import grid

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM", "ICO")
WORK = 16  # pixels a cell: as fine as it need be to find the ink
_PAGE = 84  # cells across a picture of several digits
GRAIN = 8  # to a cell: what is finer is noise of the camera
FAINTEST = 0.06  # of black to white: paler than this is no ink
SMALLEST = 0.4  # of the height of the picture, once framed: a smaller digit is brought nearer
NEARER = 20 / 28  # of the sheet, as large as MNIST shows digits

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
    scale: float  # pixels of the picture for each of its places


def read(path: Path, columns: int = grid.SIZE) -> np.ndarray:
    """Return the ink of an image file as (28, columns); raise UserError where there is none."""
    return _opened(path, lambda image: from_image(image, columns))


def read_page(path: Path) -> Page:
    """Return all the ink of an image file, whatever its shape; raise UserError where there is none."""
    return _opened(path, page)


def _opened(path, function):
    """Return what a function makes of the image in a file; raise UserError where that cannot be."""
    from PIL import Image

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
    image = _decoded(image, columns)
    levels = _levels(image, columns)
    if levels.shape == (grid.SIZE, columns):  # made for this, as the drawings that the window saves: taken as it is
        return levels if np.median(levels) < 0.5 else 1 - levels
    ink = _ink(levels)
    written, whole = _extent(ink), _Extent(0, ink.shape[0], 0, ink.shape[1])
    if written.height_of_frame(columns) < SMALLEST * whole.height_of_frame(columns):
        return _fit(_brought_nearer(image, written, image.width / ink.shape[1], columns), columns)
    return _fit(_framed(ink, whole.height_of_frame(columns), columns, whole.middle), columns)


def page(image) -> Page:
    """Return all the ink of a Pillow image; raise UserError where there is none."""
    image = _decoded(image, _PAGE)
    levels = _levels(image, _PAGE if image.height != grid.SIZE else image.width)
    ink = _ink(levels)
    return Page(ink, image.width / ink.shape[1])


def _decoded(image, columns):
    """Return a Pillow image upright and no larger than is worked on; raise UserError where it is too large."""
    from PIL import ImageOps

    _check_scans(image)
    finest = min(4 * WORK * columns, _FINEST)
    image.draft("RGB", (finest, finest))  # a JPEG is decoded no finer than needed
    if image.width * image.height > _MOST_PIXELS:
        raise UserError(f"{image.width} x {image.height} pixels are too many; make the picture smaller.")
    return ImageOps.exif_transpose(_reduced(image))


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


def _levels(image, columns):
    """Return an image as (height, width) float32, 0 black to 1 white, no larger than needed."""
    from PIL import Image, ImageFilter

    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more: whatever its range, all of it
        levels = np.asarray(image, np.float32)
        spread = float(np.ptp(levels))
        image = Image.fromarray(((levels - levels.min()) * (255 / spread if spread else 0)).astype(np.uint8))
    if image.has_transparency_data:
        image = _on_paper(image.convert("RGBA"))
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


def _ink(levels):
    """Return how much ink there is at every pixel, 0 to 1."""
    difference = levels - _paper(levels)
    side = np.sign((difference**3).sum()) or 1  # the rare and strong is ink, dark on light or light on dark
    strength = side * difference
    noise = 1.5 * float(np.median(np.abs(difference)))
    full = float(np.quantile(strength[strength > strength.max() / 2], 0.5)) if strength.max() > 0 else 0
    if full < max(FAINTEST, 5 * noise):
        raise UserError("there is nothing but paper on it.")
    floor = max(0.1 * full, min(4 * noise, 0.5 * full))
    return np.clip((strength - floor) / (0.9 * full - floor), 0, 1)


def _paper(levels, rounds=12):
    """Return the brightness that the paper would have without ink: a smooth surface through most of the pixels."""
    height, width = levels.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    surface = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    step = max(1, max(levels.shape) // 64)  # a few thousand pixels say enough
    samples, values = surface[::step, ::step].reshape(-1, 6), levels[::step, ::step].ravel()
    is_paper = np.ones(len(values), bool)
    for _ in range(rounds):
        fit = np.linalg.lstsq(samples[is_paper], values[is_paper], rcond=None)[0]
        off = np.abs(values - samples @ fit)
        is_paper = off <= max(np.quantile(off, 0.6), 1e-3)
    return surface @ fit


class _Extent(NamedTuple):
    """Where something begins and ends in a picture, in pixels."""

    top: int
    bottom: int
    left: int
    right: int

    def height_of_frame(self, columns):
        """Return the height of the smallest frame around it that is shaped like a sheet."""
        return max(self.bottom - self.top, (self.right - self.left) * grid.SIZE / columns)

    @property
    def middle(self):
        return (self.top + self.bottom) / 2, (self.left + self.right) / 2


def _extent(ink):
    """Return where the writing is, but for the odd speck."""
    return _Extent(*(edge for axis in (1, 0) for edge in _ends(ink.sum(axis=axis))))


def _ends(sums):
    share = np.cumsum(sums) / sums.sum()
    return int(np.searchsorted(share, 0.003)), int(np.searchsorted(share, 0.997)) + 1


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
    ink = _ink(_levels(image.crop([round(edge) for edge in box]), columns))
    written = _extent(ink)
    return _framed(ink, written.height_of_frame(columns) / NEARER, columns, written.middle)


def _framed(ink, height, columns, middle):
    """Cut a frame shaped like a sheet out of a picture, with bare paper where it reaches over the edge."""
    height, width = max(1, round(height)), max(1, round(height * columns / grid.SIZE))
    padded = np.pad(ink, ((height, height), (width, width)))
    top, left = round(middle[0] + height - height / 2), round(middle[1] + width - width / 2)
    return padded[top : top + height, left : left + width]


def _fit(ink, columns):
    """Return a framed picture cell by cell, its ink as strong as drawn ink."""
    from PIL import Image

    how = Image.Resampling.BOX if len(ink) >= grid.SIZE else Image.Resampling.BILINEAR
    cells = np.asarray(Image.fromarray(ink.astype(np.float32)).resize((columns, grid.SIZE), how))
    full = np.quantile(cells[cells > cells.max() / 2], 0.5)  # lines finer than a cell have paled
    return np.clip(cells / full, 0, 1).astype(np.float32)
