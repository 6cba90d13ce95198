"""Whole numbers: what they are composed of, how they are shown, and the figures."""

import re
from itertools import pairwise

import numpy as np
import pytest

from digits import UserError
from digits.evaluation import __main__ as command
from digits.evaluation import numbers
from digits.files import unipen
from digits.ink import strokes
from digits.reading import engine
from tests.support.fake_model import FakeModel, install

ONE, SEVEN = np.array([(0, -100), (0, 0)]), np.array([(0, -100), (60, -100), (20, 0)])
DIGITS = [strokes.Drawing("1", [ONE]), strokes.Drawing("7", [SEVEN])]


class Ones(FakeModel):
    """Takes all that is narrow for a one and all else for a seven."""

    def probabilities(self, grids):
        wide = grids.max(axis=1).sum(axis=1) > 8
        return np.where(wide[:, None], np.eye(10)[7], np.eye(10)[1]) * 0.9 + 0.01


@pytest.fixture
def model(monkeypatch):
    monkeypatch.setattr(engine, "load", lambda path: Ones())
    return install(monkeypatch, Ones())


@pytest.fixture
def recorded(tmp_path):
    path = tmp_path / "numbers.dat"
    unipen.write(path, [strokes.Drawing("17", [ONE, SEVEN + (50, 0)]), strokes.Drawing("71", [SEVEN, ONE + (130, 0)])])
    path.write_text(path.read_text().replace(".SEGMENT DRAWING 1", ".SEGMENT WORD 1"))
    return path


def measure(*arguments):
    args = command.parse_arguments(["model.keras", "--numbers", *map(str, arguments)])
    return numbers.as_data(numbers.measure(args.model, args.numbers, args.strokes))


def test_numbers_are_composed_of_two_to_six_digits_as_high_and_as_far_apart_as_the_measures_say():
    for gaps in numbers.GAPS.values():
        for number in numbers.composed(DIGITS, gaps, count=50):
            assert 2 <= len(number.label) == len(number.paths) <= 6
            boxes = [strokes.box([path]) for path in number.paths]
            between = [b.x - b.width / 2 - a.x - a.width / 2 for a, b in pairwise(boxes)]
            assert all(12.99 < box.height < 22.01 for box in boxes)
            assert gaps[0] + 1.99 < min(between) and max(between) < gaps[1] + 2.01  # the brush is two cells wide
            assert all(box.y + box.height / 2 < 26.1 and box.y > 13 - box.height / 2 for box in boxes)


def test_of_those_with_signs_half_have_a_minus_in_front_and_half_a_point_between_digits():
    labels = [number.label for number in numbers.signed(DIGITS, count=100)]
    assert all(re.fullmatch(r"-?[17 ]+(\.[17]+)?", label) for label in labels)
    assert all(30 < sum(sign in label for label in labels) < 70 for sign in "-.")


def test_half_of_those_with_thousands_have_a_wide_space_between_them():
    shown = [number for number in numbers.signed(DIGITS, count=200) if re.match(r"-?[17 ]{4}", number.label)]
    spaced = [number for number in shown if " " in number.label]
    assert len(shown) / 3 < len(spaced) < 2 * len(shown) / 3
    for number in spaced:
        assert re.fullmatch(r"-?[17]{1,3}( [17]{3})+(\.[17]+)?", number.label)
        boxes = [strokes.box([path]) for path in number.paths]
        at = number.label.index(" ")
        assert boxes[at].x - boxes[at].width / 2 - boxes[at - 1].x - boxes[at - 1].width / 2 > 9 + 1 + 1.99


def test_but_for_the_spaces_they_are_what_they_would_be_without_any(monkeypatch):
    spaced = numbers.signed(DIGITS, count=30)
    monkeypatch.setattr(numbers, "_with_spaces", lambda digits, rng: digits)
    for one, other in zip(spaced, numbers.signed(DIGITS, count=30), strict=True):
        assert one.label.replace(" ", "") == other.label
        for path, same in zip(one.paths, other.paths, strict=True):
            np.testing.assert_allclose(path - (path[0, 0] - same[0, 0], 0), same, atol=1e-9)


def test_they_are_the_same_every_time():
    first, second = (numbers.composed(DIGITS, (1, 6), count=5) for _ in range(2))
    assert [number.label for number in first] == [number.label for number in second]
    np.testing.assert_array_equal(first[0].paths[0], second[0].paths[0])


def test_recorded_numbers_are_read_on_sheets_and_as_pictures(model, recorded):
    [measured] = measure(recorded).values()
    for way in ("strokes", "pictures"):
        count, right, digits_right, _, _, misread = measured[way].values()
        assert (count, right["value"], digits_right, misread) == (2, 1, 1, [])


def test_what_is_misread_is_told(model, tmp_path):
    unipen.write(tmp_path / "numbers.dat", [strokes.Drawing("19", [ONE, SEVEN + (50, 0)])])
    [measured] = measure(tmp_path / "numbers.dat").values()
    assert measured["strokes"]["misread"] == [("19", "17")]
    assert measured["strokes"]["digits right"] == 0.5
    assert "digits right 50.00 %" in numbers.as_text({"numbers.dat": measured})


def test_signs_that_are_missed_and_invented_are_told_and_a_space_makes_no_other_number():
    shown = [strokes.Drawing(label, [ONE]) for label in ("-1 234.5", "12 345", "77", "-7")]
    read = numbers.Read(shown, ["-1234.5", "12 345", "7.7", "4-7"], np.ones(4))
    assert read.is_right.tolist() == [True, True, False, False] and read.digits_right == 1 - 2 / 16
    data = numbers.as_data({"with signs": {"strokes": read}})
    assert data["with signs"]["strokes"]["signs"]["space"] == {"written": 2, "missed": 1, "invented": 0}
    line = "minus 0 of 2 missed, 0 invented; point 0 of 1 missed, 1 invented; space 1 of 2 missed, 0 invented"
    assert numbers.as_text(data).splitlines()[2].strip() == line


def test_of_numbers_without_signs_nothing_is_said_of_them(model, recorded):
    [measured] = measure(recorded).values()
    assert "missed" not in numbers.as_text({"numbers.dat": measured})


def test_a_label_that_is_no_number_is_refused(model, tmp_path):
    unipen.write(tmp_path / "words.dat", [strokes.Drawing("4x", [ONE])])
    with pytest.raises(UserError, match="'4x' is no whole number"):
        measure(tmp_path / "words.dat")


def test_without_files_they_are_composed_of_the_digits_given(model, tmp_path, monkeypatch):
    monkeypatch.setattr(numbers, "COUNT", 3)
    unipen.write(tmp_path / "digits.dat", DIGITS)
    measured = measure("--strokes", tmp_path / "digits.dat")
    assert list(measured) == ["composed, apart", "composed, tight", "composed, with signs"]
    assert all(way["count"] == 3 for ways in measured.values() for way in ways.values())


@pytest.mark.parametrize("other", [("--mnist", "mnist.npz"), ("--report", "report"), ("--brush", "2")])
def test_nothing_else_is_measured_beside_them(other, capsys):
    with pytest.raises(SystemExit):
        command.parse_arguments(["model.keras", "--numbers", "numbers.dat", *other])
    assert f"{other[0]} does not go with --numbers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("one", "other", "edits"), [("", "", 0), ("42", "42", 0), ("42", "2", 1), ("123", "321", 2), ("7", "", 1)]
)
def test_digits_are_told_right_by_edits(one, other, edits):
    assert numbers._distance(one, other) == edits
