"""The means of the view: palettes, text and smooth shapes on a surface."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pygame

from digits.assets import ASSETS

FONTS = ASSETS / "fonts"
FINE = 4  # shapes are drawn so many times larger, then reduced: pygame's own have jagged edges
GRID = 24  # icons are described on a square of so many steps a side
KEPT = 1000  # rendered texts and shapes; a long session with ever new sizes must not grow without end
KEPT_PIXELS = 24_000_000  # of them, 96 MB: once what fills the largest displays


@dataclass(frozen=True)
class Palette:
    """The colours of a theme; text on its ground has a contrast of 4.5 or more."""

    ground: str
    paper: str
    line: str  # between cells
    edge: str  # of paper, buttons and bars
    ink: str
    text: str
    quiet: str  # text of second rank
    accent: str
    on_accent: str
    key: str  # a button's face
    hover: str
    bar: str  # of a digit that did not win
    speaks_for: str  # blue and orange: told apart by colour-blind people too
    against: str
    alarm: str


LIGHT = Palette(
    ground="#f3f1ec",
    paper="#ffffff",
    line="#ebe8e1",
    edge="#cfc9bd",
    ink="#141b2d",
    text="#1b2130",
    quiet="#5c6372",
    accent="#0b5fbf",
    on_accent="#ffffff",
    key="#ffffff",
    hover="#e6eef8",
    bar="#a3abb8",
    speaks_for="#0072b2",
    against="#d55e00",
    alarm="#a8201a",
)
DARK = Palette(
    ground="#15181d",
    paper="#1e232b",
    line="#272d37",
    edge="#3d4552",
    ink="#f4f1ea",
    text="#eceae4",
    quiet="#a3abb9",
    accent="#74b6f9",
    on_accent="#0b1420",
    key="#222832",
    hover="#2d3643",
    bar="#5c6676",
    speaks_for="#56b4e9",
    against="#f0883e",
    alarm="#ff8f85",
)
PALETTES = {"light": LIGHT, "dark": DARK}


class Painter:
    """Text and shapes, each rendered once and then kept."""

    def __init__(self):
        self._kept = {}
        self._pixels = 0  # of all that is kept

    def text(self, surface, string, size, colour, place, anchor="topleft", bold=False):
        """Write a line of text with a corner, a side or the middle of it at a place; return its rectangle."""
        image = self.once(("text", printable(string), size, colour, bold), self._render_text)
        where = image.get_rect(**{anchor: (round(place[0]), round(place[1]))})
        surface.blit(image, where)
        return where

    def width(self, string, size, bold=False) -> int:
        """Return how wide a line of text is."""
        return self._font(size, bold).size(printable(string))[0]

    def line_height(self, size) -> int:
        """Return the distance from one line of text to the next."""
        return self._font(size, False).get_linesize()

    def wrapped(self, string, size, width, bold=False) -> list[str]:
        """Cut a text into lines of at most a width, between words, or within one that is too long."""
        return list(self.once(("wrapped", string, size, width, bold), self._wrap))

    def disc(self, surface, centre, radius, colour, line=0):
        """Draw a disc, or with a line width a ring."""
        image = self.once(("disc", round(2 * radius) / 2, colour, line), self._render_disc)
        surface.blit(image, image.get_rect(center=(round(centre[0]), round(centre[1]))))

    def panel(self, surface, box, colour, radius, line=0):
        """Draw a box with round corners, or with a line width its outline."""
        if min(box[2:]) > 0:
            image = self.once(("panel", box[2], box[3], colour, round(radius), line), self._render_panel)
            surface.blit(image, box[:2])

    def icon(self, surface, shapes, centre, side, colour):
        """Draw shapes, described on a square of GRID, so many pixels wide: ("line", points), ("area", points), dots."""
        image = self.once(("icon", shapes, max(1, round(side)), colour), self._render_icon)
        surface.blit(image, image.get_rect(center=(round(centre[0]), round(centre[1]))))

    def lattice(self, rows, columns, cell, colour, ground) -> pygame.Surface:
        """Return a rectangle of cells, so many pixels a side, with lines between them."""
        return self.once(("lattice", rows, columns, cell, colour, ground), _render_lattice)

    def drawing(self, ink, size, colours) -> pygame.Surface:
        """Return a small picture of a drawing, (rows, columns) in [0, 1], so many pixels large."""
        key = ("drawing", ink.tobytes(), ink.shape, tuple(size), colours.paper, colours.ink)
        return self.once(key, _render_drawing)

    def _wrap(self, string, size, width, bold):
        lines = [""]
        for word in string.split():
            longer = f"{lines[-1]} {word}".lstrip()
            if self.width(longer, size, bold) <= width:
                lines[-1] = longer
                continue
            pieces = self._broken(word, size, width, bold)
            lines += pieces if lines[-1] else []
            lines[-1:] = lines[-1:] if lines[-1] else pieces
        return lines

    def _broken(self, word, size, width, bold):
        pieces = [""]
        for letter in word:
            if pieces[-1] and self.width(pieces[-1] + letter, size, bold) > width:
                pieces.append("")
            pieces[-1] += letter
        return pieces

    def once(self, key, render):
        """Return what is rendered from the parts of a key, all but its first word, for this time and later ones."""
        if key not in self._kept:
            if len(self._kept) >= KEPT or self._pixels > KEPT_PIXELS:
                self._kept.clear()
                self._pixels = 0
            self._kept[key] = made = render(*key[1:])
            self._pixels += made.get_width() * made.get_height() if isinstance(made, pygame.Surface) else 0
        return self._kept[key]

    def _font(self, size, bold):
        return self.once(("font", max(1, round(size)), bold), _load_font)

    def _render_text(self, string, size, colour, bold):
        return self._font(size, bold).render(string, True, colour)

    def _render_disc(self, radius, colour, line):
        side = 2 * int(radius + 1)
        image = _sheet(side, side, colour)
        middle = (side * FINE // 2, side * FINE // 2)
        pygame.draw.circle(image, colour, middle, max(1, round(radius * FINE)), round(line * FINE))
        return pygame.transform.smoothscale(image, (side, side))

    def _render_panel(self, width, height, colour, radius, line):
        image = _sheet(width, height, colour)
        pygame.draw.rect(image, colour, image.get_rect(), round(line * FINE), border_radius=round(radius * FINE))
        return pygame.transform.smoothscale(image, (width, height))

    def _render_icon(self, shapes, side, colour):
        image = _sheet(side, side, colour)
        pen = max(1, round(side / 13))  # pixels
        for kind, points in shapes:
            fine = [tuple(_fine(at, side, pen) for at in point) for point in points]
            if kind == "area":
                pygame.draw.polygon(image, colour, fine)
            elif kind == "dots":
                _draw_dots(image, colour, fine, 1.3 * pen * FINE)
            else:
                _draw_line(image, colour, fine, pen * FINE)
        return pygame.transform.smoothscale(image, (side, side))


def _fine(at, side, pen):
    """Return where a step of an icon's grid lies on a large surface; whole steps so that straight lines stay sharp."""
    pixel = at * side / GRID
    return FINE * (round(pixel - pen / 2) + pen / 2 if float(at).is_integer() else pixel)


