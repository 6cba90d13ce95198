"""Pen drawings: curves through their points, and where a drawing is put."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from digits.ink import strokes
from digits.ink.strokes import Drawing

quick = settings(deadline=None, max_examples=50)
whole = st.integers(-999_999, 999_999)
path_units = st.lists(st.tuples(whole, whole), min_size=1, max_size=5)


# Curves

stops = st.tuples(st.integers(-20, 20), st.integers(-20, 20))
control_points = st.lists(stops, min_size=2, max_size=8).map(lambda path: np.array(path, np.float32))


def lengths(path):
    return np.hypot(*np.diff(path, axis=0).T)


@quick
@given(control_points)
def test_a_curve_passes_through_its_points(path):
    curve = strokes.smooth(path, 600)
    step = lengths(curve).max()
    distance = np.hypot(*(path[:, None] - curve).transpose(2, 0, 1)).min(axis=1)
    assert distance.max() <= 0.75 * step + 1e-4  # half-way between two points of the curve at most


@quick
@given(control_points, st.integers(2, 50))
def test_a_curve_has_the_points_asked_for_and_the_ends_given(path, count):
    curve = strokes.smooth(path, count)
    assert curve.shape == (count, 2) and curve.dtype == np.float32
    np.testing.assert_allclose(curve[[0, -1]], path[[0, -1]], atol=1e-4)


def test_the_points_of_a_curve_are_evenly_spaced():
    angle = np.cumsum([0, 0.2, 0.9, 0.3, 0.6, 1.1, 0.4])  # unevenly spaced on a circle
    curve = strokes.smooth(10 * np.stack([np.cos(angle), np.sin(angle)], axis=1), 80)
    step = lengths(curve)
    assert step.min() > 0.99 * step.max()


def test_a_curve_through_points_of_a_circle_is_round():
    angle = np.linspace(0, 2 * np.pi, 13)
    curve = strokes.smooth(10 * np.stack([np.cos(angle), np.sin(angle)], axis=1), 200)
    np.testing.assert_allclose(np.hypot(*curve.T), 10, atol=0.25)


def test_a_doubled_point_is_a_sharp_corner():
    curve = strokes.smooth(np.array([(0, 0), (10, 0), (10, 0), (10, 10)]), 81)
    assert ((curve[:, 1] == 0) | (curve[:, 0] == 10)).all()
    assert (curve == (10, 0)).all(axis=1).any()


def test_a_single_point_swings_through_a_corner():
    curve = strokes.smooth(np.array([(0, 0), (10, 0), (10, 10)]), 81)
    assert ((curve[:, 1] != 0) & (curve[:, 0] != 10)).any()


@pytest.mark.parametrize("path", [[(3, 4)], [(3, 4), (3, 4)], [(3, 4)] * 5])
def test_a_dot_stays_a_dot(path):
    np.testing.assert_array_equal(strokes.smooth(np.array(path), 6), [(3, 4)] * 6)


def test_a_smoothed_drawing_keeps_its_label_strokes_and_style():
    drawing = Drawing("4", [np.array([(0, 0), (1, 1), (2, 0)]), np.array([(5, 5), (6, 6)])], "4 open")
    smooth = strokes.smoothed(drawing, 16)
    assert (smooth.label, smooth.comment) == ("4", "4 open")
    np.testing.assert_array_equal(smooth.paths, [strokes.smooth(path, 16) for path in drawing.paths])


any_paths = st.lists(path_units.map(lambda path: np.array(path, np.float32)), min_size=1, max_size=3)


@quick
@given(any_paths, st.integers(1, 8))
def test_many_paths_have_the_curves_that_each_of_them_has(paths, at_once):
    alone = [strokes.smooth(path, 20) for path in paths]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strokes, "_AT_ONCE", at_once)
        np.testing.assert_allclose(strokes.smooth_each(paths, 20), alone, rtol=1e-5, atol=0.1)  # of a million


# Placing

heights = st.floats(9, 25.5)


def placed(paths, height, roam=0, seed=0):
    return strokes.place(paths, strokes.Placement((height, height), roam), np.random.default_rng(seed))


@quick
@given(any_paths, heights)
def test_a_drawing_is_put_in_the_very_middle_where_it_may_not_roam(paths, height):
    box = strokes.box(placed(paths, height))
    np.testing.assert_allclose((box.x, box.y), (14, 14), atol=1e-3)


@quick
@given(any_paths, heights)
def test_a_drawing_becomes_as_high_as_asked_or_as_wide_as_allowed(paths, height):
    before = strokes.box(paths)
    assume(max(before.width, before.height) > 1)
    box = strokes.box(placed(paths, height))
    widest = min(25, 1.25 * height)
    assert box.height <= height + 1e-3 and box.width <= widest + 1e-3
    assert box.height >= height - 1e-3 or box.width >= widest - 1e-3


@pytest.mark.parametrize(
    ("width", "height", "asked", "expected"),
    [  # the rule: asked / max(height, width * asked / 25, 0.8 * width)
        (60, 100, 20, 0.2),
        (100, 100, 25.5, 25 / 100),
        (200, 100, 20, 20 / 160),
        (200, 100, 12, 12 / 160),
        (150, 100, 12, 0.1),
        (0, 100, 12, 0.12),
        (100, 0, 12, 12 / 80),
    ],
)
def test_the_scale_follows_the_rule_of_the_measures(width, height, asked, expected):
    box = strokes.box(placed([np.array([(0, 0), (width, height)])], asked))
    np.testing.assert_allclose((box.width, box.height), (width * expected, height * expected), atol=1e-6)


@quick
@given(any_paths, st.integers(0, 1000))
def test_placed_anywhere_a_drawing_stays_on_the_sheet(paths, seed):
    rng = np.random.default_rng(seed)
    points = np.concatenate(strokes.place(paths, strokes.Placement((11, 25), 1), rng))
    assert points.min() >= 1.2 - 1e-3 and points.max() <= 26.8 + 1e-3  # cells from either edge


def test_anywhere_is_everywhere_and_of_any_size():
    rng = np.random.default_rng(0)
    one = [np.array([(0, 0), (10, 100)])]
    boxes = np.array([strokes.box(strokes.place(one, strokes.Placement((11, 25), 1), rng)) for _ in range(300)])
    x, y, _, height = boxes.T
    assert x.min() < 4 and x.max() > 24 and y.min() < 9 and y.max() > 19
    assert height.min() < 12 and height.max() > 24


def test_roaming_half_way_takes_half_of_the_room():
    one = [np.array([(0, 0), (10, 100)])]
    offset = [strokes.box(placed(one, 12, 0.5, seed)).y - 14 for seed in range(200)]
    assert 0.9 * 3.4 < max(offset) <= 3.4 + 1e-6  # half of 14 - 1.2 - 6 cells


def test_the_parts_of_a_drawing_keep_their_places():
    whole_one = np.array([(0, 0), (30, 80), (60, 20), (10, 50)], np.float32)
    apart = placed([whole_one[:2], whole_one[2:]], 20, 1)
    np.testing.assert_allclose(np.concatenate(apart), placed([whole_one], 20, 1)[0], atol=1e-5)


def test_a_dot_is_placed_too():
    np.testing.assert_allclose(placed([np.array([(700, 300)])], 20), [[(14, 14)]])
