"""The last drawings, small, each with its answer."""

from digits.window.layout import Box


def draw_history(canvas, scene):
    """Draw as many of the last drawings as there are places for, the newest first."""
    for number, (box, entry) in enumerate(zip(canvas.layout.history, scene.history, strict=False)):
        draw_small(canvas, scene, number, entry.ink, entry.label, box, entry.is_sure)


def draw_small(canvas, scene, number, ink, words, box, is_sure=True):
    """Draw a drawing in a box, small, with words below it; number: by which it is pointed at, and has the focus."""
    colours, unit = canvas.colours, canvas.unit
    frame = box.top_part(box.height - 1.3 * unit)
    rows, columns = ink.shape
    cell = min(frame.width / columns, frame.height / rows)
    width, height = max(1, round(cell * columns)), max(1, round(cell * rows))
    frame = Box(frame.x + (frame.width - width) // 2, frame.bottom - height, width, height)
    canvas.drawing(ink, frame)
    edge = colours.accent if number == scene.hover else colours.edge
    canvas.panel(frame.inside(-canvas.hair), edge, 0, canvas.hair)
    if number == scene.focus:
        canvas.panel(frame.inside(-0.2 * unit), colours.text, 0.3 * unit, 2 * canvas.hair)
    colour = colours.text if is_sure else colours.quiet
    words, size = canvas.shortened(words, 0.95, box.width, bold=is_sure)
    canvas.text(words, size, colour, (frame.centre[0], box.bottom), "midbottom", bold=is_sure)
