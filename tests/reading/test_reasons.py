"""Why?, in one sentence: what would be another answer, as the network itself has answered."""

import numpy as np
import pytest

from digits.ink import grid
from digits.ink.sheet import drawn
from digits.reading import reasons

FOUR = [np.array([(8, 4), (8, 14), (20, 14)]), np.array([(17, 6), (17, 25)])]
SEVEN = [np.array([(7, 5), (20, 5), (11, 24)])]


def explained(paths, answers, with_strokes=True):
    """Return the reason for what a mouse has drawn; `answers` gives the digit and its probability for a grid."""

    def ask(grids):
        asked.extend(grids)
        return np.stack([probabilities(*answers(ink)) for ink in grids])

    ink, asked = drawn(paths), []
    strokes = [np.hstack([path, np.ones((len(path), 1))]).astype(np.float32) for path in paths] if with_strokes else []
    reason = reasons.explain(ink, ask(ink[None])[0], ask, 0.5, strokes)
    return reason, asked


def probabilities(digit, probability):
    chances = np.full(grid.CLASSES, (1 - probability) / 9, np.float32)
    chances[digit] = probability
    return chances


def has(ink, row, column):
    return ink[row, column] > 0.5


def test_it_names_the_stroke_without_which_it_would_be_another_digit():
    reason, _ = explained(FOUR, lambda ink: (4 if has(ink, 5, 8) or has(ink, 14, 20) else 1, 0.9))
    assert reason.sentence == "Without the left-hand stroke it would be a 1."
    assert reason.place[6, 8] and not reason.place[24, 17]


def test_it_names_the_smallest_piece_where_one_is_enough():
    reason, _ = explained(FOUR, lambda ink: (9 if not has(ink, 5, 8) else 4, 0.9))
    assert reason.sentence == "Without the upper left piece it would be a 9."
    assert reason.place[5, 8] and reason.place.sum() < 20


def test_of_a_picture_pieces_are_named_too():
    reason, _ = explained(SEVEN, lambda ink: (1 if not has(ink, 5, 8) else 7, 0.9), with_strokes=False)
    assert reason.sentence == "Without the upper left piece it would be a 1."


def test_it_names_a_gap_that_makes_another_digit_of_it_with_its_article():
    three = [np.array([(18, 5), (18, 23)]), np.array([(10, 5), (10, 9)]), np.array([(10, 19), (10, 23)])]
    reason, _ = explained(three, lambda ink: (8 if has(ink, 13, 13) or has(ink, 14, 14) else 3, 0.9))
    assert reason.sentence == "With the middle gap filled it would be an 8."


def test_of_a_refused_sheet_it_says_what_is_too_much():
    dotted = [*SEVEN, np.array([(22, 23)])]
    reason, _ = explained(dotted, lambda ink: (7, 0.4 if has(ink, 22, 21) or has(ink, 23, 22) else 0.9))
    assert reason.sentence in (
        "It would be a 7 if the lower right stroke were not there.",
        "It would be a 7 if the loose lower right piece were not there.",
    )


def test_of_a_refused_sheet_it_says_what_is_missing():
    short = [np.array([(14, 5), (14, 15)])]
    reason, _ = explained(short, lambda ink: (1, 0.9 if has(ink, 18, 14) else 0.4))
    assert reason.sentence == "It would be a 1 if the lower stroke were longer."
    assert reason.place[18, 14] and not reason.place[10, 14]


def test_where_it_would_only_be_no_digit_any_more_it_says_so():
    reason, _ = explained(SEVEN, lambda ink: (7, 0.9 if has(ink, 5, 8) else 0.4))
    assert reason.sentence == "Without the upper left piece it would perhaps be no digit."


@pytest.mark.parametrize(
    ("probability", "sentence"),
    [(0.9, "Whichever piece is missing, it stays an 8."), (0.4, "No single change makes it a digit.")],
)
def test_where_nothing_changes_the_answer_it_says_that(probability, sentence):
    reason, _ = explained(SEVEN, lambda ink: (8, probability))
    assert reason.sentence == sentence and not reason.place.any()


def test_a_digit_that_would_be_doubtful_is_never_named():
    reason, _ = explained(SEVEN, lambda ink: (7, 0.9) if has(ink, 5, 8) else (1, 0.4))
    assert reason.sentence == "Without the upper left piece it would perhaps be no digit."


def test_ink_without_which_the_answer_is_less_likely_speaks_for_it():
    reason, _ = explained(SEVEN, lambda ink: (7, 0.5 + 0.4 * float(ink[:8].sum() / drawn(SEVEN)[:8].sum())))
    assert reason.effects[4:6, 9:18].min() > 10 * np.abs(reason.effects[16:]).max()
    assert not reason.effects[drawn(SEVEN) == 0].any()


def test_an_answer_that_is_certain_has_finite_effects():
    reason, _ = explained(SEVEN, lambda ink: (7, 1.0))
    assert np.isfinite(reason.effects).all()


def test_everything_is_asked_at_once_and_not_too_much():
    asked = []

    def ask(grids):
        asked.append(len(grids))
        return np.stack([probabilities(4, 0.9)] * len(grids))

    reasons.explain(drawn(FOUR), probabilities(4, 0.9), ask, 0.5)
    assert len(asked) == 1 and asked[0] < 200


def test_of_an_empty_sheet_nothing_is_asked_or_said():
    reason = reasons.explain(grid.empty(), probabilities(1, 0.2), None)
    assert reason.sentence == "" and not reason.effects.any() and not reason.place.any()
