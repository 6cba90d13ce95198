"""Whatever people do, in whatever order: ink stays ink, nothing is raised, and undo brings back what was there."""

import numpy as np
import pygame
import pytest
from conftest import FakeRecogniser, Hands
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digits.app import App
from digits.gestures import ARROWS, CODES
from digits.recogniser import Trouble
from digits.window import Window

points = st.tuples(st.integers(-50, 1000), st.integers(-50, 700))
buttons = st.integers(1, 5)
fingers = st.tuples(st.sampled_from([pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP]), st.integers(0, 2))
positions = st.floats(-0.5, 1.5)
codes = [code for codes in CODES.values() for code in codes if code != pygame.K_ESCAPE]
keys = st.sampled_from([*codes, *ARROWS, pygame.K_SPACE, *map(ord, "acelstwyz123"), 0x40000050, 0x3FF])
mods = st.sampled_from([0, pygame.KMOD_LSHIFT, pygame.KMOD_LCTRL, pygame.KMOD_LMETA, pygame.KMOD_ALT])
sizes = st.tuples(st.integers(1, 1200), st.integers(1, 1200))


def event(kind, **facts):
    return st.fixed_dictionaries(facts).map(lambda facts: (kind, facts))


touch = st.booleans()
events = st.one_of(
    event(pygame.MOUSEBUTTONDOWN, pos=points, button=buttons, touch=touch),
    event(pygame.MOUSEMOTION, pos=points, rel=points, buttons=st.just((1, 0, 0)), touch=touch),
    event(pygame.MOUSEBUTTONUP, pos=points, button=buttons, touch=touch),
    event(pygame.MOUSEWHEEL, x=st.just(0), y=st.integers(-3, 3)),
    *(
        event(kind, touch_id=st.just(1), finger_id=st.integers(0, 2), x=positions, y=positions)
        for kind in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP)
    ),
    event(pygame.KEYDOWN, key=keys, mod=mods, unicode=st.sampled_from(["", "?", "[", "]", "x", "\x1a"])),
    event(pygame.KEYUP, key=keys, mod=mods, unicode=st.just("")),
    event(pygame.DROPFILE, file=st.sampled_from(["/nowhere.png", __file__, ""])),
    *(event(kind) for kind in (pygame.WINDOWLEAVE, pygame.WINDOWFOCUSLOST, pygame.WINDOWEXPOSED, pygame.ACTIVEEVENT)),
    st.tuples(st.just("resize"), sizes),
    st.sampled_from([("hold back", None), ("answer", None), ("trouble", None)]),
)


@pytest.fixture(scope="module")
def window():
    window = Window("Digits", (960, 640))
    yield window
    window.close()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=st.lists(events, max_size=40))
def test_any_stream_of_events_keeps_ink_raises_nothing_and_can_be_undone(stream, window, tmp_path):
    pygame.event.clear()
    recogniser = FakeRecogniser()
    hands = Hands(App(recogniser, window, now=0.0, theme="light", folder=tmp_path))
    for kind, facts in stream:
        happen(hands, recogniser, kind, facts)
        ink = hands.app.sheet.ink
        assert ink.shape == (28, 28) and ink.min() >= 0 and ink.max() <= 1
        assert hands.app.is_open
    undo_an_act(hands.app)
    undo_everything(hands.app.sheet)


def happen(hands, recogniser, kind, facts):
    if kind == "resize":
        hands.app.window.resize(facts)
        hands.frame()
    elif kind == "trouble":
        recogniser.say = Trouble("No.")
        hands.frame()
    elif kind in ("hold back", "answer"):
        recogniser.is_prompt = kind == "answer"
        hands.frame()
    else:
        hands.post(kind, **facts)


def undo_an_act(app):
    """Do one thing more and take it back."""
    before = app.sheet.ink
    app.put(1 - before)
    app.do("undo")
    np.testing.assert_array_equal(app.sheet.ink, before)


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
