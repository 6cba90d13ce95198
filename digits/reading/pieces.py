"""Ink without strokes: its connected pieces, and cuts through those that are wider than a digit."""

import numpy as np

from digits.ink import brush, grid
from digits.reading.fragments import SPECK, Span, bounds, digit_height, longer_sides, reading_order

_INKED = 0.5  # of the strongest ink: paler cells join nothing, for soft edges of two strokes may meet
_EDGES = 3  # cells or pixels around a piece whose pale ink belongs to it
_UNCUT = 1.0  # heights of a digit: a piece that is wider is cut
_NEAREST = 0.3  # of a digit's height between two cuts
_THICKEST = 1.6  # strokes that a cut may cross
_MOST_CUTS = 12  # of a piece
_SIDEWAYS = 0.05  # of full ink: what a step aside costs a cut, so that it is straight where nothing is in its way


class Ink:
    """Fragments of ink whose strokes nobody knows: its connected pieces, and parts of the wide ones."""

    band = 2 * brush.DEFAULT.radius

    def __init__(self, ink: np.ndarray):
        """Take ink (rows, columns) in [0, 1], not all of it 0."""
        labels, wholes = _cut_wide(ink, _without_specks(label(ink)))
        boxes = label_boxes(labels)
        order = reading_order(boxes)
        self.boxes, self.wholes = boxes[order], wholes[order]
        self._ink, self._labels, self._numbers = ink, labels, order + 1

    def draw(self, spans: list[Span], scales: np.ndarray) -> np.ndarray:
        """See `Fragments`."""
        return np.stack([self._drawn(span, scale) for span, scale in zip(spans, scales, strict=True)])

    def _drawn(self, span, scale):
        left, top, right, bottom = bounds(self.boxes[span.part]).astype(int).tolist()
        part = np.s_[top:bottom, left:right]
        ink = self._ink[part] * np.isin(self._labels[part], self._numbers[span.part])
        cells = _spread(bottom - top, scale) @ ink @ _spread(right - left, scale).T
        full = np.quantile(cells[cells >= cells.max() / 2], 0.5)  # lines finer than a cell have paled
        return np.clip(cells / full, 0, 1)


def _spread(size, scale):
    """Return what each of `size` places in a row gives to each cell of a grid that they are scaled onto (28, size)."""
    centres = (np.arange(size) + 0.5 - size / 2) * scale + grid.SIZE / 2
    reach = max(1.0, scale)
    weights = np.maximum(0, 1 - np.abs(centres - np.arange(grid.SIZE)[:, None] - 0.5) / reach)
    return (weights * (min(1.0, scale) / reach)).astype(np.float32)


def label_boxes(labels: np.ndarray) -> np.ndarray:
    """Return left, top, right and bottom (n, 4) of the places with each label from 1 to n."""
    rows, columns = np.nonzero(labels)
    number, count = labels[rows, columns] - 1, labels.max()
    low, high = np.full((count, 2), np.inf, np.float32), np.zeros((count, 2), np.float32)
    places = np.stack([columns, rows], axis=1)
    np.minimum.at(low, number, places)
    np.maximum.at(high, number, places + 1)
    return np.hstack([low, high])


def _without_specks(labels):
    """Return labels, from 1 without gaps, of the pieces that are no dust."""
    sides = longer_sides(label_boxes(labels))
    is_kept = sides >= SPECK * sides.max()
    return np.concatenate([[0], np.where(is_kept, np.cumsum(is_kept), 0)])[labels]


def _cut_wide(ink, labels):
    """Return labels with the parts of wide pieces told apart, and the piece that each part is of (n,)."""
    boxes = label_boxes(labels)
    height = digit_height(boxes)
    parts = 1000 * labels
    for piece, (left, top, right, bottom) in enumerate(boxes.astype(int).tolist(), 1):
        if right - left > _UNCUT * height and bottom - top > height / 2:
            area = np.s_[top:bottom, left:right]
            is_in = labels[area] == piece
            parts[area][is_in] += cut(ink[area] * is_in, height)[is_in]
    found, numbers = np.unique(parts[labels > 0], return_inverse=True)
    apart = np.zeros_like(labels)
    apart[labels > 0] = numbers + 1
    return apart, found // 1000


