"""A session is told what drawings were, and learns."""

import threading
import time

import numpy as np
import pytest

from digits import UserError
from digits.app import learning, teaching
from digits.app.corrections import NO_DIGIT
from digits.app.teaching import Hand
from digits.files import locking, unipen
from digits.ink import grid
from digits.ink.sheet import Sheet
from tests.support.sessions import FakeRecogniser, do, draw, new_session, rest

SEVEN = (7, 6), (21, 6), (12, 24)
ONE = (14, 4), (14, 24)


class FakeLearning:
    """Ends when it is told to."""

    def __init__(self, words, target):
        self.words, self.target, self.trouble = words, target, ""
        self.progress, self.ended, self.stopped = "40 %", False, False

    def run(self):
        while not (self.ended or self.stopped):
            time.sleep(0.002)
        if self.trouble:
            raise UserError(self.trouble)

    def stop(self):
        self.stopped = True


@pytest.fixture
def recogniser():
    return FakeRecogniser()


@pytest.fixture
def hand(tmp_path):
    base = tmp_path / "model.keras"
    base.write_bytes(b"a model")
    return Hand(tmp_path / "hands" / "me", base, read_notes=lambda path: {"learnt": {"words": "Better."}})


@pytest.fixture
def trainings(monkeypatch):
    """The trainings that were begun, none of which trains."""
    begun = []
    monkeypatch.setattr(teaching, "Learning", lambda *how: begun.append(FakeLearning(*how)) or begun[-1])
    return begun


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
    assert "a picture on the sheet" in session.scene.message and not hand.corrections.path.exists()


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
    session.scene.message = ""
    do(session, "learn")
    assert "without --no-keep" in session.scene.message


def test_who_keeps_nothing_is_read_by_what_was_learnt_all_the_same(tmp_path, hand):
    learnt = learning.learnt_model(hand.corrections.path.parent, hand.base)
    learnt.parent.mkdir(parents=True)
    learnt.write_bytes(b"a better model")
    hand = Hand(learnt.parent, hand.base, keeps=False)
    assert hand.model == learnt and hand.corrections.path is None


def test_nothing_is_learnt_where_nothing_is_kept(session):
    do(session, "learn")
    assert "nothing to learn from" in session.scene.message


def test_what_was_kept_is_learnt_and_the_new_model_reads_from_then_on(session, hand, recogniser, trainings):
    draw(session, *SEVEN)
    say(session, "7")
    do(session, "learn")
    assert session.scene.learning == "40 %" and trainings[0].target == hand._learnt
    learnt = learning.learnt_model(hand.corrections.path.parent, hand.base)
    learnt.write_bytes(b"a better model")
    asked = len(recogniser.asked)
    trainings[0].ended = True
    settle(session)
    rest(session)
    assert (session.scene.message, session.scene.learnt, session.scene.learning) == ("Better.", "Better.", "")
    assert recogniser.used == learnt == hand.model and len(recogniser.asked) == asked + 1


@pytest.mark.parametrize("command", ["learn", "close"])
def test_learning_is_stopped_by_the_same_command_and_with_the_window(session, trainings, command):
    draw(session, *SEVEN)
    say(session, "7")
    do(session, "learn", command)
    assert trainings[0].stopped
    settle(session)


def test_why_nothing_was_learnt_stays_to_be_read(session, trainings):
    draw(session, *SEVEN)
    say(session, "7")
    do(session, "learn")
    trainings[0].trouble, trainings[0].ended = "Nothing was changed.", True
    settle(session)
    rest(session, 10)
    assert (session.scene.message, session.scene.learnt) == ("", "Nothing was changed.")


def test_what_was_learnt_is_told_at_the_next_start_too(tmp_path, hand, recogniser):
    learnt = learning.learnt_model(hand.corrections.path.parent, hand.base)
    learnt.parent.mkdir(parents=True)
    learnt.write_bytes(b"a better model")
    assert new_session(recogniser, tmp_path, hand=hand).scene.learnt == "Better."


@pytest.mark.parametrize("notes", [{}, {"learnt": 7}, {"learnt": {"words": ["B"]}}, {"learnt": {"words": "a\nb\x1b"}}])
def test_a_model_may_tell_anything_of_what_was_learnt(hand, notes):
    hand.corrections.path.parent.mkdir(parents=True)
    hand._learnt.write_bytes(b"a better model")
    hand._read_notes = lambda path: notes
    assert hand.outcome.isprintable()


def test_who_says_another_digit_before_the_first_is_kept_is_heard(session, hand, monkeypatch):
    written = threading.Event()
    write = unipen.write
    monkeypatch.setattr(unipen, "write", lambda *what: written.wait(10) and write(*what))
    draw(session, *SEVEN)
    do(session, "1", "1", "7")  # the second is one too many
    written.set()
    settle(session)
    settle(session)
    assert labels(hand) == ["7"] and session.scene.message == "Kept as a 7; 1 drawing to learn."


