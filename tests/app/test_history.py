"""The last drawings: what a new sheet leaves, and what comes back of it."""

import numpy as np

from digits.app import history
from digits.app.history import Entry
from tests.support.drawings import SEVEN
from tests.support.sessions import do, draw

ONE = ((14, 5), (14, 24))


def test_a_reset_leaves_the_drawing_with_its_answer(session):
    draw(session, *SEVEN)
    drawn = session.sheet.ink
    do(session, "reset")
    (left,) = session.scene.history
    assert left.ink is drawn and left.words == "7 - 98 %"


def test_a_bare_sheet_and_single_strokes_leave_nothing(session):
    do(session, "reset")
    draw(session, *SEVEN)
    draw(session, *ONE)
    assert session.scene.history == ()


def test_a_drawing_that_was_never_answered_is_kept_without_words(session):
    do(session, "live")
    draw(session, *SEVEN)
    do(session, "reset")
    assert session.scene.history[0].words == ""


def test_a_drawing_taken_back_is_as_it_was_and_the_one_before_it_is_not_lost(session):
    draw(session, *SEVEN)
    seven = session.sheet.ink
    do(session, "reset")
    draw(session, *ONE)
    one = session.sheet.ink
    session.take_back(0)
    np.testing.assert_array_equal(session.sheet.ink, seven)
    assert [len(session.sheet.strokes), len(session.scene.history)] == [1, 2]
    assert session.scene.history[0].ink is one
    do(session, "undo", "undo")
    np.testing.assert_array_equal(session.sheet.ink, one)


def test_the_newest_two_drawings_are_exchanged_for_each_other_and_each_is_there_once(session):
    draw(session, *SEVEN)
    seven = session.sheet.ink
    do(session, "reset")
    draw(session, *ONE)
    do(session, *["take_back"] * 5)
    np.testing.assert_array_equal(session.sheet.ink, seven)
    assert len(session.scene.history) == 2


def test_an_answer_comes_back_with_its_drawing_without_being_asked_for(session, recogniser):
    draw(session, *SEVEN)
    do(session, "reset", "live")
    asked = len(recogniser.asked)
    do(session, "take_back")
    assert session.scene.caption == "7 - 98 %" and not session.scene.is_old and len(recogniser.asked) == asked


def test_what_is_not_there_is_not_taken_back(session):
    draw(session, *SEVEN)
    session.take_back(3)
    assert not session.scene.is_bare and session.scene.history == ()


def test_the_oldest_make_room():
    entries = ()
    for level in range(history.MOST + 5):
        entries = history.added(entries, Entry(np.full((28, 28), level), (), None))
    assert [int(entry.ink[0, 0]) for entry in entries] == list(range(history.MOST + 4, 4, -1))
