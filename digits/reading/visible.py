"""Strokes as far as they are seen: what a pointer does beyond the edge of the sheet is not written."""

import numpy as np

from digits.ink import brush


def parts(paths: list[np.ndarray], shape: tuple[int, int]) -> list[np.ndarray]:
    """Return the parts (k, 2) of paths that leave ink on a sheet of a shape; one that comes back is another part.

    paths: (k, 2), or with the brush's radius (k, 3), in cells.
    """
    size = np.array(shape[::-1], np.float32)
    return [part for path in paths for part in _parts(np.asarray(path, np.float32), size)]


def _parts(path, size):
    points = path[:, :2]
    margin = _margin(path)
    if (np.abs(points - size / 2) < size / 2 + margin.min()).all():  # as nearly always: it never leaves the sheet
        return [points]
    lines = brush.lines(points)
    enters, leaves = _shares(lines, margin[-len(lines) :], size)
    seen = np.flatnonzero(enters < leaves)
    lines, enters, leaves = lines[seen], enters[seen], leaves[seen]
    starts, ends = (lines[:, :2] + share[:, None] * (lines[:, 2:] - lines[:, :2]) for share in (enters, leaves))
    ends[leaves == 1] = lines[leaves == 1, 2:]
    goes_on = (np.diff(seen) == 1) & (leaves[:-1] == 1) & (enters[1:] == 0)
    runs = np.split(np.arange(len(seen)), np.flatnonzero(~goes_on) + 1)
    return [np.concatenate([starts[run[:1]], ends[run]]) for run in runs if len(run)]


def _margin(path):
    """Return how far off the sheet the brush still reaches the middle of a cell, at each point of a path (k, 1)."""
    radius = path[:, 2:] if path.shape[1] > 2 else np.full((len(path), 1), brush.DEFAULT.radius, np.float32)
    return radius + brush.DEFAULT.softness / 2 - 0.5


def _shares(lines, margin, size):
    """Return from which share of each line (m,) on, and up to which, it is seen (Liang and Barsky 1984).

    The first is no smaller where it is not seen at all.
    """
    begins, steps = lines[:, :2], lines[:, 2:] - lines[:, :2]
    with np.errstate(all="ignore"):  # a line along an edge meets it nowhere
        edges = np.stack([-margin - begins, size + margin - begins]) / steps
    enters, leaves = edges.min(axis=0).max(axis=1), edges.max(axis=0).min(axis=1)
    return np.maximum(enters, 0), np.minimum(leaves, 1)
