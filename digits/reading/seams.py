"""Cuts through ink from top to bottom, where they cross least of it and bend around it where they can."""

import numpy as np

_NEAREST = 0.1  # of a digit's height between two cuts
_EDGE = 0.06  # and between one and an end: a 1 is no wider
_THICKEST = 2.5  # strokes that a cut may cross
_MOST = 24  # cuts through a piece
# Of full ink: what a step aside costs a cut, so that it is straight where nothing is in its way.
_ASIDE = np.float32([[0.05], [0], [0.05]])
# Digits seldom touch twice, and where they do, it may be along a stretch. Of the price of a stroke that is crossed
# straight, so much is for crossing into ink at all, and the rest for how far the cut runs through it.
_ENTERED = 0.5


def cut(ink: np.ndarray, height: float, thickness: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the part at each place of one piece's ink (rows, columns), counted from 0 at the left.

    height: of a digit.  thickness: of a stroke.  Also returns how much ink the cut at the left of each part crosses, of
    all but the first (n - 1,).
    """
    inside, entered = (1 - _ENTERED) * ink, _ENTERED * thickness * ink
    middle = len(ink) // 2
    down, above = _cheapest(inside[: middle + 1], entered[: middle + 1])
    up, below = _cheapest(inside[middle:][::-1], entered[middle:][::-1])
    prices = down + up - inside[middle] - entered[middle]
    parts = np.zeros(ink.shape, np.int32)
    columns = _chosen(prices, height, _THICKEST * thickness)
    for column in columns:
        path = np.concatenate([_followed(above, column)[::-1], _followed(below, column)[1:]])
        parts += np.arange(ink.shape[1]) >= path[:, None]
    return parts, prices[columns]


def _cheapest(inside, entered):
    """Return what the cheapest way from the top down to each place of the last row costs (columns,).

    inside, entered: what a place costs a way that is there, and that comes there from paper (rows, columns). Also
    returns how far aside the way to each place of each row but the first was in the row above (rows - 1, columns).
    """
    prices, came = inside[0] + entered[0], []
    for row, before, after in zip(inside[1:], entered, entered[1:], strict=False):
        ways = _beside(prices, np.inf) + _ASIDE + np.maximum(0, after - _beside(before, 0))
        came.append(ways.argmin(axis=0) - 1)
        prices = row + ways.min(axis=0)
    return prices, np.array(came, int).reshape(-1, len(prices))


def _beside(row, edge):
    """Return what is at the left of each place of a row, there and at its right (3, columns)."""
    padded = np.pad(row, 1, constant_values=edge)
    return np.stack([padded[:-2], row, padded[2:]])


def _chosen(prices, height, dearest):
    """Return the columns of the cheapest cuts, from left to right, no two too near each other or to an end."""
    chosen, edge = [], _EDGE * height
    for column in np.argsort(prices, kind="stable").tolist():
        if prices[column] > dearest or len(chosen) == _MOST:
            break
        if edge <= column <= len(prices) - edge and all(abs(column - other) >= _NEAREST * height for other in chosen):
            chosen.append(column)
    return sorted(chosen)


def _followed(came, column):
    """Return the columns of the way to a place in the last row, row by row, from there back up."""
    path = [column]
    for aside in came[::-1]:
        path.append(path[-1] + int(aside[path[-1]]))
    return np.array(path)