def test_what_is_said_just_before_the_window_is_closed_is_kept(session, hand, monkeypatch):
    write = unipen.write
    monkeypatch.setattr(unipen, "write", lambda *what: time.sleep(0.03) or write(*what))
    draw(session, *SEVEN)
    for name in ("1", "7", "close"):
        session.do(name)
    assert labels(hand) == ["7"] and not session.is_open


def test_it_is_said_that_the_oldest_makes_room(session, monkeypatch):
    monkeypatch.setattr(teaching, "MOST", 1)
    draw(session, *SEVEN)
    say(session, "7")
    assert session.scene.message == "Kept as a 7; 1 drawing to learn, the oldest makes room for the next."


def test_what_is_kept_is_shown_newest_first_and_closed_again(session):
    for path, label in ((SEVEN, "7"), (ONE, "no_digit")):
        draw(session, *path)
        say(session, label, "reset")
    say(session, "kept")
    assert [example.name for example in session.scene.kept] == ["\u2013", "7"]
    assert session.scene.kept[1].ink[5:7, 8:20].min() > 0.9  # the bar of the seven
    do(session, "leave")
    assert session.scene.kept is None


@pytest.fixture
def two_kept(session):
    """The session, which shows what it keeps: a one, and before it a seven."""
    for path, label in ((SEVEN, "7"), (ONE, "1")):
        draw(session, *path)
        say(session, label, "reset")
    say(session, "kept")
    return session


def test_a_single_drawing_is_taken_off_the_sheet(two_kept, hand):
    two_kept.take_back(1)
    settle(two_kept)
    assert [example.name for example in two_kept.scene.kept] == ["1"] and labels(hand) == ["1"]
    assert two_kept.scene.message.startswith("No longer kept as a 7") and two_kept.sheet.is_empty


def test_one_drawing_goes_for_each_click_and_a_sheet_that_was_closed_stays_closed(two_kept, hand):
    two_kept.take_back(0)
    two_kept.take_back(0)  # of a double click
    do(two_kept, "leave")
    settle(two_kept)
    assert two_kept.scene.kept is None and labels(hand) == ["7"]


def test_what_another_window_has_taken_back_is_not_kept_anew_by_a_click(session, hand):
    draw(session, *SEVEN)
    say(session, "7", "kept")
    hand.corrections.remove(hand.corrections.drawings()[0])
    session.take_back(0)
    settle(session)
    assert session.scene.kept == () and not hand.corrections.path.exists()


def test_what_has_no_room_on_one_page_is_leafed_through(session, hand):
    for at in range(5):
        draw(session, (5 + at, 5), (20, 24))
        say(session, "1", "reset")
    say(session, "kept")
    session.scene.places = 2
    shown = []
    for command in ("older", "older", "older", "newer", "newer", "newer"):
        do(session, command)
        shown.append(session.scene.first_kept)
    assert shown == [2, 4, 4, 2, 0, 0]
    do(session, "older", "older")
    assert session.scene.can(0) and not session.scene.can(1)
    session.take_back(0)
    settle(session)
    assert len(labels(hand)) == 4 and session.scene.first_kept == 2  # the last page is gone
    assert not any(
        np.array_equal(path, [[500, 500], [2000, 2400]])
        for path in (one.paths[0] for one in unipen.read(hand.corrections.path))
    )


def test_leafing_through_what_is_not_shown_does_nothing(session):
    do(session, "older", "newer")
    assert session.scene.first_kept == 0


def test_what_was_learnt_is_forgotten_in_the_window(tmp_path, hand, recogniser):
    learnt = learning.learnt_model(hand.corrections.path.parent, hand.base)
    learnt.parent.mkdir(parents=True)
    learnt.write_bytes(b"a better model")
    session = new_session(recogniser, tmp_path, hand=hand)
    assert session.scene.can("forget")
    do(session, "forget")
    assert recogniser.used == hand.base and not learnt.exists() and not session.scene.can("forget")
    do(session, "forget")
    assert session.scene.message == "Nothing has been learnt yet." and session.scene.learnt == ""


def test_what_another_window_has_forgotten_reads_no_longer_here(tmp_path, hand, recogniser):
    hand.corrections.path.parent.mkdir(parents=True)
    hand._learnt.write_bytes(b"a better model")
    session = new_session(recogniser, tmp_path, hand=hand)
    hand.forget()
    do(session, "forget")
    assert recogniser.used == hand.base and not session.scene.has_learnt


def test_a_hand_that_is_being_learnt_is_not_forgotten_meanwhile(tmp_path, hand, recogniser):
    hand.corrections.path.parent.mkdir(parents=True)
    hand._learnt.write_bytes(b"a better model")
    session = new_session(recogniser, tmp_path, hand=hand)
    with locking.alone(hand._learnt, ""):
        do(session, "forget")
    assert "being learnt" in session.scene.message and hand.has_learnt


def test_a_model_that_cannot_be_removed_is_said(tmp_path, hand, recogniser):
    hand._learnt.mkdir(parents=True)
    session = new_session(recogniser, tmp_path, hand=hand)
    do(session, "forget")
    assert "cannot be removed" in session.scene.message


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
