"""Every gesture and every key, as posted events through the real loop of events."""

import time
from itertools import chain

import numpy as np
import pygame
import pytest

from digits.app.commands import BUTTONS, COMMANDS, DIGITS, TOOLS
from digits.app.dialogue import PAUSE
from digits.files import pictures
from digits.ink.sheet import Sheet
from digits.window import gestures
from digits.window.loop import ACTIVE, ASLEEP, AWAKE, IDLE, Loop
from tests.support.drawings import SEVEN
from tests.support.hands import Hands
from tests.support.sessions import new_session


def test_the_left_button_draws_along_its_way(hands, session):
    hands.stroke((5, 14), (23, 14))
    assert session.sheet.ink[13:15, 6:22].min() > 0.4
    assert session.sheet.ink[:11].max() == 0


def test_the_answer_follows_the_pen_and_stands_in_the_caption(hands, session, loop):
    hands.press(hands.point((8, 6))).move(hands.point((20, 6)))
    hands.frame()
    assert session.scene.answer.digit == 7
    hands.rest(PAUSE)
    assert loop.window.title == "7 - 98 %"


def test_the_title_is_changed_once_for_each_time_that_the_pen_rests(hands, recogniser, loop, monkeypatch):
    titles = []
    monkeypatch.setattr(type(loop.window), "title", property(lambda _: "", lambda _, title: titles.append(title)))
    hands.press(hands.point((14, 4)))
    for move in range(100):
        recogniser.digit, recogniser.probability = move % 10, 0.2 + 0.007 * move
        hands.move(hands.point((14, 4 + 0.2 * move)))
    hands.release(hands.point((14, 24))).rest(2 * PAUSE)
    assert list(dict.fromkeys(titles)) == ["Digits", "9 - 89 % (or 1)"]


def test_the_right_button_erases(hands, session):
    hands.stroke((5, 14), (23, 14)).stroke((14, 10), (14, 18), button=3)
    assert session.sheet.ink[14, 14] == 0 and session.sheet.ink[14, 7] > 0


def test_the_eraser_key_turns_the_brush_into_an_eraser_and_back(hands, session):
    hands.stroke((5, 14), (23, 14)).key(pygame.K_e, unicode="e").stroke((14, 10), (14, 18))
    assert session.sheet.ink[14, 14] == 0
    hands.key(pygame.K_e, unicode="e").stroke((14, 10), (14, 18))
    assert session.sheet.ink[14, 14] > 0


def test_the_stroke_under_the_pen_is_smooth_and_cells_when_the_pen_is_up(hands, loop):
    hands.finger(pygame.FINGERDOWN, (5.5, 5.5)).finger(pygame.FINGERMOTION, (20.5, 9.5)).rest(1)
    assert not cells_are_even(loop)
    hands.finger(pygame.FINGERUP, (20.5, 9.5))
    assert cells_are_even(loop)


def cells_are_even(loop):
    """Whether every cell has one colour, a quarter of its side from its corners."""
    paper, cell = loop.layout.paper, loop.layout.cell
    picture = pygame.surfarray.array3d(loop.window.surface)[paper.x : paper.right, paper.y : paper.bottom]
    near, far = cell // 4, 3 * cell // 4
    return np.array_equal(picture[near::cell, near::cell], picture[far::cell, far::cell])


def test_a_stroke_that_leaves_the_grid_and_comes_back_continues(hands, session):
    hands.press(hands.point((5, 5))).move((2, 2)).move(hands.point((5, 20))).release(hands.point((5, 20)))
    assert session.sheet.ink[20, 5] > 0
    assert len(session.sheet.strokes) == 1


def test_a_press_beside_the_paper_draws_nothing(hands, session):
    hands.press((1, 1)).move(hands.point((14, 14))).release(hands.point((14, 14)))
    assert session.scene.is_bare


def test_only_one_pointer_draws_at_a_time(hands, session):
    hands.press(hands.point((5, 5))).press(hands.point((20, 20)), button=3).release((0, 0), button=3)
    hands.move(hands.point((5, 10)))
    assert len(session.sheet.strokes) == 1 and session.sheet.is_drawing


