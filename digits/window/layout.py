"""Where everything stands: a pure function of the window's size, and the one object that converts coordinates.

Three kinds of coordinates meet here. The system speaks of *points*; a surface has *pixels*, several to a point on a
dense display; the sheet has *cells*. Text is measured in `unit`, the height of plain text in pixels.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

import numpy as np

from digits.app.commands import BUTTONS
from digits.ink import grid

SMALLEST = (480, 320)  # points: below this, text would become too small to read


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

    def rows(self, count: int, gap: float = 0) -> "list[Box]":
        """Cut it into rows of whole pixels, all but equally high."""
        edges = np.linspace(self.y, self.bottom + gap, count + 1).round().astype(int).tolist()
        return [Box(self.x, top, self.width, max(0, round(below - gap - top))) for top, below in pairwise(edges)]

    def columns(self, count: int, gap: float = 0) -> "list[Box]":
        """Cut it into columns."""
        turned = Box(self.y, self.x, self.height, self.width).rows(count, gap)
        return [Box(row.y, row.x, row.height, row.width) for row in turned]


@dataclass(frozen=True)
class Layout:
    """The places of everything in a window, in pixels."""

    size: tuple[int, int]
    scale: float  # pixels a point
    unit: float  # the height of plain text
    cell: int  # the side of a cell
    paper: Box
    status: Box
    digit: Box
    verdict: Box  # the probability and the runner-up
    bars: tuple[Box, ...]  # a row for each digit
    buttons: dict[str, Box]

    def pixel(self, point) -> tuple[float, float]:
        """Return where a point of the window is on the surface."""
        return point[0] * self.scale, point[1] * self.scale

    def cells(self, pixel) -> np.ndarray:
        """Return where a pixel is on the sheet, (2,) in cells; off the paper too."""
        return np.array([(pixel[0] - self.paper.x) / self.cell, (pixel[1] - self.paper.y) / self.cell])

    def pixel_of(self, cells) -> tuple[float, float]:
        """Return where a position on the sheet is on the surface."""
        return self.paper.x + cells[0] * self.cell, self.paper.y + cells[1] * self.cell

    def button_at(self, pixel) -> str | None:
        """Return the name of the button at a pixel."""
        return next((name for name, box in self.buttons.items() if box.holds(pixel)), None)


def arrange(width: int, height: int, scale: float = 1, sheet: tuple[int, int] = grid.SHAPE) -> Layout:
    """Return the layout with the larger cells: the panel beside the paper or below it. sheet: its rows and columns."""
    unit = 11 * scale * sqrt(max(1, min(width / SMALLEST[0], height / SMALLEST[1]) / scale))
    plans = [plan(width, height, unit, *sheet) for plan in (_beside, _below)]
    cell, parts = max(plans, key=lambda plan: plan[0])
    return Layout((width, height), scale, unit, cell, **parts)


def _beside(width, height, unit, rows, columns):
    margin = round(0.9 * unit)
    cell = max(1, int(min((height - 2 * margin) // rows, (width - 3 * margin - 15.2 * unit) // columns)))
    long, high = cell * columns, cell * rows
    panel_width = round(max(1, min(26 * unit, width - 3 * margin - long)))
    panel_height = max(high, min(height - 2 * margin, round(36 * unit)))
    left = max(0, (width - long - margin - panel_width) // 2)
    paper = Box(left, max(0, (height - high) // 2), long, high)
    panel = Box(paper.right + margin, max(0, (height - panel_height) // 2), panel_width, panel_height)
    top, buttons = _split(panel, -4 * 2.4 * unit)
    status, top = _split(top, 1.7 * unit)
    answer, bars = _split(top, min(0.34 * top.height, 9 * unit))
    return cell, {
        "paper": paper,
        "status": status,
        "digit": answer.left_part(0.42 * answer.width),
        "verdict": answer.right_part(0.54 * answer.width),
        "bars": tuple(_trim(bars, 0.4 * unit).rows(grid.CLASSES)),
        "buttons": _buttons(buttons, 4, unit),
    }


def _below(width, height, unit, rows, columns):
    margin = round(0.9 * unit)
    panel_height = 19.5 * unit
    cell = max(1, int(min((width - 2 * margin) // columns, (height - 3 * margin - panel_height) // rows)))
    long, high = cell * columns, cell * rows
    panel_width = max(1, min(width - 2 * margin, max(long, round(40 * unit))))
    panel_height = round(max(1, min(height - 3 * margin - high, 30 * unit)))
    top = max(0, (height - high - margin - panel_height) // 2)
    paper = Box(max(0, (width - long) // 2), top, long, high)
    panel = Box(max(0, (width - panel_width) // 2), paper.bottom + margin, panel_width, panel_height)
    rest, buttons = _split(panel, -2 * 2.5 * unit)
    status, rest = _split(rest, 1.7 * unit)
    answer = rest.left_part(0.4 * rest.width)
    return cell, {
        "paper": paper,
        "status": status,
        "digit": answer.left_part(0.45 * answer.width),
        "verdict": answer.right_part(0.5 * answer.width),
        "bars": tuple(_trim(rest.right_part(0.57 * rest.width), 0.4 * unit).rows(grid.CLASSES)),
        "buttons": _buttons(buttons, 2, unit),
    }


def _split(box, height):
    """Cut a box in two at a height from its top, or from its bottom where that is negative."""
    height = round(height if height >= 0 else max(0, box.height + height))
    height = min(height, box.height)
    return Box(box.x, box.y, box.width, height), Box(box.x, box.y + height, box.width, box.height - height)


def _trim(box, below):
    """Leave some room free below a box."""
    return Box(box.x, box.y, box.width, max(0, box.height - round(below)))


def _buttons(box, rows, unit):
    gap = 0.4 * unit
    places = [place for row in box.rows(rows, gap) for place in row.columns(len(BUTTONS) // rows, gap)]
    return {command.name: place for command, place in zip(BUTTONS, places, strict=True)}
