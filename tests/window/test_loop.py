"""Every gesture and every key, as posted events through the real loop of events."""

import time

import numpy as np
import pygame
import pytest

from digits.app.commands import COMMANDS
from digits.files import pictures
from digits.reading.answer import Trouble
from digits.window import gestures
from digits.window.loop import ACTIVE, IDLE
from tests.support.hands import SEVEN


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
    recogniser.has_stopped, recogniser.trouble = True, "It has stopped."
    hands.frame().click("reset").stroke(*SEVEN)
    assert app.scene.state == "stopped" and app.scene.trouble == "It has stopped."


def test_classify_tries_again_when_the_recogniser_has_stopped(hands, app, recogniser):
    recogniser.has_stopped, recogniser.trouble = True, "It has stopped."
    hands.stroke(*SEVEN).click("classify").rest(0.5)
    assert app.scene.state == "loading" and app.scene.seconds < 1
    recogniser.is_ready = True
    hands.frame()
    assert app.scene.state == "ready" and app.scene.trouble == "" and app.scene.answer.digit == 7


def test_a_recogniser_that_is_started_again_is_said_and_the_answer_comes_back(hands, app, recogniser):
    hands.stroke(*SEVEN).rest(100)
    recogniser.is_ready, recogniser.trouble = False, "It is started again."
    hands.rest(0.5)
    assert app.scene.trouble == "It is started again." and app.window.title == "no answer"
    assert app.scene.state == "loading" and app.scene.seconds < 1
    recogniser.is_ready, recogniser.trouble = True, ""
    hands.frame()
    assert app.window.title == "7 - 98 %" and app.scene.state == "ready"


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


def test_tab_walks_the_buttons_and_enter_presses_the_one_in_focus(hands, app):
    hands.stroke(*SEVEN)
    for _ in range(2):
        hands.key(pygame.K_TAB, unicode="\t")
    assert app.scene.focus == "reset"
    hands.key(pygame.K_RETURN, unicode="\r")
    assert app.scene.is_bare
    hands.key(pygame.K_TAB, pygame.KMOD_LSHIFT, "\t").key(pygame.K_TAB, pygame.KMOD_LSHIFT, "\t")
    assert app.scene.focus is None


def test_enter_classifies_where_no_button_has_the_focus(hands, app, recogniser):
    hands.key(pygame.K_l, unicode="l").stroke(*SEVEN).key(pygame.K_RETURN, unicode="\r")
    assert app.window.title == "7 - 98 %" and len(recogniser.asked) == 1


def test_arrows_and_space_draw_without_a_mouse(hands, app):
    hands.hold(pygame.K_SPACE, unicode=" ")
    for _ in range(5):
        hands.key(pygame.K_RIGHT)
    hands.lift(pygame.K_SPACE).key(pygame.K_DOWN)
    assert app.scene.cursor == (19, 15)
    assert app.sheet.ink[14, 14:19].min() == 1 and app.sheet.ink[16:].max() == 0


def test_a_held_arrow_walks_on_and_stops_at_the_edge(hands, app):
    hands.hold(pygame.K_LEFT).rest(0.25)
    assert app.scene.cursor == (13, 14)
    hands.rest(0.25)
    assert 3 < app.scene.cursor[0] < 13
    hands.rest(2).lift(pygame.K_LEFT)
    assert app.scene.cursor == (0, 14)


def test_two_arrows_walk_aslant(hands, app):
    hands.hold(pygame.K_LEFT).hold(pygame.K_UP).rest(0.6)
    column, row = app.scene.cursor
    assert column == row < 10


def test_keys_are_let_go_with_the_focus_of_the_window(hands, app):
    hands.hold(pygame.K_SPACE, unicode=" ").hold(pygame.K_LEFT).post(pygame.WINDOWFOCUSLOST)
    place = app.scene.cursor
    hands.rest(1)
    assert app.scene.cursor == place and not app.sheet.is_drawing


def wheel(hands, by):
    hands.post(pygame.MOUSEWHEEL, x=0, y=by)


def bracket(hands, by):
    hands.key(pygame.K_8, pygame.KMOD_RALT, "]" if by > 0 else "[")  # on a keyboard where it takes AltGr


@pytest.mark.parametrize("turn", [wheel, bracket])
def test_the_size_of_the_brush_changes_within_limits(hands, app, turn):
    for _ in range(30):
        turn(hands, 1)
    assert app.scene.radius == 3
    hands.stroke((14, 14), (14, 14))
    assert app.sheet.ink[14, 11] > 0
    for _ in range(30):
        turn(hands, -1)
    assert app.scene.radius == 0.5


