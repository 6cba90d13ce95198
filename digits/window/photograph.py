"""A photograph in the place of the sheet, with a frame that is pulled around the digit."""

import pygame

from digits.window.panel import say

_DIM = 130  # of 255: the photograph around the frame


def draw_photograph(canvas, framing):
    """Draw the photograph, its frame and the handles at its corners."""
    layout, colours = canvas.layout, canvas.colours
    box = layout.picture(framing.size)
    canvas.surface.blit(canvas.painter.once(("photograph", framing.photograph, box[2:]), _rendered), box[:2])
    corners = [layout.pixel_on_picture(corner, framing.size) for corner in framing.corners]
    canvas.surface.set_clip(box)
    _dim_around(canvas, box, corners)
    for width, colour in ((4, colours.paper), (2, colours.accent)):
        pygame.draw.lines(canvas.surface, colour, True, corners, width * canvas.hair)
    canvas.surface.set_clip(None)
    for handle in framing.handles:
        place = layout.pixel_on_picture(handle, framing.size)
        canvas.disc(place, 0.55 * canvas.unit, colours.accent)
        canvas.disc(place, 0.55 * canvas.unit, colours.paper, 2 * canvas.hair)


def draw_cut_out(canvas, framing, how):
    """Say what was found, and show what the frame holds in the place of the bars."""
    say(canvas, f"{framing.photograph.found} {how}", canvas.colours.text)
    if canvas.layout.bars and framing.ink is not None:
        rows, columns = framing.ink.shape
        place = canvas.layout.aside.inside(0.4 * canvas.unit)
        cell = min(place.width / columns, place.height / rows)
        frame = place.inside((place.width - cell * columns) / 2, (place.height - cell * rows) / 2)
        canvas.drawing(framing.ink, frame)
        canvas.panel(frame.inside(-canvas.hair), canvas.colours.edge, 0, canvas.hair)


def _rendered(photograph, size):
    return pygame.transform.smoothscale(pygame.surfarray.make_surface(photograph.preview.swapaxes(0, 1)), size)


def _dim_around(canvas, box, corners):
    shade = pygame.Surface(box[2:], pygame.SRCALPHA)
    shade.fill((0, 0, 0, _DIM))
    pygame.draw.polygon(shade, (0, 0, 0, 0), [(x - box.x, y - box.y) for x, y in corners])
    canvas.surface.blit(shade, box[:2])
