"""Pictures in and out: image files become ink on a grid, a grid becomes a PNG file.

A picture may be of any size, grey or coloured, dark on light or light on dark, transparent, or a photograph of a digit
on unevenly lit paper. What is taken from it is ink alone, 0 to 1.
"""

import logging
import os
import warnings
from itertools import count
from math import ceil
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError, errors
from digits.files import guards, writing
from digits.ink import grid

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM", "ICO")
WORK_SIDE = 16 * grid.SIZE  # pixels: as fine as it need be to find the ink
GRAIN = 8 * grid.SIZE  # to the side: what is finer is noise of the camera
FAINTEST = 0.06  # of black to white: paler than this is no ink
SMALLEST = 0.4  # of the side of the picture: a smaller digit is brought nearer
NEARER = 20 / 28  # of the grid, as large as MNIST shows digits

logging.getLogger("PIL").addHandler(logging.NullHandler())  # else it prints what is odd about a file


def read(path: Path) -> np.ndarray:
    """Return the ink of an image file as a grid (28, 28); raise UserError where there is none."""
    from PIL import Image

    try:
        if guards.is_special(path):
            raise UserError("it is no file.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd about a file is not the user's concern
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                return from_image(image)
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file.") from None
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    except Exception as error:  # a file from anywhere: decoders raise what they happen to stumble over
        raise UserError(f"{path} cannot be read as a picture ({errors.first_line(error)}).") from error


def from_image(image) -> np.ndarray:
    """Return the ink of a Pillow image as a grid (28, 28)."""
    from PIL import Image, ImageOps

    if image.width * image.height > Image.MAX_IMAGE_PIXELS:  # 89 million; a photograph has up to 50
        raise UserError(f"{image.width} x {image.height} pixels are too many; make the picture smaller.")
    image.draft("RGB", (4 * WORK_SIDE, 4 * WORK_SIDE))  # a JPEG is decoded no finer than needed
    image = ImageOps.exif_transpose(image)
    levels = _levels(image)
    if levels.shape == grid.SHAPE:  # made for this, as the drawings that the window saves: taken as it is
        return levels if np.median(levels) < 0.5 else 1 - levels
    ink = _ink(levels)
    digit = _extent(ink)
    if digit.side < SMALLEST * max(ink.shape):
        return _fit(_brought_nearer(image, digit, image.width / ink.shape[1]))
    return _fit(_square(ink, max(ink.shape), ink.shape[0] / 2, ink.shape[1] / 2))


def from_clipboard() -> np.ndarray:
    """Return the ink of the picture in the clipboard; raise UserError where there is none."""
    from PIL import ImageGrab

    try:
        copied = ImageGrab.grabclipboard()
    except Exception as error:  # every platform has its own ways of having no picture
        raise UserError("There is no picture in the clipboard that can be had.") from error
    if isinstance(copied, list) and copied:  # files, copied in a file manager
        return read(Path(copied[0]))
    if copied is None or isinstance(copied, list):
        raise UserError("There is no picture in the clipboard.")
    return from_image(copied)


def save(ink: np.ndarray, folder: Path) -> Path:
    """Save a grid as a PNG of 28 x 28 pixels, black ink on white, under a new name in a folder; return its path."""
    from PIL import Image

    image = Image.fromarray((255 * (1 - ink)).round().astype(np.uint8))
    path = next(path for number in count(1) if not os.path.lexists(path := folder / f"digit-{number}.png"))
    writing.write_whole(path, lambda unfinished: image.save(unfinished, "PNG"))
    return path


def _levels(image):
    """Return an image as (height, width) float32, 0 black to 1 white, no larger than needed."""
    from PIL import Image, ImageFilter

    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more: whatever its range, all of it
        levels = np.asarray(image, np.float32)
        spread = float(np.ptp(levels))
        image = Image.fromarray(((levels - levels.min()) * (255 / spread if spread else 0)).astype(np.uint8))
    if image.has_transparency_data:
        image = _on_paper(image.convert("RGBA"))
    image = image.convert("L")
    if max(image.size) > WORK_SIDE:
        image = image.reduce(ceil(max(image.size) / WORK_SIDE))
    if image.size != grid.SHAPE:
        image = image.filter(ImageFilter.GaussianBlur(max(image.size) / GRAIN))
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
    """Where a digit begins and ends in a picture, in pixels."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def side(self):
        return max(self.bottom - self.top, self.right - self.left)

    @property
    def middle(self):
        return (self.top + self.bottom) / 2, (self.left + self.right) / 2


def _extent(ink):
    """Return where the digit is, but for the odd speck."""
    return _Extent(*(edge for axis in (1, 0) for edge in _ends(ink.sum(axis=axis))))


def _ends(sums):
    share = np.cumsum(sums) / sums.sum()
    return int(np.searchsorted(share, 0.003)), int(np.searchsorted(share, 0.997)) + 1


def _brought_nearer(image, digit, scale):
    """Look again, closely, at the part of an image that the digit is in; return its ink as a square picture."""
    row, column = (at * scale for at in digit.middle)
    reach = digit.side * scale
    box = (
        max(0, column - reach),
        max(0, row - reach),
        min(image.width, column + reach),
        min(image.height, row + reach),
    )
    ink = _ink(_levels(image.crop([round(edge) for edge in box])))
    digit = _extent(ink)
    return _square(ink, max(1, round(digit.side / NEARER)), *digit.middle)


def _square(ink, side, middle_row, middle_column):
    """Cut a square out of a picture, with bare paper where it reaches over the edge."""
    padded = np.pad(ink, side)
    top, left = (round(middle + side - side / 2) for middle in (middle_row, middle_column))
    return padded[top : top + side, left : left + side]


def _fit(ink):
    """Return a square picture as a grid, its ink as strong as drawn ink."""
    from PIL import Image

    how = Image.Resampling.BOX if len(ink) >= grid.SIZE else Image.Resampling.BILINEAR
    cells = np.asarray(Image.fromarray(ink.astype(np.float32)).resize(grid.SHAPE, how))
    full = np.quantile(cells[cells > cells.max() / 2], 0.5)  # lines finer than a cell have paled
    return np.clip(cells / full, 0, 1).astype(np.float32)
