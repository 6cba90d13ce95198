"""What devices do to strokes: little, and each thing its own."""

from dataclasses import replace

import numpy as np
import pytest

from digits.data import pens, tablets
from digits.files import unipen
from digits.recipe import DEFAULT

EFFECTS = ("polygons", "staircases", "hooks", "cut_short")
NONE = replace(DEFAULT, **dict.fromkeys(EFFECTS, 0.0))


@pytest.fixture(scope="module")
def drawings():
    _, points, exists = pens.Bank(unipen.read(pens.PEN_DIGITS)).sample(200, np.random.default_rng(0))
    return points, exists


def recorded(drawings, effect):
    return tablets.record(drawings[0], np.random.default_rng(1), replace(NONE, **{effect: 1.0}))[drawings[1]]


def test_a_perfect_device_leaves_drawings_as_they_are(drawings):
    np.testing.assert_array_equal(tablets.record(drawings[0], np.random.default_rng(1), NONE), drawings[0])


@pytest.mark.parametrize("effect", EFFECTS)
def test_every_effect_moves_points_but_not_far(drawings, effect):
    distance = np.hypot(*np.moveaxis(recorded(drawings, effect) - drawings[0][drawings[1]], -1, 0))
    assert 0.0005 < distance.mean() < 0.12  # of the height


@pytest.mark.parametrize("effect", EFFECTS)
def test_drawings_handed_in_are_not_changed(drawings, effect):
    before = drawings[0].copy()
    recorded(drawings, effect)
    np.testing.assert_array_equal(drawings[0], before)


def test_a_polygon_has_few_corners_on_the_stroke_and_straight_lines_between(drawings):
    strokes, polygons = drawings[0][drawings[1]], recorded(drawings, "polygons")
    turns = np.abs(np.diff(polygons, n=2, axis=1)).max(axis=2) > 1e-5
    assert 2 < turns.sum(axis=1).mean() < 24  # of 38 inner points; at a corner two of them may turn
    np.testing.assert_allclose(polygons[:, [0, -1]], strokes[:, [0, -1]], atol=1e-6)


def test_a_staircase_has_few_different_rows_and_columns(drawings):
    tall = max(range(200), key=lambda i: drawings[1][i].sum())
    points = tablets.record(drawings[0], np.random.default_rng(1), replace(NONE, staircases=1.0))
    for axis in (0, 1):
        assert len(np.unique(points[tall][drawings[1][tall]][..., axis].round(4))) < 45


def test_a_hook_is_at_the_beginning_alone(drawings):
    moved = np.abs(recorded(drawings, "hooks") - drawings[0][drawings[1]]).max(axis=(0, 2))
    assert moved[0] > moved[2] > 0
    assert not moved[3:].any()


def test_a_stroke_cut_short_lies_on_the_stroke(drawings):
    strokes, cut = drawings[0][drawings[1]], recorded(drawings, "cut_short")
    length, left = (np.hypot(*np.moveaxis(np.diff(part, axis=1), -1, 0)).sum(axis=1) for part in (strokes, cut))
    share = left[length > 0.1] / length[length > 0.1]
    assert share.min() > 0.7 and share.max() <= 1.001 and share.mean() < 0.95
