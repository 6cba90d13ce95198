"""A number on the window: a box around each digit on the sheet, and the whole of it beside the sheet."""

from digits.window.layout import Box

_WIDTH = 2.6  # units: what a label has at least
_AROUND = 1.2  # cells between the path of a digit and its box: the brush, and a little more


def draw_boxes(canvas, scene):
    """Draw a box around each digit; below it its two candidates, that it is none, or, with room, how likely it is."""
    for place in scene.answer.places:
        left, top = canvas.layout.pixel_of((place.box[0] - _AROUND, place.box[1] - _AROUND))
        right, bottom = canvas.layout.pixel_of((place.box[2] + _AROUND, place.box[3] + _AROUND))
        box = Box(round(left), round(top), round(right - left), round(bottom - top))
        words, colour = _label(place.answer, canvas.colours)
        canvas.panel(box, colour, 0.3 * canvas.unit, max(1, 2 * canvas.hair))
        size = canvas.fitting(words, 0.9, max(box.width, _WIDTH * canvas.unit))
        low = min(box.bottom, canvas.layout.paper.bottom - 1.3 * size * canvas.unit)
        if colour == canvas.colours.accent and (low < box.bottom or box.width < _WIDTH * canvas.unit):
            continue  # it would lie on the digit or on its neighbour's label, only to say that all is well
        canvas.text(words, size, colour, (box.centre[0], low), "midtop", bold=True)


def _label(answer, colours):
    if answer.is_doubtful:
        return "?", colours.alarm
    if answer.is_torn:
        return f"{answer.digit} or {answer.runner_up}", colours.against
    return f"{answer.percent} %", colours.accent


def draw_number(canvas, scene):
    """Draw the digits large, the probability of them all, and which other number it may be."""
    answer, digit, verdict = scene.answer, canvas.layout.digit, canvas.layout.verdict
    width, middle = verdict.right - digit.x, digit.centre[1]
    strong = canvas.colours.quiet if scene.is_old else canvas.colours.text
    size = max(1, 0.5 * digit.height) / canvas.unit
    canvas.line(answer.text, size, width, strong, (digit.x, middle + 0.15 * digit.height), "bottomleft", bold=True)
    words = ", ".join(filter(None, (f"{answer.percent} %", _remark(canvas, scene))))
    canvas.line(words, 1.3, width, canvas.colours.quiet, (digit.x, middle + 0.2 * digit.height))


def _remark(canvas, scene):
    """Return what there is to say beside the probability: what speaks against the number, or what the bars are of."""
    if scene.is_old:
        return "an earlier drawing"
    shows_bars = canvas.layout.bars and not (scene.shows_why or scene.shows_inside)
    tells_whose = shows_bars and len(scene.answer.parts) > 1  # after a minus there may be one alone
    return scene.answer.doubt or ("bars: least certain digit" if tells_whose else "")
