"""The sheet of what is kept: where its drawings lie, and that a click takes one off."""

import numpy as np
import pygame
import pytest

from digits.app.attention import POINTING
from digits.app.corrections import Example
from digits.app.teaching import Hand
from digits.assets import MODEL
from digits.ink.strokes import Drawing
from digits.window.kept import arrange_kept
from digits.window.plans import arrange
from digits.window.tools import _words


@pytest.mark.parametrize("size", [(240, 240), (480, 320), (900, 600), (3840, 2160)])
def test_everything_on_it_lies_in_the_window_and_apart(size):
    layout = arrange_kept(arrange(*size), 500)
    boxes = [*layout.targets.values()]
    assert len(boxes) > 3
    for number, box in enumerate(boxes):
        assert box.x >= 0 and box.y >= 0 and box.right <= size[0] and box.bottom <= size[1]
        assert not any(
            box.x < other.right and other.x < box.right and box.y < other.bottom and other.y < box.bottom
            for other in boxes[:number]
        )


def test_the_wheel_and_its_keys_leaf_through_what_has_no_room(hands, loop, session, monkeypatch):
    taken = []
    monkeypatch.setattr(session._teaching, "remove", taken.append)
    drawings = [Drawing(str(number), []) for number in range(300)]
    session.scene.kept = tuple(Example(one, np.zeros((28, 28), np.float32)) for one in drawings)
    hands.frame()
    page = session.scene.places
    radius = session.scene.radius
    hands.post(pygame.MOUSEWHEEL, x=0, y=-1)
    assert session.scene.first_kept == page
    hands.key(pygame.K_PAGEDOWN)
    assert session.scene.first_kept == 2 * page
    hands.key(pygame.K_PAGEUP).post(pygame.MOUSEWHEEL, x=0, y=1)
    assert session.scene.first_kept == 0 and session.scene.radius == radius
    hands.post(pygame.MOUSEWHEEL, x=0, y=-1).frame()
    place = arrange_kept(loop.layout, 300).history[1].centre
    hands.press(place).release(place)
    assert taken == [1] and session.scene.first_kept == page  # it is told by its place


def test_a_finger_leafs_by_the_arrows_and_no_farther_than_there_is_something(hands, loop, session):
    session.scene.kept = tuple(Example(Drawing("7", []), np.zeros((28, 28), np.float32)) for _ in range(300))
    hands.frame()
    page, tools = session.scene.places, arrange_kept(loop.layout, 300).tools

    def touch(name):
        x, y = tools[name].centre
        width, height = loop.layout.size
        for kind in (pygame.FINGERDOWN, pygame.FINGERUP):
            hands.post(kind, touch_id=1, finger_id=0, x=x / width, y=y / height)

    touch("newer")
    assert session.scene.first_kept == 0
    touch("older")
    assert session.scene.first_kept == page
    for _ in range(299 // page + 2):
        touch("older")
    assert session.scene.first_kept == 299 // page * page and not session.scene.can("older")
    touch("newer")
    assert session.scene.first_kept == (299 // page - 1) * page


def test_where_all_of_it_has_room_there_is_nothing_to_leaf_by():
    assert not arrange_kept(arrange(900, 600), 5).tools


def test_a_click_on_a_bar_says_what_the_drawing_was(hands, loop, session, monkeypatch):
    said = []
    monkeypatch.setattr(session._teaching, "keep", lambda entry, label: said.append((entry.ink, label)))
    hands.stroke((7, 6), (21, 6), (12, 24))
    bar = loop.layout.bars[4].centre
    hands.press(bar).release(bar)
    [(ink, label)] = said
    assert ink is session.sheet.ink and label == "4"


def test_it_has_a_place_for_each_of_few_drawings():
    assert len(arrange_kept(arrange(900, 600), 5).history) == 5


def test_a_click_on_a_drawing_takes_it_off_and_the_paper_stays_as_it_was(hands, loop, session, monkeypatch):
    taken = []
    monkeypatch.setattr(session._teaching, "remove", taken.append)
    session.scene.kept = tuple(Example(Drawing("7", []), np.zeros((28, 28), np.float32)) for _ in range(3))
    hands.frame()
    layout = arrange_kept(loop.layout, 3)
    hands.press(layout.history[1].centre).release(layout.history[1].centre)
    hands.press((400, 500)).release((400, 500))
    assert taken == [1] and session.sheet.is_empty
    hands.press(layout.buttons["kept"].centre).release(layout.buttons["kept"].centre)
    assert session.scene.kept is None


def test_tab_walks_over_it_and_enter_takes_a_drawing_off(hands, session, monkeypatch):
    taken = []
    monkeypatch.setattr(session._teaching, "remove", taken.append)
    session.scene.kept = tuple(Example(Drawing("7", []), np.zeros((28, 28), np.float32)) for _ in range(2))
    for focus in ("learn", "kept", 0, 1):
        assert hands.key(pygame.K_TAB).loop.session.scene.focus == focus
    hands.key(pygame.K_RETURN, unicode="\r").key(pygame.K_SPACE, unicode=" ").key(pygame.K_LEFT)
    assert taken == [1, 1] and session.scene.is_bare


@pytest.mark.parametrize(("name", "words"), [("learn", "Nothing is kept"), ("forget", "Nothing has been learnt")])
def test_a_button_that_can_do_nothing_says_why_to_whoever_rests_on_it(hands, session, name, words):
    session.scene.kept = ()
    hands.frame().move(hands.loop._places.buttons[name].centre).rest(POINTING + 0.1)
    assert session.scene.tip == name and words in _words(session.scene)


@pytest.mark.parametrize("cover", [{"kept": ()}, {"keys": True}])
def test_nothing_is_drawn_where_the_paper_cannot_be_seen(hands, session, cover):
    hands.press(hands.point((5, 5)))
    vars(session.scene).update(cover)
    hands.move(hands.point((20, 5))).release(hands.point((20, 5)))
    hands.key(pygame.K_SPACE, unicode=" ").key(pygame.K_DOWN)
    assert session.sheet.ink[:, 8:].max() == 0 and session.scene.cursor is None


def test_the_hand_of_a_session_may_be_nobodys():
    assert Hand(None, MODEL).corrections.examples() == ()