def label(ink: np.ndarray) -> np.ndarray:
    """Return the number of the connected piece at each place of ink (rows, columns): from 1, 0 for paper."""
    starts, ends = _runs((ink > 0) & (ink >= _INKED * ink.max()))
    pieces = np.zeros(ink.shape, np.int32)
    for (row, start), end, number in zip(starts.tolist(), ends[:, 1].tolist(), _joined(starts, ends), strict=True):
        pieces[row, start:end] = number
    return _with_edges(pieces, ink)


def _runs(is_ink):
    """Return where runs of ink in a row begin and where they have ended, (n, 2) each: row and column."""
    steps = np.diff(np.pad(is_ink, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    return np.argwhere(steps > 0), np.argwhere(steps < 0)


def _joined(starts, ends):
    """Return the number of the piece of each run: runs of neighbouring rows that touch, corners too, are of one."""
    parents = list(range(len(starts)))
    rows = np.searchsorted(starts[:, 0], np.arange(starts[-1, 0] + 2 if len(starts) else 0))
    for above, here, below in zip(rows[:-2], rows[1:-1], rows[2:], strict=True):
        upper, lower = slice(above, here), slice(here, below)
        touching = (starts[upper, None, 1] <= ends[lower, 1]) & (ends[upper, None, 1] >= starts[lower, 1])
        for first, second in np.argwhere(touching).tolist():
            parents[_root(parents, above + first)] = _root(parents, here + second)
    return np.unique([_root(parents, run) for run in range(len(parents))], return_inverse=True)[1] + 1


def _root(parents, run):
    while parents[run] != run:
        parents[run] = parents[parents[run]]
        run = parents[run]
    return run


def _with_edges(pieces, ink):
    """Return pieces with the pale ink around them."""
    for _ in range(_EDGES):
        padded = np.pad(pieces, 1)
        rows, columns = pieces.shape
        around = np.max([padded[r : r + rows, c : c + columns] for r in range(3) for c in range(3)], axis=0)
        pieces = np.where((pieces == 0) & (ink > 0), around, pieces)
    return pieces


def cut(ink: np.ndarray, height: float) -> np.ndarray:
    """Return the number of the part at each place of one piece's ink (rows, columns), counted from 0 at the left.

    Cuts go from top to bottom where they cross least ink, and bend around ink where they can.  height: of a digit.
    """
    thickness = _thickness(ink)
    down, up = _cheapest(ink), _cheapest(ink[::-1])[::-1]
    middle = len(ink) // 2
    prices = down[middle] + up[middle] - ink[middle]
    parts = np.zeros(ink.shape, np.int32)
    for column in _chosen(prices, _NEAREST * height, _THICKEST * thickness):
        path = np.concatenate([_followed(down[: middle + 1][::-1], column)[::-1], _followed(up[middle:], column)[1:]])
        parts += np.arange(ink.shape[1]) >= path[:, None]
    return parts


def _thickness(ink):
    """Return how thick strokes are: their area over the half of their edge."""
    edge = np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum()
    return 2 * float(ink.sum()) / max(float(edge), 1) * 1.25  # an edge at a slant is shorter than its steps


def _cheapest(ink):
    """Return how much ink the cheapest way from the top down to each place crosses (rows, columns)."""
    prices = [ink[0]]
    for row in ink[1:]:
        prices.append(row + _steps(prices[-1]).min(axis=0))
    return np.array(prices)


def _steps(prices):
    """Return what it costs to come to each place from the left, from straight and from the right (3, columns)."""
    padded = np.pad(prices, 1, constant_values=np.inf)
    return np.stack([padded[:-2] + _SIDEWAYS, prices, padded[2:] + _SIDEWAYS])


def _chosen(prices, nearest, dearest):
    """Return the columns of the cheapest cuts, from left to right, no two too near each other or to an end."""
    chosen = []
    for column in np.argsort(prices, kind="stable").tolist():
        if prices[column] > dearest or len(chosen) == _MOST_CUTS:
            break
        if all(abs(column - other) >= nearest for other in (0, len(prices), *chosen)):
            chosen.append(column)
    return sorted(chosen)


def _followed(prices, column):
    """Return the columns of the way with these prices from the place where it is in the first row, row by row."""
    path = [column]
    for above in prices[1:]:
        path.append(path[-1] + int(np.argmin(_steps(above)[:, path[-1]])) - 1)
    return np.array(path)
