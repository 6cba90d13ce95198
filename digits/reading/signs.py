"""What is written between digits: a minus, a decimal point, a space between thousands; only where it is clear.

Shape and place alone tell, for the network knows digits and nothing else. What is not clear is a part of some digit, as
all ink was without signs. Boxes are those of paths: left, top, right and bottom.
"""

from typing import NamedTuple

import numpy as np

# Heights of a digit, or shares of what is named.
_TALL = 0.5  # what is higher is a digit, or the most of one
_DOT = (0.25, 0.35)  # how wide and how high a point or a comma is at most
_BASELINE = (-0.25, 0.5)  # how far below the feet of its neighbours its middle lies
_BAR = (0.2, 1.2)  # how wide a minus is
_LEVEL, _THIN = 0.35, 0.2  # how high it is at most: of its width, and of a digit
_HALFWAY = (0.2, 0.75)  # how far up the first digit, or one as high as the others, its middle lies
_APART, _NEAR = 0.08, 1.0  # between a sign and the strokes beside it: two digits so far apart are never one
_SPACE, _WIDER = 0.4, 2.5  # between groups of digits, at least: heights, and times the widest gap within a group
_GROUP = 3  # digits


class Sign(NamedTuple):
    """A sign in a number."""

    text: str  # "-" or "."
    middle: float  # its place from left to right


def find(boxes: np.ndarray, height: float) -> list[str]:
    """Return what each of some strokes or pieces with boxes (n, 4) is: "-", ".", or "" for a part of a digit.

    height: of a digit.
    """
    found = [""] * len(boxes)
    if len(boxes) < 2:
        return found
    first = int(boxes[:, 0].argmin())
    if _is_minus(boxes[first], np.delete(boxes, first, axis=0), height):
        found[first] = "-"
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    small = np.flatnonzero((wide <= _DOT[0] * height) & (high <= _DOT[1] * height)).tolist()
    points = [at for at in small if _is_point(boxes[at], np.delete(boxes, at, axis=0), height)]
    if len(points) == 1:  # in a date or an address there are several, and they are no decimal points
        found[points[0]] = "."
    return found


def _is_minus(box, others, height):
    """Whether a box is a level bar halfway up at the left of all others (n, 4)."""
    wide, high = box[2:] - box[:2]
    is_bar = _within(wide / height, _BAR) and high <= min(_LEVEL * wide, _THIN * height)
    digits = _tall(others, height)
    if not is_bar or not len(digits) or not _is_beside(others[:, 0].min() - box[2], height):
        return False
    strokes = others[others[:, 0] <= digits[digits[:, 0].argmin(), 2]]  # of the first digit
    top, feet = strokes[:, 1].min(), strokes[:, 3].max()
    raised, heights = feet - (box[1] + box[3]) / 2, (height, feet - top)  # others may be smaller or larger
    return _HALFWAY[0] * min(heights) <= raised <= _HALFWAY[1] * max(heights)


def _is_point(box, others, height):
    """Whether a small box lies low between two digits, apart from all others (n, 4)."""
    is_before = others[:, 0] + others[:, 2] < box[0] + box[2]
    before, after = others[is_before], others[~is_before]
    left, right = _tall(before, height), _tall(after, height)
    if not len(left) or not len(right):
        return False
    feet = (left[left[:, 2].argmax(), 3] + right[right[:, 0].argmin(), 3]) / 2
    is_low = _within(((box[1] + box[3]) / 2 - feet) / height, _BASELINE)
    gaps = box[0] - before[:, 2].max(), after[:, 0].min() - box[2]
    return is_low and all(_is_beside(gap, height) for gap in gaps)


def _tall(boxes, height):
    return boxes[boxes[:, 3] - boxes[:, 1] >= _TALL * height]


def _is_beside(gap, height):
    return _within(gap / height, (_APART, _NEAR))


def _within(value, bounds):
    return bounds[0] <= value <= bounds[1]


def placed(found: list[str], boxes: np.ndarray) -> list[Sign]:
    """Return the signs among what was found in boxes (n, 4), each at its place."""
    return [Sign(text, float(box[0] + box[2]) / 2) for text, box in zip(found, boxes, strict=True) if text]


def before_each(digits: np.ndarray, signs: list[Sign], height: float, thickness: float) -> list[str]:
    """Return what is written before each of the digits with boxes (n, 4), from left to right: a sign, " ", or "".

    height: of a digit.  thickness: of strokes, by which the boxes are larger than those of paths.
    """
    middles = (digits[:, 0] + digits[:, 2]) / 2
    before = [""] * (len(digits) + 1)  # and after the last one
    for text, middle in signs:
        before[int((middles < middle).sum())] = text
    whole = before.index(".") if "." in before else len(digits)
    gaps = (digits[1:, 0] - digits[:-1, 2] + thickness) / height
    for at in _spaces(gaps[: max(0, whole - 1)]):
        before[at] = " "
    return before[:-1]


def _spaces(gaps):
    """Return before which digits a group of three begins, given the gaps (n,) between digits in heights of one."""
    starts = np.arange(len(gaps) + 1 - _GROUP, 0, -_GROUP)
    within = np.delete(gaps, starts - 1)
    is_clear = len(starts) and gaps[starts - 1].min() >= max(_SPACE, _WIDER * within.max())
    return starts.tolist() if is_clear else []
