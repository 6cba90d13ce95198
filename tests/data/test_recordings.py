"""Who is trained on, who is validated on, and what is taught as no digit."""

from collections import Counter

import pytest

from digits.data import negatives, pens, recordings
from digits.files import unipen
from digits.ink import strokes


@pytest.fixture(scope="module")
def pen_digits():
    return unipen.read(pens.PEN_DIGITS)


@pytest.fixture(scope="module")
def split(pen_digits):
    return recordings.split(pen_digits)


def recorded(source, writers, each=3):
    return [strokes.Drawing("7", [], "", f"writer {writer}", source) for writer in range(writers) for _ in range(each)]


def test_writers_are_left_out_whole_and_of_each_source_one_in_four():
    people = recorded("tablet", 12) + recorded("pad", 8)
    train, apart = ({(drawing.source, drawing.writer) for drawing in part} for part in recordings.split(people))
    assert not train & apart and len(train | apart) == 20
    assert Counter(source for source, _ in apart) == {"tablet": 3, "pad": 2}


def test_who_is_left_out_does_not_depend_on_the_order_of_the_drawings():
    people = recorded("tablet", 12)
    assert {id(one) for one in recordings.split(people)[1]} == {id(one) for one in recordings.split(people[::-1])[1]}


def test_whose_digits_are_left_out_their_letters_are_too_whoever_else_wrote_letters():
    digits, letters = recorded("tablet", 12), recorded("tablet", 20)[5:]
    trained, apart = ({one.writer for one in part} for part in recordings.split_others(letters, digits))
    of_digits, apart_of_digits = ({one.writer for one in part} for part in recordings.split(digits))
    assert not trained & apart_of_digits and not apart & of_digits
    assert len(apart - apart_of_digits) == 2  # of the eight who wrote letters alone


def test_of_other_things_what_has_no_writer_is_trained_on():
    letters = [strokes.Drawing("A", [], "A plain")] * 5
    assert recordings.split_others(letters, recorded("tablet", 12)) == (letters, [])


def test_what_can_be_read_as_a_digit_is_not_taught_as_none():
    labels = [*"AO1lE&|7", "\\@", "f-cursive"]
    drawings = [strokes.Drawing(label, []) for label in labels]
    assert [drawing.label for drawing in recordings.teachable(drawings)] == ["A", "E", "&", "f-cursive"]


def test_what_is_laid_by_hand_as_no_digit_is_taught_but_where_people_would_read_a_digit():
    others = unipen.read(negatives.PEN_OTHERS)
    assert len(recordings.teachable(others)) > 0.9 * len(others)


def test_every_pen_digit_is_either_trained_on_or_validated_on(split, pen_digits):
    train, held_out = ({id(drawing) for drawing in part} for part in split)
    assert not train & held_out
    assert train | held_out == {id(drawing) for drawing in pen_digits}


def test_no_held_out_drawing_has_a_twin_among_those_trained_on(split):
    train, held_out = ({b"".join(path.tobytes() for path in drawing.paths) for drawing in part} for part in split)
    assert not train & held_out


def test_no_style_is_lost_to_validation(split, pen_digits):
    train, held_out = split
    assert {drawing.comment for drawing in train} == {drawing.comment for drawing in pen_digits}
    assert len(held_out) >= 20


def test_each_digit_gives_away_the_last_take_of_its_two_commonest_styles():
    styles = ["plain"] * 4 + ["barred"] * 3 + ["hooked"] * 3 + ["slanted"] * 2
    drawings = [strokes.Drawing("7", [], f"7 {style}") for style in styles]
    drawings += [strokes.Drawing("1", [], "1 bare"), strokes.Drawing("1", [], "1 bare")]  # too few to give any
    train, held_out = recordings.split(drawings)
    assert [drawing.comment for drawing in held_out] == ["7 plain", "7 barred"]
    assert held_out[0] is drawings[3] and held_out[1] is drawings[6]
    assert len(train) == len(drawings) - 2


def test_the_built_in_digits_held_out_are_two_of_each(split):
    assert Counter(drawing.label for drawing in split[1]) == {str(digit): 2 for digit in range(10)}
