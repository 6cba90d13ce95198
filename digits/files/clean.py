"""Ink on a clean ground, as in drawings and scans: all that stands out from a smooth surface."""

from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.ink import grid

UNEVEN = 0.002  # of black to white, half a level of grey: no camera sees so smooth a ground
FAINTEST = 0.06  # of black to white: paler than this is no ink


def is_clean(levels: np.ndarray) -> bool:
    """Whether a picture's ground is so even, along most of its edge too, that everything else on it is ink."""
    difference = np.abs(levels - _paper(levels))
    edge = np.concatenate([difference[0], difference[-1], difference[:, 0], difference[:, -1]])
    return bool(np.median(difference) < UNEVEN and np.quantile(edge, 0.8) < 4 * UNEVEN)


def ink(levels: np.ndarray) -> np.ndarray:
    """Return how much ink there is at every pixel, 0 to 1, of a picture (height, width), 0 black to 1 white.

    Raises UserError where there is none.
    """
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
    y, x = (np.linspace(-1, 1, length, dtype=np.float32) for length in levels.shape)
    step = max(1, max(levels.shape) // 64)  # a few thousand pixels say enough
    rows, columns = (axis.ravel() for axis in np.meshgrid(y[::step], x[::step], indexing="ij"))
    terms = [np.ones_like(rows), columns, rows, columns * columns, columns * rows, rows * rows]
    samples, values = np.stack(terms, axis=-1), levels[::step, ::step].ravel()
    is_paper = np.ones(len(values), bool)
    for _ in range(rounds):
        fit = np.linalg.lstsq(samples[is_paper], values[is_paper], rcond=None)[0]
        off = np.abs(values - samples @ fit)
        is_paper = off <= max(np.quantile(off, 0.6), 1e-3)
    y = y[:, None]
    return (fit[0] + fit[1] * x + fit[3] * x * x) + y * (fit[2] + fit[4] * x) + fit[5] * y * y


class Extent(NamedTuple):
    """Where something begins and ends in a picture, in pixels."""

    top: int
    bottom: int
    left: int
    right: int

    def height_of_frame(self, columns: int) -> float:
        """Return the height of the smallest frame around it that is shaped like a sheet."""
        return max(self.bottom - self.top, (self.right - self.left) * grid.SIZE / columns)

    @property
    def middle(self) -> tuple[float, float]:
        """The row and column half-way."""
        return (self.top + self.bottom) / 2, (self.left + self.right) / 2


def extent(ink: np.ndarray) -> Extent:
    """Return where the writing is, but for the odd speck."""
    return Extent(*(edge for axis in (1, 0) for edge in _ends(ink.sum(axis=axis))))


def _ends(sums):
    share = np.cumsum(sums) / sums.sum()
    return int(np.searchsorted(share, 0.003)), int(np.searchsorted(share, 0.997)) + 1


def framed(ink: np.ndarray, height: float, columns: int, middle: tuple[float, float]) -> np.ndarray:
    """Cut a frame shaped like a sheet out of a picture, with bare paper where it reaches over the edge."""
    height, width = max(1, round(height)), max(1, round(height * columns / grid.SIZE))
    padded = np.pad(ink, ((height, height), (width, width)))
    top, left = round(middle[0] + height - height / 2), round(middle[1] + width - width / 2)
    return padded[top : top + height, left : left + width]


def fit(ink: np.ndarray, columns: int) -> np.ndarray:
    """Return a framed picture cell by cell, its ink as strong as drawn ink."""
    from PIL import Image

    how = Image.Resampling.BOX if len(ink) >= grid.SIZE else Image.Resampling.BILINEAR
    cells = np.asarray(Image.fromarray(ink.astype(np.float32)).resize((columns, grid.SIZE), how))
    full = np.quantile(cells[cells > cells.max() / 2], 0.5)  # lines finer than a cell have paled
    return np.clip(cells / full, 0, 1).astype(np.float32)
