"""The stroke under the pen, smooth, over the cells that it fills."""

from itertools import pairwise

import numpy as np
import pygame

APART = 1 / 6  # of the brush's radius: points that are nearer to each other make no visible difference


class Trail:
    """Draws the stroke that grows; it keeps what it has drawn, and each time adds only what is new."""

    def __init__(self):
        self._kept = None  # what the picture belongs to: the stroke's first piece, the layout, the colour
        self._picture = None  # as large as the paper, clear where the stroke is not
        self._pieces = 0  # of the stroke, already drawn
        self._inked = pygame.Rect(0, 0, 0, 0)  # the part of the picture that is not clear

    def draw(self, canvas, scene):
        """Draw the stroke over the paper."""
        if not scene.stroke:
            self._kept = self._picture = None
            return
        colour = canvas.colours.paper if scene.stroke_erases else canvas.colours.ink
        kept = (scene.stroke[0], canvas.layout, colour)
        if self._kept is None or any(old is not new for old, new in zip(self._kept, kept, strict=True)):
            self._begin(kept)
        for piece in scene.stroke[self._pieces :]:
            self._add(piece, canvas.layout.cell)
        self._pieces = len(scene.stroke)
        paper = canvas.layout.paper
        canvas.surface.blit(self._picture, self._inked.move(paper.x, paper.y), self._inked)

    def _begin(self, kept):
        self._kept, self._pieces, self._inked = kept, 0, pygame.Rect(0, 0, 0, 0)
        _, layout, colour = kept
        self._picture = pygame.Surface(layout.paper[2:], pygame.SRCALPHA)
        self._picture.fill((*pygame.Color(colour)[:3], 0))

    def _add(self, points, cell):
        """Add a path, (k, 3): x, y and radius in cells."""
        path = _thinned(points * np.float32(cell))
        alpha = pygame.surfarray.pixels_alpha(self._picture)
        for start, end in pairwise(path if len(path) > 1 else [path[0], path[0]]):
            part = _lay_line(alpha, start[:2], end[:2], end[2])
            self._inked = self._inked.union(part) if self._inked and part else self._inked or part


def _thinned(points):
    """Leave out points that lie near the one before, but not the last one."""
    kept = [points[0]]
    for point in points[1:-1]:
        if np.hypot(*(point - kept[-1])[:2]) > APART * point[2]:
            kept.append(point)
    return [*kept, points[-1]] if len(points) > 1 else kept


def _lay_line(alpha, start, end, radius):
    """Make pixels as opaque as a line with round ends covers them, and return the rectangle that they lie in.

    alpha: (width, height) uint8, changed in place.
    """
    reach = radius + 1
    low = np.maximum(np.floor(np.minimum(start, end) - reach), 0).astype(int)
    high = np.minimum(np.ceil(np.maximum(start, end) + reach), alpha.shape).astype(int)
    if (low >= high).any():
        return pygame.Rect(0, 0, 0, 0)
    x = np.arange(low[0], high[0], dtype=np.float32)[:, None] + 0.5 - start[0]
    y = np.arange(low[1], high[1], dtype=np.float32)[None, :] + 0.5 - start[1]
    step = end - start
    along = np.clip((x * step[0] + y * step[1]) / max(1e-9, float(step @ step)), 0, 1)
    distance = np.hypot(x - along * step[0], y - along * step[1])
    covered = (255 * np.clip(radius + 0.5 - distance, 0, 1)).astype(np.uint8)
    part = alpha[low[0] : high[0], low[1] : high[1]]
    np.maximum(part, covered, out=part)
    return pygame.Rect(low.tolist(), (high - low).tolist())
