"""Hands without end: what varies, and what never may."""

import numpy as np
import pytest

from digits.data import pens
from digits.files import unipen
from digits.ink import brush, strokes
from digits.ink.strokes import Drawing


@pytest.fixture(scope="module")
def bank():
    return pens.Bank(unipen.read(pens.PEN_DIGITS))


def varied(bank, count, seed=0):
    rng = np.random.default_rng(seed)
    _, points, exists = bank.sample(count, rng)
    return pens.vary(points, rng), exists, rng


def drawn(bank, count, seed=0):
    return pens.ink(*varied(bank, count, seed))


def test_varied_drawings_stay_finite_and_about_one_unit_high(bank):
    points, exists, _ = varied(bank, 500)
    assert np.isfinite(points).all()
    assert points.shape[:2] == exists.shape
    height = np.array([np.ptp(drawing[real][..., 1]) for drawing, real in zip(points, exists, strict=True)])
    assert height.min() > 0.3 and height.max() < 2.5


def test_no_two_hands_are_alike(bank):
    rng = np.random.default_rng(0)
    _, points, _ = bank.sample(1, rng)
    hundred = pens.vary(points.repeat(100, axis=0), rng).reshape(100, -1)
    assert len(np.unique(hundred, axis=0)) == 100


def test_hands_differ_but_the_digit_stays(bank):
    rng = np.random.default_rng(0)
    _, points, exists = bank.sample(300, rng)
    moved = np.hypot(*np.moveaxis(pens.vary(points, rng) - points, -1, 0))[exists]
    assert 0.02 < moved.mean() < 0.3  # of the height


def test_grids_have_the_right_shape_and_hold_ink(bank):
    grids = drawn(bank, 64)
    assert grids.shape == (64, 28, 28) and grids.dtype == np.float32
    assert grids.min() >= 0 and grids.max() <= 1
    assert (grids.reshape(64, -1).max(axis=1) > 0.8).all()  # a thin soft brush leaves no more


def test_the_whole_drawing_is_on_the_sheet(bank, monkeypatch):
    drawn_lines = []
    monkeypatch.setattr(brush, "draw", lambda grids, segments, *how: drawn_lines.append(segments))
    drawn(bank, 500)
    lines = np.concatenate(drawn_lines)
    assert len(lines) > 500
    assert lines.min() > 0.5 and lines.max() < 27.5


def test_a_drawing_is_as_high_as_asked():
    upright = pens.Bank([Drawing("1", [np.array([(0, 0), (0, 100)])])])
    for height in (9, 18, 26):
        rng = np.random.default_rng(height)
        _, points, exists = upright.sample(20, rng)
        rows = (pens.ink(points, exists, rng, heights=(height, height)).max(axis=2) > 0.5).sum(axis=1)
        assert rows.min() >= height - 1 and rows.max() <= height * 1.28 + 2  # and the brush's width


def test_strokes_that_a_drawing_does_not_have_leave_no_ink(bank):
    rng = np.random.default_rng(0)
    _, points, exists = bank.sample(50, rng)
    nonsense = np.where(exists[:, :, None, None], points, 1e3)
    grids = [pens.ink(each, exists, np.random.default_rng(0)) for each in (points, nonsense)]
    np.testing.assert_array_equal(*grids)


def test_the_same_seed_draws_the_same_and_another_seed_another(bank):
    np.testing.assert_array_equal(drawn(bank, 20, seed=3), drawn(bank, 20, seed=3))
    assert (drawn(bank, 20, seed=3) != drawn(bank, 20, seed=4)).any(axis=(1, 2)).all()


def test_each_label_comes_up_equally_often():
    dot = [np.array([(0, 0), (1, 1)])]
    uneven = pens.Bank([Drawing("1", dot)] * 30 + [Drawing("2", dot)] * 3 + [Drawing("3", dot)])
    picked, _, _ = uneven.sample(3000, np.random.default_rng(0))
    labels, counts = np.unique(uneven.labels[picked], return_counts=True)
    assert labels.tolist() == ["1", "2", "3"]
    assert counts.min() > 900 and counts.max() < 1100
    assert set(picked) == set(range(34))


def test_a_sample_is_what_the_bank_holds(bank):
    picked, points, exists = bank.sample(40, np.random.default_rng(0))
    drawings = unipen.read(pens.PEN_DIGITS)
    for number, there, real in zip(picked, points, exists, strict=True):
        assert bank.labels[number] == drawings[number].label
        assert real.sum() == len(drawings[number].paths)
        box = strokes.box(list(there[real]))
        assert box.height == pytest.approx(1, abs=1e-5) or box.width == pytest.approx(2, abs=1e-5)
        assert (box.x, box.y) == pytest.approx((0, 0), abs=1e-5)


def test_a_dot_and_a_flat_line_are_drawings_too():
    flat = pens.Bank([Drawing("dot", [np.array([(5, 5)])]), Drawing("dash", [np.array([(0, 0), (9, 0)])])])
    grids = drawn(flat, 20)
    assert np.isfinite(grids).all()
    assert (grids.max(axis=(1, 2)) > 0.5).all()
