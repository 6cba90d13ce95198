"""Numbers on the sheet: what the recogniser is told of it, and what becomes of the answer."""

import numpy as np
import pytest

from digits.app import keeping
from digits.ink import grid
from digits.ink.sheet import Sheet, columns_for
from digits.reading.answer import answered
from digits.reading.numbers import Digit
from tests.support.sessions import FakeRecogniser, do, draw, new_session, probabilities, rest

COLUMNS = columns_for(6)


class Counting(FakeRecogniser):
    """Finds a four and a two on every sheet."""

    def poll(self, now):
        if self._waiting is None:
            return None
        (ink, *_), self._waiting = self._waiting, None
        boxes = (10, 4, 20, 24), (30, 4, 42, 24)
        digits = [Digit(box, probabilities(d, 0.99), grid.empty(), 1) for d, box in zip((4, 2), boxes, strict=True)]
        return answered(ink, digits, 0.5)


@pytest.fixture
def session(tmp_path):
    return new_session(Counting(), tmp_path, sheet=Sheet(COLUMNS))


def test_a_wide_sheet_is_answered_with_a_number_and_a_box_for_each_digit(session):
    draw(session, (10, 5), (20, 20))
    rest(session)
    assert session.scene.is_number and session.scene.shows_boxes
    assert session.scene.caption == "42 - 98 %"
    assert [place.answer.digit for place in session.scene.answer.places] == [4, 2]


def test_a_wide_sheet_asks_for_a_number(session):
    assert session.scene.caption == "write a number"


def test_boxes_go_with_the_drawing(session):
    draw(session, (10, 5), (20, 20))
    rest(session)
    do(session, "reset")
    assert not session.scene.shows_boxes


def test_a_wide_sheet_goes_through_history_undo_and_redo(session):
    draw(session, (10, 5), (100, 20))
    ink = session.sheet.ink
    do(session, "undo", "redo")
    np.testing.assert_array_equal(session.sheet.ink, ink)
    do(session, "reset", "take_back")
    np.testing.assert_array_equal(session.sheet.ink, ink)
    assert session.sheet.ink.shape == (28, COLUMNS) and len(session.sheet.paths) == 1
    assert session.scene.caption == "42 - 98 %"


def test_the_strokes_of_a_sheet_are_known_until_something_else_is_on_it():
    sheet = Sheet(COLUMNS)
    sheet.begin((10, 10))
    sheet.extend((20, 20))
    assert [path.shape for path in sheet.paths] == [(2, 3)]
    sheet.begin((15, 15), erase=True)
    assert len(sheet.paths) == 2  # what is left of it
    sheet.undo()
    assert len(sheet.paths) == 1
    sheet.put(np.full((28, COLUMNS), 0.5))
    assert sheet.paths is None


def test_sheets_of_each_width_are_kept_apart(tmp_path):
    with keeping.opened(tmp_path, COLUMNS) as keeper:
        session = new_session(Counting(), tmp_path, keeper=keeper)
        draw(session, (10, 5), (100, 20))
        do(session, "reset")
        draw(session, (50, 5), (100, 20))
    with keeping.opened(tmp_path) as keeper:
        assert keeper.restore()[0].shape == grid.SHAPE
    with keeping.opened(tmp_path, COLUMNS) as keeper:
        sheet, history = keeper.restore()
        assert sheet.shape == (28, COLUMNS) and len(sheet.paths) == 1
        assert [entry.words for entry in history] == ["42 - 98 %"]
        assert [place.box for place in history[0].answer.places] == [(10, 4, 20, 24), (30, 4, 42, 24)]
