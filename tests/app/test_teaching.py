"""A session is told what drawings were, and learns."""

import time

import pytest

from digits.app import learning, teaching
from digits.app.corrections import NO_DIGIT
from digits.app.teaching import Hand
from digits.files import unipen
from digits.ink import grid
from digits.ink.sheet import Sheet
from tests.support.sessions import FakeRecogniser, do, draw, new_session, rest

SEVEN = (7, 6), (21, 6), (12, 24)
ONE = (14, 4), (14, 24)


class FakeLearning:
    """Ends when it is told to."""

    def __init__(self, words):
        self.words, self.progress, self.ended, self.stopped = words, "40 %", False, False

    def run(self):
        while not (self.ended or self.stopped):
            time.sleep(0.002)
        return "Better."

    def stop(self):
        self.stopped = True


@pytest.fixture
def recogniser():
    return FakeRecogniser()


@pytest.fixture
def hand(tmp_path):
    base = tmp_path / "model.keras"
    base.write_bytes(b"a model")
    return Hand(tmp_path / "hands" / "me", base)


@pytest.fixture
def session(tmp_path, recogniser, hand):
    return new_session(recogniser, tmp_path, hand=hand)


def settle(session):
    """Let time pass until nothing is kept or learnt any more."""
    while any(map(session._teaching._tasks.is_running, ("keep", "show", "learn"))):
        time.sleep(0.002)
        rest(session)


def say(session, *names):
    for name in names:
        do(session, name)
        settle(session)


def labels(hand):
    return [drawing.label for drawing in unipen.read(hand.corrections.path)]


def test_a_digit_says_what_the_drawing_was(session, hand):
    draw(session, *SEVEN)
    say(session, "1")
    assert session.scene.message == "Kept as a 1; 1 drawing to learn."
    say(session, "reset")
    draw(session, *ONE)
    say(session, "8")
    assert session.scene.message == "Kept as an 8; 2 drawings to learn."
    assert labels(hand) == ["1", "8"]


def test_a_second_word_on_the_same_drawing_takes_the_place_of_the_first(session, hand):
    draw(session, *SEVEN)
    say(session, "1", "7")
    assert labels(hand) == ["7"]


def test_no_digit_is_kept_as_such(session, hand):
    draw(session, *SEVEN)
    say(session, "no_digit")
    assert labels(hand) == [NO_DIGIT] and "Kept as no digit" in session.scene.message


def test_the_same_word_again_takes_it_back(session, hand):
    draw(session, *SEVEN)
    say(session, "7", "7")
    assert session.scene.message == "No longer kept as a 7; 0 drawings to learn."
    assert not hand.corrections.path.exists()


def test_a_picture_and_an_empty_sheet_are_not_kept(session, hand):
    say(session, "7")
    session.put(grid.empty() + 0.5)
    say(session, "7")
    assert "no stroke" in session.scene.message and not hand.corrections.path.exists()


def test_a_number_of_several_digits_is_not_kept(tmp_path, recogniser, hand):
    session = new_session(recogniser, tmp_path, hand=hand, sheet=Sheet(56))
    draw(session, *SEVEN)
    say(session, "7")
    assert "single digits" in session.scene.message and not hand.corrections.path.exists()


def test_without_a_folder_nothing_is_kept_or_learnt(tmp_path, recogniser):
    session = new_session(recogniser, tmp_path)
    draw(session, *SEVEN)
    say(session, "7")
    assert "without --no-keep" in session.scene.message
    do(session, "learn")
    assert "nothing to learn from" in session.scene.message


def test_what_was_kept_is_learnt_and_the_new_model_reads_from_then_on(session, hand, recogniser, monkeypatch):
    trainings = []
    monkeypatch.setattr(teaching, "Learning", lambda words: trainings.append(FakeLearning(words)) or trainings[-1])
    draw(session, *SEVEN)
    say(session, "7")
    do(session, "learn")
    assert session.scene.learning == "40 %"
    learnt = learning.learnt_model(hand.corrections.path.parent, hand.base)
    learnt.write_bytes(b"a better model")
    asked = len(recogniser.asked)
    trainings[0].ended = True
    settle(session)
    rest(session)
    assert (session.scene.message, session.scene.learnt, session.scene.learning) == ("Better.", "Better.", "")
    assert recogniser.used == learnt == hand.model and len(recogniser.asked) == asked + 1


@pytest.mark.parametrize("command", ["learn", "close"])
def test_learning_is_stopped_by_the_same_command_and_with_the_window(session, monkeypatch, command):
    trainings = []
    monkeypatch.setattr(teaching, "Learning", lambda words: trainings.append(FakeLearning(words)) or trainings[-1])
    draw(session, *SEVEN)
    say(session, "7")
    do(session, "learn", command)
    assert trainings[0].stopped
    settle(session)


def test_what_is_kept_is_shown_newest_first_and_closed_again(session):
    for path, label in ((SEVEN, "7"), (ONE, "no_digit")):
        draw(session, *path)
        say(session, label, "reset")
    say(session, "kept")
    assert [example.name for example in session.scene.kept] == ["\u2013", "7"]
    assert session.scene.kept[1].ink[5:7, 8:20].min() > 0.9  # the bar of the seven
    do(session, "leave")
    assert session.scene.kept is None


def test_a_single_drawing_is_taken_off_the_sheet(session, hand):
    for path, label in ((SEVEN, "7"), (ONE, "1")):
        draw(session, *path)
        say(session, label, "reset")
    say(session, "kept")
    session.take_back(1)
    settle(session)
    assert [example.name for example in session.scene.kept] == ["1"] and labels(hand) == ["1"]
    assert session.scene.message.startswith("No longer kept as a 7") and session.sheet.is_empty


def test_what_was_learnt_is_forgotten_in_the_window(tmp_path, hand, recogniser):
    learnt = learning.learnt_model(hand.corrections.path.parent, hand.base)
    learnt.parent.mkdir(parents=True)
    learnt.write_bytes(b"a better model")
    session = new_session(recogniser, tmp_path, hand=hand)
    assert session.scene.can("forget")
    do(session, "forget")
    assert recogniser.used == hand.base and not learnt.exists() and not session.scene.can("forget")
    do(session, "forget")
    assert session.scene.message == "Nothing has been learnt yet."


def test_learning_is_offered_where_something_is_kept(session):
    say(session, "kept")
    assert not session.scene.can("learn")
    say(session, "kept")
    draw(session, *SEVEN)
    say(session, "7", "kept")
    assert session.scene.can("learn")


def test_what_was_learnt_is_forgotten_and_and_the_drawings_stay(hand):
    hand.corrections.path.parent.mkdir(parents=True)
    learnt = learning.learnt_model(hand.corrections.path.parent, hand.base)
    learnt.write_bytes(b"a better model")
    assert hand.model == learnt
    assert hand.forget() and hand.model == hand.base and not hand.forget()
    assert hand.described == "no drawing is kept"
