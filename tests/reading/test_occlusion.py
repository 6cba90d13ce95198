"""What ink does for an answer: where it is taken away, the answer grows less likely or more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays

from digits.ink import grid
from digits.reading import occlusion


def lines():
    """Two upright lines, at the left and at the right."""
    ink = grid.empty()
    ink[4:24, 7:9] = ink[4:24, 19:21] = 1
    return ink


def effects(ink, left=0.02, right=-0.01):
    """Return the effects for an answer whose log odds are so much a cell of ink at the left, and at the right."""
    weights = grid.empty()
    weights[:, :14], weights[:, 14:] = left, right
    changed = occlusion.without_patches(ink)
    return occlusion.effects(ink, changed, (ink * weights).sum(), (changed * weights).sum(axis=(1, 2)))


def test_ink_speaks_for_an_answer_or_against_it():
    found = effects(lines())
    assert found.shape == grid.SHAPE
    assert found[6:22, 7:9].min() > 0 > found[6:22, 19:21].max()
    assert found[6:22, 7:9].mean() == pytest.approx(-2 * found[6:22, 19:21].mean(), rel=0.1)


def test_where_there_is_no_ink_nothing_is_said():
    assert not effects(lines())[lines() == 0].any()


def test_it_is_smooth_along_a_stroke():
    found = effects(lines())
    assert np.abs(np.diff(found[6:22, 7])).max() < 0.1 * found[:, 7].max()


@settings(max_examples=15, deadline=None)
@given(arrays.arrays(np.float32, grid.SHAPE, elements={"min_value": 0, "max_value": 1}))
def test_whatever_is_drawn_the_effects_are_finite_and_their_price_is_bounded(ink):
    changed = occlusion.without_patches(ink)
    assert len(changed) <= 14 * 14
    assert (changed >= 0).all() and (changed <= ink).all()
    assert np.isfinite(effects(ink)).all()
