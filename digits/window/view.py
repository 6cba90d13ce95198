"""What the window shows: a scene goes in, a picture comes out. It reads the scene and keeps nothing of it."""

from dataclasses import replace

import numpy as np
import pygame

from digits.app.commands import BUTTONS
from digits.app.framing import HOW
from digits.app.scene import Scene
from digits.window.buttons import draw_button
from digits.window.canvas import Canvas
from digits.window.inside import draw_inside
from digits.window.kept import arrange_kept, draw_kept
from digits.window.key_list import draw_keys
from digits.window.layout import Box, Layout
from digits.window.paint import PALETTES, Painter
from digits.window.panel import draw_answer, draw_bars, draw_status
from digits.window.paper import cell_colours, draw_paper
from digits.window.photograph import draw_cut_out, draw_photograph
from digits.window.reason import draw_reason
from digits.window.strip import draw_history
from digits.window.tools import draw_tip, draw_tools
from digits.window.trail import Trail


class View:
    """Draws scenes; all it keeps is rendered text and shapes, and the stroke under the pen as far as it is drawn."""

    def __init__(self):
        self._painter, self._trail = Painter(), Trail()

    def draw(self, surface: pygame.Surface, layout: Layout, scene: Scene) -> None:
        """Draw a whole scene."""
        canvas = Canvas(surface, layout, self._painter, PALETTES[scene.theme])
        surface.fill(canvas.colours.ground)
        if scene.kept is None:
            self._draw_sheet(canvas, scene)
        else:
            canvas = replace(canvas, layout=arrange_kept(layout, len(scene.kept)))
            draw_kept(canvas, scene)
        if scene.tip in canvas.layout.targets:
            draw_tip(canvas, scene)
        if scene.message and scene.kept is None:
            draw_message(canvas, scene.message)
        if scene.keys:
            draw_keys(canvas)

    def _draw_sheet(self, canvas, scene):
        if scene.framing:
            draw_photograph(canvas, scene.framing)
        else:
            draw_paper(canvas, scene, self._trail)
        draw_status(canvas, scene)
        _draw_findings(canvas, scene)
        draw_history(canvas, scene)
        for name in BUTTONS:
            draw_button(canvas, scene, name)
        draw_tools(canvas, scene)


def _draw_findings(canvas, scene):
    """Draw the answer, and the bars or what takes their place; where there are no bars, the answer's place."""
    if scene.framing:
        return draw_cut_out(canvas, scene.framing, HOW)
    others = {draw_reason: scene.shows_why, draw_inside: scene.shows_inside}
    draw = next((draw for draw, is_shown in others.items() if is_shown and not scene.trouble), draw_bars)
    if canvas.layout.bars or draw is draw_bars:
        draw_answer(canvas, scene)
    draw(canvas, scene)


def icon(ink: np.ndarray) -> pygame.Surface:
    """Return a picture of a drawing for the window's icon."""
    cells = cell_colours(Scene(ink=ink), PALETTES["light"])
    return pygame.transform.scale(pygame.surfarray.make_surface(cells.swapaxes(0, 1)), (64, 64))


def draw_message(canvas, words):
    """Lay a card with a message over the status; a longer one over what stands below the answer, if anything does."""
    unit, colours = canvas.unit, canvas.colours
    card, lines, height = place_message(canvas, words)
    canvas.panel(card, colours.hover, 0.4 * unit)
    canvas.panel(card, colours.accent, 0.4 * unit, canvas.hair)
    top = card.y + (card.height - height) // 2
    canvas.lines(lines, 0.95, colours.text, (card.x + 0.7 * unit, top))


def place_message(canvas, words):
    """Return the place of a message, a box, its lines, and their height together."""
    layout, unit = canvas.layout, canvas.unit
    place = layout.panel if layout.panel.width > 14 * unit else Box(0, 0, *layout.size).inside(0.4 * unit)
    lines, height = canvas.wrapped(words, 0.95, max(1, round(place.width - 1.4 * unit)))
    if layout.bars and len(lines) == 1:
        return place.top_part(layout.status.height), lines, height
    if layout.bars:
        place = place.top_part(layout.history[0].bottom - place.y) if layout.history else layout.aside
        lines, height = canvas.wrapped(words, 0.95, max(1, round(place.width - 1.4 * unit)))
        return place.bottom_part(height + 0.6 * unit), lines, height
    card = place.top_part(height + 0.6 * unit)
    if len(lines) > 1 and layout.verdict.right == place.right:  # over the whole answer rather than over half of it
        card = place.top_part(max(card.height, layout.digit.bottom - place.y))
    return card, lines, height