@pytest.mark.parametrize(
    ("key", "mod", "unicode"),
    [(pygame.K_y, pygame.KMOD_LCTRL, "\x19"), (pygame.K_z, pygame.KMOD_LMETA | pygame.KMOD_LSHIFT, "Z")],
)
def test_undo_and_redo_by_whole_strokes(hands, key, mod, unicode, session):
    hands.stroke((5, 5), (20, 5)).stroke((5, 20), (20, 20))
    both = session.sheet.ink
    hands.key(pygame.K_z, pygame.KMOD_RCTRL, "\x1a")
    assert session.sheet.ink[20].max() == 0 < session.sheet.ink[5].max()
    hands.key(key, mod, unicode)
    np.testing.assert_array_equal(session.sheet.ink, both)


def test_a_button_acts_once_on_release_however_long_it_is_held(hands, recogniser):
    hands.key(pygame.K_l, unicode="l").stroke(*SEVEN).press(hands.button("classify")).rest(2)
    assert recogniser.asked == []
    hands.release(hands.button("classify"))
    assert len(recogniser.asked) == 1


def test_a_button_left_before_the_release_does_nothing(hands, session):
    hands.stroke(*SEVEN).press(hands.button("reset")).move((2, 2)).release((2, 2))
    assert not session.scene.is_bare


def test_a_stroke_that_ends_over_a_button_does_not_press_it(hands, session):
    hands.press(hands.point((14, 14))).move(hands.button("reset")).release(hands.button("reset"))
    assert not session.scene.is_bare


def test_undo_in_the_middle_of_a_stroke_ends_it(hands, session):
    hands.press(hands.point((5, 5))).key(pygame.K_z, pygame.KMOD_LCTRL).move(hands.point((20, 20)))
    assert session.scene.is_bare


@pytest.mark.parametrize("kind", [pygame.QUIT, pygame.WINDOWCLOSE])
def test_closing_the_window_ends_it(hands, kind, session):
    hands.post(kind)
    assert not session.is_open


def test_escape_takes_a_running_stroke_back_leaves_full_screen_and_never_quits(hands, session, loop):
    hands.stroke((5, 5), (20, 5)).key(pygame.K_F11).press(hands.point((5, 20))).move(hands.point((20, 20)))
    hands.key(pygame.K_ESCAPE)
    assert session.sheet.ink[20].max() == 0 < session.sheet.ink[5].max() and loop.window.is_fullscreen
    hands.release(hands.point((20, 20))).key(pygame.K_ESCAPE).frame()
    assert not loop.window.is_fullscreen
    hands.key(pygame.K_ESCAPE)
    assert session.is_open and not session.scene.is_bare


@pytest.mark.parametrize("key", [pygame.K_q, pygame.K_w])
def test_the_keys_that_close_windows_close_it(hands, session, key):
    hands.key(key, CTRL)
    assert not session.is_open


def test_nothing_is_drawn_without_a_change(hands):
    hands.stroke(*SEVEN).rest(1)
    before = hands.frames
    hands.rest(5)
    assert hands.frames == before


def test_tab_walks_the_buttons_and_enter_presses_the_one_in_focus(hands, session):
    hands.stroke(*SEVEN)
    for _ in range(2):
        hands.key(pygame.K_TAB, unicode="\t")
    assert session.scene.focus == "reset"
    hands.key(pygame.K_RETURN, unicode="\r")
    assert session.scene.is_bare
    hands.key(pygame.K_TAB, pygame.KMOD_LSHIFT, "\t")
    assert session.scene.focus is None


def test_enter_classifies_where_no_button_has_the_focus(hands, recogniser, loop):
    hands.key(pygame.K_l, unicode="l").stroke(*SEVEN).key(pygame.K_RETURN, unicode="\r")
    hands.rest(PAUSE)
    assert loop.window.title == "7 - 98 %" and len(recogniser.asked) == 1


def test_arrows_and_space_draw_without_a_mouse(hands, session):
    hands.hold(pygame.K_SPACE, unicode=" ")
    for _ in range(5):
        hands.key(pygame.K_RIGHT)
    hands.lift(pygame.K_SPACE).key(pygame.K_DOWN)
    assert session.scene.cursor == (19, 15)
    assert session.sheet.ink[14, 14:19].min() == 1 and session.sheet.ink[16:].max() == 0


