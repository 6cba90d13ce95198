"""What the network takes: a grid of 28 x 28 cells of ink, float32, 0 = paper, 1 = full ink.

Positions on a grid are in cells, x to the right and y down from the top left corner of the sheet; cell (row, column)
covers [column, column + 1) x [row, row + 1), so its centre is at (column + 0.5, row + 0.5).
"""

import numpy as np

SIZE = 28  # cells a side of the network's input, as in MNIST; what is drawn on has its own, see `digits.ink.sheet`
SHAPE = (SIZE, SIZE)
CLASSES = 10  # the digits 0 to 9


def empty(*leading: int) -> np.ndarray:
    """Return grids of bare paper, (*leading, 28, 28) float32: `empty()` is one, `empty(100)` a hundred."""
    return np.zeros((*leading, *SHAPE), np.float32)


def from_bytes(images: np.ndarray) -> np.ndarray:
    """Return uint8 images (..., 28, 28), 0 to 255, white ink on black as in MNIST, as grids of float32 in [0, 1]."""
    return images.astype(np.float32) / np.float32(255)
