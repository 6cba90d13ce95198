"""What every part of the view draws on: a surface, with sizes and colours at hand."""

from dataclasses import dataclass

import pygame

from digits.window.layout import Box, Layout
from digits.window.paint import Painter, Palette

LEGIBLE = 0.7  # units: text that matters is no smaller


@dataclass
class Canvas:
    """A surface with a layout and a palette; sizes of text are in units, all else is in pixels."""

    surface: pygame.Surface
    layout: Layout
    painter: Painter
    colours: Palette

    @property
    def unit(self) -> float:
        """The height of plain text."""
        return self.layout.unit

    @property
    def hair(self) -> int:
        """The width of a fine line."""
        return max(1, round(self.unit / 16))

    def text(self, string: str, size: float, colour: str, place, anchor="topleft", bold=False) -> pygame.Rect:
        """Write a line of text with a corner, a side or the middle of it at a place; return its rectangle."""
        return self.painter.text(self.surface, string, size * self.unit, colour, place, anchor, bold)

    def width(self, string: str, size: float, bold=False) -> int:
        """Return how wide a line of text is."""
        return self.painter.width(string, size * self.unit, bold)

    def line_height(self, size: float) -> int:
        """Return the distance from one line of text to the next."""
        return self.painter.line_height(size * self.unit)

    def line(self, string: str, size: float, width: float, colour: str, place, anchor="topleft", bold=False) -> None:
        """Write a line of text, smaller where it would be wider than this."""
        self.text(string, self.fitting(string, size, width, bold), colour, place, anchor, bold)

    def fitting(self, string: str, size: float, width: float, bold=False) -> float:
        """Return the size, at most the one given, at which a line of text is no wider than this."""
        share = max(1, width) / max(1, self.width(string, size, bold))
        if share >= 1:
            return size
        pixels = max(1, int(share * round(size * self.unit)))  # fonts come in whole ones, and are hinted
        while pixels > 1 and self.painter.width(string, pixels, bold) > width:
            pixels -= 1
        return pixels / self.unit

    def shortened(self, string: str, size: float, width: float, bold=False) -> tuple[str, float]:
        """Return a line of text that is no wider than this, and its size: smaller, and cut short only if it must be."""
        size = min(size, max(LEGIBLE, self.fitting(string, size, width, bold)))
        words, end = string, len(string)
        while end and self.width(words, size, bold) > width:
            end -= 1
            words = string[:end] + "\u2026"
        return words, size

    def wrapped(self, string: str, size: float, width: int) -> tuple[list[str], int]:
        """Cut a text into lines of at most a width, and return them with their height together."""
        lines = self.painter.wrapped(string, size * self.unit, width)
        return lines, len(lines) * self.line_height(size)

    def lines(self, lines: list[str], size: float, colour: str, place, bold=False) -> None:
        """Write lines of text, one below the other."""
        for i, line in enumerate(lines):
            y = place[1] + i * self.line_height(size)
            self.text(line, size, colour, (place[0], y), bold=bold)

    def disc(self, centre, radius: float, colour: str, line: float = 0) -> None:
        """Draw a disc, or with a line width a ring."""
        self.painter.disc(self.surface, centre, radius, colour, line)

    def icon(self, shapes, centre, side: float, colour: str) -> None:
        """Draw an icon with its middle at a place."""
        self.painter.icon(self.surface, shapes, centre, side, colour)

    def drawing(self, ink, box: Box) -> None:
        """Draw a small picture of a drawing, (rows, columns) in [0, 1]."""
        self.surface.blit(self.painter.drawing(ink, box[2:], self.colours), box[:2])

    def panel(self, box: Box, colour: str, radius: float, line: int = 0) -> None:
        """Draw a box with round corners, or with a line width its outline."""
        self.painter.panel(self.surface, box, colour, radius, line)
