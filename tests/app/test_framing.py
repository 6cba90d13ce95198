"""A photograph is looked at, and its frame moved, before it goes on the sheet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.files import pictures
from tests.support.drawings import SEVEN, draw_seven
from tests.support.framings import CORNERS, new_framing, new_photograph
from tests.support.sessions import do, draw, rest, wait_for_task

AWAY = st.floats(-1000, 1000)


@pytest.fixture
def looking(session):
    """A session with a drawing, and a photograph over it."""
    draw(session, *SEVEN)
    session.receive(new_photograph())
    rest(session)
    return session


def likeness(ink, other):
    return np.corrcoef(ink.ravel(), other.ravel())[0, 1]


def test_a_photograph_is_shown_before_it_goes_on_the_sheet(looking):
    drawn = looking.sheet.ink
    assert looking.scene.framing.photograph.found.startswith("Found: a sheet of paper")
    do(looking, "classify")
    assert looking.scene.framing is None and looking.sheet.ink is not drawn
    assert likeness(looking.sheet.ink, draw_seven()) > 0.9
    do(looking, "undo")
    assert looking.sheet.ink is drawn


@pytest.mark.parametrize("command", ["reset", "leave"])
def test_it_can_be_left_and_the_drawing_is_as_it_was(looking, command):
    drawn = looking.sheet.ink
    do(looking, command)
    assert looking.scene.framing is None and looking.sheet.ink is drawn


def test_the_sheet_under_it_cannot_be_changed(looking):
    drawn = looking.sheet.ink
    do(looking, "undo", "take_back", "why", "save")
    assert looking.sheet.ink is drawn and looking.scene.framing and not looking.scene.can("undo")
    assert looking.scene.can("classify") and looking.scene.can("reset") and not looking.scene.can(0)


def test_the_list_of_keys_is_left_first(looking):
    do(looking, "keys", "leave")
    assert looking.scene.framing and not looking.scene.keys


def test_an_empty_frame_is_said_and_can_be_moved_on(looking):
    looking.cutting.pull(None, (-1000, -1000))
    do(looking, "classify")
    assert looking.scene.framing and "nothing written in the frame" in looking.scene.message


def test_a_drawing_goes_on_the_sheet_at_once_and_a_photograph_does_not(session, tmp_path, monkeypatch):
    path = pictures.save(draw_seven(), tmp_path)
    session.import_picture(path)
    wait_for_task(session)
    assert session.scene.framing is None and not session.sheet.is_empty
    monkeypatch.setattr("digits.files.pictures.photographs.look", lambda image, columns: new_photograph())
    monkeypatch.setattr("digits.files.clean.is_clean", lambda levels: False)
    pictures.large(draw_seven()).save(tmp_path / "photograph.png")
    session.import_picture(tmp_path / "photograph.png")
    wait_for_task(session)
    assert session.scene.framing and not session.scene.message


def test_a_corner_is_taken_by_its_handle_and_the_frame_beside_it():
    framing = new_framing()
    assert [framing.handle_at(corner + 3, 10) for corner in CORNERS] == [0, 1, 2, 3]
    assert framing.handle_at((150, 110), 10) is None
    np.testing.assert_allclose(framing.pulled(2, (5, -7)).corners[2], CORNERS[2] + (5, -7))
    np.testing.assert_allclose(framing.pulled(None, (5, -7)).corners, CORNERS + (5, -7))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from([None, 0, 1, 2, 3]), AWAY, AWAY), max_size=6))
def test_however_it_is_pulled_every_corner_stays_within_reach(pulls):
    framing = new_framing()
    for handle, across, down in pulls:
        framing = framing.pulled(handle, (across, down))
    assert ((framing.handles >= 0) & (framing.handles <= framing.size)).all()
    assert framing.ink is None or framing.ink.shape == (28, 28)
