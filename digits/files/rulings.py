"""Printed lines and squares: found by what runs through a whole picture again and again, and taken away."""

import numpy as np

_SMALL = 200  # pixels of the longer side of the picture in which their direction is looked for
_STEEPEST = 30  # degrees
_FAINTEST = 0.02  # of a ground's light
_WINDOW, _GAPS = 0.6, 0.3  # of a picture's side: lines are as long at least, but for as much of that
_FEWEST = 3  # parallel lines that may end within the picture; a digit has two at most
_DARKEST = 1.5  # times as dark as most of them: more than that is a pen's, even along a line
_MORE = 1.3  # times as much is taken away as was found, for lines are not quite even


class Rulings:
    """The printed lines in a picture of marks."""

    def __init__(self, contrast: np.ndarray):
        """Look for lines in what stands out, (height, width), see `digits.files.marks`."""
        self.turn = _turn(contrast)  # degrees, clockwise
        level = np.asarray(_rotated(contrast, self.turn))
        rows, columns = _along_rows(level), _along_rows(level.T)
        self.are_there = max(_count(lines.any(axis=1)) for lines in (rows, columns)) >= _FEWEST  # else an edge, a fold
        lines = np.maximum(rows, columns.T)
        self._lines = np.asarray(_rotated(lines, -self.turn)) if lines.any() else lines

    def taken_from(self, contrast: np.ndarray) -> np.ndarray:
        """Return what stands out without the lines; where a pen crosses them its ink stays."""
        return np.maximum(0, contrast - _MORE * self._lines)


def _rotated(levels, degrees):
    from PIL import Image

    return Image.fromarray(np.ascontiguousarray(levels, np.float32)).rotate(degrees, Image.Resampling.BILINEAR)


def _turn(contrast):
    """Return by how many degrees a picture has to be turned back to make its lines run along rows or columns."""
    from PIL import Image

    small = Image.fromarray(np.minimum(contrast, 0.25).astype(np.float32))  # a pen counts no more than a line
    small = small.reduce(max(1, round(max(small.size) / _SMALL)))

    def sharpness(degrees):
        level = np.asarray(small.rotate(degrees, Image.Resampling.BILINEAR))
        return max((np.diff(level.sum(axis=axis)) ** 2).sum() for axis in (0, 1))

    rough = max(np.arange(-_STEEPEST, _STEEPEST + 1.0), key=sharpness)
    return float(max(rough + np.arange(-0.75, 0.8, 0.25), key=sharpness))


def _along_rows(level):
    """Return how dark the lines are that run along rows, at every pixel; nothing where there are too few."""
    padded = np.pad(level, ((1, 1), (0, 0)))
    level = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])  # for lines that are not quite straight
    width = level.shape[1]
    length = max(1, round(_WINDOW * width))
    starts = np.linspace(0, width - length, 3).astype(int)
    least = np.stack([_quantile(level[:, start : start + length]) for start in starts], axis=1)
    is_line = least.max(axis=1) > _FAINTEST
    if _count(is_line) < _FEWEST:
        thirds = np.array_split(level, min(3, width), axis=1)
        is_line &= np.min([_quantile(third) for third in thirds], axis=0) > _FAINTEST  # longer than any stroke
    if not is_line.any():
        return np.zeros_like(level)
    least[~is_line] = 0
    least = np.minimum(least, _DARKEST * np.median(least.max(axis=1)[is_line]))
    return np.repeat(least, np.diff([0, width // 3, 2 * width // 3, width]), axis=1)


def _count(is_line):
    """Return how many lines there are in rows (n,) bool, some of which lie side by side."""
    return np.count_nonzero(np.diff(is_line.astype(int), prepend=0) == 1)


def _quantile(window):
    place = int(_GAPS * window.shape[1])
    return np.partition(window, place, axis=1)[:, place]
