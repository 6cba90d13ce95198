"""The deletion test: what is ranked highest goes first, and the area says how soon a digit is lost."""

import numpy as np
import pytest

from digits.experiments import deletion
from digits.ink import grid


def ink():
    """Half of the ink at the left, half at the right."""
    inked = grid.empty()
    inked[10:20, 4:6] = inked[10:20, 20:22] = 1
    return inked


def ask(grids):
    """Read a 3 where there is any ink at the left, else a 5."""
    return np.eye(10)[np.where(grids[:, :, :14].any(axis=(1, 2)), 3, 5)]


def curve(rank):
    ranks = np.where(np.arange(28) < 14, rank, -rank) * np.ones(grid.SHAPE)
    [read_right] = deletion.curves(deletion.Digits(ink()[None], np.array([3])), ranks[None], ask)
    return read_right


def test_what_is_ranked_highest_goes_first():
    first, last = curve(1), curve(-1)
    assert first[0] and last[0] and not first[-1] and not last[-1]
    assert first.sum() == 10 and last.sum() == 20  # of 21 steps, until half of the ink is gone, or all


def test_each_step_takes_away_an_equal_share():
    left = deletion._emptied(ink(), np.random.default_rng(0).random(grid.SHAPE)).sum(axis=(1, 2))
    np.testing.assert_allclose(left, np.linspace(40, 0, 21), atol=1)
    assert left[0] == 40 and left[-1] == 0


def test_the_area_is_one_where_a_digit_is_always_read_and_less_where_it_is_soon_lost():
    always, soon = np.ones((1, 21), bool), np.arange(21)[None] < 5
    assert deletion.areas(always)[0] == 1
    assert deletion.areas(soon)[0] == pytest.approx(4.5 / 20)


def test_the_text_compares_why_with_the_others_digit_by_digit():
    good, bad = np.tile(np.arange(21) < 5, (50, 1)), np.tile(np.arange(21) < 9, (50, 1))
    text = deletion.as_text({"at random": bad, "by the gradient": bad, "by Why?": good})
    assert "50 digits" in text
    assert "by the gradient, less Why?: 0.200 +- 0.000" in text


def test_the_curves_are_drawn():
    read = {name: np.tile(np.arange(21) < 5, (3, 1)) for name in ("at random", "by the gradient", "by Why?")}
    from digits.evaluation import charts

    assert charts.png(lambda: deletion._chart(read)).startswith(b"\x89PNG")
