"""Sheets in a file: what was done to them and what was answered, as plain arrays of NumPy (.npz).

UNIPEN text, in which strokes are recorded elsewhere, knows neither widths nor erasures, pictures and what was undone.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.files import archive, npz, writing
from digits.ink import brush, grid
from digits.ink.sheet import FAR, ROWS, Act, Picture, Stroke

MOST_PAGES, MOST_ACTS = 32, 200  # in a file, of a page
_MOST_POINTS, _LONGEST = 50_000, 50_000  # of a page: its strokes together, in points and in cells
_WIDEST = 12 * grid.SIZE  # cells
_MOST_CELLS = 2_000_000  # of all pictures
_MOST_DIGITS = 100  # of an answer
SIGNS = "", "-", ".", " "  # that may stand before a digit
_STROKE, _ERASURE, _PICTURE = range(3)

_NUMBERS = {  # the arrays of a file: type, numbers in a row, rows at most
    "pages": ("<i4", 3, MOST_PAGES),  # columns, acts, how many of these are undone
    "answers": ("<f4", grid.CLASSES + 1, MOST_PAGES),
    "acts": ("<i4", 2, MOST_PAGES * MOST_ACTS),  # kind, points
    "points": ("<f4", 3, MOST_PAGES * _MOST_POINTS),  # x, y, radius
    "cells": ("<f4", 1, _MOST_CELLS),
    "digits": ("<f4", grid.CLASSES + 6, MOST_PAGES * _MOST_DIGITS),  # page, sign, box, ten probabilities
}
_LIMITS = {
    f"{name}.npy": npz.MOST_HEADER + np.dtype(kind).itemsize * columns * rows
    for name, (kind, columns, rows) in _NUMBERS.items()
}
_EARLIER = {name: limit for name, limit in _LIMITS.items() if name != "digits.npy"}  # without answers of several digits


class Page(NamedTuple):
    """A sheet as it is kept."""

    columns: int
    acts: tuple[Act, ...]  # oldest first
    undone: int = 0  # of the acts, so many at their end
    answer: np.ndarray | None = None  # (11,): ten probabilities, and the one below which it is perhaps no digit
    digits: np.ndarray | None = None  # (n, 15), if there are several: number of the sign before it, box, probabilities


def fits(acts: tuple[Act, ...]) -> bool:
    """Whether acts are so few and short that a page may hold them."""
    strokes = [act.points for act in acts if isinstance(act, Stroke)]
    length = sum(np.hypot(*np.diff(points[:, :2], axis=0).T).sum() for points in strokes)
    return len(acts) <= MOST_ACTS and sum(map(len, strokes)) <= _MOST_POINTS and bool(length <= _LONGEST)


def write(path: Path, pages: list[Page]) -> None:
    """Write pages whose acts fit, whole or not at all; raises UserError where that cannot be."""
    acts = [act for page in pages for act in page.acts]
    nothing = np.full(grid.CLASSES + 1, np.nan)
    rows = {
        "pages": [(page.columns, len(page.acts), page.undone) for page in pages],
        "answers": [nothing if page.answer is None else page.answer for page in pages],
        "acts": [_described(act) for act in acts],
        "points": np.concatenate([np.empty((0, 3)), *(act.points for act in acts if isinstance(act, Stroke))]),
        "cells": np.concatenate([np.empty(0), *(act.ink.ravel() for act in acts if isinstance(act, Picture))]),
        "digits": [(at, *digit) for at, page in enumerate(pages) if page.digits is not None for digit in page.digits],
    }
    arrays = {name: np.array(rows[name], kind).reshape(-1, columns) for name, (kind, columns, _) in _NUMBERS.items()}
    writing.write_whole(path, lambda unfinished: np.savez_compressed(unfinished, **arrays))


def _described(act):
    if isinstance(act, Picture):
        return _PICTURE, 0
    return (_ERASURE if act.erase else _STROKE), len(act.points)


def read(path: Path) -> list[Page]:
    """Return the pages of a file; raises UserError where it is none or damaged, and OSError where it cannot be read."""
    arrays = _arrays(path)
    for name, (kind, columns, most) in _NUMBERS.items():
        array = arrays[name]
        if array.dtype != kind or array.ndim != 2 or array.shape[1] != columns or len(array) > most:
            raise UserError(f"its array {name} is not as expected")
    _check(arrays["answers"], 0, 1, or_nan=True)
    _check(arrays["cells"], 0, 1)
    _check(arrays["points"][:, :2], -FAR, FAR)
    _check(arrays["points"][:, 2], 0.01, brush.THICKEST)
    _check(arrays["digits"][:, 1], 0, len(SIGNS) - 1)
    _check(arrays["digits"][:, 2:6], -FAR, FAR)
    _check(arrays["digits"][:, 6:], 0, 1)
    parts = (_Parts(arrays[name]) for name in _PARTS)
    return list(_pages(arrays["pages"].tolist(), arrays["answers"], arrays["digits"], *parts))


def _arrays(path):
    try:
        members = archive.read(path, _LIMITS)
    except archive.ArchiveError:
        members = archive.read(path, _EARLIER)
    arrays = {name.removesuffix(".npy"): npz.array(content) for name, content in members.items()}
    kind, columns, _ = _NUMBERS["digits"]
    return {"digits": np.zeros((0, columns), kind)} | arrays


_PARTS = ("acts", "points", "cells")


class _Parts:
    """Hands out an array part by part, rows from its beginning."""

    def __init__(self, array):
        self._left = array

    def take(self, count) -> np.ndarray:
        if not 0 <= count <= len(self._left):
            raise UserError("its arrays do not fit each other")
        part, self._left = self._left[:count], self._left[count:]
        return part


def _pages(described, answers, digits, acts, points, cells) -> Iterator[Page]:
    if len(described) != len(answers):
        raise UserError("its arrays do not fit each other")
    for at, ((columns, count, undone), answer) in enumerate(zip(described, answers, strict=True)):
        if not (0 < columns <= _WIDEST and 0 <= undone <= count):
            raise UserError("it describes a sheet that cannot be")
        done = tuple(_act(*act, columns, points, cells) for act in acts.take(count).tolist())
        if not fits(done):
            raise UserError("more was done to a sheet than is read")
        several = digits[digits[:, 0] == at, 1:]
        yield Page(columns, done, undone, *((None, None) if np.isnan(answer).any() else (answer, _or_none(several))))


def _or_none(digits):
    return digits if len(digits) else None


def _act(kind, length, columns, points, cells):
    if kind == _PICTURE:
        return Picture(cells.take(ROWS * columns).reshape(ROWS, columns))
    if kind not in (_STROKE, _ERASURE) or length < 1:
        raise UserError("it tells of an act that is not known")
    return Stroke(kind == _ERASURE, [points.take(length)])


def _check(numbers, low, high, or_nan=False):
    is_right = (numbers >= low) & (numbers <= high)
    if not (is_right | np.isnan(numbers) if or_nan else is_right).all():
        raise UserError("its numbers are not as expected")
