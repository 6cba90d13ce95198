"""Minus, decimal point and spaces: found by shape and place where they are clear, and nowhere else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digits.ink import grid
from digits.ink.sheet import columns_for
from digits.reading import pages, sheets, signs
from digits.reading.answer import Number, answered
from tests.support.written import network, sheet_with, with_signs, written

THREE, FIVE = (10, 0, 20, 20), (28, 0, 38, 20)  # left, top, right, bottom
POINT, COMMA, MINUS = (23, 18, 25, 20), (23, 18, 25, 24), (0, 10, 7, 11)
THRESHOLD = 0.7


def find(*boxes):
    return signs.find(np.float32(boxes), 20)


@pytest.mark.parametrize("point", [POINT, COMMA, (24, 19, 24, 19), (22, 16, 26, 20)])
def test_what_is_small_and_low_between_two_digits_is_a_point(point):
    assert find(THREE, FIVE, point) == ["", "", "."]


@pytest.mark.parametrize(
    "mark",
    [
        (23, 8, 25, 10),  # a point in the middle
        (23, 0, 25, 2),  # at the head
        (20, 18, 22, 20),  # that touches
        (12, 22, 14, 24),  # under a digit
        (40, 18, 42, 20),  # at the end
        (6, 18, 8, 20),  # at the beginning
        (22, 10, 25, 20),  # a stroke that is too high
        (21, 18, 27, 20),  # a dash
    ],
)
def test_what_is_elsewhere_or_larger_is_none(mark):
    assert find(THREE, FIVE, mark) == ["", "", ""]


def test_several_points_are_no_decimal_points():
    assert find(THREE, FIVE, (46, 0, 56, 20), POINT, (41, 18, 43, 20)) == [""] * 5


@pytest.mark.parametrize(
    ("minus", "first", "height"), [((0, 10, 7, 11), (10, 0, 20, 20), 12), ((0, 14, 7, 15), (10, -10, 20, 20), 20)]
)
def test_the_first_digit_may_be_higher_than_the_others_or_their_strokes_lower(minus, first, height):
    assert signs.find(np.float32([minus, first]), height) == ["-", ""]


@pytest.mark.parametrize("digits", [(THREE,), (THREE, FIVE), ((10, 0, 18, 12), (15, 0, 16, 20))])
def test_a_level_bar_halfway_up_at_the_left_is_a_minus(digits):
    assert find(MINUS, *digits) == ["-", *[""] * len(digits)]


@pytest.mark.parametrize(
    "mark",
    [
        (0, 0, 7, 1),  # a bar at the head
        (0, 19, 7, 20),  # at the feet
        (2, 10, 9, 11),  # that touches
        (6, 10, 14, 11),  # that crosses
        (22, 10, 26, 11),  # behind the first digit
        (0, 6, 7, 12),  # that slopes
        (5, 10, 7, 11),  # a dot
        (-30, 10, -23, 11),  # far away
    ],
)
def test_any_other_bar_is_none(mark):
    assert find(mark, THREE, FIVE) == ["", "", ""]


def test_two_bars_are_no_minus():
    assert find(MINUS, (0, 14, 7, 15), THREE) == ["", "", ""]


@given(st.floats(0.1, 10), st.floats(-100, 100), st.floats(-100, 100), st.permutations(range(4)))
def test_neither_size_nor_place_nor_order_matters(scale, across, down, order):
    boxes = np.array([MINUS, THREE, POINT, FIVE]) * scale + [across, down] * 2
    found = signs.find(boxes[order], 20 * scale)
    assert [found[order.index(at)] for at in range(4)] == ["-", "", ".", ""]


def spaced(text, gap=3.0, wide=14.0):
    """Return what is written before each digit of a number whose spaces are wide."""
    boxes, marks, left = [], [], 0.0
    for character in text:
        if character.isdigit():
            boxes.append((left, 0, left + 10, 20))
            left += 10 + gap
        elif character == " ":
            left += wide - gap
        else:
            marks.append(signs.Sign(character, left + 1))
            left += 2 + gap
    return signs.before_each(np.float32(boxes), marks, 20, 0)


@pytest.mark.parametrize("text", ["7", "42", "1 234", "12 345", "1 234 567", "-12 345", "12 345.678", "-3.5"])
def test_numbers_are_written_as_they_stand(text):
    digits = text.replace(" ", "").replace(".", "").removeprefix("-")
    assert "".join(map("".join, zip(spaced(text), digits, strict=True))) == text


@pytest.mark.parametrize("text", ["12 34", "123 45", "1 2345", "1 234 56", "1 234567"])
def test_groups_of_other_sizes_have_no_space(text):
    assert not any(spaced(text))


def test_a_gap_that_is_not_much_wider_than_others_is_no_space():
    assert not any(spaced("12 345", gap=6))
    assert not any(spaced("12 345", gap=1, wide=7))


# Read by the shipped model


def read(paths, columns, known):
    ink = sheet_with(paths, columns).ink
    found = sheets.read(ink, paths if known else None, network().probabilities, THRESHOLD)
    return answered(ink, found, THRESHOLD)


@pytest.mark.parametrize("known", [True, False], ids=["strokes", "ink"])
@pytest.mark.parametrize(("text", "digits"), [("-3.5", 6), ("-7", 2), ("40.7", 6)])
def test_the_shipped_model_reads_numbers_with_signs(text, digits, known):
    assert read(with_signs(text), columns_for(digits), known).text == text


@pytest.mark.parametrize("known", [True, False], ids=["strokes", "ink"])
@pytest.mark.parametrize("text", ["12 345", "-1 234", "1 234 567"])
def test_the_shipped_model_reads_spaces_between_thousands_which_programs_do_not_get(text, known):
    answer = read(with_signs(text, height=16, gap=4), columns_for(10), known)
    assert (answer.text, answer.number) == (text, text.replace(" ", ""))


@pytest.mark.parametrize("known", [True, False], ids=["strokes", "ink"])
@pytest.mark.parametrize("text", ["123 45", "12 34", "1 2345"])
def test_the_shipped_model_reads_no_space_that_stands_elsewhere(text, known):
    assert read(with_signs(text, height=16, gap=4), columns_for(8), known).text == text.replace(" ", "")


def test_a_lone_digit_with_a_dot_beside_it_stays_that_digit():
    paths = [*written("7", left=8, height=16), np.float32([(21, 19), (21.5, 19)])]
    assert str(read(paths, grid.SIZE, known=True)).startswith("7 - ")


def test_on_the_sheet_for_one_digit_it_takes_a_minus_and_a_digit_that_is_plain():
    paths = with_signs("-7", left=3, height=16)
    answer = read(paths, grid.SIZE, known=True)
    assert isinstance(answer, Number) and answer.number == "-7"
    assert pages.is_number(answer, [answer])
