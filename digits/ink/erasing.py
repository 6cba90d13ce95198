"""What an eraser leaves of strokes: those parts of them whose ink is still there."""

import numpy as np

_STEP = 0.25  # cells between two looks along a stroke
_THERE = 0.5  # of the ink that a stroke laid: where less is left it is erased
_SPECK = 0.5  # cells: a shorter part of a longer stroke is what an eraser's soft edge leaves


def remains(strokes: list[np.ndarray], laid: np.ndarray, ink: np.ndarray) -> list[np.ndarray]:
    """Return what is left of strokes, each part (k, 3) like these: x, y and radius in cells.

    laid: the ink (rows, columns) of all strokes before anything was erased.  ink: what there is of it now.
    """
    share = np.where(laid > 0, ink / np.maximum(laid, 1e-6), 1)  # off the sheet there was nothing to erase
    return [part for points in strokes for part in _remains(points, share)]


def _remains(points, share):
    looks = _dense(points)
    column, row = np.clip(np.floor(looks[:, :2]).astype(int), 0, np.array(share.shape[::-1]) - 1).T
    is_there = share[row, column] >= _THERE
    if is_there.all():
        return [points]
    ends = np.flatnonzero(np.diff(is_there)) + 1
    parts = [part for part, there in zip(np.split(looks, ends), np.split(is_there, ends), strict=True) if there[0]]
    return [part for part in parts if _length(part) >= _SPECK]


def _dense(points):
    """Return a stroke with points so close to each other that none of its cells is missed."""
    if len(points) == 1:
        return points
    far = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points[:, :2], axis=0).T))])
    at = np.linspace(0, far[-1], 1 + int(np.ceil(far[-1] / _STEP)))
    return np.stack([np.interp(at, far, column) for column in points.T], axis=1).astype(points.dtype)


def _length(points):
    return np.hypot(*np.diff(points[:, :2], axis=0).T).sum()
