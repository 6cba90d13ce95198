"""What a picture shows: lines of digits from top to bottom."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from digits.reading import sheets
from digits.reading.answer import Answer, Number
from digits.reading.fragments import digit_height
from digits.reading.labels import label, label_boxes

_TALL = 0.5  # heights of a digit: what is higher says where a line is, the rest belongs to the nearest
_LEADING = 0.5  # heights of a digit: the middles of what is further apart are in different lines
_WIDE = 1.5  # times as high: where a line is wider than that, a digit of it may be none and it is still a number
_SMALLEST = 5  # places of the picture: what is no higher is no writing


class Line(NamedTuple):
    """A line of digits in a picture."""

    ink: np.ndarray  # (rows, columns) in [0, 1], of this line alone
    left: int  # its first column in the picture
    top: int  # its first row

    def boxes(self, answer: Answer) -> np.ndarray:
        """Return the boxes (n, 4) in the picture of the digits that an answer to this ink tells of."""
        rows, columns = self.ink.shape
        boxes = [place.box for place in answer.places] if isinstance(answer, Number) else [(0, 0, columns, rows)]
        return np.array(boxes) + (self.left, self.top) * 2


def lines(ink: np.ndarray) -> list[Line]:
    """Return the lines in the ink (rows, columns) of a picture, from top to bottom; none where all of it is dust."""
    labels = label(ink)
    boxes = label_boxes(labels)
    if not len(boxes) or (height := digit_height(boxes)) < _SMALLEST:
        return []
    of_piece = np.concatenate([[0], _line_of_each(boxes, height)])
    return list(_cropped(ink, of_piece[labels]))


def whole(ink: np.ndarray) -> Line:
    """Return all ink (rows, columns) of a picture as one line."""
    [line] = _cropped(ink, (ink >= ink.max() / 2).astype(int))
    return line


def is_number(alone: Answer, answers: list[Answer]) -> bool:
    """Whether a picture shows a number, given the answers to its lines; else it shows a digit, or what is none.

    alone: the answer to the picture as a grid of one digit.
    """
    parts = [part for answer in answers for part in answer.parts]
    may_be = len(parts) >= 2 or any(isinstance(answer, Number) for answer in answers)
    if not may_be or isinstance(alone, Number):
        return may_be
    if alone.is_doubtful:
        accepted = np.mean([not part.is_doubtful for part in parts])
        return bool(accepted == 1 or (accepted > 0.5 and max(map(_stretch, answers)) >= _WIDE))
    return all(_is_plain(answer, alone.probability) for answer in answers)


def _stretch(answer):
    """Return how many times as wide as high the ink of an answer is."""
    return answer.ink.shape[1] / answer.ink.shape[0]


def _is_plain(answer, confidence):
    if not isinstance(answer, Number):
        return not answer.is_doubtful
    chances = [part.probability for part in answer.parts]
    return sheets.are_plain([place.box for place in answer.places], chances, max(answer.threshold, confidence))


def _line_of_each(boxes, height):
    """Return the number, from 1 at the top, of the line that each of boxes (n, 4) stands in."""
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    is_tall = boxes[:, 3] - boxes[:, 1] >= _TALL * height
    tall = np.sort(middles[is_tall])
    line = 1 + np.cumsum(np.diff(tall, prepend=tall[0]) > _LEADING * height)
    nearest = np.abs(middles[:, None] - tall).argmin(axis=1)
    return line[nearest]


def _cropped(ink, numbers) -> Iterator[Line]:
    for number in range(1, numbers.max() + 1):
        [(left, top, right, bottom)] = label_boxes((numbers == number).astype(int)).astype(int).tolist()
        part = np.s_[top:bottom, left:right]
        yield Line(ink[part] * (numbers[part] == number), left, top)
