"""What a brush leaves on the sheet, however the pointer moves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.ink import brush, grid

quick = settings(deadline=None, max_examples=40)
positions = st.floats(-12, 40, width=32, allow_subnormal=False)  # cells, also off the sheet
points = st.tuples(positions, positions)
paths = st.lists(points, min_size=1, max_size=6)
brushes = st.tuples(st.floats(0.25, 4, width=32), st.floats(0.25, 3, width=32))  # radius, softness


def drawn(path, **how):
    ink = grid.empty()
    brush.draw(ink[None], brush.lines(path), **how)
    return ink


def test_ink_is_full_on_the_line_half_at_the_radius_and_none_beyond():
    ink = drawn([(4, 14.5), (24, 14.5)])  # along the middle of row 14
    np.testing.assert_allclose(ink[11:18, 14], [0, 0, 0.5, 1, 0.5, 0, 0], atol=1e-6)


@quick
@given(st.floats(13, 15), brushes)
def test_ink_falls_linearly_across_the_edge(y, how):
    radius, softness = how
    distance = np.abs(np.arange(28) + 0.5 - y)
    expected = np.clip((radius - distance) / softness + 0.5, 0, 1)
    ink = drawn([(-10, y), (38, y)], radius=radius, softness=softness)
    np.testing.assert_allclose(ink, np.repeat(expected[:, None], 28, axis=1), atol=1e-5)


def test_a_single_point_is_a_round_dot():
    ink = drawn([(14, 14)])
    assert ink[13:15, 13:15].min() > 0.75
    np.testing.assert_allclose(ink, ink.T, atol=1e-6)
    np.testing.assert_allclose(ink, ink[::-1], atol=1e-6)
    assert ink[:12].max() == 0


@quick
@given(paths, brushes)
def test_ink_is_between_nothing_and_all(path, how):
    ink = drawn(path, radius=how[0], softness=how[1])
    assert ink.min() >= 0 and ink.max() <= 1


@quick
@given(paths, paths, brushes)
def test_drawing_more_never_takes_ink_away(path, more, how):
    ink = drawn(path)
    before = ink.copy()
    brush.draw(ink[None], brush.lines(more), radius=how[0], softness=how[1])
    assert (ink >= before).all()


@quick
@given(paths)
def test_drawing_the_same_again_changes_nothing(path):
    ink = drawn(path)
    again = ink.copy()
    brush.draw(again[None], brush.lines(path))
    np.testing.assert_array_equal(again, ink)


@quick
@given(st.tuples(points, points), st.lists(st.floats(0, 1), max_size=8), st.randoms(use_true_random=False))
def test_a_line_leaves_the_same_ink_in_however_many_pieces_and_whichever_order(ends, cuts, random):
    start, end = np.array(ends)
    at = np.array([0, *sorted(cuts), 1])[:, None]
    pieces = list(brush.lines(start + at * (end - start)))
    random.shuffle(pieces)
    ink = grid.empty(1)
    for piece in pieces:
        brush.draw(ink, piece[None] if random.random() < 0.5 else piece[None, [2, 3, 0, 1]])
    np.testing.assert_allclose(ink[0], drawn([start, end]), atol=2e-5)


@quick
@given(points, points)
def test_a_fast_stroke_has_no_gaps(start, end):
    ink = drawn([start, end])
    passed = np.array(start) + np.linspace(0, 1, 200)[:, None] * (np.array(end) - start)
    column, row = np.floor(passed).astype(int).T
    inside = (row >= 0) & (row < 28) & (column >= 0) & (column < 28)
    assert (ink[row[inside], column[inside]] > 0.75).all()  # a cell's centre is at most 0.71 from a line through it


@quick
@given(paths, st.integers(-5, 5), st.integers(-5, 5))
def test_a_path_moved_by_whole_cells_leaves_its_ink_moved(path, dx, dy):
    there = np.roll(drawn(path), (dy, dx), axis=(0, 1))
    here = drawn(np.array(path) + (dx, dy))
    rows, columns = slice(max(0, dy), 28 + min(0, dy)), slice(max(0, dx), 28 + min(0, dx))
    np.testing.assert_allclose(here[rows, columns], there[rows, columns], atol=2e-5)


@quick
@given(st.lists(st.tuples(st.integers(0, 3), points, points, brushes), max_size=8))
def test_many_grids_at_once_are_as_one_by_one(acts):
    together, apart = grid.empty(4), grid.empty(4)
    segments = np.array([(*start, *end) for _, start, end, _ in acts], np.float32).reshape(-1, 4)
    which = np.array([number for number, *_ in acts], int)
    radius, softness = np.array([how for *_, how in acts]).reshape(-1, 2).T
    brush.draw(together, segments, which, radius, softness)
    for number, segment, *how in zip(which, segments, radius, softness, strict=True):
        brush.draw(apart[number][None], segment[None], 0, *how)
    np.testing.assert_allclose(together, apart, atol=1e-6)


@quick
@given(st.lists(st.tuples(points, points, brushes), max_size=6), st.integers(1, 40), st.integers(1, 90))
def test_a_grid_of_any_size_gets_the_same_ink_where_it_overlaps_with_another(acts, rows, columns):
    small, large = np.zeros((1, rows, columns), np.float32), np.zeros((1, 40, 90), np.float32)
    for start, end, (radius, softness) in acts:
        for grids in (small, large):
            brush.draw(grids, brush.lines([start, end]), radius=radius, softness=softness)
    np.testing.assert_array_equal(small, large[:, :rows, :columns])


@pytest.mark.parametrize("far", [(-3, 14), (14, 31), (1e4, 14), (-1e4, -1e4), (14, 1e9), (-1e12, 1e12)])
def test_a_point_off_the_sheet_leaves_nothing(far):
    assert drawn([far]).max() == 0


@pytest.mark.parametrize("path", [[(-5, -5), (-5, 40)], [(30.5, 0), (1000, 28)], [(-1e4, 40), (1e4, 40)]])
def test_a_line_off_the_sheet_leaves_nothing(path):
    assert drawn(path).max() == 0


def test_a_line_to_far_away_is_drawn_as_far_as_the_sheet_goes():
    ink = drawn([(14, 14.5), (5000, 14.5)])
    assert (ink[14, 14:] == 1).all()
    assert ink[14, :12].max() == 0


def test_no_line_is_no_ink():
    ink = grid.empty(2)
    brush.draw(ink, np.empty((0, 4), np.float32))
    assert not ink.any()


def test_a_path_of_points_is_a_chain_of_lines():
    np.testing.assert_array_equal(brush.lines([(1, 2), (3, 4), (5, 6)]), [(1, 2, 3, 4), (3, 4, 5, 6)])
    np.testing.assert_array_equal(brush.lines([(1, 2)]), [(1, 2, 1, 2)])
