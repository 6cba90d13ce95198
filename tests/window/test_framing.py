"""A photograph's frame is pulled with a mouse, a finger and arrow keys."""

import numpy as np
import pygame
import pytest

from tests.support.framings import CORNERS, new_photograph


@pytest.fixture
def looking(hands):
    hands.loop.session.receive(new_photograph())
    return hands.frame()


def place(hands, point):
    """Return where a point of the photograph is in the window, in points."""
    layout, size = hands.loop.layout, hands.loop.session.scene.framing.size
    return tuple(at / layout.scale for at in layout.pixel_on_picture(point, size))


def corners(hands):
    return np.array(hands.loop.session.scene.framing.corners)


def test_a_corner_follows_the_mouse(looking):
    looking.press(place(looking, CORNERS[1])).move(place(looking, CORNERS[1] + (20, -10)))
    looking.release(place(looking, CORNERS[1])).move(place(looking, (0, 0)))
    np.testing.assert_allclose(corners(looking), CORNERS + [(0, 0), (20, -10), (0, 0), (0, 0)], atol=1e-6)


def test_all_of_the_frame_follows_a_finger_that_comes_down_inside(looking):
    width, height = (side / looking.loop.layout.scale for side in looking.loop.layout.size)
    for kind, point in (
        (pygame.FINGERDOWN, (150, 110)),
        (pygame.FINGERMOTION, (160, 105)),
        (pygame.FINGERUP, (160, 105)),
    ):
        x, y = place(looking, point)
        looking.post(kind, touch_id=1, finger_id=1, x=x / width, y=y / height, dx=0, dy=0)
    np.testing.assert_allclose(corners(looking), CORNERS + (10, -5), atol=1e-6)


def test_arrows_move_it_and_enter_puts_it_on_the_grid(looking, session):
    looking.key(pygame.K_RIGHT)
    assert corners(looking)[0, 0] > CORNERS[0, 0] and session.scene.cursor is None
    looking.key(pygame.K_SPACE, unicode=" ")
    assert session.scene.is_bare and not session.sheet.is_drawing
    looking.key(pygame.K_RETURN, unicode="\r")
    assert session.scene.framing is None and not session.scene.is_bare


def test_escape_leaves_it_and_its_buttons_say_what_they_do(looking, session):
    looking.press(looking.button("reset")).release(looking.button("reset"))
    assert session.scene.framing is None and session.scene.is_bare
    session.receive(new_photograph())
    looking.frame().key(pygame.K_ESCAPE, unicode="\x1b")
    assert session.scene.framing is None and session.is_open


def test_a_drag_that_outlives_the_photograph_draws_nothing(looking, session):
    looking.press(place(looking, (150, 110))).key(pygame.K_ESCAPE, unicode="\x1b")
    looking.move(looking.point((20, 20))).release(looking.point((20, 20)))
    assert session.scene.is_bare
