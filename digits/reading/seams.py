"""Cuts through ink from top to bottom, where they cross least of it and bend around it where they can."""

import numpy as np

_NEAREST = 0.3  # of a digit's height between two cuts
_THICKEST = 1.6  # strokes that a cut may cross
_MOST = 12  # cuts through a piece
_SIDEWAYS = 0.05  # of full ink: what a step aside costs a cut, so that it is straight where nothing is in its way


def cut(ink: np.ndarray, height: float, thickness: float) -> np.ndarray:
    """Return the number of the part at each place of one piece's ink (rows, columns), counted from 0 at the left.

    height: of a digit.  thickness: of a stroke.
    """
    down, up = _cheapest(ink), _cheapest(ink[::-1])[::-1]
    middle = len(ink) // 2
    prices = down[middle] + up[middle] - ink[middle]
    parts = np.zeros(ink.shape, np.int32)
    for column in _chosen(prices, _NEAREST * height, _THICKEST * thickness):
        path = np.concatenate([_followed(down[: middle + 1][::-1], column)[::-1], _followed(up[middle:], column)[1:]])
        parts += np.arange(ink.shape[1]) >= path[:, None]
    return parts


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
        if prices[column] > dearest or len(chosen) == _MOST:
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
