"""What a sheet shows: one digit, whose grid the network reads as it is, or a number, read digit by digit."""

from collections.abc import Callable

import numpy as np

from digits.ink import grid
from digits.reading import reasons, visible
from digits.reading.answer import Reason, is_number
from digits.reading.fragments import Fragments, Strokes
from digits.reading.numbers import Digit, Lattice
from digits.reading.pieces import UNCUT, Ink

_MOST_FRAGMENTS = 60  # of a number: a scribble has more, and is no number

# Two digits on a sheet for one must be as plain as this, or what is there is taken for one. Where strokes are known, no
# digit of 1,500 recorded ones was read as two, and of 1,500 letters and symbols 3 %; where not, none of 400, and 5 %.
_MOST_OVERLAP = 0.15  # of the height of the higher one
_LEAST_HEIGHT = 0.6  # of the highest one
_WIDEST = 1.1  # heights that a piece of ink may be wide there and is taken for one

Ask = Callable[[np.ndarray], np.ndarray]  # gives the probabilities (n, 10) of grids (n, 28, 28)


def read(ink: np.ndarray, paths: list[np.ndarray] | None, ask: Ask, threshold: float) -> list[Digit]:
    """Return the digits that a sheet's ink (28, columns) shows, from left to right, at least one.

    paths: of the strokes that the ink is made of, (k, 2) or with the brush's radius (k, 3), in cells; None where they
    are not known.  threshold: of a digit's probability, below which it is perhaps none.
    """
    if ink.shape != grid.SHAPE:
        lattice = Lattice(fragments(ink, paths))
        return _digits(lattice, ask(lattice.grids), ask)
    parts = fragments(ink, paths) if ink.any() else None
    may_be_number = parts and 2 <= len(parts.boxes) + len(parts.signs) <= _MOST_FRAGMENTS
    lattice = Lattice(parts) if may_be_number else None
    grids = ink[None] if lattice is None else np.concatenate([ink[None], lattice.grids])
    whole, *others = ask(grids)
    found = _digits(lattice, np.array(others), ask) if lattice else []
    chances = [digit.probabilities.max() for digit in found]
    if is_number(found) and are_plain([digit.box for digit in found], chances, max(threshold, whole.max())):
        return found
    return [Digit((0, 0, *ink.shape[::-1]), whole, ink, 1)]


def _digits(lattice, probabilities, ask):
    """Return the digits, given the probabilities (m, 10) of the grids there are; asks again where there are doubts."""
    doubted = lattice.doubted(probabilities)
    return lattice.digits(np.concatenate([probabilities, ask(doubted)]) if len(doubted) else probabilities)


def fragments(ink: np.ndarray, paths: list[np.ndarray] | None) -> Fragments:
    """Return what ink, not all of it 0, may be cut into; see `read`."""
    if paths and (strokes := visible.parts(paths, ink.shape)):
        return Strokes(strokes)
    return Ink(ink, _WIDEST if ink.shape == grid.SHAPE else UNCUT)


def are_plain(boxes: list, probabilities: list[float], confidence: float) -> bool:
    """Whether digits stand side by side, alike in size, each with more than a confidence; boxes (n, 4)."""
    if min(probabilities) < confidence:
        return False
    boxes = np.array(boxes)
    heights, overlaps = boxes[:, 3] - boxes[:, 1], boxes[:-1, 2] - boxes[1:, 0]
    is_beside = (overlaps <= _MOST_OVERLAP * heights.max()).all()
    return bool(is_beside and heights.min() >= _LEAST_HEIGHT * heights.max())


def explain(ink: np.ndarray, digits: list[Digit], paths: list[np.ndarray] | None, ask: Ask, threshold: float) -> Reason:
    """Return why a sheet (28, columns) shows the digits that were read on it; of several, the least certain's sentence.

    paths: of the strokes, with the brush's radius, (k, 3), or None.  threshold: as in `read`.
    """
    if len(digits) == 1 and digits[0].grid is ink:
        return reasons.explain(ink, digits[0].probabilities, ask, threshold, paths or [])
    found = [reasons.explain(digit.grid, digit.probabilities, ask, threshold) for digit in digits]
    effects = np.zeros_like(ink)
    for digit, reason in zip(digits, found, strict=True):
        own = np.where(ink > 0, _on_sheet(ink, digit, reason.effects), 0)
        effects = np.where(np.abs(own) > np.abs(effects), own, effects)
    least = min(range(len(digits)), key=lambda number: digits[number].probabilities.max())
    sentence = found[least].sentence
    if len(digits) > 1:
        sentence = f"Digit {least + 1}: {sentence[:1].lower()}{sentence[1:]}"
    return Reason(effects, sentence, _on_sheet(ink, digits[least], found[least].place))


def _on_sheet(ink, digit, cells):
    """Return cells (28, 28) of a digit's own grid where they lie on the sheet (28, columns)."""
    rows, columns = np.indices(ink.shape) + 0.5
    left, top, right, bottom = digit.box
    row = np.floor((rows - (top + bottom) / 2) * digit.scale + grid.SIZE / 2).astype(int)
    column = np.floor((columns - (left + right) / 2) * digit.scale + grid.SIZE / 2).astype(int)
    is_on = (row >= 0) & (row < grid.SIZE) & (column >= 0) & (column < grid.SIZE)
    laid = np.zeros(ink.shape, cells.dtype)
    laid[is_on] = cells[row[is_on], column[is_on]]
    return laid
