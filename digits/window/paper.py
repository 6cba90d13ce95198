"""The sheet on the window: ink cell by cell, what each cell says, the cursor and the brush."""

import numpy as np
import pygame

from digits.app.scene import Scene
from digits.window.layout import Box
from digits.window.number import draw_boxes, draw_labels
from digits.window.paint import Palette

_LOUD = 1.0  # of log odds: what matters less than this is not made to look as if it mattered
_DOTTED = 0.3  # of the strongest colour, from where ink that speaks against the answer has dots


def draw_paper(canvas, scene, trail):
    """Draw the sheet: what the network sees, cell by cell."""
    paper, cell = canvas.layout.paper, canvas.layout.cell
    image = pygame.surfarray.make_surface(cell_colours(scene, canvas.colours).swapaxes(0, 1))
    sheet = pygame.transform.scale(image, paper[2:])
    if cell >= 4:  # lines between cells, which bare paper shows and ink covers
        lines = canvas.painter.lattice(*scene.ink.shape, cell, canvas.colours.line, canvas.colours.paper)
        sheet.blit(lines, (0, 0), special_flags=pygame.BLEND_MIN if scene.theme == "light" else pygame.BLEND_MAX)
    canvas.surface.blit(sheet, paper[:2])
    pygame.draw.rect(canvas.surface, canvas.colours.edge, paper.inside(-canvas.hair), canvas.hair)
    canvas.surface.set_clip(paper)
    trail.draw(canvas, scene)
    if scene.shows_why:
        _draw_dots(canvas, scene)
        _draw_outline(canvas, scene.answer.why.place)
    if scene.shows_boxes:
        draw_boxes(canvas, scene)
    if scene.cursor:
        _draw_cursor(canvas, scene)
    if scene.pointer:
        _draw_brush(canvas, scene, scene.pointer)
    if scene.chooses_brush:
        _draw_brush(canvas, scene, (scene.ink.shape[1] / 2, scene.ink.shape[0] / 2))
    canvas.surface.set_clip(None)
    if scene.shows_boxes:
        draw_labels(canvas, scene)


def cell_colours(scene: Scene, colours: Palette) -> np.ndarray:
    """Return the colour of every cell, (28, columns, 3) uint8: paper to ink, coloured by what the ink does."""
    paper, ink = (np.array(pygame.Color(name)[:3], np.float32) for name in (colours.paper, colours.ink))
    inks = np.broadcast_to(ink, (*scene.ink.shape, 3))
    if scene.shows_why:
        weight = _weights(scene.answer.why.effects)[..., None]
        speaks_for, against = (np.array(pygame.Color(c)[:3]) for c in (colours.speaks_for, colours.against))
        inks = ink + np.abs(weight) * (np.where(weight > 0, speaks_for, against) - ink)
    return (paper + scene.ink[..., None] * (inks - paper)).round().astype(np.uint8)


def _weights(effects):
    """Return how strongly each cell's ink is coloured, -1 to 1; a few cells that shout must not drown the others."""
    loud = max(_LOUD, np.quantile(np.abs(effects[effects != 0]), 0.9)) if effects.any() else _LOUD
    return np.clip(effects / loud, -1, 1)


def _draw_dots(canvas, scene):
    """Put a dot on ink that speaks against the answer, for colour alone is not for everybody."""
    speaks_against = (_weights(scene.answer.why.effects) < -_DOTTED) & (scene.ink > 0.5)
    for row, column in np.argwhere(speaks_against).tolist():
        centre = canvas.layout.pixel_of((column + 0.5, row + 0.5))
        canvas.disc(centre, max(1, 0.22 * canvas.layout.cell), canvas.colours.paper)


def _draw_outline(canvas, place):
    """Draw a line around cells (28, 28)."""
    inside = np.pad(place, 1)
    for row, column in np.argwhere(inside[1:] != inside[:-1]).tolist():  # between a row and the next
        _draw_side(canvas, (column - 1, row), (column, row))
    for row, column in np.argwhere(inside[:, 1:] != inside[:, :-1]).tolist():
        _draw_side(canvas, (column, row - 1), (column, row))


def _draw_side(canvas, begin, end):
    (left, top), (right, bottom) = canvas.layout.pixel_of(begin), canvas.layout.pixel_of(end)
    line = Box(round(left), round(top), round(right - left), round(bottom - top)).inside(-canvas.hair)
    canvas.surface.fill(canvas.colours.alarm, line)


def _draw_cursor(canvas, scene):
    """Show where the keyboard's cursor is, and whether its pen is down."""
    x, y = canvas.layout.pixel_of(scene.cursor)
    cell, colour = canvas.layout.cell, canvas.colours.against
    box = Box(round(x), round(y), cell, cell)
    pygame.draw.rect(canvas.surface, colour, box.inside(-1), 1 + canvas.hair)
    if scene.stroke:
        canvas.disc(box.centre, 0.3 * cell, colour)


def _draw_brush(canvas, scene, cells):
    """Show the brush at a place, as large as it is."""
    place, radius = canvas.layout.pixel_of(cells), scene.radius * canvas.layout.cell
    canvas.disc(place, radius + canvas.hair, canvas.colours.paper, canvas.hair)
    canvas.disc(place, radius, canvas.colours.against if scene.erasing else canvas.colours.accent, canvas.hair)
