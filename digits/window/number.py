"""A number on the window: a box around each digit on the sheet, and the whole of it beside the sheet.

What there is to say of each digit stands in a line below the boxes, so that it lies on no ink; where it could not be
read there, it is listed below the whole number.
"""

import math
from itertools import pairwise
from typing import NamedTuple

from digits.window.canvas import LEGIBLE
from digits.window.layout import Box

_AROUND = 1.2  # cells between the path of a digit and its box: the brush, and a little more
_LABEL = 0.9  # units: the size of labels where there is room for it
_APART = 0.3  # units between two of them
_FORMS = "{} %", "{}", ""  # of a probability, each shorter; at last what is in doubt has labels alone
_LISTED = 0.45  # of the height beside the sheet, which the list has at most if it can be made smaller


class _Label(NamedTuple):
    words: str
    colour: str
    x: float  # of its middle, if nothing is in the way; pixels


def draw_boxes(canvas, scene):
    """Draw a box around each digit."""
    for place in scene.answer.places:
        _, colour = _said(canvas, scene, place.answer)
        canvas.panel(_box(canvas, place), colour, 0.3 * canvas.unit, max(1, 2 * canvas.hair))


def draw_labels(canvas, scene):
    """Say of each digit how likely it is, its two candidates, or that it is none, as far as that can be read here.

    The labels stand below the lowest box, or below the paper if that has no room for them.
    """
    labels, size = _labels(canvas, scene)
    low, high = max(_box(canvas, place).bottom for place in scene.answer.places), canvas.line_height(size)
    if low + high > canvas.layout.paper.bottom:
        low = min(canvas.layout.paper.bottom, canvas.layout.size[1] - high)
    for label, (left, _) in zip(labels, _spans(canvas, labels, size), strict=True):
        canvas.text(label.words, size, label.colour, (left, low), bold=True)


def _box(canvas, place):
    left, top = canvas.layout.pixel_of((place.box[0] - _AROUND, place.box[1] - _AROUND))
    right, bottom = canvas.layout.pixel_of((place.box[2] + _AROUND, place.box[3] + _AROUND))
    return Box(round(left), round(top), round(right - left), round(bottom - top))


def _said(canvas, scene, answer, form=_FORMS[0]):
    """Return what there is to say of a digit, and in which colour; who still draws is not told that it is none."""
    if answer.is_doubtful:
        return ("?", canvas.colours.alarm) if scene.may_refuse else ("\u2026", canvas.colours.quiet)
    if answer.is_torn:
        return f"{answer.digit} or {answer.runner_up}", canvas.colours.against
    return form.format(answer.percent), canvas.colours.accent


def _labels(canvas, scene):
    """Return the labels in the longest form in which they can be read side by side, and their size in units."""
    boxes = [(_box(canvas, place), place.answer) for place in scene.answer.places]
    for form in _FORMS:
        labels = [_Label(*_said(canvas, scene, answer, form), box.centre[0]) for box, answer in boxes]
        labels = [label for label in labels if label.words]
        for size in _sizes(canvas):
            pairs = pairwise(_spans(canvas, labels, size))
            if all(one[1] + _APART * canvas.unit <= other[0] for one, other in pairs):
                return labels, size
    return [], LEGIBLE


def _sizes(canvas):
    """Return the sizes in which labels can be read, in units: the largest first, each of whole pixels."""
    pixels = range(round(_LABEL * canvas.unit), math.ceil(LEGIBLE * canvas.unit) - 1, -1)
    return [count / canvas.unit for count in pixels]


def _spans(canvas, labels, size):
    """Yield the left and right end of each label, none of them beside the paper."""
    paper = canvas.layout.paper
    for words, _, x in labels:
        width = canvas.width(words, size, bold=True)
        left = max(paper.x, min(x - width / 2, paper.right - width))
        yield left, left + width


def draw_number(canvas, scene):
    """Draw the digits large, the probability of them all, which other number it may be, and what no label says."""
    answer, digit, verdict = scene.answer, canvas.layout.digit, canvas.layout.verdict
    box = Box(digit.x, digit.y, max(1, verdict.right - digit.x), digit.height)
    if not scene.is_old and len(_labels(canvas, scene)[0]) < len(answer.places):
        box = _draw_list(canvas, scene, box)
    middle = box.centre[1]
    strong = canvas.colours.quiet if scene.is_old else canvas.colours.text
    text = answer.text if scene.may_refuse else answer.text.replace("?", "\u2026")
    size = max(1, 0.5 * box.height) / canvas.unit
    canvas.line(text, size, box.width, strong, (box.x, middle + 0.15 * box.height), "bottomleft", bold=True)
    words = ", ".join(filter(None, (f"{answer.percent} %", _remark(canvas, scene))))
    canvas.line(words, 1.3, box.width, canvas.colours.quiet, (box.x, middle + 0.2 * box.height))


def _draw_list(canvas, scene, box):
    """List what there is to say of each digit at the bottom of a box; return the rest of the box."""
    words = [_listed(canvas, scene, place.answer) for place in scene.answer.places]
    for size in _sizes(canvas):
        wide = max(canvas.width(word, size, bold=True) for word in words) + 0.8 * canvas.unit
        rows = math.ceil(len(words) / max(1, box.width // wide))
        high = canvas.line_height(size)
        if rows * high <= _LISTED * box.height:
            break
    rest, place = box.split(-rows * high)
    across = math.ceil(len(words) / rows)
    for number, (word, answer) in enumerate(zip(words, scene.answer.parts, strict=True)):
        row, column = divmod(number, across)
        is_in_doubt = answer.is_doubtful or answer.is_torn
        colour = canvas.colours.text if is_in_doubt else canvas.colours.quiet
        canvas.text(word, size, colour, (place.x + column * wide, place.y + row * high), bold=is_in_doubt)
    return rest


def _listed(canvas, scene, answer):
    words, _ = _said(canvas, scene, answer)
    return words if answer.is_doubtful or answer.is_torn else f"{answer.digit}: {words}"


def _remark(canvas, scene):
    """Return what there is to say beside the probability: what speaks against the number, or what the bars are of."""
    if scene.is_old:
        return "an earlier drawing"
    if scene.answer.is_doubtful and not scene.may_refuse:
        return ""
    shows_bars = canvas.layout.bars and not (scene.shows_why or scene.shows_inside)
    tells_whose = shows_bars and len(scene.answer.parts) > 1  # after a minus there may be one alone
    return scene.answer.doubt or ("bars: least certain digit" if tells_whose else "")
