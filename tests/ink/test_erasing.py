"""What an eraser leaves of strokes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.ink.sheet import Sheet

CELLS = st.tuples(*[st.floats(-4, 32, width=32)] * 2)
STROKES = st.lists(st.tuples(st.lists(CELLS, min_size=1, max_size=4), st.booleans()), min_size=1, max_size=6)


def drawn(strokes):
    sheet = Sheet()
    for path, erase in strokes:
        sheet.begin(path[0], erase=erase)
        sheet.extend(path[1:]) if path[1:] else None
    sheet.end()
    return sheet


@settings(max_examples=40)
@given(STROKES)
def test_what_is_left_of_strokes_lies_on_ink(strokes):
    sheet = drawn(strokes)
    for path in sheet.paths:
        column, row = np.floor(path[:, :2]).astype(int).T
        on_sheet = (np.minimum(column, row) >= 0) & (np.maximum(column, row) < 28)
        assert (sheet.ink[row[on_sheet], column[on_sheet]] > 0).all()


@settings(max_examples=20)
@given(STROKES)
def test_without_an_eraser_strokes_stay_as_they_are(strokes):
    strokes = [(path, False) for path, _ in strokes]
    assert [path[:, :2].tolist() for path in drawn(strokes).paths] == [[list(at) for at in path] for path, _ in strokes]


def test_an_eraser_that_touches_nothing_changes_nothing():
    strokes = [([(5, 5), (5, 20)], False), ([(15, 5), (15, 20)], True)]
    assert [path[:, :2].tolist() for path in drawn(strokes).paths] == [[[5, 5], [5, 20]]]


def test_a_stroke_that_is_erased_whole_is_gone():
    strokes = [([(5, 5), (5, 20)], False), ([(15, 5), (15, 20)], False), ([(5, 4), (5, 21)], True)]
    [left] = drawn(strokes).paths
    assert left[:, 0].tolist() == [15, 15]


def test_a_dot_is_there_or_gone():
    strokes = [([(5, 5)], False), ([(20, 20)], False), ([(5, 5)], True)]
    [left] = drawn(strokes).paths
    assert left[:, :2].tolist() == [[20, 20]]
