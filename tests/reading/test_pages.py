"""Pictures of several digits: lines from top to bottom, and what is one digit all the same."""

import numpy as np
import pytest

from digits.ink import grid
from digits.reading import pages
from digits.reading.answer import answered
from digits.reading.sheets import Digit

CERTAIN, NONE = np.eye(10)[4] * 0.95 + 0.005, np.full(10, 0.1)


def answer(*chances, sign=""):
    digits = [Digit((30 * at, 0, 30 * at + 20, 30), chance, grid.empty(), 1, sign) for at, chance in enumerate(chances)]
    return answered(np.zeros((30, 30 * len(chances))), digits, 0.7)


def page(*middles):
    """Return ink with two bars, 20 high, around each height; those on the right half of it lower."""
    ink = np.zeros((200, 80), np.float32)
    for middle in middles:
        ink[middle - 10 : middle + 10, 10:14] = ink[middle - 6 : middle + 14, 50:54] = 1
    return ink


def test_lines_come_from_top_to_bottom_each_with_its_own_ink():
    first, second = pages.lines(page(30, 90))
    assert (first.top, first.left, second.top) == (20, 10, 80)
    assert first.ink.sum() == second.ink.sum() == 2 * 20 * 4


def test_a_hat_belongs_to_the_nearest_line():
    ink = page(30, 90)
    ink[14:17, 10:20] = 1
    assert [line.top for line in pages.lines(ink)] == [14, 80]


def test_dust_is_no_line():
    ink = np.zeros((50, 50), np.float32)
    ink[10:13, 10:13] = 1
    assert pages.lines(ink) == []
    assert pages.lines(np.zeros((50, 50), np.float32)) == []


def test_boxes_are_where_the_digits_stand_in_the_picture():
    [line] = pages.lines(page(30))
    assert line.boxes(answer(CERTAIN, CERTAIN)).tolist() == [[10, 20, 30, 50], [40, 20, 60, 50]]
    assert line.boxes(answer(CERTAIN)).tolist() == [[10, 20, 54, 44]]


@pytest.mark.parametrize(
    ("alone", "lines", "is_number"),
    [
        (NONE, [[CERTAIN, CERTAIN]], True),
        (NONE, [[CERTAIN]], False),
        (NONE, [[CERTAIN, NONE]], False),
        (NONE, [[CERTAIN, CERTAIN, NONE]], True),
        (NONE, [[CERTAIN], [CERTAIN]], True),
        (NONE, [], False),
        (CERTAIN, [[CERTAIN, CERTAIN]], True),
        (CERTAIN, [[CERTAIN, NONE]], False),
        (CERTAIN, [[NONE, NONE, CERTAIN]], False),
    ],
)
def test_what_can_be_read_as_one_digit_is_a_number_only_where_all_is_plain(alone, lines, is_number):
    assert pages.is_number(answer(alone), [answer(*chances) for chances in lines]) is is_number


@pytest.mark.parametrize(("alone", "is_number"), [(NONE, True), (CERTAIN, False)])
def test_a_digit_after_a_minus_is_a_number_where_it_is_surer_than_the_whole(alone, is_number):
    less = np.eye(10)[4] * 0.85 + 0.015
    assert pages.is_number(answer(alone), [answer(less, sign="-")]) is is_number
    assert pages.is_number(answer(CERTAIN, sign="-"), [answer(CERTAIN, sign="-")])