def test_the_brush_is_shown_at_the_pointer_and_only_over_the_paper(hands, app):
    hands.move(hands.point((3, 4)))
    assert app.scene.pointer == pytest.approx((3, 4), abs=0.1)
    hands.move(hands.button("undo"))
    assert app.scene.pointer is None and app.scene.hover == "undo"
    hands.post(pygame.WINDOWLEAVE)
    assert app.scene.hover is None


def test_a_finger_draws_and_its_echo_as_a_mouse_does_not(hands, app):
    hands.finger(pygame.FINGERDOWN, (5, 14)).press(hands.point((5, 14)), touch=True)
    hands.finger(pygame.FINGERMOTION, (20, 14)).move(hands.point((20, 20)), touch=True)
    hands.finger(pygame.FINGERUP, (20, 14)).release(hands.point((20, 14)), touch=True)
    assert len(app.sheet.strokes) == 1
    assert app.sheet.ink[14, 6:19].min() > 0.4 and app.sheet.ink[18:].max() == 0


def test_a_second_finger_draws_nothing(hands, app):
    hands.finger(pygame.FINGERDOWN, (5, 5)).finger(pygame.FINGERDOWN, (20, 20), finger=1)
    hands.finger(pygame.FINGERMOTION, (25, 25), finger=1).finger(pygame.FINGERUP, (25, 25), finger=1)
    hands.finger(pygame.FINGERMOTION, (5, 8)).finger(pygame.FINGERUP, (5, 8))
    assert app.sheet.ink[15:].max() == 0 < app.sheet.ink[6, 5]


def test_a_finger_presses_a_button(hands, app):
    x, y = hands.button("eraser")
    hands.finger(pygame.FINGERDOWN, app.layout.cells(app.layout.pixel((x, y))))
    hands.finger(pygame.FINGERUP, app.layout.cells(app.layout.pixel((x, y))))
    assert app.scene.erasing and app.scene.hover is None


def test_pressure_makes_the_stroke_stronger(hands, app, monkeypatch):
    for row, pressure in ((7, 0.1), (21, 1.0)):
        monkeypatch.setattr("digits.window.gestures.pressure", lambda *_, much=pressure: much)
        hands.finger(pygame.FINGERDOWN, (5, row)).finger(pygame.FINGERMOTION, (22, row))
        hands.finger(pygame.FINGERUP, (22, row))
    assert 0 < app.sheet.ink[:14].sum() < 0.7 * app.sheet.ink[14:].sum()


def test_a_device_without_pressure_presses_fully():
    assert gestures.pressure(1, 1) == 1


@pytest.mark.parametrize("open_keys", [("F1", pygame.K_F1, ""), ("?", pygame.K_SLASH, "?"), ("?", pygame.K_COMMA, "?")])
def test_all_keys_are_shown_and_put_away_again(hands, app, open_keys):
    _, code, symbol = open_keys
    hands.key(code, unicode=symbol)
    assert app.scene.keys
    hands.key(pygame.K_ESCAPE)
    assert not app.scene.keys and app.is_open
    hands.key(code, unicode=symbol).press((5, 5))
    assert not app.scene.keys


def test_why_is_asked_for_and_shown_only_for_the_drawing_it_is_about(hands, app, recogniser):
    hands.stroke(*SEVEN).click("why")
    assert recogniser.asked[-1][1] and app.scene.shows_why
    recogniser.is_prompt = False
    hands.stroke((3, 3), (4, 4))
    assert not app.scene.shows_why
    recogniser.is_prompt = True
    hands.frame()
    assert app.scene.shows_why
    hands.click("why")
    assert not app.scene.shows_why


def test_the_theme_changes_and_is_remembered(hands, app):
    hands.key(pygame.K_t, unicode="t")
    assert app.scene.theme == app.settings.theme == "dark"
    hands.key(pygame.K_t, unicode="t")
    assert app.scene.theme == "light"


def test_full_screen_and_back(hands, app):
    size = app.window.size
    hands.key(pygame.K_F11).frame()
    assert app.window.is_fullscreen and app.settings.size == size
    hands.key(pygame.K_F11).frame()
    assert not app.window.is_fullscreen


def test_the_drawing_is_saved_where_it_says_and_reads_back_the_same(hands, app, tmp_path):
    hands.stroke(*SEVEN)
    for number in (1, 2):
        hands.key(pygame.K_s, pygame.KMOD_LCTRL, "\x13")
        assert app.scene.message == f"Saved: {tmp_path / f'digit-{number}.png'}"
    np.testing.assert_allclose(pictures.read(tmp_path / "digit-2.png"), app.sheet.ink, atol=0.5 / 255)
    hands.rest(6)
    assert app.scene.message == ""


