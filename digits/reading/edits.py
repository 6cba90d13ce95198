"""Changes that a person could make to a drawing: a stroke or a piece taken away, a gap filled, a stroke made longer."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from digits.ink import brush, grid
from digits.reading import occlusion

_INK = 0.25  # of a cell, from where it belongs to what people see as drawn
_PIECE = 5  # cells from one piece of ink to the next
_MOST = 12  # pieces, loose pieces and strokes of each kind: a sheet full of ink must not take longer
_ACROSS = 6  # cells: ink so near on two opposite sides makes a gap of bare paper
_LONGER = (4, 8)  # cells that a stroke is made longer by
_AIM = 4  # cells of a stroke's end that say which way it goes
_POINTS = 300  # of a path: what is longer is thinned
_SIDES = ((0, 1), (1, 0), (1, 1), (1, -1))  # steps in rows and columns; each with its opposite


class Edit(NamedTuple):
    """A drawing changed in one place."""

    kind: str  # "stroke", "loose piece", "piece": taken away; "gap": filled; "end": a stroke made longer
    ink: np.ndarray  # (28, 28), as it would be
    change: np.ndarray  # (28, 28): how much of each cell's ink differs, 0 to 1


def edits(ink: np.ndarray, strokes: Sequence[np.ndarray]) -> list[Edit]:
    """Return what could be changed in a drawing (28, 28), less than a hundred and fifty edits.

    strokes: the paths that drew it (k, 3): x, y and radius in cells; none for a picture.
    """
    paths = [_thinned(path) for path in strokes[-_MOST:]]
    made = [
        *(("stroke", other) for other in _without_strokes(ink, paths)),
        *(("loose piece", other) for other in _without_loose_pieces(ink)),
        *(("piece", other) for other in _without_pieces(ink)),
        *(("gap", np.maximum(ink, patch)) for patch in occlusion.PATCHES[_gaps(ink)]),
        *(("end", other) for path in paths for other in _longer(ink, path)),
    ]
    return [Edit(kind, other, np.abs(other - ink)) for kind, other in made]


def _thinned(path):
    """Return a path with fewer points between its ends."""
    return np.concatenate([path[: -1 : -(-len(path) // _POINTS)], path[-1:]])


def _without_strokes(ink, paths):
    """Yield the ink without each of several strokes; where they cross, what the others laid stays."""
    layers = np.zeros((len(paths), *grid.SHAPE), np.float32)
    for layer, path in zip(layers, paths, strict=True):
        brush.draw(layer, brush.lines(path[:, :2]), radius=path[-1, 2])
    for number, layer in enumerate(layers if len(layers) > 1 else ()):
        others = np.delete(layers, number, axis=0).max(axis=0)
        yield np.where(layer > 0, np.minimum(ink, others), ink)


def _without_loose_pieces(ink):
    """Yield the ink without each of several pieces that do not touch."""
    numbers = _connected(ink > 0)
    names, counts = np.unique(numbers[numbers > 0], return_counts=True)
    for name in names[np.argsort(-counts)][:_MOST] if len(names) > 1 else ():
        yield np.where(numbers == name, 0, ink)


def _connected(inked):
    """Return a number above 0 for each cell (28, 28) that is inked, the same one for cells that hang together."""
    numbers = np.where(inked, np.arange(1, inked.size + 1).reshape(inked.shape), 0)
    while True:
        around = np.lib.stride_tricks.sliding_window_view(np.pad(numbers, 1), (3, 3)).max(axis=(2, 3))
        grown = np.where(inked, around, 0)
        if np.array_equal(grown, numbers):
            return numbers
        numbers = grown


def _without_pieces(ink) -> Iterator[np.ndarray]:
    """Yield the ink without each of its pieces, and without each two and three of them that lie side by side."""
    cells, middles = np.argwhere(ink > 0), _middles(ink)
    if len(middles) < 2:
        return
    owners = np.full(grid.SHAPE, -1)
    owners[tuple(cells.T)] = _squares(cells, middles).argmin(axis=1)
    is_near = _squares(middles, middles) <= 2 * _PIECE**2
    for count in (1, 2, 3):
        for taken in combinations(range(len(middles)), count):
            if sum(is_near[pair] for pair in combinations(taken, 2)) >= count - 1:
                yield np.where(np.isin(owners, taken), 0, ink)


def _middles(ink):
    """Return cells of ink (n, 2), each as far from those before it as can be, until all ink is near to one."""
    cells = np.argwhere(ink >= min(_INK, ink.max(initial=0.0)))
    middles = cells[:1]
    while len(middles) < _MOST and len(cells):
        distances = _squares(cells, middles).min(axis=1)
        if distances.max() < _PIECE**2:
            break
        middles = np.vstack([middles, cells[distances.argmax()]])
    return middles


def _squares(cells, others):
    return ((cells[:, None] - others) ** 2).sum(axis=-1)


def _gaps(ink):
    """Return which patches (n,) lie on bare paper, with ink on two opposite sides."""
    inked = np.pad(ink >= _INK, _ACROSS)
    between = np.zeros(grid.SHAPE, bool)
    for step in _SIDES:
        between |= _reaches(inked, step) & _reaches(inked, tuple(-part for part in step))
    peaks = occlusion.PATCHES.reshape(len(occlusion.PATCHES), -1).argmax(axis=1)
    return between.reshape(-1)[peaks] & (occlusion.shares(ink) < _INK) & (ink.reshape(-1)[peaks] < _INK)


def _reaches(inked, step):
    """Return from which cells (28, 28) ink is reached by a few steps; inked: (28 + 12, 28 + 12), with an edge."""
    places = [tuple(_ACROSS + many * part for part in step) for many in range(1, _ACROSS + 1)]
    return np.any([inked[row : row + grid.SIZE, column : column + grid.SIZE] for row, column in places], axis=0)


def _longer(ink, path):
    """Yield the ink with a stroke made longer at both its ends, as far as they are still there and go somewhere."""
    for points in (path, path[::-1]):
        end, radius = points[-1, :2], points[-1, 2]
        far = np.hypot(*(points[:, :2] - end).T) >= _AIM
        column, row = np.floor(end).astype(int)
        if not far.any() or not (0 <= row < grid.SIZE and 0 <= column < grid.SIZE) or ink[row, column] < _INK:
            continue
        aim = end - points[np.flatnonzero(far)[-1], :2]
        for length in _LONGER:
            longer = ink.copy()
            brush.draw(longer, np.array([[*end, *(end + length * aim / np.hypot(*aim))]]), radius=radius)
            yield longer
