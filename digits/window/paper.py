"""The sheet on the window: ink cell by cell, what each cell says, the cursor and the brush."""

import numpy as np
import pygame

from digits.app.scene import Scene
from digits.window.layout import Box
from digits.window.number import draw_boxes
from digits.window.paint import Palette


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
        _draw_signs(canvas, scene.answer.why)
    if scene.shows_boxes:
        draw_boxes(canvas, scene)
    if scene.cursor:
        _draw_cursor(canvas, scene)
    if scene.pointer:
        _draw_brush(canvas, scene, scene.pointer)
    if scene.chooses_brush:
        _draw_brush(canvas, scene, (scene.ink.shape[1] / 2, scene.ink.shape[0] / 2))
    canvas.surface.set_clip(None)


def cell_colours(scene: Scene, colours: Palette) -> np.ndarray:
    """Return the colour of every cell, (28, columns, 3) uint8: paper to ink, tinted by what the cell says."""
    paper, ink = (np.array(pygame.Color(name)[:3], np.float32) for name in (colours.paper, colours.ink))
    cells = paper + scene.ink[..., None] * (ink - paper)
    if scene.shows_why:
        weight = _weights(scene.answer.why)[..., None]
        speaks_for, against = (np.array(pygame.Color(c)[:3]) for c in (colours.speaks_for, colours.against))
        cells += 0.75 * np.abs(weight) * (np.where(weight > 0, speaks_for, against) - cells)
    return cells.round().astype(np.uint8)


def _weights(why):
    """Return how much each cell says, -1 to 1; a few cells that shout must not drown the others."""
    loud = np.quantile(np.abs(why), 0.98)
    return np.clip(why / loud, -1, 1) if loud > 0 else np.zeros_like(why)


def _draw_signs(canvas, why):
    """Mark what a cell says with a sign too, for colour alone is not for everybody."""
    cell, weights = canvas.layout.cell, _weights(why)
    for row, column in np.argwhere(np.abs(weights) > 0.35).tolist():
        x, y = canvas.layout.pixel_of((column + 0.5, row + 0.5))
        arm, colour = max(1, round(cell * 0.22)), canvas.colours.paper
        pygame.draw.line(canvas.surface, colour, (x - arm, y), (x + arm, y), canvas.hair)
        if weights[row, column] > 0:
            pygame.draw.line(canvas.surface, colour, (x, y - arm), (x, y + arm), canvas.hair)


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
