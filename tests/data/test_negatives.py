"""What is no digit: every kind of it."""

from dataclasses import replace

import numpy as np
import pytest

from digits.data import negatives, pens
from digits.files import unipen
from digits.ink import strokes
from digits.recipe import DEFAULT

KINDS = negatives.KINDS
ONLY_MARKS = replace(DEFAULT, **dict.fromkeys(KINDS, 0.0) | {"marks": 1.0})


@pytest.fixture(scope="module")
def source():
    return negatives.Negatives(pens.Bank(unipen.read(pens.PEN_DIGITS)), unipen.read(negatives.PEN_OTHERS))


def make(source, kind, count, seed=0):
    maker = getattr(source, kind, None) or getattr(negatives, kind)
    return maker(count, np.random.default_rng(seed))


def assert_grids(grids, count):
    assert grids.shape == (count, 28, 28)
    assert np.isfinite(grids).all()
    assert grids.min() >= 0 and grids.max() <= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 2, 30])
def test_every_kind_gives_grids_of_ink(source, kind, count):
    assert_grids(make(source, kind, count), count)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_varies_and_can_be_repeated(source, kind):
    grids = make(source, kind, 30)
    assert len(np.unique(grids.reshape(30, -1), axis=0)) > 25
    np.testing.assert_array_equal(grids, make(source, kind, 30))
    assert (grids != make(source, kind, 30, seed=1)).any()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("filled", "textures")])
def test_what_a_pen_draws_leaves_ink(source, kind):
    assert (make(source, kind, 50).max(axis=(1, 2)) > 0.5).all()


@pytest.mark.parametrize("count", [1, 2, 16, 200])
def test_all_kinds_come_mixed(source, count):
    assert_grids(source.draw(count, np.random.default_rng(0)), count)


def test_the_shares_of_the_kinds_add_up():
    assert sum(getattr(DEFAULT, kind) for kind in KINDS) == pytest.approx(1)


def test_a_kind_can_be_left_out():
    digits, others = unipen.read(pens.PEN_DIGITS), unipen.read(negatives.PEN_OTHERS)
    source = negatives.Negatives(pens.Bank(digits), others, ONLY_MARKS)
    np.testing.assert_array_equal(
        source.draw(5, np.random.default_rng(3)), source.marks(5, _after_the_shares(np.random.default_rng(3)))
    )


def _after_the_shares(rng):
    rng.multinomial(5, [1.0])
    return rng


def test_other_drawings_come_up_by_their_labels_however_many_share_one():
    standing, lying = (strokes.Drawing(str(end), [np.float32([[0, 0], end])]) for end in ((0, 9), (9, 0)))
    source = negatives.Negatives(pens.Bank(unipen.read(pens.PEN_DIGITS)), [standing] * 9 + [lying])
    inked = source.others(400, np.random.default_rng(0)) > 0.5
    lies = inked.any(axis=1).sum(axis=1) > inked.any(axis=2).sum(axis=1)
    assert 150 < lies.sum() < 250


def test_half_a_digit_shows_about_half_of_its_path(source, monkeypatch):
    shown = []
    monkeypatch.setattr(pens, "ink", lambda points, mask, *how: shown.append(mask))
    make(source, "halves", 300)
    [mask] = shown
    parts = mask.sum(axis=(1, 2)) / mask.any(axis=2).sum(axis=1) / mask.shape[2]
    assert parts.min() > 0
    assert 0.3 < np.median(parts) < 0.7


def test_no_digit_is_among_the_other_drawings():
    labels = {drawing.label for drawing in unipen.read(negatives.PEN_OTHERS)}
    assert len(labels) > 100
    assert not labels & set("0123456789OoIlS|Zz")


def test_a_single_mark_lies_rather_than_stands(source):
    for ink in source.marks(300, np.random.default_rng(0)):
        rows, columns = np.nonzero(ink > 0.5)
        stands = np.ptp(rows) > 8 and np.ptp(columns) < 3  # as a 1 does
        assert not stands
