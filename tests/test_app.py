"""Every gesture and every key, as posted events through the real loop of events."""

import numpy as np
import pygame
import pytest
from conftest import SEVEN

from digits.recogniser import Trouble


def test_the_left_button_draws_along_its_way(hands, app):
    hands.stroke((5, 14), (23, 14))
    assert app.sheet.ink[13:15, 6:22].min() > 0.4
    assert app.sheet.ink[:11].max() == 0


def test_the_answer_follows_the_pen_and_stands_in_the_caption(hands, app):
    hands.press(hands.point((8, 6))).move(hands.point((20, 6)))
    hands.frame()
    assert app.scene.answer.digit == 7
    assert app.window.title == "7 - 98 %"


def test_an_empty_grid_gets_no_digit(hands, app, recogniser):
    hands.click("classify")
    assert recogniser.asked == []
    assert app.window.title == "draw a digit"


def test_reset_takes_the_answer_away_and_undo_brings_the_drawing_back(hands, app):
    hands.stroke(*SEVEN)
    drawn = app.sheet.ink
    hands.click("reset")
    assert app.scene.is_bare and app.scene.answer is None
    hands.key(pygame.K_z, pygame.KMOD_LCTRL)
    np.testing.assert_array_equal(app.sheet.ink, drawn)
    assert app.scene.answer.digit == 7


def test_without_live_only_classify_answers(hands, app, recogniser):
    hands.click("live").stroke(*SEVEN)
    assert recogniser.asked == []
    hands.click("classify")
    assert app.window.title == "7 - 98 %"
    hands.stroke((5, 5), (6, 6))
    assert app.scene.is_old
    hands.click("live")
    assert not app.scene.is_old and len(recogniser.asked) == 2


def test_a_classify_while_loading_is_answered_when_the_model_is_ready(hands, app, recogniser):
    recogniser.is_ready = False
    hands.stroke(*SEVEN).click("classify").rest(1)
    assert app.scene.state == "loading" and app.scene.seconds >= 1
    assert app.scene.answer is None
    recogniser.is_ready = True
    hands.frame()
    assert app.window.title == "7 - 98 %"


def test_an_answer_that_takes_long_is_said_to_be_thought_about(hands, app, recogniser):
    recogniser.is_prompt = False
    hands.stroke(*SEVEN).rest(0.5)
    assert app.scene.state == "thinking"
    recogniser.is_prompt = True
    hands.frame()
    assert app.scene.state == "ready"


def test_an_error_is_shown_and_the_next_answer_replaces_it(hands, app, recogniser):
    hands.stroke(*SEVEN)
    recogniser.say = Trouble("Out of memory.")
    hands.frame()
    assert app.scene.trouble == "Out of memory." and app.window.title == "no answer"
    hands.click("classify")
    assert app.scene.trouble == ""


def test_a_dead_recogniser_is_said_and_stays_said(hands, app, recogniser):
    recogniser.has_stopped, recogniser.say = True, Trouble("It has stopped.")
    hands.frame().click("reset").stroke(*SEVEN)
    assert app.scene.state == "stopped" and app.scene.trouble == "It has stopped."


def test_the_right_button_erases(hands, app):
    hands.stroke((5, 14), (23, 14)).stroke((14, 10), (14, 18), button=3)
    assert app.sheet.ink[14, 14] == 0 and app.sheet.ink[14, 7] > 0


def test_the_eraser_key_turns_the_brush_into_an_eraser_and_back(hands, app):
    hands.stroke((5, 14), (23, 14)).key(pygame.K_e, unicode="e").stroke((14, 10), (14, 18))
    assert app.sheet.ink[14, 14] == 0
    hands.key(pygame.K_e, unicode="e").stroke((14, 10), (14, 18))
    assert app.sheet.ink[14, 14] > 0


def test_a_stroke_that_leaves_the_grid_and_comes_back_continues(hands, app):
    hands.press(hands.point((5, 5))).move((2, 2)).move(hands.point((5, 20))).release(hands.point((5, 20)))
    assert app.sheet.ink[20, 5] > 0
    assert len(app.sheet.strokes) == 1


def test_a_press_beside_the_paper_draws_nothing(hands, app):
    hands.press((1, 1)).move(hands.point((14, 14))).release(hands.point((14, 14)))
    assert app.scene.is_bare


def test_only_one_pointer_draws_at_a_time(hands, app):
    hands.press(hands.point((5, 5))).press(hands.point((20, 20)), button=3).release((0, 0), button=3)
    hands.move(hands.point((5, 10)))
    assert len(app.sheet.strokes) == 1 and app.sheet.is_drawing


@pytest.mark.parametrize(
    ("key", "mod", "unicode"),
    [(pygame.K_y, pygame.KMOD_LCTRL, "\x19"), (pygame.K_z, pygame.KMOD_LMETA | pygame.KMOD_LSHIFT, "Z")],
)
def test_undo_and_redo_by_whole_strokes(hands, app, key, mod, unicode):
    hands.stroke((5, 5), (20, 5)).stroke((5, 20), (20, 20))
    both = app.sheet.ink
    hands.key(pygame.K_z, pygame.KMOD_RCTRL, "\x1a")
    assert app.sheet.ink[20].max() == 0 < app.sheet.ink[5].max()
    hands.key(key, mod, unicode)
    np.testing.assert_array_equal(app.sheet.ink, both)


def test_a_button_acts_once_on_release_however_long_it_is_held(hands, app, recogniser):
    hands.key(pygame.K_l, unicode="l").stroke(*SEVEN).press(hands.button("classify")).rest(2)
    assert recogniser.asked == []
    hands.release(hands.button("classify"))
    assert len(recogniser.asked) == 1


def test_a_button_left_before_the_release_does_nothing(hands, app):
    hands.stroke(*SEVEN).press(hands.button("reset")).move((2, 2)).release((2, 2))
    assert not app.scene.is_bare


def test_a_stroke_that_ends_over_a_button_does_not_press_it(hands, app):
    hands.press(hands.point((14, 14))).move(hands.button("reset")).release(hands.button("reset"))
    assert not app.scene.is_bare


def test_undo_in_the_middle_of_a_stroke_ends_it(hands, app):
    hands.press(hands.point((5, 5))).key(pygame.K_z, pygame.KMOD_LCTRL).move(hands.point((20, 20)))
    assert app.scene.is_bare


@pytest.mark.parametrize("kind", [pygame.QUIT, pygame.WINDOWCLOSE])
def test_closing_the_window_ends_it(hands, app, kind):
    hands.post(kind)
    assert not app.is_open


def test_escape_quits(hands, app):
    hands.key(pygame.K_ESCAPE, unicode="\x1b")
    assert not app.is_open


def test_nothing_is_drawn_without_a_change(hands, app):
    hands.stroke(*SEVEN).rest(1)
    before = hands.frames
    hands.rest(5)
    assert hands.frames == before


def test_bars_move_smoothly_to_where_they_belong(hands, app):
    hands.press(hands.point((14, 14)))
    on_the_way = app.scene.bars[7]
    assert 0 < on_the_way < 0.9
    hands.rest(1)
    assert app.scene.bars[7] == pytest.approx(0.98)
