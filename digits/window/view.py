"""What the window shows: a scene goes in, a picture comes out. It reads the scene and keeps nothing of it."""

import numpy as np
import pygame

from digits.app.commands import BUTTONS, COMMANDS
from digits.app.scene import Scene
from digits.window.buttons import draw_button
from digits.window.canvas import Canvas
from digits.window.layout import Box, Layout
from digits.window.paint import PALETTES, Painter
from digits.window.panel import draw_answer, draw_bars, draw_status
from digits.window.paper import cell_colours, draw_paper


class View:
    """Draws scenes; all it keeps is rendered text and shapes."""

    def __init__(self):
        self._painter = Painter()

    def draw(self, surface: pygame.Surface, layout: Layout, scene: Scene) -> None:
        """Draw a whole scene."""
        canvas = Canvas(surface, layout, self._painter, PALETTES[scene.theme])
        surface.fill(canvas.colours.ground)
        draw_paper(canvas, scene)
        draw_status(canvas, scene)
        draw_answer(canvas, scene)
        draw_bars(canvas, scene)
        for command in BUTTONS:
            draw_button(canvas, scene, command)
        if scene.message:
            draw_message(canvas, scene.message)
        if scene.keys:
            draw_keys(canvas)


def icon(ink: np.ndarray) -> pygame.Surface:
    """Return a picture of a drawing for the window's icon."""
    cells = cell_colours(Scene(ink=ink), PALETTES["light"])
    return pygame.transform.scale(pygame.surfarray.make_surface(cells.swapaxes(0, 1)), (64, 64))


def draw_message(canvas, words):
    """Lay a strip with a message over the lower edge of the paper."""
    paper, unit = canvas.layout.paper, canvas.unit
    lines, height = canvas.wrapped(words, 1, max(1, paper.width - 3 * unit))
    height = round(height + 0.6 * unit)
    strip = Box(paper.x, paper.bottom - height - round(0.6 * unit), paper.width, height).inside(0.6 * unit, 0)
    canvas.panel(strip, canvas.colours.text, 0.4 * unit)
    canvas.lines(lines, 1, canvas.colours.ground, (strip.x + 0.8 * unit, strip.y + 0.3 * unit))


def draw_keys(canvas):
    """Lay the list of all keys over everything."""
    width, height = canvas.layout.size
    colours = canvas.colours
    canvas.surface.fill(colours.ground)
    rows = [(" or ".join(c.shown_keys), c.help) for c in COMMANDS]
    rows += [("Arrows, Space", "move a cursor, draw with it"), ("Drop a picture", "put it on the grid")]
    step = max(1.0, min(1.7 * canvas.unit, (height - 3.6 * canvas.unit) / len(rows)))
    size = min(1, step / canvas.unit / 1.35)
    left = max(canvas.unit, (width - 38 * size * canvas.unit) / 2)
    top = (height - step * (len(rows) + 1.6)) / 2
    title = canvas.text("Keys", 1.4 * size, colours.text, (left, top), bold=True)
    canvas.text(
        "Esc or a click closes this list",
        0.9 * size,
        colours.quiet,
        (title.right + canvas.unit, title.bottom),
        "bottomleft",
    )
    for i, (keys, words) in enumerate(rows):
        y = top + step * (i + 1.9)
        canvas.text(keys, size, colours.text, (left, y), bold=True)
        canvas.text(words, size, colours.text, (left + 12.5 * size * canvas.unit, y))
