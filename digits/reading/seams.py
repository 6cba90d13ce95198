"""Cuts through ink from top to bottom, where they cross least of it and bend around it where they can."""

import numpy as np

_NEAREST = 0.1  # of a digit's height between two cuts
_EDGE = 0.06  # and between one and an end: a 1 is no wider
_THICKEST = 2.5  # strokes that a cut may cross
_MOST = 24  # cuts through a piece
_SIDEWAYS = 0.05  # of full ink: what a step aside costs a cut, so that it is straight where nothing is in its way


def cut(ink: np.ndarray, height: float, thickness: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the part at each place of one piece's ink (rows, columns), counted from 0 at the left.

    height: of a digit.  thickness: of a stroke.  Also returns how much ink the cut at the left of each part crosses, of
    all but the first (n - 1,).
    """
    down, up = _cheapest(ink), _cheapest(ink[::-1])[::-1]
    middle = len(ink) // 2
    prices = down[middle] + up[middle] - ink[middle]
    parts = np.zeros(ink.shape, np.int32)
    columns = _chosen(prices, height, _THICKEST * thickness)
    for column in columns:
        path = np.concatenate([_followed(down[: middle + 1][::-1], column)[::-1], _followed(up[middle:], column)[1:]])
        parts += np.arange(ink.shape[1]) >= path[:, None]
    return parts, prices[columns]


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


def _chosen(prices, height, dearest):
    """Return the columns of the cheapest cuts, from left to right, no two too near each other or to an end."""
    chosen, edge = [], _EDGE * height
    for column in np.argsort(prices, kind="stable").tolist():
        if prices[column] > dearest or len(chosen) == _MOST:
            break
        if edge <= column <= len(prices) - edge and all(abs(column - other) >= _NEAREST * height for other in chosen):
            chosen.append(column)
    return sorted(chosen)


def _followed(prices, column):
    """Return the columns of the way with these prices from the place where it is in the first row, row by row."""
    path = [column]
    for above in prices[1:]:
        path.append(path[-1] + int(np.argmin(_steps(above)[:, path[-1]])) - 1)
    return np.array(path)
