"""What a sheet shows: one digit, whose grid the network reads as it is, or a number, read digit by digit."""

from collections.abc import Callable

import numpy as np

from digits.ink import grid
from digits.reading import occlusion
from digits.reading.fragments import Fragments, Strokes
from digits.reading.numbers import Digit, Lattice
from digits.reading.pieces import Ink

_MOST_FRAGMENTS = 60  # of a number: a scribble has more, and is no number

# Two digits on a sheet for one must be as plain as this, or what is there is taken for one: no digit of 1,500 recorded
# ones was read as two, and of 1,500 letters and symbols 3 %.
_MOST_OVERLAP = 0.15  # of the height of the higher one
_LEAST_HEIGHT = 0.6  # of the highest one

Ask = Callable[[np.ndarray], np.ndarray]  # gives the probabilities (n, 10) of grids (n, 28, 28)


def read(ink: np.ndarray, paths: list[np.ndarray] | None, ask: Ask, threshold: float) -> list[Digit]:
    """Return the digits that a sheet's ink (28, columns) shows, from left to right, at least one.

    paths: of the strokes (k, 2) that the ink is made of, in cells; None where they are not known.  threshold: of a
    digit's probability, below which it is perhaps none.
    """
    if ink.shape != grid.SHAPE:
        lattice = Lattice(fragments(ink, paths))
        return lattice.digits(ask(lattice.grids))
    parts = fragments(ink, paths) if ink.any() else None
    lattice = Lattice(parts) if parts and 2 <= len(parts.boxes) <= _MOST_FRAGMENTS else None
    grids = ink[None] if lattice is None else np.concatenate([ink[None], lattice.grids])
    whole, *others = ask(grids)
    found = lattice.digits(np.array(others)) if lattice else []
    chances = [digit.probabilities.max() for digit in found]
    if are_plain([digit.box for digit in found], chances, max(threshold, whole.max())):
        return found
    return [Digit((0, 0, *ink.shape[::-1]), whole, ink, 1)]


def fragments(ink: np.ndarray, paths: list[np.ndarray] | None) -> Fragments:
    """Return what ink, not all of it 0, is cut into; see `read`."""
    return Strokes(paths) if paths else Ink(ink)


def are_plain(boxes: list, probabilities: list[float], confidence: float) -> bool:
    """Whether several digits stand side by side, alike in size, each with more than a confidence; boxes (n, 4)."""
    if len(boxes) < 2 or min(probabilities) < confidence:
        return False
    boxes = np.array(boxes)
    heights, overlaps = boxes[:, 3] - boxes[:, 1], boxes[:-1, 2] - boxes[1:, 0]
    is_beside = overlaps.max() <= _MOST_OVERLAP * heights.max()
    return bool(is_beside and heights.min() >= _LEAST_HEIGHT * heights.max())


def explain(ink: np.ndarray, digits: list[Digit], ask: Ask) -> np.ndarray:
    """Return what each cell's ink does for the digits of a sheet (28, columns), see `occlusion.explain`."""
    why = np.zeros_like(ink)
    rows, columns = np.indices(ink.shape) + 0.5
    for digit in digits:
        reasons = occlusion.explain(digit.grid, digit.probabilities, ask)
        left, top, right, bottom = digit.box
        row = ((rows - (top + bottom) / 2) * digit.scale + grid.SIZE / 2).astype(int)
        column = ((columns - (left + right) / 2) * digit.scale + grid.SIZE / 2).astype(int)
        is_on = (row >= 0) & (row < grid.SIZE) & (column >= 0) & (column < grid.SIZE)
        found = np.zeros_like(ink)
        found[is_on] = reasons[row[is_on], column[is_on]]
        why = np.where(np.abs(found) > np.abs(why), found, why)
    return why
