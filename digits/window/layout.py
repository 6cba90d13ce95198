"""Where everything stands: the one object that converts coordinates.

Three kinds of coordinates meet here. The system speaks of *points*; a surface has *pixels*, several to a point on a
dense display; the sheet has *cells*. Text is measured in `unit`, the height of plain text in pixels.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from digits.app.commands import BRUSH

HANDLE = 22  # points: as far from its middle as a finger may come down


class Box(NamedTuple):
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> tuple[int, int]:
        """Its middle."""
        return self.x + self.width // 2, self.y + self.height // 2

    def holds(self, pixel) -> bool:
        """Whether a pixel lies in it."""
        return self.x <= pixel[0] < self.right and self.y <= pixel[1] < self.bottom

    def inside(self, across: float, down: float | None = None) -> "Box":
        """Return the box that is smaller by this much on every side."""
        across, down = round(across), round(across if down is None else down)
        return Box(self.x + across, self.y + down, max(0, self.width - 2 * across), max(0, self.height - 2 * down))

    def left_part(self, width: float) -> "Box":
        """Return its left part."""
        return Box(self.x, self.y, min(self.width, round(width)), self.height)

    def right_part(self, width: float) -> "Box":
        """Return its right part."""
        width = min(self.width, round(width))
        return Box(self.right - width, self.y, width, self.height)

    def top_part(self, height: float) -> "Box":
        """Return its upper part."""
        return Box(self.x, self.y, self.width, max(0, min(self.height, round(height))))

    def bottom_part(self, height: float) -> "Box":
        """Return its lower part."""
        height = max(0, min(self.height, round(height)))
        return Box(self.x, self.bottom - height, self.width, height)

    def split(self, height: float) -> "tuple[Box, Box]":
        """Cut it in two at a height from its top, or from its bottom where that is negative."""
        above = self.top_part(height if height >= 0 else self.height + height)
        return above, self.bottom_part(self.height - above.height)

    @property
    def turned(self) -> "Box":
        """The box with across and down changed."""
        return Box(self.y, self.x, self.height, self.width)

    def rows(self, count: int, gap: float = 0) -> "list[Box]":
        """Cut it into rows of whole pixels, all but equally high."""
        edges = np.linspace(self.y, self.bottom + gap, count + 1).round().astype(int).tolist()
        return [Box(self.x, top, self.width, max(0, round(below - gap - top))) for top, below in pairwise(edges)]

    def columns(self, count: int, gap: float = 0) -> "list[Box]":
        """Cut it into columns."""
        return [row.turned for row in self.turned.rows(count, gap)]


NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True)
class Layout:
    """The places of everything in a window, in pixels; what there is no room for is an empty box, or not there."""

    size: tuple[int, int]
    scale: float  # pixels a point
    unit: float  # the height of plain text
    cell: int  # the side of a cell
    paper: Box
    status: Box
    digit: Box
    verdict: Box  # the probability and the runner-up
    bars: tuple[Box, ...]  # a row for each digit
    history: tuple[Box, ...]  # a place for each of the last drawings
    buttons: dict[str, Box]  # with words
    tools: dict[str, Box]  # icons, and the slider of the brush

    @property
    def panel(self) -> Box:
        """All that stands beside the paper or below it, without the tools."""
        boxes = [self.status, self.digit, self.verdict, *self.bars, *self.history, *self.buttons.values()]
        left, top = (min(box[side] for box in boxes if box.height) for side in (0, 1))
        return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)

    @property
    def targets(self) -> dict[str | int, Box]:
        """Everything that can be pressed: buttons, tools and bars by name, the last drawings by number."""
        bars = {str(digit): bar for digit, bar in enumerate(self.bars)}
        return {**self.buttons, **self.tools, **bars, **dict(enumerate(self.history))}

    @property
    def aside(self) -> Box:
        """The place of the bars, which other things about the answer may take; without bars the answer's own."""
        boxes = self.bars or (self.digit, self.verdict)
        left, top = (min(box[side] for box in boxes) for side in (0, 1))
        return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)

    def pixel(self, point) -> tuple[float, float]:
        """Return where a point of the window is on the surface."""
        return point[0] * self.scale, point[1] * self.scale

    def cells(self, pixel) -> np.ndarray:
        """Return where a pixel is on the sheet, (2,) in cells; off the paper too."""
        return np.array([(pixel[0] - self.paper.x) / self.cell, (pixel[1] - self.paper.y) / self.cell])

    def pixel_of(self, cells) -> tuple[float, float]:
        """Return where a position on the sheet is on the surface."""
        return self.paper.x + cells[0] * self.cell, self.paper.y + cells[1] * self.cell

    def picture(self, size) -> Box:
        """Return the place of a picture (width, height) in the middle of the paper, as large as fits there."""
        width, height = (max(1, round(side * self._pixels_of_picture(size))) for side in size)
        return self.paper.inside((self.paper.width - width) / 2, (self.paper.height - height) / 2)

    def on_picture(self, pixel, size) -> np.ndarray:
        """Return where a pixel is on a picture (width, height) there, (2,) in pixels of the picture."""
        return np.subtract(pixel, self.picture(size)[:2]) / self._pixels_of_picture(size)

    def pixel_on_picture(self, point, size) -> tuple[float, float]:
        """Return where a point of a picture (width, height) is on the surface."""
        box, scale = self.picture(size), self._pixels_of_picture(size)
        return box.x + point[0] * scale, box.y + point[1] * scale

    def reach_on_picture(self, size) -> float:
        """Return how far from a handle a finger may come down, in pixels of a picture (width, height)."""
        return HANDLE * self.scale / self._pixels_of_picture(size)

    def _pixels_of_picture(self, size):
        return min(self.paper.width / size[0], self.paper.height / size[1])

    def target_at(self, pixel) -> str | int | None:
        """Return what can be pressed at a pixel."""
        return next((target for target, box in self.targets.items() if box.holds(pixel)), None)

    @property
    def track(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The ends of the way of the slider's dot: of the thinnest brush, and of the thickest."""
        box = self.tools[BRUSH]
        x, y = box.centre
        end = 0.5 * min(box.width, box.height)
        if box.width >= box.height:
            return (box.x + end, y), (box.right - end, y)
        return (x, box.bottom - end), (x, box.y + end)  # thicker is higher

    def share_at(self, pixel) -> float:
        """Return how far along the slider a pixel is: 0 at its thin end, 1 at its thick end."""
        (x, y), (end_x, end_y) = self.track
        way = np.array([end_x - x, end_y - y])
        along = np.array([pixel[0] - x, pixel[1] - y]) @ way / max(1, way @ way)
        return float(np.clip(along, 0, 1))
