"""Connected pieces of ink, and where each of them lies."""

import numpy as np

_INKED = 0.5  # of the strongest ink: paler cells join nothing, for soft edges of two strokes may meet
_EDGES = 3  # cells or pixels around a piece whose pale ink belongs to it


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


def label_boxes(labels: np.ndarray) -> np.ndarray:
    """Return left, top, right and bottom (n, 4) of the places with each label from 1 to n."""
    rows, columns = np.nonzero(labels)
    number, count = labels[rows, columns] - 1, labels.max()
    low, high = np.full((count, 2), np.inf, np.float32), np.zeros((count, 2), np.float32)
    places = np.stack([columns, rows], axis=1)
    np.minimum.at(low, number, places)
    np.maximum.at(high, number, places + 1)
    return np.hstack([low, high])