def _draw_line(image, colour, points, width):
    """Draw a line with round ends and corners."""
    for (x, y), (end_x, end_y) in pairwise(points):
        length = math.hypot(end_x - x, end_y - y) or 1
        across, down = width / 2 * (y - end_y) / length, width / 2 * (end_x - x) / length
        ends = [(x, y, 1), (end_x, end_y, 1), (end_x, end_y, -1), (x, y, -1)]
        pygame.draw.polygon(image, colour, [(px + side * across, py + side * down) for px, py, side in ends])
    _draw_dots(image, colour, points, width)


def _draw_dots(image, colour, points, width):
    for point in points:
        pygame.draw.circle(image, colour, point, width / 2)


def blended(ink: np.ndarray, paper: str, colour: str) -> np.ndarray:
    """Return the colour of every cell of a drawing (rows, columns) in [0, 1]: (rows, columns, 3) uint8."""
    bare, full = (np.array(pygame.Color(name)[:3], np.float32) for name in (paper, colour))
    return (bare + ink[..., None] * (full - bare)).round().astype(np.uint8)


def printable(string: str) -> str:
    """Return a text with a sign in the place of everything that fonts refuse, as names of files may hold it."""
    if string.isprintable():
        return string
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in string)


def _load_font(size, bold):
    path = FONTS / f"OpenSans-{'Semibold' if bold else 'Regular'}.ttf"
    try:
        font = pygame.font.Font(path, size)
        font.size("0")  # a torn file is noticed only here
        return font
    except (OSError, ValueError, pygame.error):  # left behind or torn: pygame brings a font of its own
        return pygame.font.Font(None, size)


def _render_lattice(rows, columns, cell, colour, ground):
    width, height = columns * cell, rows * cell
    image = pygame.Surface((width, height))
    image.fill(ground)
    for x in range(cell, width, cell):
        pygame.draw.line(image, colour, (x, 0), (x, height))
    for y in range(cell, height, cell):
        pygame.draw.line(image, colour, (0, y), (width, y))
    return image


def _render_drawing(ink, shape, size, paper, colour):
    """Reduce it from four times its size, where each cell is a square: evenly soft at every size."""
    ink = np.frombuffer(ink, np.float32).reshape(shape)
    image = pygame.surfarray.make_surface(blended(ink, paper, colour).swapaxes(0, 1))
    large = pygame.transform.scale(image, [FINE * side for side in size])
    return pygame.transform.smoothscale(large, size)


def _sheet(width, height, colour):
    """Return a large clear surface; clear of the same colour, or edges would turn dark when it is reduced."""
    image = pygame.Surface((width * FINE, height * FINE), pygame.SRCALPHA)
    image.fill((*pygame.Color(colour)[:3], 0))
    return image