def test_a_held_arrow_walks_on_and_stops_at_the_edge(hands, session):
    hands.hold(pygame.K_LEFT).rest(0.25)
    assert session.scene.cursor == (13, 14)
    hands.rest(0.25)
    assert 3 < session.scene.cursor[0] < 13
    hands.rest(2).lift(pygame.K_LEFT)
    assert session.scene.cursor == (0, 14)


def test_a_held_arrow_walks_faster_and_faster(hands, session):
    hands.hold(pygame.K_LEFT).rest(0.6)
    slow = 14 - session.scene.cursor[0]
    hands.rest(0.6)
    assert slow < 14 - session.scene.cursor[0] - slow


def test_a_tap_of_the_space_bar_puts_the_pen_down_and_another_puts_it_up(hands, session):
    hands.key(pygame.K_SPACE, unicode=" ").rest(1).key(pygame.K_RIGHT).key(pygame.K_RIGHT)
    assert session.sheet.is_drawing and session.sheet.ink[14, 14:17].min() > 0.9
    hands.key(pygame.K_SPACE, unicode=" ").key(pygame.K_DOWN)
    assert not session.sheet.is_drawing and session.sheet.ink[16:].max() == 0


def test_a_space_bar_held_for_long_draws_until_it_comes_up(hands, session):
    hands.hold(pygame.K_SPACE, unicode=" ").rest(0.5).lift(pygame.K_SPACE)
    assert not session.sheet.is_drawing


def test_after_an_undo_the_space_bar_puts_the_pen_down_again(hands, session):
    hands.key(pygame.K_SPACE, unicode=" ").key(pygame.K_z, pygame.KMOD_LCTRL, "\x1a").key(pygame.K_SPACE, unicode=" ")
    assert session.sheet.is_drawing


def test_a_mouse_takes_the_paper_from_a_pen_that_the_space_bar_left_down(hands, session):
    hands.key(pygame.K_SPACE, unicode=" ").stroke((5, 5), (9, 5))
    assert len(session.sheet.strokes) == 2 and not session.sheet.is_drawing


def test_a_wheel_leaves_the_pen_down(hands, session):
    hands.key(pygame.K_SPACE, unicode=" ").press(hands.point((3, 3)), button=4).post(pygame.MOUSEWHEEL, x=0, y=1)
    assert session.sheet.is_drawing and session.scene.radius > 1


def test_arrows_change_the_brush_where_its_slider_has_the_focus(hands, session):
    session.scene.focus = "brush"
    hands.key(pygame.K_RIGHT).key(pygame.K_UP).key(pygame.K_RIGHT)
    assert session.scene.radius == 1.75 and session.scene.cursor is None
    hands.key(pygame.K_LEFT).key(pygame.K_DOWN).key(pygame.K_SPACE, unicode=" ").key(pygame.K_RETURN, unicode="\r")
    assert session.scene.radius == 1.25 and session.scene.is_bare


def test_the_slider_follows_the_pointer_beyond_its_ends(hands, session, loop):
    thin, thick = ((x / loop.layout.scale, y / loop.layout.scale) for x, y in loop.layout.track)
    hands.press(thin)
    assert session.scene.radius == 0.5
    hands.move(thick).release((1, 1))
    assert session.scene.radius == 3 and session.scene.pressed is None
    hands.finger(pygame.FINGERDOWN, loop.layout.cells(loop.layout.track[0]))
    hands.finger(pygame.FINGERMOTION, (500, -500))
    assert session.scene.radius == 3


def test_a_button_that_can_do_nothing_does_nothing(hands, recogniser, session):
    hands.click("classify").click("why").click("undo")
    assert recogniser.asked == [] and not session.scene.why and session.scene.pressed is None


def test_a_click_on_one_of_the_last_drawings_takes_it_back(hands, session):
    hands.stroke(*SEVEN)
    seven = session.sheet.ink
    hands.click("reset").stroke((3, 3), (20, 3)).click(0)
    np.testing.assert_array_equal(session.sheet.ink, seven)
    assert len(session.scene.history) == 2


def test_tab_reaches_the_last_drawings_and_enter_takes_one_back(hands, session):
    hands.stroke(*SEVEN)
    seven = session.sheet.ink
    hands.click("reset").stroke((3, 3), (20, 3)).key(pygame.K_TAB, pygame.KMOD_LSHIFT).key(pygame.K_RETURN)
    assert session.scene.focus == 0
    np.testing.assert_array_equal(session.sheet.ink, seven)


