"""Pointer paths become ink: the one renderer, for the window, for training and for measuring.

A brush lays a band of ink along the line between pointer positions. Ink depends on nothing but a cell's distance from
that line, and where lines meet the strongest ink stays; so a fast stroke has no gaps, a slow one no blots, ink never
gets paler, and it does not matter into how many pieces a path is cut.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Brush:
    """A soft round brush: ink falls linearly from 1 to 0 across an edge `softness` cells wide, half-way at `radius`."""

    radius: float = 1.0  # cells
    softness: float = 1.0  # cells


DEFAULT = Brush()
THINNEST, THICKEST = 0.5, 3.0  # radii that people can choose, in cells
_PIECE = 1.5  # cells: longer lines are cut, so that each piece touches a small window of cells


def lines(path: np.ndarray) -> np.ndarray:
    """Return the lines (k - 1, 4) as x0, y0, x1, y1 that join a path's points (k, 2); one point is a dot (1, 4)."""
    path = np.asarray(path, np.float32).reshape(-1, 2)
    if len(path) == 1:
        path = np.repeat(path, 2, axis=0)
    return np.hstack([path[:-1], path[1:]])


def draw(grids: np.ndarray, segments: np.ndarray, which=0, radius=DEFAULT.radius, softness=DEFAULT.softness) -> None:
    """Draw lines into grids, in place: each cell keeps the most ink that it ever had.

    grids: (n, rows, columns), or one (rows, columns), float32 in [0, 1], C-contiguous.  segments: (m, 4), x0, y0, x1,
    y1 in cells; parts off the grid leave no ink.  which: the grid of each line, an index or (m,) of them.  radius,
    softness: see `Brush`; a number or (m,), softness above 0.
    """
    count = len(segments)
    which, radius, softness = (np.broadcast_to(value, count) for value in (which, radius, softness))
    pieces, line = _pieces(np.asarray(segments, np.float32))
    which, softness = which[line], softness[line].astype(np.float32)
    reach = radius[line].astype(np.float32) + softness / 2
    sides = np.ceil(2 * reach + _PIECE).astype(int) + 1
    for side in np.unique(sides).tolist():
        same = sides == side
        _draw_pieces(grids, pieces[same], side, which[same], reach[same], softness[same])


def _draw_pieces(grids, pieces, side, which, reach, softness):
    """Draw pieces of lines (p, 4) that reach no farther than a window of `side` cells."""
    rows, columns = grids.shape[-2:]
    left, top = np.floor(np.minimum(pieces[:, :2], pieces[:, 2:]) - reach[:, None]).astype(int).T
    offset = np.arange(side)[:, None]
    row, column = offset + top, offset + left  # (side, p)
    distance = _squared_distance(pieces, row, column)
    is_inked = distance < reach * reach
    is_inked &= ((row >= 0) & (row < rows))[:, None]
    is_inked &= (column >= 0) & (column < columns)
    inked = np.flatnonzero(is_inked)
    cell, piece = np.divmod(inked, len(pieces))
    ink = np.minimum(1, (reach[piece] - np.sqrt(distance.reshape(-1)[inked])) / softness[piece])
    corner = (which * rows + top) * columns + left
    np.maximum.at(grids.reshape(-1), corner[piece] + (offset * columns + offset.T).reshape(-1)[cell], ink)


def _pieces(segments):
    """Cut lines into equal pieces of at most _PIECE cells: the pieces (p, 4) and the line that each belongs to (p,)."""
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    counts = np.maximum(1, np.ceil(np.hypot(step[:, 0], step[:, 1]) / _PIECE)).astype(int)
    line = np.repeat(np.arange(len(segments)), counts)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)
    begin, end = ((nth + offset) / counts[line] for offset in (0, 1))
    pieces = np.hstack([start[line] + begin[:, None] * step[line], start[line] + end[:, None] * step[line]])
    return pieces.astype(np.float32), line


def _squared_distance(pieces, row, column):
    """Return the squared distance (side, side, p) of the cells in rows and columns (side, p) from each piece (p, 4).

    Pieces come last: there are many of them, and so the sums run over long rows of memory.
    """
    x0, y0, x1, y1 = pieces.T.copy()
    step_x, step_y = x1 - x0, y1 - y0
    squared = np.maximum(step_x * step_x + step_y * step_y, np.finfo(np.float32).tiny)
    x, y = ((cells + np.float32(0.5) - start).astype(np.float32) for cells, start in ((column, x0), (row, y0)))
    y = y[:, None]
    along = np.clip(x * (step_x / squared) + y * (step_y / squared), 0, 1)
    across, down = along * step_x - x, along * step_y - y
    return across * across + down * down
