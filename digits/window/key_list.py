"""The list of all keys."""

from dataclasses import replace
from functools import cached_property
from itertools import accumulate, groupby, product
from operator import attrgetter

import pygame

from digits.app.commands import COMMANDS, LEAVES

TITLE, HOW_TO_CLOSE = "Keys", "Esc or a click closes this list"
SIZES = [size / 20 for size in range(25, 5, -1)]  # of text, in units
BETWEEN, WITHIN = 0.3, 1.5  # of the size of text: from row to row, from keys to words
WORTH_BREAKING = 1.15  # times the size
WIDEST = 34  # of the size of text: a column


def _rows():
    """Return keys and what they do; commands that do the same share a row."""
    told = [command for command in COMMANDS if command.name not in LEAVES]  # the sheet that they leaf in tells of them
    same = [list(group) for _, group in groupby(told, attrgetter("help"))]
    rows = [(_keys([key for command in group for key in command.shown_keys]), group[0].help) for group in same]
    rows += [("Space", "pen down, pen up (or hold it)"), ("Arrows", "move the pen, faster if held")]
    return rows + [("Drop a picture", "put it on the grid")]


def _keys(keys):
    return f"{keys[0]} to {keys[-1]}" if len(keys) > 4 else " or ".join(keys)


ROWS = _rows()


def draw_keys(canvas):
    """Lay the list over everything."""
    key = ("keys", canvas.layout.size, canvas.unit, canvas.colours)
    canvas.surface.blit(canvas.painter.once(key, lambda *_: _picture(canvas)), (0, 0))


def _picture(canvas):
    """Return the list as large as fits, in one column or in two."""
    picture = pygame.Surface(canvas.layout.size)
    picture.fill(canvas.colours.ground)
    best_plan(replace(canvas, surface=picture)).draw()
    return picture


def best_plan(canvas):
    """Return the largest plan that fits, or a little smaller one that breaks no words."""
    largest = None
    for size, columns in product(SIZES, (1, 2)):
        if largest and WORTH_BREAKING * size < largest.size:
            return largest
        plan = _Plan(canvas, size, columns)
        if plan.fits and plan.is_whole:
            return plan
        largest = largest or (plan if plan.fits else None)
    return largest or plan


class _Plan:
    """The list in columns, in text of one size; lengths in pixels."""

    def __init__(self, canvas, size, columns):
        self._canvas, self.size, self._columns = canvas, size, columns
        self._text = size * canvas.unit
        width, _ = canvas.layout.size
        self._column = min((width - (1 + columns) * 1.5 * canvas.unit) / columns, WIDEST * self._text)
        keys = [keys for keys, _ in ROWS]
        pieces = keys if columns == 1 else [word for several in keys for word in several.split()]
        self._keys = max(canvas.painter.width(piece, self._text, bold=True) for piece in pieces) + 1
        self._words = round(self._column - self._keys - WITHIN * self._text)

    @property
    def fits(self) -> bool:
        """Whether all of it has room, with words of some length beside the keys."""
        room = self._canvas.layout.size[1] - 1.5 * self._canvas.unit
        least = self._title + len(ROWS) / self._columns * (self._line + BETWEEN * self._text)
        return self._words > 9 * self._text and least < room and self._height < room

    @property
    def is_whole(self) -> bool:
        """Whether what keys do stands in one line each."""
        return all(len(words) == 1 for _, words in self._rows)

    @cached_property
    def _rows(self):
        wrapped = self._canvas.painter.wrapped
        return [
            (wrapped(keys, self._text, self._keys, bold=True), wrapped(words, self._text, max(1, self._words)))
            for keys, words in ROWS
        ]

    @cached_property
    def _ends(self):
        """How far down each row ends, were there one column."""
        return list(accumulate(self._line * max(map(len, row)) + BETWEEN * self._text for row in self._rows))

    @property
    def _line(self):
        return self._canvas.painter.line_height(self._text)

    @property
    def _title(self):
        return 2.2 * self._line

    @property
    def _height(self):
        return self._title + max(bottom for _, _, bottom in self._places)

    @property
    def _places(self):
        """The column of each row, and its top and its bottom there."""
        each, places, first = self._ends[-1] / self._columns, [], {}
        for top, bottom in zip([0, *self._ends], self._ends, strict=False):
            column = min(self._columns - 1, int((top + bottom) / 2 / each))
            start = first.setdefault(column, top)
            places.append((column, top - start, bottom - start))
        return places

    def draw(self):
        """Draw it in the middle of the window."""
        canvas, (width, height), gap = self._canvas, self._canvas.layout.size, 1.5 * self._canvas.unit
        left = (width - self._columns * self._column - (self._columns - 1) * gap) / 2
        top = max(0, (height - self._height) / 2)
        title = canvas.text(TITLE, 1.4 * self.size, canvas.colours.text, (left, top), bold=True)
        beside = (title.right + canvas.unit, title.bottom - 0.2 * self._text)
        canvas.text(HOW_TO_CLOSE, 0.9 * self.size, canvas.colours.quiet, beside, "bottomleft")
        for (keys, words), (column, down, _) in zip(self._rows, self._places, strict=True):
            x, y = left + column * (self._column + gap), top + self._title + down
            canvas.lines(keys, self.size, canvas.colours.text, (x, y), bold=True)
            canvas.lines(words, self.size, canvas.colours.text, (x + self._keys + WITHIN * self._text, y))
