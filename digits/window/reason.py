"""Why?, in the place of the bars: what the colours on the ink mean, and one sentence."""

from digits.window.layout import Box

_ROOMY = 8.5  # units: a place so high holds more than the sentence


def draw_reason(canvas, scene):
    """Say what would be another answer, and, where there is room, what colours and patterns on the sheet mean."""
    answer, colours, unit = scene.answer, canvas.colours, canvas.unit
    box = canvas.layout.aside
    if box.height < _ROOMY * unit:
        return _write(canvas, answer.why.sentence, box)
    row = Box(box.x, box.y, box.width, round(1.5 * unit))
    for colour, is_dotted, words in (
        (colours.speaks_for, False, f"speaks for the {answer.text}"),
        (colours.against, True, f"speaks against the {answer.text}"),
    ):
        _draw_key(canvas, row, colour, is_dotted, words)
        row = Box(row.x, row.bottom, row.width, row.height)
    if answer.why.place.any():
        _draw_frame(canvas, row)
        row = Box(row.x, row.bottom, row.width, row.height)
    room = Box(box.x, row.y + round(0.6 * unit), box.width, max(1, box.bottom - row.y - round(0.6 * unit)))
    _write(canvas, answer.why.sentence, room)


def _draw_key(canvas, row, colour, is_dotted, words):
    """Draw a sample of ink, and what it means."""
    side = round(0.45 * canvas.unit)
    for number in range(2):
        cell = Box(row.x + number * side, row.centre[1] - side // 2, side, side)
        canvas.surface.fill(colour, cell)
        if is_dotted:
            canvas.disc(cell.centre, 0.22 * side, canvas.colours.paper)
    canvas.text(words, 0.9, canvas.colours.text, (row.x + 1.4 * canvas.unit, row.centre[1]), "midleft")


def _draw_frame(canvas, row):
    side = round(0.9 * canvas.unit)
    frame = Box(row.x, row.centre[1] - side // 2, side, side)
    canvas.panel(frame, canvas.colours.alarm, 0, 2 * canvas.hair)
    words = "what the sentence is about"
    canvas.text(words, 0.9, canvas.colours.text, (row.x + 1.4 * canvas.unit, row.centre[1]), "midleft")


def _write(canvas, sentence, room):
    """Write a sentence as large as there is room for it."""
    size = 1.3
    lines, height = canvas.wrapped(sentence, size, room.width)
    while height > room.height and size > 0.8:
        size -= 0.1
        lines, height = canvas.wrapped(sentence, size, room.width)
    canvas.lines(lines, size, canvas.colours.text, (room.x, room.y))