def test_a_drawing_that_cannot_be_saved_is_said(hands, app, tmp_path):
    tmp_path.rmdir()
    hands.stroke(*SEVEN).key(pygame.K_s, pygame.KMOD_LMETA, "s")
    assert "could not be saved" in app.scene.message


def drop(hands, app, path):
    return wait_for_picture(hands.post(pygame.DROPFILE, file=str(path)), app)


def wait_for_picture(hands, app):
    end = time.monotonic() + 20
    while app.scene.message.startswith("Reading") and time.monotonic() < end:
        time.sleep(0.005)
        hands.frame()
    return hands


def test_a_dropped_picture_is_put_on_the_grid_answered_and_can_be_undone(hands, app, tmp_path):
    hands.stroke(*SEVEN)
    before = app.sheet.ink
    path = pictures.save(before, tmp_path)
    hands.click("reset")
    drop(hands, app, path)
    np.testing.assert_allclose(app.sheet.ink, before, atol=0.5 / 255)
    assert app.window.title == "7 - 98 %" and app.scene.message == ""
    hands.click("undo")
    assert app.scene.is_bare


def test_a_dropped_file_that_is_no_picture_is_said_and_changes_nothing(hands, app, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("seven")
    hands.stroke(*SEVEN)
    before = app.sheet.ink
    drop(hands, app, path)
    assert "notes.txt cannot be read as a picture" in app.scene.message
    assert app.sheet.ink is before


def test_a_copied_picture_is_pasted(hands, app, monkeypatch):
    square = np.zeros((28, 28), np.float32)
    square[10:18, 10:18] = 1
    monkeypatch.setattr("digits.files.pictures.from_clipboard", lambda columns: square)
    wait_for_picture(hands.key(pygame.K_v, pygame.KMOD_LCTRL, "\x16"), app)
    np.testing.assert_array_equal(app.sheet.ink, square)


def test_the_answer_is_copied(hands, app, monkeypatch):
    copied = []
    monkeypatch.setattr("digits.window.loop.put_in_clipboard", lambda words: copied.append(words) or True)
    hands.key(pygame.K_c, pygame.KMOD_LCTRL, "\x03")
    assert copied == [] and "no answer" in app.scene.message
    hands.stroke(*SEVEN).key(pygame.K_c, pygame.KMOD_LCTRL, "\x03")
    assert copied == ["7 - 98 %"] and app.scene.message == "Copied: 7 - 98 %"


def test_every_command_has_a_method_and_every_key_is_known(app):
    table = gestures.key_table()
    assert set(table.values()) == {command.name for command in COMMANDS}
    assert all(callable(getattr(app, command.name)) for command in COMMANDS)


def test_a_resized_window_keeps_the_drawing_and_fits(hands, app):
    hands.stroke(*SEVEN)
    before = app.sheet.ink
    app.window.resize((480, 640))
    hands.frame()
    assert app.layout.size == (480, 640) and app.settings.size == (480, 640)
    assert app.sheet.ink is before
    hands.stroke((3, 3), (3, 25))
    assert app.sheet.ink[5:24, 2:4].min() > 0.3


def test_it_rests_longer_when_nothing_moves(hands, app, recogniser):
    hands.press(hands.point((5, 5)))
    app.wait()
    assert recogniser.waited == ACTIVE
    hands.release(hands.point((5, 5))).rest(2)
    app.wait()
    assert recogniser.waited == IDLE


def test_a_stroke_and_its_undo_may_come_in_one_frame(hands, app):
    x, y = hands.point((14, 14))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(x, y), button=1))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, pos=(x, y), button=1))
    hands.key(pygame.K_z, pygame.KMOD_LCTRL, "\x1a")
    assert app.scene.is_bare and app.scene.can_redo


def test_the_pointer_has_a_shape_for_what_it_can_do(hands, monkeypatch):
    shapes = []
    monkeypatch.setattr("pygame.mouse.set_cursor", shapes.append)
    hands.move(hands.point((14, 14))).move(hands.point((15, 14))).move(hands.button("undo")).move((1, 1))
    assert shapes == [pygame.SYSTEM_CURSOR_CROSSHAIR, pygame.SYSTEM_CURSOR_HAND, pygame.SYSTEM_CURSOR_ARROW]


def test_pressure_is_asked_of_the_device_for_the_events_own_word_is_wrong(monkeypatch):
    fingers = [{"id": 4, "pressure": 0.9}, {"id": 5, "pressure": 0.25}]
    monkeypatch.setattr("pygame._sdl2.touch.get_num_fingers", lambda device: len(fingers))
    monkeypatch.setattr("pygame._sdl2.touch.get_finger", lambda device, index: fingers[index])
    assert gestures.pressure(1, 5) == 0.25
    assert gestures.pressure(1, 6) == 1
