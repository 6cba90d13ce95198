"""Pointer paths become ink: the one renderer, for the window, for training and for measuring.

A brush lays a band of ink along the line between pointer positions. Ink depends on nothing but a cell's distance from
that line, and where lines meet the strongest ink stays; so a fast stroke has no gaps, a slow one no blots, ink never
gets paler, and it does not matter into how many pieces a path is cut.
"""

from dataclasses import dataclass

import numpy as np

from digits import grid


@dataclass(frozen=True)
class Brush:
    """A soft round brush: ink falls linearly from 1 to 0 across an edge `softness` cells wide, half-way at `radius`."""

    radius: float = 1.0  # cells
    softness: float = 1.0  # cells


DEFAULT = Brush()
_PIECE = 1.5  # cells: longer lines are cut, so that each piece touches a small window of cells


def lines(path: np.ndarray) -> np.ndarray:
    """Return the lines (k - 1, 4) as x0, y0, x1, y1 that join a path's points (k, 2); one point is a dot (1, 4)."""
    path = np.asarray(path, np.float32).reshape(-1, 2)
    if len(path) == 1:
        path = np.repeat(path, 2, axis=0)
    return np.hstack([path[:-1], path[1:]])


def draw(grids: np.ndarray, segments: np.ndarray, which=0, radius=DEFAULT.radius, softness=DEFAULT.softness) -> None:
    """Draw lines into grids, in place: each cell keeps the most ink that it ever had.

    grids: (n, 28, 28) float32 in [0, 1], C-contiguous.  segments: (m, 4), x0, y0, x1, y1 in cells; parts off the sheet
    leave no ink.  which: the grid of each line, an index or (m,) of them.  radius, softness: see `Brush`; a number or
    (m,), softness above 0.
    """
    count = len(segments)
    which, radius, softness = (np.broadcast_to(value, count) for value in (which, radius, softness))
    pieces, line = _pieces(np.asarray(segments, np.float32))
    which, radius, softness = which[line], radius[line].astype(np.float32), softness[line].astype(np.float32)
    reach = radius + softness / 2
    columns, rows = _window(pieces, reach)
    distance = _distance(pieces, columns + np.float32(0.5), rows + np.float32(0.5))
    ink = np.clip((reach[:, None] - distance) / softness[:, None], 0, 1)
    seen = (ink > 0) & (columns >= 0) & (columns < grid.SIZE) & (rows >= 0) & (rows < grid.SIZE)
    cells = ((which[:, None] * grid.SIZE + rows) * grid.SIZE + columns)[seen]
    np.maximum.at(grids.reshape(-1), cells, ink[seen])


def _pieces(segments):
    """Cut lines into equal pieces of at most _PIECE cells: the pieces (p, 4) and the line that each belongs to (p,)."""
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    counts = np.maximum(1, np.ceil(np.hypot(step[:, 0], step[:, 1]) / _PIECE)).astype(int)
    line = np.repeat(np.arange(len(segments)), counts)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)
    begin, end = ((nth + offset) / counts[line] for offset in (0, 1))
    pieces = np.hstack([start[line] + begin[:, None] * step[line], start[line] + end[:, None] * step[line]])
    return pieces.astype(np.float32), line


def _window(pieces, reach):
    """Return the columns and rows (p, w * w) of a window of cells around each piece that holds all cells in reach."""
    side = int(np.ceil(2 * reach.max(initial=0) + _PIECE)) + 1
    low = np.floor(np.minimum(pieces[:, :2], pieces[:, 2:]) - reach[:, None]).astype(np.int32)
    rows, columns = np.divmod(np.arange(side * side, dtype=np.int32), side)
    return low[:, :1] + columns, low[:, 1:] + rows


def _distance(pieces, x, y):
    """Return the distance of points x, y (p, c) from the pieces (p, 4)."""
    x0, y0, x1, y1 = (pieces[:, i : i + 1] for i in range(4))
    dx, dy = x1 - x0, y1 - y0
    length = np.maximum(dx * dx + dy * dy, np.finfo(np.float32).tiny)
    along = np.clip(((x - x0) * dx + (y - y0) * dy) / length, 0, 1)
    across, down = x0 + along * dx - x, y0 + along * dy - y
    return np.sqrt(across * across + down * down)
