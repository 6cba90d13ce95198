"""What becomes of an answer when ink is taken away: smooth, and on the ink alone.

Occlusion, after Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014), with soft patches
that overlap, so that the picture is smooth: a network's slope, cell by cell, is mostly noise.
"""

import numpy as np

from digits.ink import grid

_SPACING = 2  # cells from one patch to the next
_SPREAD = 1.5  # cells, the standard deviation of a patch, which is so a little wider than a stroke
_INKED = 0.15  # share of a patch under ink, from where there is something to take away


def without_patches(ink: np.ndarray) -> np.ndarray:
    """Return a grid (28, 28) with each piece of its ink taken away in turn: (n, 28, 28), n at most 196."""
    return ink * (1 - PATCHES[shares(ink) >= _INKED])


def effects(ink: np.ndarray, changed: np.ndarray, before: float, after: np.ndarray) -> np.ndarray:
    """Return what each cell's ink does for an answer: (28, 28), in log odds, 0 where there is none.

    Positive where the answer grows less likely without the ink, negative where it grows more likely.

    ink: (28, 28).  changed: grids (n, 28, 28) with a part of it taken away.  before, after: the log odds of the
    answer for the ink, and (n,) for the grids.
    """
    taken = ink - changed
    sums = np.einsum("n,nrc->rc", before - after, taken)
    return np.divide(sums, taken.sum(axis=0), out=grid.empty(), where=taken.sum(axis=0) > 0)


def shares(ink: np.ndarray) -> np.ndarray:
    """Return how much of each of the PATCHES lies under ink (28, 28): (n,), from 0 to 1."""
    return (PATCHES * ink).sum(axis=(1, 2)) / PATCHES.sum(axis=(1, 2))


def _patches():
    """Return how much each patch covers of every cell, (n, 28, 28) in [0, 1]."""
    cells = np.arange(grid.SIZE)
    middles = cells[_SPACING // 2 :: _SPACING] - 0.5 * (_SPACING % 2 == 0)
    bumps = np.exp(-((cells - middles[:, None]) ** 2) / (2 * _SPREAD**2)).astype(np.float32)
    return np.einsum("ar,bc->abrc", bumps, bumps).reshape(-1, *grid.SHAPE)


PATCHES = _patches()