def test_a_click_where_no_drawing_is_yet_does_nothing(hands, session):
    hands.click(1)
    assert session.scene.is_bare


def test_two_arrows_walk_aslant(hands, session):
    hands.hold(pygame.K_LEFT).hold(pygame.K_UP).rest(0.8)
    column, row = session.scene.cursor
    assert column == row < 10


def test_keys_are_let_go_with_the_focus_of_the_window(hands, session):
    hands.hold(pygame.K_SPACE, unicode=" ").hold(pygame.K_LEFT).post(pygame.WINDOWFOCUSLOST)
    place = session.scene.cursor
    hands.rest(1)
    assert session.scene.cursor == place and not session.sheet.is_drawing


def wheel(hands, by):
    hands.post(pygame.MOUSEWHEEL, x=0, y=by)


def bracket(hands, by):
    hands.key(pygame.K_8, pygame.KMOD_RALT, "]" if by > 0 else "[")  # on a keyboard where it takes AltGr


@pytest.mark.parametrize("turn", [wheel, bracket])
def test_the_size_of_the_brush_changes_within_limits(hands, turn, session):
    for _ in range(30):
        turn(hands, 1)
    assert session.scene.radius == 3
    hands.stroke((14, 14), (14, 14))
    assert session.sheet.ink[14, 11] > 0
    for _ in range(30):
        turn(hands, -1)
    assert session.scene.radius == 0.5


def test_the_brush_is_shown_at_the_pointer_and_only_over_the_paper(hands, session):
    hands.move(hands.point((3, 4)))
    assert session.scene.pointer == pytest.approx((3, 4), abs=0.1)
    hands.move(hands.button("undo"))
    assert session.scene.pointer is None and session.scene.hover == "undo"
    hands.post(pygame.WINDOWLEAVE)
    assert session.scene.hover is None


def test_a_finger_draws_and_its_echo_as_a_mouse_does_not(hands, session):
    hands.finger(pygame.FINGERDOWN, (5, 14)).press(hands.point((5, 14)), touch=True)
    hands.finger(pygame.FINGERMOTION, (20, 14)).move(hands.point((20, 20)), touch=True)
    hands.finger(pygame.FINGERUP, (20, 14)).release(hands.point((20, 14)), touch=True)
    assert len(session.sheet.strokes) == 1
    assert session.sheet.ink[14, 6:19].min() > 0.4 and session.sheet.ink[18:].max() == 0


def test_a_second_finger_draws_nothing(hands, session):
    hands.finger(pygame.FINGERDOWN, (5, 5)).finger(pygame.FINGERDOWN, (20, 20), finger=1)
    hands.finger(pygame.FINGERMOTION, (25, 25), finger=1).finger(pygame.FINGERUP, (25, 25), finger=1)
    hands.finger(pygame.FINGERMOTION, (5, 8)).finger(pygame.FINGERUP, (5, 8))
    assert session.sheet.ink[15:].max() == 0 < session.sheet.ink[6, 5]


def test_a_finger_presses_a_button(hands, session, loop):
    x, y = hands.button("eraser")
    hands.finger(pygame.FINGERDOWN, loop.layout.cells(loop.layout.pixel((x, y))))
    hands.finger(pygame.FINGERUP, loop.layout.cells(loop.layout.pixel((x, y))))
    assert session.scene.erasing and session.scene.hover is None


def test_pressure_makes_the_stroke_stronger(hands, monkeypatch, session):
    for row, pressure in ((7, 0.1), (21, 1.0)):
        monkeypatch.setattr("digits.window.gestures.pressure", lambda *_, much=pressure: much)
        hands.finger(pygame.FINGERDOWN, (5, row)).finger(pygame.FINGERMOTION, (22, row))
        hands.finger(pygame.FINGERUP, (22, row))
    assert 0 < session.sheet.ink[:14].sum() < 0.7 * session.sheet.ink[14:].sum()


def test_a_device_without_pressure_presses_fully():
    assert gestures.pressure(1, 1) == 1


