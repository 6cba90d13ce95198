"""The list of all keys."""

from itertools import groupby
from operator import attrgetter

from digits.app.commands import COMMANDS

TITLE, HOW_TO_CLOSE = "Keys", "Esc or a click closes this list"
ROW = 1.45  # of the size of text
LARGEST = 1.25  # units


def draw_keys(canvas):
    """Lay the list over everything, as large as fits: in one column or in two."""
    width, height = canvas.layout.size
    colours, unit, rows = canvas.colours, canvas.unit, _rows()
    canvas.surface.fill(colours.ground)
    wide = tuple(max(canvas.width(row[part], 1) for row in rows) for part in (0, 1))
    plans = [(_size(canvas, len(rows), wide, columns), columns) for columns in (1, 2)]
    size, columns = max(plans)
    each = -(-len(rows) // columns)
    step = ROW * size * unit
    left = (width - size * (columns * (sum(wide) + 2 * unit) + (columns - 1) * 3 * unit)) / 2
    top = (height - step * (each + 2)) / 2
    title = canvas.text(TITLE, 1.4 * size, colours.text, (left, top), bold=True)
    place = (title.right + unit, title.bottom - 0.2 * size * unit)
    canvas.text(HOW_TO_CLOSE, 0.9 * size, colours.quiet, place, "bottomleft")
    for i, (keys, words) in enumerate(rows):
        x = left + i // each * size * (sum(wide) + 5 * unit)
        y = top + step * (i % each + 2)
        canvas.text(keys, size, colours.text, (x, y), bold=True)
        canvas.text(words, size, colours.text, (x + size * (wide[0] + 2 * unit), y))


def _rows():
    """Return keys and what they do; commands that do the same share a row."""
    same = [list(group) for _, group in groupby(COMMANDS, attrgetter("help"))]
    rows = [(_keys([key for command in group for key in command.shown_keys]), group[0].help) for group in same]
    rows += [("Space", "put the pen down, or up again; or hold it"), ("Arrows", "move the pen, faster when held")]
    return rows + [("Drop a picture", "put it on the grid")]


def _keys(keys):
    return f"{keys[0]} to {keys[-1]}" if len(keys) > 4 else " or ".join(keys)


def _size(canvas, count, wide, columns):
    """Return the size of text, in units, at which rows with two parts so wide at size 1 fit into columns."""
    width, height = canvas.layout.size
    unit = canvas.unit
    across = (width - 2 * unit) / (columns * (sum(wide) + 2 * unit) + (columns - 1) * 3 * unit)
    down = (height - 2.2 * unit) / (ROW * unit * (-(-count // columns) + 2))
    return min(LARGEST, across, down)
