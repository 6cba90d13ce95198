"""Why an answer: ink that speaks for the winner, ink that speaks against it, and gaps that would change it."""

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


def ask(grids, weights=None):
    """Say 3 the more ink there is at the left, and 5 the more there is at the right; or by weights (28, 28)."""
    if weights is None:
        weights = grid.empty()
        weights[:, :14], weights[:, 14:] = 0.02, -0.01
    logits = np.zeros((len(grids), 10), np.float32)
    logits[:, 3] = 1 + (grids * weights).sum(axis=(1, 2))
    logits[:, 5] = 0.5
    chances = np.exp(logits)
    return chances / chances.sum(axis=1, keepdims=True)


def explained(ink, ask=ask):
    return occlusion.explain(ink, ask(ink[None])[0], ask)


def test_ink_speaks_for_the_winner_or_against_it():
    why = explained(lines())
    assert why.shape == grid.SHAPE
    assert why[6:22, 7:9].min() > 0 > why[6:22, 19:21].max()
    assert why[6:22, 7:9].mean() == pytest.approx(-2 * why[6:22, 19:21].mean(), rel=0.1)


def test_a_gap_that_would_change_the_answer_speaks_against_it():
    weights = grid.empty()
    weights[12:16, 12:16] = -0.2
    why = explained(lines(), lambda grids: ask(grids, weights))
    row, column = np.unravel_index(why.argmin(), why.shape)
    assert 11 <= row <= 16 and 11 <= column <= 16
    assert np.abs(why[lines() > 0]).max() < 0.1 * -why.min()


def test_it_is_smooth_along_a_stroke():
    why = explained(lines())
    assert np.abs(np.diff(why[6:22, 7])).max() < 0.1 * why[:, 7].max()


def test_far_from_all_ink_nothing_is_said():
    ink = grid.empty()
    ink[4:10, 4:10] = 1
    why = explained(ink)
    assert why[4:10, 4:10].all() and np.abs(why[18:, 18:]).max() < 1e-3 * np.abs(why).max()


def test_an_empty_sheet_has_no_reasons_and_nobody_is_asked():
    probabilities = ask(grid.empty(1))[0]
    assert not occlusion.explain(grid.empty(), probabilities, None).any()


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.float32, grid.SHAPE, elements={"min_value": 0, "max_value": 1}))
def test_whatever_is_drawn_the_reasons_are_finite_and_their_price_is_bounded(ink):
    asked = []

    def certain(grids):
        asked.extend(grids)
        return np.repeat(np.eye(10, dtype=np.float32)[[3]], len(grids), axis=0)

    why = occlusion.explain(ink, certain(ink[None])[0], certain)
    assert np.isfinite(why).all() and len(asked) <= 1 + 14 * 14
    assert all(shown.min() >= 0 and shown.max() <= 1 for shown in asked)
