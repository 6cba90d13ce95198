"""Which way everything is arranged: a pure function of the window's size.

The tools stand in a column at the left or in rows at the top, the panel stands beside the paper or below it, and in the
smallest windows it does without bars. All of these are planned, and the one with the largest cells wins.
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise, permutations, product
from math import sqrt

from digits.app.commands import BRUSH, BUTTONS, TOOLS
from digits.ink import grid
from digits.window.layout import NOWHERE, Box, Layout

COMFORTABLE = (480, 320)  # points: from this size on text grows with the window
TARGET = 44  # points: the side of a tool that every finger hits; beyond it larger cells are worth more
SLIDER = 2.5  # tools: the length of the slider
BETWEEN_GROUPS = 0.25  # of a tool
WITHOUT_BARS = 0.6  # what cells are worth in a window without bars


@dataclass(frozen=True)
class Plan:
    """One way to arrange a window; all lengths in pixels."""

    width: int
    height: int
    scale: float  # pixels a point
    unit: float  # the height of plain text
    rows: int  # of the sheet
    columns: int
    has_column: bool  # the tools in a column at the left, not in rows at the top
    lines: int  # of tools
    is_beside: bool  # the panel beside the paper, not below it
    is_full: bool  # with the bars

    @property
    def margin(self) -> int:
        """Between the parts, and around them."""
        return round(0.9 * self.unit)

    @property
    def tool(self) -> float:
        """The side of a tool."""
        room = (self.height if self.has_column else self.width) - 2 * self.margin
        most = max(TARGET * self.scale, 2.7 * self.unit)
        return max(1, min(most, room / max(map(_slots_in, _in_lines(self.lines)))))

    @property
    def room(self) -> tuple[float, float]:
        """How wide and how high paper and panel may be together."""
        tools = self.lines * self.tool + self.margin
        width, height = self.width - 2 * self.margin, self.height - 2 * self.margin
        return (width - tools, height) if self.has_column else (width, height - tools)

    @property
    def least(self) -> tuple[float, float]:
        """How wide and how high the panel is at least."""
        if self.is_beside:
            return (15.2 * self.unit, 21 * self.unit) if self.is_full else (7 * self.unit, 12 * self.unit)
        return (17 * self.unit, 17 * self.unit) if self.is_full else (15 * self.unit, 6.6 * self.unit)

    @property
    def cell(self) -> int:
        """The side of a cell."""
        return max(1, self._cell)

    @property
    def _cell(self):
        """The side of a cell beside a panel that has all the room it needs, 0 where there is no room for both."""
        (width, height), (least_wide, least_high) = self.room, self.least
        width -= self.margin + least_wide if self.is_beside else 0
        height -= 0 if self.is_beside else self.margin + least_high
        return max(0, int(min(width // self.columns, height // self.rows)))

    @property
    def worth(self) -> tuple[float, float]:
        """How good it is: cells as large as can be, bars if there is room, tools that can be hit; then larger tools."""
        fits = self._cell and all(room >= least for room, least in zip(self.room, self.least, strict=True))
        worth = self.cell * sqrt(min(1, self.tool / (TARGET * self.scale)))
        return worth * (1 if self.is_full else WITHOUT_BARS) * (1 if fits else 0.01), self.tool

    def layout(self) -> Layout:
        """Return where everything stands."""
        tools, paper, panel = self._boxes()
        parts = self._full(panel) if self.is_full else self._small(panel)
        return Layout(
            (self.width, self.height), self.scale, self.unit, self.cell, paper, tools=self._tools(tools), **parts
        )

    @property
    def _length(self):
        """How long the longest line of tools is."""
        return self.tool * max(map(_slots_in, _in_lines(self.lines)))

    def _boxes(self):
        """Return where the tools, the paper and the panel stand, all of them together in the middle of the window."""
        long, high = self.cell * self.columns, self.cell * self.rows
        tools, margin = round(self.lines * self.tool), self.margin
        wide, panel_high = self._panel_size(long, high)
        block_wide = long + margin + wide if self.is_beside else max(long, wide)
        block_high = max(high, panel_high) if self.is_beside else high + margin + panel_high
        across, down = (tools + margin, 0) if self.has_column else (0, tools + margin)
        left, top = max(0, (self.width - block_wide - across) // 2), max(0, (self.height - block_high - down) // 2)
        block = Box(left + across, top + down, block_wide, block_high)
        if self.has_column:
            bar = Box(left, max(0, min(top, round(self.height - self.margin - self._length))), tools, block_high)
        else:
            bar = Box(max(0, min(left, round(self.width - self.margin - self._length))), top, block_wide, tools)
        if self.is_beside:
            paper = Box(block.x, block.y + (block_high - high) // 2, long, high)
            return bar, paper, Box(paper.right + margin, block.y + (block_high - panel_high) // 2, wide, panel_high)
        paper = Box(block.x + (block_wide - long) // 2, block.y, long, high)
        return bar, paper, Box(block.x + (block_wide - wide) // 2, paper.bottom + margin, wide, panel_high)

    def _panel_size(self, long, high):
        (width, height), unit = self.room, self.unit
        if self.is_beside:
            wide = min(26 * unit, width - self.margin - long)
            return round(max(1, wide)), round(max(high, min(height, 38 * unit)))
        wide = min(width, max(long, 40 * unit))
        return round(max(1, wide)), round(max(1, min(height - self.margin - high, 30 * unit)))

    def _tools(self, bar):
        """Place the tools along their bar, which is turned where it is a column."""
        bar, places = bar.turned if self.has_column else bar, {}
        for line, groups in zip(bar.rows(self.lines), _in_lines(self.lines), strict=True):
            at = 0.0
            for group in groups:
                for name in group:
                    start, at = at, at + _slots(name)
                    left, right = (round(line.x + slots * self.tool) for slots in (start, at))
                    places[name] = Box(left, line.y, right - left, line.height)
                at += BETWEEN_GROUPS
        return {name: box.turned if self.has_column else box for name, box in places.items()}

    def _full(self, panel):
        unit, gap = self.unit, 0.4 * self.unit
        rows = 2 if self.is_beside else 1
        button = max(2.2 * unit, min(TARGET * self.scale, (0.075 if self.is_beside else 0.15) * panel.height))
        rest, buttons = panel.split(gap - rows * (button + gap))
        has_history = rest.height > (28 if self.is_beside else 17.5) * unit
        rest, history = rest.split(rest.height - (6.1 * unit if has_history else 0))
        if self.columns > grid.SIZE and not self.is_beside:
            rest = rest.bottom_part(rest.height - 0.6 * unit)  # what is said of a number's digits stands above
        status, rest = rest.split(1.7 * unit)
        if self.is_beside:
            answer, bars = rest.split(min(0.34 * rest.height, 9 * unit))
        else:
            answer, bars = rest.left_part(0.4 * rest.width), rest.right_part(0.57 * rest.width)
        return {
            "status": status,
            "digit": answer.left_part((0.42 if self.is_beside else 0.45) * answer.width),
            "verdict": answer.right_part((0.54 if self.is_beside else 0.5) * answer.width),
            "bars": tuple(bars.top_part(bars.height - gap).rows(grid.CLASSES)),
            "history": _thumbnails(history.top_part(history.height - 0.9 * unit), unit),
            "buttons": self._buttons(buttons, rows),
        }

    def _small(self, panel):
        """Divide a panel that has no room for bars."""
        rows = 1 if not self.is_beside else 2 if panel.width > 14 * self.unit else 4
        answer, buttons = panel.split(-2.3 * rows * self.unit)
        answer = answer.top_part(answer.height - 0.4 * self.unit)
        digit, verdict = answer.left_part(0.36 * answer.width), answer.right_part(0.6 * answer.width)
        return {
            "status": NOWHERE,
            "digit": digit,
            "verdict": verdict,
            "bars": (),
            "history": (),
            "buttons": self._buttons(buttons, rows),
        }

    def _buttons(self, box, rows):
        gap = 0.4 * self.unit
        places = [place for row in box.rows(rows, gap) for place in row.columns(len(BUTTONS) // rows, gap)]
        return dict(zip(BUTTONS, places, strict=True))


def arrange(width: int, height: int, scale: float = 1, sheet: tuple[int, int] = grid.SHAPE) -> Layout:
    """Return the best layout of a window. width, height: in pixels; scale: pixels a point; sheet: rows and columns."""
    unit = 11 * scale * sqrt(max(1, min(width / COMFORTABLE[0], height / COMFORTABLE[1]) / scale))
    ways = product((True, False), (1, 2, 3), (True, False), (True, False))
    plans = [Plan(width, height, scale, unit, *sheet, *way) for way in ways]
    return max(plans, key=lambda plan: plan.worth).layout()


@cache
def _in_lines(count):
    """Return the groups of tools in so many lines, of which the longest is as short as can be."""
    cuts = [[0, *cuts, len(TOOLS)] for cuts in combinations(range(1, len(TOOLS)), count - 1)]
    ways = [[groups[start:end] for start, end in pairwise(ends)] for groups in permutations(TOOLS) for ends in cuts]
    return min(ways, key=lambda lines: max(map(_slots_in, lines)))


def _slots(name):
    return SLIDER if name == BRUSH else 1


def _slots_in(groups):
    """Return how long a line of groups is, in tools."""
    return sum(_slots(name) for group in groups for name in group) + BETWEEN_GROUPS * (len(groups) - 1)


def _thumbnails(box, unit):
    """Return places in a row for the last drawings, as many as there is room for, from edge to edge."""
    side, gap = min(3.6 * unit, box.width), 0.5 * unit
    count = int((box.width + gap) / (side + gap)) if box.height else 0
    step = (box.width - side) / max(1, count - 1)
    return tuple(Box(round(box.x + i * step), box.y, round(side), box.height) for i in range(count))
