"""A look inside, in the place of the bars: rows of small pictures, a layer each, what comes first above."""

import numpy as np
import pygame

from digits.window.layout import Box

_WORDS = ("edges", "bends and corners", "parts of digits")  # what first, middle and last layers respond to
_ROW = 3  # units: in lower rows nothing can be made out; what there is no room for is left out
_FEWEST, _MOST = 5, 12  # pictures in a row


def draw_inside(canvas, scene):
    """Draw what some layers see of the drawing; the stronger the colour, the stronger what they see."""
    layers, box, unit = scene.answer.inside, canvas.layout.aside, canvas.unit
    if not layers:
        lines, _ = canvas.wrapped("The layers of this model see no pictures.", 0.9, max(1, box.width))
        return canvas.lines(lines, 0.9, canvas.colours.quiet, (box.x, box.y))
    rows = box.rows(max(1, min(len(layers), int(box.height / (_ROW * unit)))), 0.4 * unit)
    label = round(1.4 * unit)
    side, columns = _fitted(box.width, rows[-1].height - label, round(0.25 * unit), layers[0].maps.shape[1])
    for layer, row, words in zip(layers, rows, _named(len(layers)), strict=False):
        size = " x ".join(map(str, layer.maps.shape[1:]))
        canvas.text(words, 0.9, canvas.colours.text, (row.x, row.y))
        if canvas.width(words, 0.9) + canvas.width(size, 0.9) < row.width:
            canvas.text(size, 0.9, canvas.colours.quiet, (row.right, row.y), "topright")
        for seen, left in zip(layer.maps, columns, strict=False):
            _draw_map(canvas, seen, Box(row.x + left, row.y + label, side, side))


def _named(count):
    """Return words for so many layers: the first and the last always have theirs."""
    return [_WORDS[number] for number in np.linspace(0, len(_WORDS) - 1, count).round().astype(int)]


def _fitted(width, height, gap, cells):
    """Return the side of pictures that fit a row, and where each begins; as many as fill it evenly.

    cells: a side of the finest pictures; whole pixels make them even, where there is room for several a cell.
    """
    side = max(1, min(height, (width - (_FEWEST - 1) * gap) // _FEWEST))
    side -= side % cells if side >= 2 * cells else 0
    count = max(1, min(_MOST, (width + gap) // (side + gap)))
    step = (width - side) / max(1, count - 1)
    return side, [round(number * step) for number in range(count)]


def _draw_map(canvas, seen, box):
    """Draw one picture: paper where nothing is seen, the accent where most is."""
    low, high = (np.array(pygame.Color(name)[:3], np.float32) for name in (canvas.colours.paper, canvas.colours.accent))
    strength = np.sqrt(seen)[..., None]  # faint things are to be seen, too
    colours = (low + strength * (high - low)).round().astype(np.uint8)
    image = pygame.surfarray.make_surface(colours.swapaxes(0, 1))
    canvas.surface.blit(pygame.transform.scale(image, box[2:]), box[:2])
    pygame.draw.rect(canvas.surface, canvas.colours.edge, box, canvas.hair)