@pytest.mark.parametrize("open_keys", [("F1", pygame.K_F1, ""), ("?", pygame.K_SLASH, "?"), ("?", pygame.K_COMMA, "?")])
def test_all_keys_are_shown_and_put_away_again(hands, open_keys, session):
    _, code, symbol = open_keys
    hands.key(code, unicode=symbol)
    assert session.scene.keys
    hands.key(pygame.K_ESCAPE)
    assert not session.scene.keys and session.is_open
    hands.key(code, unicode=symbol).press((5, 5))
    assert not session.scene.keys


def test_full_screen_and_back(hands, session, loop):
    size = loop.window.size
    hands.key(pygame.K_F11).frame()
    assert loop.window.is_fullscreen and session.settings.size == size
    hands.key(pygame.K_F11).frame()
    assert not loop.window.is_fullscreen


def test_a_dropped_picture_is_put_on_the_grid_answered_and_can_be_undone(hands, tmp_path, session, loop):
    hands.stroke(*SEVEN)
    before = session.sheet.ink
    path = pictures.save(before, tmp_path)
    hands.click("reset")
    hands.post(pygame.DROPFILE, file=str(path))
    end = time.monotonic() + 20
    while session.scene.message.startswith("Reading") and time.monotonic() < end:
        time.sleep(0.005)
        hands.frame()
    np.testing.assert_allclose(session.sheet.ink, before, atol=0.5 / 255)
    assert session.scene.message == ""
    hands.rest(PAUSE)
    assert loop.window.title == "7 - 98 %"
    hands.click("undo")
    assert session.scene.is_bare


CTRL = pygame.KMOD_LCTRL
KEYS = {
    "classify": [(pygame.K_RETURN, 0, "\r"), (pygame.K_KP_ENTER, 0, "\r")],
    "reset": [(pygame.K_DELETE, 0, "\x7f"), (pygame.K_BACKSPACE, 0, "\b")],
    "undo": [(pygame.K_z, CTRL, "\x1a")],
    "redo": [(pygame.K_y, CTRL, "\x19"), (pygame.K_z, CTRL | pygame.KMOD_LSHIFT, "\x1a")],
    "eraser": [(pygame.K_e, 0, "e"), (pygame.K_e, pygame.KMOD_LSHIFT, "E")],
    "live": [(pygame.K_l, 0, "l")],
    "why": [(pygame.K_w, 0, "w")],
    "inside": [(pygame.K_i, 0, "i")],
    "keys": [(pygame.K_F1, 0, ""), (pygame.K_SLASH, pygame.KMOD_LSHIFT, "?")],
    "take_back": [(pygame.K_h, 0, "h")],
    "thinner": [(pygame.K_LEFTBRACKET, 0, "[")],
    "thicker": [(pygame.K_RIGHTBRACKET, 0, "]")],
    "open": [(pygame.K_o, CTRL, "\x0f")],
    "save": [(pygame.K_s, CTRL, "\x13"), (pygame.K_s, pygame.KMOD_LMETA, "s")],
    "save_history": [(pygame.K_s, CTRL | pygame.KMOD_LSHIFT, "\x13")],
    "copy": [(pygame.K_c, CTRL, "\x03")],
    "paste": [(pygame.K_v, CTRL, "\x16")],
    **{digit: [(ord(digit), 0, digit)] for digit in DIGITS},
    "no_digit": [(pygame.K_n, 0, "n")],
    "kept": [(pygame.K_k, 0, "k")],
    "forget": [(pygame.K_l, CTRL | pygame.KMOD_LSHIFT, "\x0c")],
    "older": [(pygame.K_PAGEDOWN, 0, "")],
    "newer": [(pygame.K_PAGEUP, 0, "")],
    "learn": [(pygame.K_l, CTRL, "\x0c")],
    "theme": [(pygame.K_t, 0, "t")],
    "fullscreen": [(pygame.K_F11, 0, "")],
    "next_focus": [(pygame.K_TAB, 0, "\t")],
    "last_focus": [(pygame.K_TAB, pygame.KMOD_LSHIFT, "\t")],
    "leave": [(pygame.K_ESCAPE, 0, "\x1b")],
    "close": [(pygame.K_q, CTRL, "\x11"), (pygame.K_w, CTRL, "\x17"), (pygame.K_w, pygame.KMOD_LMETA, "w")],
}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_key_and_every_button_does_its_command(hands, session, monkeypatch, command):
    hands.stroke(*SEVEN).stroke((3, 3), (3, 9)).key(pygame.K_z, CTRL, "\x1a")
    done = []
    monkeypatch.setattr(session, "do", done.append)
    for key, mod, symbol in KEYS[command.name]:
        hands.key(key, mod, symbol)
    assert done == [command.name] * max(len(command.keys), len(KEYS[command.name]))
    if command.name in (*BUTTONS, *chain(*TOOLS), *DIGITS):
        hands.click(command.name)
        assert done[-2:] == [command.name] * 2


