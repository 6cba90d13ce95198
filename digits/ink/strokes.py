"""Pen drawings: the paths of their strokes, curves through sparse points, and their place on a sheet.

A path is an array (k, 2) of pen positions, x to the right and y down; a drawing is a list of paths, one a stroke.
"""

from dataclasses import dataclass, replace
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
    stops = np.flatnonzero((np.diff(path, axis=0) == 0).all(axis=1)) + 1
    runs = [run for run in np.split(path, stops) if len(run) > 1]
    curve = np.concatenate([_spline(run) for run in runs]) if runs else path[:1]
    return _evenly(curve, count)


def smoothed(drawing: Drawing, count: int = 64) -> Drawing:
    """Return a drawing with the curve through each path's points, `count` of them, in place of the points."""
    return replace(drawing, paths=[smooth(path, count) for path in drawing.paths])


_CURVE = 200  # points that draw a curve smoothly; a recorded path has many of its own


def _spline(points):
    """Return points along the spline through `points` (k, 2), k at least 2, no two in a row alike."""
    steps = min(8, -(-_CURVE // len(points)))
    ends = 2 * points[:1] - points[1:2], 2 * points[-1:] - points[-2:-1]
    padded = np.concatenate([ends[0], points, ends[1]]).astype(np.float64)
    knots = np.concatenate([[0], np.cumsum(np.sqrt(np.hypot(*np.diff(padded, axis=0).T)))])
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    t0, t1, t2, t3 = (knots[i : len(knots) - 3 + i, None, None] for i in range(4))
    t = t1 + (t2 - t1) * np.linspace(0, 1, steps, endpoint=False)[:, None]

    def between(a, b, ta, tb):
        return ((tb - t) * a + (t - ta) * b) / (tb - ta)

    a1, a2, a3 = between(p0, p1, t0, t1), between(p1, p2, t1, t2), between(p2, p3, t2, t3)
    curve = between(between(a1, a2, t0, t2), between(a2, a3, t1, t3), t1, t2)
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])


def _evenly(curve, count):
    """Return `count` points at even distances along a polyline (k, 2)."""
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, curve[:, 0]), np.interp(at, along, curve[:, 1])], axis=1).astype(np.float32)


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
