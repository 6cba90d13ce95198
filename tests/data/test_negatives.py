"""What is no digit: every kind of it."""

from dataclasses import replace
from string import ascii_lowercase, punctuation

import numpy as np
import pytest

from digits.data import negatives, pens
from digits.files import unipen
from digits.ink import strokes
from digits.recipe import DEFAULT

KINDS = negatives.KINDS
UPRIGHT = np.float32([[0, 0], [0, 9]])
ONLY_MARKS = replace(DEFAULT, **dict.fromkeys(KINDS, 0.0) | {"marks": 1.0})


@pytest.fixture(scope="module")
def source():
    return negatives.Negatives(pens.Bank(unipen.read(pens.PEN_DIGITS)), unipen.read(negatives.PEN_OTHERS))


def make(source, kind, count, seed=0):
    if kind == "others":
        return source.others(count, np.random.default_rng(seed))[0]
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
    grids, classes = source.draw(count, np.random.default_rng(0))
    assert_grids(grids, count)
    assert classes.shape == (count,) and 0 <= classes.min() <= classes.max() < negatives.CLASSES


def test_each_letter_has_a_class_of_its_own_whatever_its_case_and_style():
    classes = [{negatives.class_of(label) for label in (one, one.upper(), f"{one}-joined")} for one in ascii_lowercase]
    assert all(len(some) == 1 for some in classes) and len(set.union(*classes)) == 26


def test_nearly_all_symbols_have_a_class_of_their_own():
    assert len({negatives.class_of(symbol) for symbol in ascii_lowercase + punctuation}) == 26 + 32 - 1
    assert negatives.class_of("-") != negatives.class_of("")


def test_other_drawings_come_with_their_class_and_other_kinds_as_all_else():
    digits = unipen.read(pens.PEN_DIGITS)
    letters = [drawing for drawing in unipen.read(negatives.PEN_OTHERS) if drawing.label in ("A", "E")]
    assert {drawing.label for drawing in letters} == {"A", "E"}
    _, classes = negatives.Negatives(pens.Bank(digits), letters).draw(200, np.random.default_rng(0))
    assert set(classes) == {negatives.class_of(label) for label in ("A", "E", "")}


def test_the_shares_of_the_kinds_add_up():
    assert sum(getattr(DEFAULT, kind) for kind in KINDS) == pytest.approx(1)


def test_a_kind_can_be_left_out():
    digits, others = unipen.read(pens.PEN_DIGITS), unipen.read(negatives.PEN_OTHERS)
    source = negatives.Negatives(pens.Bank(digits), others, ONLY_MARKS)
    np.testing.assert_array_equal(
        source.draw(5, np.random.default_rng(3))[0], source.marks(5, _after_the_shares(np.random.default_rng(3)))
    )


def _after_the_shares(rng):
    rng.multinomial(5, [1.0])
    return rng


@pytest.mark.parametrize(("label", "share"), [("E", 1 / 2), ("D", 2 / 3), ("D-rounded", 2 / 3)])
def test_other_drawings_come_up_by_their_labels_and_look_alikes_twice_as_often(label, share):
    standing, lying = (strokes.Drawing(*named) for named in (("x", [UPRIGHT]), (label, [UPRIGHT[:, ::-1]])))
    source = negatives.Negatives(pens.Bank(unipen.read(pens.PEN_DIGITS)), [standing] * 9 + [lying])
    inked = source.others(400, np.random.default_rng(0))[0] > 0.5
    lies = inked.any(axis=1).sum(axis=1) > inked.any(axis=2).sum(axis=1)
    assert lies.mean() == pytest.approx(share, abs=0.1)


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
