"""Pen drawings: the paths of their strokes, curves through sparse points, and their place on a sheet.

A path is an array (k, 2) of pen positions, x to the right and y down; a drawing is a list of paths, one a stroke.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from digits.ink import brush, grid
from digits.ink.sheet import drawn

# Widest that a drawing may become on the sheet: this many cells, and this many times its height.
_WIDEST, _SQUATTEST = 25, 1.25
_MARGIN = 1.2  # cells between a drawing's path and the edge of the sheet, where there is room


@dataclass(frozen=True)
class Drawing:
    """What somebody drew: its label, the paths of its strokes in writing order, and where it is from."""

    label: str
    paths: list[np.ndarray]
    comment: str = ""
    writer: str = ""  # who drew it, where the recording says
    source: str = ""  # the collection that it comes from


def smooth(path: np.ndarray, count: int) -> np.ndarray:
    """Return `count` points (count, 2), evenly spaced along a smooth curve through the points of a path (k, 2).

    The curve is a centripetal Catmull-Rom spline (Catmull and Rom 1974; Yuksel et al. 2011): it passes through every
    point, without loops or cusps of its own. A point given twice in a row is a sharp corner.
    """
    return smooth_each([path], count)[0]


def smooth_each(paths: list[np.ndarray], count: int) -> np.ndarray:
    """Return the curve through each of many paths, at least one, as `smooth` has it: (n, count, 2)."""
    until = np.cumsum([len(path) for path in paths]) // _AT_ONCE
    firsts = [0, *np.flatnonzero(np.diff(until)) + 1, len(paths)]
    some = (paths[first:last] for first, last in pairwise(firsts))
    return np.concatenate([_evenly(*_curves(few), count) for few in some])


def smoothed(drawing: Drawing, count: int = 64) -> Drawing:
    """Return a drawing with the curve through each path's points, `count` of them, in place of the points."""
    return replace(drawing, paths=list(smooth_each(drawing.paths, count)))


_AT_ONCE = 30_000  # points of paths, for the memory that the curves take
_CURVE = 200  # points that draw a curve smoothly; a recorded path has many of its own


def _curves(paths):
    """Return points (m, 2) along the splines through all paths, and which path each belongs to, (m,)."""
    points = np.concatenate(paths).astype(np.float64)
    owners = np.repeat(np.arange(len(paths)), [len(path) for path in paths])
    goes_on = np.append((owners[1:] == owners[:-1]) & (points[1:] != points[:-1]).any(axis=1), False)
    ends, velocities = _pieces(points, goes_on)

    runs = np.append(0, np.cumsum(~goes_on[:-1]))  # from one corner to the next
    steps = np.where(goes_on, np.minimum(8, -(-_CURVE // np.bincount(runs)))[runs], 1)
    of = np.repeat(np.arange(len(points)), steps)
    t = ((np.arange(len(of)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[of])[:, None]
    rest = 1 - t  # what follows is Hermite's form of a cubic
    to_ends = rest * rest * (1 + 2 * t) * points[of] + t * t * (3 - 2 * t) * ends[of]
    return to_ends + t * rest * (rest * velocities[0][of] - t * velocities[1][of]), owners[of]


def _pieces(points, goes_on):
    """Return for each point (k, 2) where the piece of a spline that begins there ends, and its velocities, (2, k, 2).

    Where a path does not go on all of these are of no meaning.
    """
    ends, velocities = points.copy(), np.zeros((2, *points.shape))
    here = np.flatnonzero(goes_on)
    p1, p2 = points[here], points[here + 1]
    came, goes = goes_on[here - 1, None], goes_on[here + 1, None]  # the last one never goes on
    p0 = np.where(came, points[here - 1], 2 * p1 - p2)
    p3 = np.where(goes, points[np.minimum(here + 2, len(points) - 1)], 2 * p2 - p1)
    d0, d1, d2 = (np.sqrt(np.hypot(*(b - a).T))[:, None] for a, b in ((p0, p1), (p1, p2), (p2, p3)))
    ends[here] = p2
    velocities[0, here] = p2 - p1 + d1 * ((p1 - p0) / d0 - (p2 - p0) / (d0 + d1))
    velocities[1, here] = p2 - p1 + d1 * ((p3 - p2) / d2 - (p3 - p1) / (d1 + d2))
    return ends, velocities


def _evenly(curves, owners, count):
    """Return `count` points at even distances along each of the polylines (m, 2) one after the other, (n, count, 2)."""
    starts = np.flatnonzero(np.append(True, owners[1:] != owners[:-1]))
    steps = np.hypot(*np.diff(curves, axis=0).T)
    steps[starts[1:] - 1] = 1  # apart, so that none ends where the next begins
    along = np.append(0, np.cumsum(steps))
    at = np.linspace(along[starts], along[np.append(starts[1:], len(along)) - 1], count, axis=1)
    return np.stack([np.interp(at, along, axis) for axis in curves.T], axis=-1).astype(np.float32)


class Box(NamedTuple):
    """The bounding box of a drawing's path: its middle and size."""

    x: float
    y: float
    width: float
    height: float


def box(paths: list[np.ndarray]) -> Box:
    """Return the bounding box of all points of a drawing."""
    points = np.concatenate(paths)
    (left, top), (right, bottom) = points.min(0).tolist(), points.max(0).tolist()
    return Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)


def scale_to(height, box_width, box_height):
    """Return the factor that makes a path's box `height` cells high, or less where it would be too wide; arrays too."""
    return height / np.maximum(
        np.maximum(box_height, box_width * height / _WIDEST), np.maximum(box_width / _SQUATTEST, 1e-6)
    )


def room(size, margin=_MARGIN):
    """Return how far from the middle of the sheet the middle of a box of `size` cells may lie; arrays too."""
    return np.maximum(0, grid.SIZE / 2 - margin - size / 2)


class Placement(NamedTuple):
    """Where a drawing goes: how high its path's box becomes, uniform in a range, and how far it may roam."""

    heights: tuple[float, float]  # cells
    roam: float  # share of the room around the middle, 0 for the very middle, 1 for anywhere


ANYWHERE = Placement((11, 25), 1)  # as people put digits on the sheet


def place(paths: list[np.ndarray], placement: Placement, rng: np.random.Generator) -> list[np.ndarray]:
    """Return paths in cells, the box as high as `placement` says (see `scale_to`), on the sheet where it fits."""
    bounds = box(paths)
    scale = float(scale_to(rng.uniform(*placement.heights), bounds.width, bounds.height))
    reach = placement.roam * room(scale * np.array([bounds.width, bounds.height]))
    middle = grid.SIZE / 2 + rng.uniform(-1, 1, 2) * reach
    return [(path - (bounds.x, bounds.y)) * scale + middle for path in paths]


def draw(drawings: list[Drawing], placement: Placement, radius: float = brush.DEFAULT.radius) -> np.ndarray:
    """Return drawings as a mouse would draw them on empty sheets, grids (n, 28, 28), the same ones every time.

    radius: of the brush, in cells.
    """
    rng = np.random.default_rng(0)
    return np.stack([drawn(place(drawing.paths, placement, rng), radius) for drawing in drawings])
