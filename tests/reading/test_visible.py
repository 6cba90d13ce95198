"""Strokes as far as they are seen: whatever a pointer does beyond the edge of the sheet, nothing is read of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.ink import brush
from digits.ink.sheet import ROWS, columns_for
from digits.reading import sheets, visible
from tests.support.written import network, sheet_with, written

COLUMNS = columns_for(3)
SHAPE = ROWS, COLUMNS
REACH = 1.0  # cells off the sheet that the brush still reaches the middle of a cell
THRESHOLD = 0.7

radii = st.floats(brush.THINNEST, brush.THICKEST)
anywhere = st.lists(st.tuples(st.floats(-30, COLUMNS + 30), st.floats(-30, ROWS + 30)), min_size=1, max_size=6)
below = st.tuples(st.floats(-100, COLUMNS + 100), st.floats(ROWS + 1.5, ROWS + 900))


def read(sheet):
    return sheets.read(sheet.ink, sheet.paths, network().probabilities, THRESHOLD)


def text_of(found):
    return "".join(str(digit.probabilities.argmax()) for digit in found)


def drawn(paths, radius):
    ink = np.zeros(SHAPE, np.float32)
    for path in paths:
        brush.draw(ink, brush.lines(path), radius=radius)
    return ink


def test_strokes_on_the_sheet_are_taken_as_they_are():
    paths = written("427")
    for part, path in zip(visible.parts(paths, SHAPE), paths, strict=True):
        np.testing.assert_array_equal(part, path)


@pytest.mark.parametrize("far", [(0, 40), (-40, 400), (20, 900)])
def test_a_number_whose_last_stroke_goes_on_beyond_the_sheet_is_read_as_it_looks(far):
    paths = written("427", gap=6)
    paths[-1] = np.concatenate([paths[-1], paths[-1][-1:] + np.float32([far])])
    assert text_of(read(sheet_with(paths, COLUMNS))) == "427"


def test_a_stroke_ends_where_its_ink_does():
    [part] = visible.parts([np.float32([(10, 10), (10, 40), (50, 40)])], SHAPE)
    np.testing.assert_allclose(part, [(10, 10), (10, ROWS + REACH)])


def test_a_thicker_brush_reaches_farther():
    [part] = visible.parts([np.float32([(10, 10, 2), (10, 40, 2)])], SHAPE)
    np.testing.assert_allclose(part, [(10, 10), (10, ROWS + 2)])


def test_a_stroke_that_comes_back_is_another_one():
    there, back = visible.parts([np.float32([(10, 20), (10, 40), (30, 40), (30, 20), (30, 10)])], SHAPE)
    np.testing.assert_allclose(there, [(10, 20), (10, ROWS + REACH)])
    np.testing.assert_allclose(back, [(30, ROWS + REACH), (30, 20), (30, 10)])


@pytest.mark.parametrize("path", [[(-40, 5)], [(-40, 5), (-2, 30)], [(-5, -20), (-5, 50)], [(-1, 5), (-1, 20)]])
def test_of_a_stroke_that_leaves_no_ink_there_is_nothing(path):
    assert visible.parts([np.float32(path)], SHAPE) == []


@settings(max_examples=50, deadline=None)
@given(anywhere, radii)
def test_no_ink_is_lost(path, radius):
    parts = visible.parts([np.insert(np.float32(path), 2, radius, axis=1)], SHAPE)
    np.testing.assert_allclose(drawn(parts, radius), drawn([path], radius), atol=1e-4)


@settings(max_examples=8, deadline=None)
@given(st.text("0123456789", min_size=1, max_size=3), st.lists(st.lists(below, min_size=1, max_size=4), max_size=3))
def test_what_lies_off_the_sheet_changes_nothing(text, others):
    paths = [np.concatenate([path, [(path[-1, 0], ROWS + 2)]]).astype(np.float32) for path in written(text)]
    before = read(sheet_with(paths, COLUMNS))
    tails = [np.float32(one) for one in others]
    paths = [np.concatenate([path, *tails[at:]]) for at, path in enumerate(paths)]
    after = read(sheet_with([*paths, *tails], COLUMNS))
    np.testing.assert_array_equal([digit.box for digit in after], [digit.box for digit in before])
    np.testing.assert_allclose(
        [digit.probabilities for digit in after], [digit.probabilities for digit in before], atol=1e-6
    )
