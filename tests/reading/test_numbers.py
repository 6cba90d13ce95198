"""Whole numbers: cut, drawn anew, read in one batch, and put together on the way that costs least."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.ink import brush, grid
from digits.ink.sheet import columns_for
from digits.reading import sheets
from digits.reading.answer import Number, answered
from digits.reading.fragments import Strokes
from digits.reading.labels import label, label_boxes
from digits.reading.numbers import Lattice
from digits.reading.pieces import Ink
from digits.reading.seams import cut
from tests.support.written import network, sheet_with, written

THRESHOLD = 0.7


def text_of(found):
    return "".join(str(digit.probabilities.argmax()) for digit in found)


def chances(found):
    return np.array([digit.probabilities for digit in found])


def boxes(found):
    return np.array([digit.box for digit in found])


def read(fragments):
    lattice = Lattice(fragments)
    found = network().probabilities(lattice.grids)
    return lattice.digits(np.concatenate([found, network().probabilities(lattice.doubted(found))]))


@pytest.mark.parametrize("text", ["42", "4705", "1234567890", "11", "00"])
def test_digits_side_by_side_are_a_number(text):
    assert text_of(read(Strokes(written(text)))) == text


@pytest.mark.parametrize("text", ["42", "4705", "3816"])
def test_without_its_strokes_it_is_the_same_number(text):
    ink = sheet_with(written(text, gap=5), columns_for(len(text))).ink
    assert text_of(read(Ink(ink))) == text


@settings(max_examples=8, deadline=None)
@given(st.text("0123456789", min_size=2, max_size=5))
def test_digits_far_apart_read_as_they_do_alone(text):
    alone = [read(Strokes(written(character)))[0].probabilities for character in text]
    together = [digit.probabilities for digit in read(Strokes(written(text, gap=12)))]
    np.testing.assert_allclose(together, alone, atol=0.02)


@settings(max_examples=8, deadline=None)
@given(st.text("0123456789", min_size=1, max_size=4), st.floats(-50, 50), st.floats(-50, 50), st.integers(0, 99))
def test_neither_place_nor_order_of_the_strokes_matters(text, across, down, seed):
    paths = written(text)
    order = np.random.default_rng(seed).permutation(len(paths))
    moved = [paths[at][::-1] + np.float32([across, down]) for at in order]
    before, after = read(Strokes(paths)), read(Strokes(moved))
    np.testing.assert_allclose(chances(after), chances(before), atol=0.02)


CORNER, BAR = np.float32([(8, 4), (5, 15), (12, 14)]), np.float32([(13, 9), (12, 24)])


def answers(*sure):
    """Return probabilities (n, 10) of digits, each with its own."""
    return np.array([np.where(np.arange(10) == digit, chance, (1 - chance) / 9) for digit, chance in sure])


def test_strokes_that_are_surely_one_digit_are_not_several():
    together = answers((1, 0.99), (4, 0.999), (1, 0.99))  # the corner, both, and the bar
    assert text_of(Lattice(Strokes([CORNER, BAR])).digits(together)) == "4"


@pytest.mark.parametrize("sure, count, text", [(0.99, 0, "11"), (0.6, 1, "4")])
def test_strokes_far_from_each_other_are_read_together_where_one_alone_is_in_doubt(sure, count, text):
    lattice = Lattice(Strokes([CORNER, BAR + (5, 0)]))
    alone = answers((1, sure), (1, 0.99))
    assert len(lattice.grids) == len(alone)
    assert len(lattice.doubted(alone)) == count
    assert len(lattice.grids) == len(alone) + count
    together = answers((4, 0.999))[:count]
    assert text_of(lattice.digits(np.concatenate([alone, together]))) == text


def test_a_stroke_over_two_digits_is_cut():
    paths = written("00", gap=1)
    joined = np.concatenate([paths[0], paths[-1]])
    assert len(Strokes([joined]).boxes) > 1
    assert (Strokes([joined]).wholes == 0).all()


def test_dust_is_no_digit():
    dust = np.float32([(40, 30), (40.5, 30)])
    assert text_of(read(Strokes([*written("42"), dust]))) == "42"


# Ink without strokes


def test_pieces_hang_together_over_corners_and_not_over_pale_cells():
    ink = np.zeros((6, 9), np.float32)
    ink[0, 0] = ink[1, 1] = ink[1, 5] = ink[1, 7] = 1
    ink[1, 6] = 0.4
    labels = label(ink)
    assert labels[0, 0] == labels[1, 1] != labels[1, 5]
    assert labels[1, 5] != labels[1, 7] and labels[1, 6] in (labels[1, 5], labels[1, 7])
    assert len(label_boxes(labels)) == 3


def test_no_ink_has_no_pieces():
    assert not label(np.zeros((28, 28), np.float32)).any()


@settings(max_examples=8, deadline=None)
@given(st.text("0123456789", min_size=1, max_size=3), st.integers(0, 300), st.integers(0, 300))
def test_ink_moved_on_the_paper_is_the_same_number(text, across, down):
    ink = sheet_with(written(text), columns_for(4)).ink
    here, there = read(Ink(ink)), read(Ink(np.pad(ink, ((down, 0), (across, 5)))))
    np.testing.assert_allclose(chances(there), chances(here), atol=1e-4)
    np.testing.assert_allclose(boxes(there), boxes(here) + (across, down) * 2, atol=1e-4)


@settings(max_examples=6, deadline=None)
@given(st.text("0123456789", min_size=2, max_size=3))
def test_ink_of_digits_far_apart_reads_as_it_does_alone(text):
    alone = [sheet_with(written(character), 40).ink for character in text]
    apart = [chances(read(Ink(ink))) for ink in alone]
    np.testing.assert_allclose(chances(read(Ink(np.hstack(alone)))), np.concatenate(apart), atol=1e-3)


def test_a_cut_goes_where_there_is_least_ink():
    ink = np.zeros((20, 22), np.float32)
    ink[:, :4] = ink[:, 18:] = 1
    ink[9:11] = 1
    parts, crossed = cut(ink, height=20, thickness=3)
    assert (parts[:, 3] < parts[:, 18]).all() and len(crossed) == parts.max()
    assert crossed.min() == pytest.approx((3 + 2) / 2)  # half of a stroke for coming into ink, half of the way in it


def test_a_cut_goes_once_through_a_long_touch_rather_than_twice_through_a_ring():
    ink = np.zeros((20, 22), np.float32)
    for left in (0, 12):
        ink[:, left : left + 10] = 1
        ink[2:-2, left + 2 : left + 8] = 0
    ink[7:12, 10:12] = 1
    parts, crossed = cut(ink, height=20, thickness=2)
    assert 10 <= np.argmax(parts[9] > crossed.argmin()) <= 12


@pytest.mark.parametrize("text", ["238", "61"])
def test_digits_that_touch_are_told_apart(text):
    ink = np.zeros((5 * 28, 5 * columns_for(len(text))), np.float32)
    brush.draw(ink, np.concatenate([brush.lines(5 * path) for path in written(text, gap=1)]), radius=4)
    assert label(ink).max() < len(text)
    assert text_of(read(Ink(ink))) == text


@pytest.mark.parametrize("strength", [0.2, 1e-6])
def test_faint_ink_is_cut_and_drawn_anew_as_full_ink_is(strength):
    ink = np.zeros((28, columns_for(2)), np.float32)
    brush.draw(ink, np.concatenate([brush.lines(path) for path in written("00", gap=1)]))
    full, faint = Ink(ink), Ink(np.float32(strength) * ink)
    assert len(full.boxes) > 2
    np.testing.assert_array_equal(faint.boxes, full.boxes)
    np.testing.assert_allclose(Lattice(faint).grids, Lattice(full).grids, atol=1e-5)


# A sheet


def asking(confidences):
    """Return an `ask` that finds ones, by turns so sure, and a list of what it was shown."""
    shown = []

    def ask(grids):
        shown.append(grids)
        chances = np.resize(np.float32(confidences), len(grids))
        probabilities = np.repeat((1 - chances[:, None]) / 9, 10, axis=1)
        probabilities[:, 1] = chances
        return probabilities

    return ask, shown


def test_one_digit_on_a_sheet_for_one_is_shown_to_the_network_as_it_is():
    ink = sheet_with(written("7"), grid.SIZE).ink
    ask, shown = asking([0.9])
    [digit] = sheets.read(ink, written("7"), ask, THRESHOLD)
    assert digit.probabilities.max() == pytest.approx(0.9)
    np.testing.assert_array_equal(shown[0][0], ink)


def test_two_digits_on_a_sheet_for_one_are_a_number_if_both_are_surer_than_the_whole():
    paths = written("11", gap=9, left=9)
    ink = sheet_with(paths, grid.SIZE).ink
    for whole, count in ((0.2, 2), (0.95, 1)):
        ask, shown = asking([whole, 0.9, 0.9, 0.9])
        assert len(sheets.read(ink, paths, ask, THRESHOLD)) == count
        assert len(shown) == 1  # all of it in one batch


def test_the_shipped_model_reads_42_on_the_sheet_with_and_without_its_strokes():
    paths = written("42", gap=4, left=2, height=12, top=8)
    ink = sheet_with(paths, grid.SIZE).ink
    for known in (paths, None):
        assert text_of(sheets.read(ink, known, network().probabilities, THRESHOLD)) == "42"


def test_a_line_erased_until_it_is_faint_is_answered_as_by_the_network_alone():
    sheet = sheet_with([np.float32([(4, 14), (24, 14)])], grid.SIZE)
    for y in (12.8, 15.2):
        sheet.begin((0, y), 1.0, erase=True)
        sheet.extend((28, y))
    assert sheet.ink.max() == pytest.approx(0.2)
    [digit] = sheets.read(sheet.ink, sheet.paths, network().probabilities, THRESHOLD)
    np.testing.assert_allclose(digit.probabilities, network().probabilities(sheet.ink[None])[0], atol=1e-6)


def test_a_bare_sheet_is_one_question():
    ask, _ = asking([0.1])
    [digit] = sheets.read(grid.empty(), [], ask, THRESHOLD)
    assert digit.probabilities.max() == pytest.approx(0.1)


def read_sheet(paths, columns, known):
    """Return the digits that the window finds on a sheet, with its strokes or without."""
    sheet = sheet_with(paths, columns)
    return sheets.read(sheet.ink, sheet.paths if known else None, network().probabilities, THRESHOLD)


def written_anew(paths, seed):
    """Return strokes in another order, each from its other end."""
    return [paths[at][::-1] for at in np.random.default_rng(seed).permutation(len(paths))]


@pytest.mark.parametrize("known", [True, False], ids=["strokes", "ink"])
@settings(max_examples=6, deadline=None)
@given(st.text("0123456789", min_size=1, max_size=3), st.integers(-2, 50), st.integers(-2, 4), st.integers(0, 99))
def test_on_a_wide_sheet_neither_place_nor_order_of_the_strokes_matters(known, text, across, down, seed):
    paths = written(text)
    before = read_sheet(paths, columns_for(6), known)
    after = read_sheet([path + np.float32([across, down]) for path in written_anew(paths, seed)], columns_for(6), known)
    np.testing.assert_allclose(chances(after), chances(before), atol=1e-3)
    np.testing.assert_allclose(boxes(after), boxes(before) + (across, down) * 2, atol=1e-3)


@pytest.mark.parametrize("known", [True, False], ids=["strokes", "ink"])
@settings(max_examples=6, deadline=None)
@given(st.text("0123456789", min_size=2, max_size=3))
def test_on_a_wide_sheet_digits_far_apart_read_as_they_do_alone(known, text):
    alone = [chances(read_sheet(written(character), columns_for(2), known)) for character in text]
    apart = [path for at, character in enumerate(text) for path in written(character, left=4 + 32 * at)]
    together = chances(read_sheet(apart, columns_for(5), known))
    np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-3)


@pytest.mark.parametrize("known", [True, False], ids=["strokes", "ink"])
@settings(max_examples=6, deadline=None)
@given(st.text("0123456789", min_size=1, max_size=2), st.integers(0, 99))
def test_on_the_sheet_for_one_digit_the_order_of_the_strokes_does_not_matter(known, text, seed):
    paths = written(text, gap=4, left=2, height=12, top=8)
    before, after = (read_sheet(some, grid.SIZE, known) for some in (paths, written_anew(paths, seed)))
    np.testing.assert_allclose(chances(after), chances(before), atol=1e-3)


def test_why_lies_on_the_ink_of_each_digit():
    paths = written("42")
    ink = sheet_with(paths, columns_for(2)).ink
    found = sheets.read(ink, paths, network().probabilities, THRESHOLD)
    reason = sheets.explain(ink, found, paths, network().probabilities, THRESHOLD)
    why = reason.effects
    assert why.shape == reason.place.shape == ink.shape
    assert reason.sentence.startswith(("Digit 1: ", "Digit 2: ")) and reason.place.any()
    for digit in found:
        left, top, right, bottom = (round(edge) for edge in digit.box)
        assert np.abs(why[top:bottom, left:right]).max() > 0.1
    assert not why[ink == 0].any()


# The answer


def number(*confidences, signs=("", "", "")):
    found = [
        sheets.Digit(
            (10 * at, 0, 10 * at + 8, 20), np.eye(10)[at + 4] * chance + (1 - chance) / 10, grid.empty(), 1, signs[at]
        )
        for at, chance in enumerate(confidences)
    ]
    return answered(np.zeros((28, 48), np.float32), found, THRESHOLD)


def test_a_number_says_its_digits_and_how_likely_they_are_together():
    answer = number(0.99, 0.98)
    assert isinstance(answer, Number)
    assert str(answer) == "45 - 97 %"
    assert answer.probability == pytest.approx((0.99 + 0.001) * (0.98 + 0.002))


def test_a_number_that_may_be_another_says_which():
    assert str(number(0.99, 0.8)) == "45 - 81 %, or 40"


def test_what_is_no_digit_is_a_question_mark():
    assert str(number(0.2, 0.99)) == "?5 - 28 %, ? may be no digit"


def test_signs_are_written_where_they_stand():
    answer = number(0.99, 0.8, 0.99, signs=("-", " ", "."))
    assert (str(answer), answer.written, answer.number) == ("-4 5.6 - 81 %, or -4 0.6", "-4 5.6", "-45.6")
    doubtful = number(0.2, 0.99, signs=("-", "."))
    assert (str(doubtful), doubtful.written) == ("-?.5 - 28 %, ? may be no digit", "-4.5")


def test_a_digit_after_a_minus_is_a_number():
    assert str(number(0.99, signs=("-",))) == "-4 - 99 %"


def test_one_digit_is_no_number():
    assert str(number(0.99)) == "4 - 99 %"