def test_a_resized_window_keeps_the_drawing_and_fits(hands, session, loop):
    hands.stroke(*SEVEN)
    before = session.sheet.ink
    loop.window.resize((480, 640))
    hands.frame()
    assert loop.layout.size == (480, 640) and session.settings.size == (480, 640)
    assert session.sheet.ink is before
    hands.stroke((3, 3), (3, 25))
    assert session.sheet.ink[5:24, 2:4].min() > 0.3


def test_it_rests_longer_when_nothing_moves(hands, recogniser, loop):
    hands.press(hands.point((5, 5)))
    loop.wait()
    assert recogniser.waited == ACTIVE
    hands.release(hands.point((5, 5))).rest(2)
    loop.wait()
    assert recogniser.waited == IDLE
    hands.rest(AWAKE)
    loop.wait()
    assert recogniser.waited == ASLEEP


def test_a_stroke_and_its_undo_may_come_in_one_frame(hands, session):
    x, y = hands.point((14, 14))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(x, y), button=1))
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, pos=(x, y), button=1))
    hands.key(pygame.K_z, pygame.KMOD_LCTRL, "\x1a")
    assert session.scene.is_bare and session.scene.can_redo


def test_the_pointer_has_a_shape_for_what_it_can_do(hands, monkeypatch):
    shapes = []
    monkeypatch.setattr("pygame.mouse.set_cursor", shapes.append)
    hands.move(hands.point((14, 14))).move(hands.point((15, 14))).move(hands.button("keys")).move((1, 1))
    hands.move(hands.button("undo"))  # nothing was drawn
    assert shapes == [pygame.SYSTEM_CURSOR_CROSSHAIR, pygame.SYSTEM_CURSOR_HAND, pygame.SYSTEM_CURSOR_ARROW]


def test_pressure_is_asked_of_the_device_for_the_events_own_word_is_wrong(monkeypatch):
    fingers = [{"id": 4, "pressure": 0.9}, {"id": 5, "pressure": 0.25}]
    monkeypatch.setattr("pygame._sdl2.touch.get_num_fingers", lambda device: len(fingers))
    monkeypatch.setattr("pygame._sdl2.touch.get_finger", lambda device, index: fingers[index])
    assert gestures.pressure(1, 5) == 0.25
    assert gestures.pressure(1, 6) == 1


@pytest.fixture
def wide(loop, recogniser, tmp_path):
    """Hands at a window with a sheet of 84 columns."""
    return Hands(Loop(new_session(recogniser, tmp_path, sheet=Sheet(84)), loop.window))


def test_a_wide_sheet_is_drawn_on_from_edge_to_edge(wide):
    wide.stroke((1, 14), (83, 14)).finger(pygame.FINGERDOWN, (80, 5)).finger(pygame.FINGERUP, (80, 5))
    ink = wide.loop.session.sheet.ink
    assert ink[13:15, 2:82].min() > 0.4 and ink[4:6, 79:81].min() > 0.4


def test_the_cursor_of_the_keyboard_begins_in_the_middle_of_a_wide_sheet_and_stops_at_its_edges(wide):
    wide.hold(pygame.K_RIGHT)
    assert wide.loop.session.scene.cursor == (43, 14)
    wide.rest(3).lift(pygame.K_RIGHT).hold(pygame.K_DOWN).rest(2)
    assert wide.loop.session.scene.cursor == (83, 27)
    wide.lift(pygame.K_DOWN).hold(pygame.K_LEFT).hold(pygame.K_UP).rest(5)
    assert wide.loop.session.scene.cursor == (0, 0)
