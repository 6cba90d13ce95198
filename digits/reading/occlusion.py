"""Why an answer: what becomes of it when a piece of the ink is taken away, or a gap in it filled.

Occlusion, after Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014), with soft patches
that overlap, so that the picture is smooth: a network's slope, cell by cell, is mostly noise.
"""

import numpy as np

from digits.ink import grid

_SPACING = 2  # cells from one patch to the next
_SPREAD = 1.0  # cells, the standard deviation of a patch, which is so about as wide as a stroke
_INKED = 0.25  # share of a patch under ink, from where it is a piece of ink; below it is a gap
_NEAR = 3  # cells around the ink in which a gap may be
_COVERED = 0.5  # sum of the changes to a cell, below which its effect fades out


def explain(ink: np.ndarray, probabilities: np.ndarray, ask) -> np.ndarray:
    """Return what each cell's ink does for the lead of the winner over the runner-up, or would do: (28, 28), log odds.

    Positive where ink speaks for the winner, negative where it speaks for the runner-up, 0 far from all ink.

    ink: the grid (28, 28) that got `probabilities` (10,). ask: gives the probabilities (n, 10) of grids (n, 28, 28).
    """
    changed = _changed(ink)
    if not len(changed):
        return grid.empty()
    first, second = np.argsort(-probabilities, kind="stable")[:2]
    before, *after = _leads(np.concatenate([probabilities[None], ask(changed)]), first, second)
    change = changed - ink  # negative where ink was taken away
    effects = (np.array(after) - before) * np.sign(change.sum(axis=(1, 2)))
    return np.einsum("n,nrc->rc", effects, np.abs(change)) / np.maximum(np.abs(change).sum(axis=0), _COVERED)


def _leads(probabilities, first, second):
    chances = np.log(probabilities + np.finfo(np.float32).tiny)
    return chances[:, first] - chances[:, second]


def _changed(ink):
    """Return a grid (28, 28) with each piece of ink taken away, and each gap near the ink filled: (n, 28, 28)."""
    shares = (_PATCHES * ink).sum(axis=(1, 2)) / _PATCHES.sum(axis=(1, 2))
    inked, near = shares >= _INKED, _is_near(ink)
    return np.concatenate([ink * (1 - _PATCHES[inked]), np.maximum(ink, _PATCHES[near & ~inked])])


def _is_near(ink):
    """Return whether the middle of each patch lies in the box around the ink, or close to it."""
    rows, columns = (np.flatnonzero(ink.max(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return np.zeros(len(_MIDDLES), bool)
    low, high = np.array([rows[0], columns[0]]) - _NEAR, np.array([rows[-1], columns[-1]]) + _NEAR
    return ((low <= _MIDDLES) & (high >= _MIDDLES)).all(axis=1)


def _patches():
    """Return the middles of all patches (n, 2), and how much each covers of every cell, (n, 28, 28) in [0, 1]."""
    cells = np.arange(grid.SIZE)
    middles = cells[_SPACING // 2 :: _SPACING] - 0.5 * (_SPACING % 2 == 0)
    bumps = np.exp(-((cells - middles[:, None]) ** 2) / (2 * _SPREAD**2)).astype(np.float32)
    places = np.stack(np.meshgrid(middles, middles, indexing="ij"), axis=-1).reshape(-1, 2)
    return places, np.einsum("ar,bc->abrc", bumps, bumps).reshape(-1, *grid.SHAPE)


_MIDDLES, _PATCHES = _patches()
