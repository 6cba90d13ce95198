"""A digit, drawn."""

from digits.ink.sheet import Sheet

SEVEN = ((8, 6), (20, 6), (13, 23))


def draw_seven():
    """Return the ink of a seven."""
    sheet = Sheet()
    sheet.begin(SEVEN[0])
    sheet.extend(SEVEN[1:])
    return sheet.ink
