"""Whatever people do, in whatever order: ink stays ink, nothing is raised, and undo brings back what was there."""

import random

import numpy as np
import pygame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digits.window.display import Window
from digits.window.loop import Loop
from tests.support import storm
from tests.support.hands import Hands
from tests.support.sessions import FakeRecogniser, new_session

happenings = st.builds(storm.happening, st.randoms(use_true_random=False))


@pytest.fixture(scope="module")
def window():
    window = Window((960, 640))
    yield window
    window.close()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=st.lists(happenings, max_size=40))
def test_any_stream_of_events_keeps_ink_raises_nothing_and_can_be_undone(stream, window, tmp_path):
    pygame.event.clear()
    recogniser = FakeRecogniser()
    session = new_session(recogniser, tmp_path)
    hands = Hands(Loop(session, window))
    for kind, facts in stream:
        storm.happen(hands, recogniser, kind, facts)
        hands.frame()
        ink = session.sheet.ink
        assert ink.shape == (28, 28) and ink.min() >= 0 and ink.max() <= 1
        if not session.is_open:
            assert kind in (pygame.QUIT, pygame.WINDOWCLOSE) or facts["key"] in (pygame.K_q, pygame.K_w)
            break
    undo_an_act(session.sheet)
    undo_everything(session.sheet)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("doing", ["rage", "live"])
def test_a_storm_of_events_and_an_hour_of_use_raise_nothing(tmp_path, monkeypatch, doing):
    monkeypatch.setattr("threading.excepthook", None)  # the storm puts its own there
    raging = storm.Storm(1, tmp_path)
    while raging.events < 3000:
        getattr(raging, doing)()
    assert raging.exceptions == [] and raging.frames > 100
    raging.close()


def test_a_storm_counts_what_is_raised_and_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("threading.excepthook", None)
    monkeypatch.setattr("digits.window.gestures.Gestures._wheel", lambda *_: 1 / 0)
    raging = storm.Storm(1, tmp_path)
    while raging.events < 3000:
        raging.rage()
    assert "ZeroDivisionError" in raging.exceptions[0] and raging.windows > len(raging.exceptions) > 1
    raging.close()


def test_a_storm_leaves_no_kind_of_event_out():
    die = random.Random(0)
    seen = {storm.happening(die)[0] for _ in range(100_000)}
    assert seen >= {pygame.QUIT, pygame.DROPFILE, pygame.DROPTEXT, pygame.FINGERDOWN, pygame.TEXTINPUT, "resize"}
    assert seen >= {pygame.WINDOWMINIMIZED, pygame.WINDOWFOCUSLOST, pygame.KEYUP, pygame.MOUSEWHEEL, "recogniser"}


def undo_an_act(sheet):
    """Do one thing more and take it back."""
    before = sheet.ink
    sheet.put(1 - before)
    sheet.undo()
    np.testing.assert_array_equal(sheet.ink, before)


def undo_everything(sheet):
    """Walk back to the bare sheet and forth again, and find the same drawing."""
    last, steps = sheet.ink, 0
    while sheet.can_undo:
        before = sheet.ink
        sheet.undo()
        steps += not np.array_equal(sheet.ink, before)
    assert sheet.is_empty
    for _ in range(steps):
        sheet.redo()
    np.testing.assert_array_equal(sheet.ink, last)
