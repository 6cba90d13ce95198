"""What the window knows and does, without a window: commands, answers, messages, pictures in and out, and time."""

from itertools import chain

import numpy as np
import pytest

from digits.app.commands import BUTTONS, COMMANDS, DIGITS, KEPT_BUTTONS, TOOLS
from digits.app.dialogue import PAUSE
from digits.app.session import RADII
from digits.app.settings import Settings
from digits.ink.sheet import Sheet, columns_for
from digits.reading.answer import Trouble
from tests.support.drawings import SEVEN
from tests.support.sessions import do, draw, new_session, rest, wait_for_task

# Answers


def test_the_answer_follows_the_drawing(session, recogniser):
    draw(session, *SEVEN)
    assert session.scene.answer.digit == 7 and session.scene.caption == "7 - 98 %"
    assert len(recogniser.asked) == len(SEVEN) and recogniser.asked[-1][0] is session.sheet.ink


def test_a_bare_sheet_gets_no_digit(session, recogniser):
    do(session, "classify")
    assert recogniser.asked == []
    assert session.scene.caption == "draw a digit"


def test_reset_takes_the_answer_away_and_undo_brings_the_drawing_back(session):
    draw(session, *SEVEN)
    drawn = session.sheet.ink
    do(session, "reset")
    assert session.scene.is_bare and session.scene.answer is None
    do(session, "undo")
    np.testing.assert_array_equal(session.sheet.ink, drawn)
    assert session.scene.answer.digit == 7


def test_without_live_only_classify_answers(session, recogniser):
    do(session, "live")
    draw(session, *SEVEN)
    assert recogniser.asked == []
    do(session, "classify")
    assert session.scene.caption == "7 - 98 %"
    draw(session, (5, 5), (6, 6))
    assert session.scene.is_old
    do(session, "live")
    assert not session.scene.is_old and len(recogniser.asked) == 2


def test_a_classify_while_loading_is_answered_when_the_model_is_ready(session, recogniser):
    recogniser.is_ready = False
    draw(session, *SEVEN)
    do(session, "classify")
    rest(session, 1)
    assert session.scene.state == "loading" and session.scene.seconds >= 1
    assert session.scene.answer is None
    recogniser.is_ready = True
    rest(session)
    assert session.scene.caption == "7 - 98 %"


def test_an_answer_that_takes_long_is_said_to_be_thought_about(session, recogniser):
    recogniser.is_prompt = False
    draw(session, *SEVEN)
    assert session.scene.state == "ready"
    rest(session, 0.5)
    assert session.scene.state == "thinking"
    recogniser.is_prompt = True
    rest(session)
    assert session.scene.state == "ready"


def test_an_error_is_shown_and_the_next_answer_replaces_it(session, recogniser):
    draw(session, *SEVEN)
    recogniser.say = Trouble("Out of memory.")
    rest(session)
    assert session.scene.trouble == "Out of memory." and session.scene.caption == "no answer"
    do(session, "classify")
    assert session.scene.trouble == ""


def test_a_dead_recogniser_is_said_and_stays_said(session, recogniser):
    recogniser.has_stopped, recogniser.trouble = True, "It has stopped."
    do(session, "reset")
    draw(session, *SEVEN)
    assert session.scene.state == "stopped" and session.scene.trouble == "It has stopped."


def test_classify_tries_again_when_the_recogniser_has_stopped(session, recogniser):
    recogniser.has_stopped, recogniser.trouble = True, "It has stopped."
    draw(session, *SEVEN)
    do(session, "classify")
    rest(session, 0.5)
    assert session.scene.state == "loading" and session.scene.seconds < 1
    recogniser.is_ready = True
    rest(session)
    assert session.scene.state == "ready" and session.scene.trouble == "" and session.scene.answer.digit == 7


def test_a_recogniser_that_is_started_again_is_said_and_the_answer_comes_back(session, recogniser):
    draw(session, *SEVEN)
    rest(session, 100)
    recogniser.is_ready, recogniser.trouble = False, "It is started again."
    rest(session, 0.5)
    assert session.scene.trouble == "It is started again." and session.scene.caption == "no answer"
    assert session.scene.state == "loading" and session.scene.seconds < 1
    recogniser.is_ready, recogniser.trouble = True, ""
    rest(session)
    assert session.scene.caption == "7 - 98 %" and session.scene.state == "ready"


def test_why_is_asked_for_and_shown_only_for_the_drawing_it_is_about(session, recogniser):
    draw(session, *SEVEN)
    do(session, "why")
    [stroke] = recogniser.asked[-1][1]
    np.testing.assert_array_equal(stroke[:, :2], session.sheet.strokes[0].path)
    assert session.scene.shows_why
    recogniser.is_prompt = False
    draw(session, (3, 3), (4, 4))
    assert not session.scene.shows_why
    recogniser.is_prompt = True
    rest(session)  # until it is read
    rest(session)
    assert session.scene.shows_why
    do(session, "why")
    assert not session.scene.shows_why


def test_reasons_wait_until_the_pen_comes_up_and_hold_up_no_answer_before(session, recogniser):
    do(session, "why")
    session.sheet.begin((5, 5))
    rest(session)
    session.sheet.extend((20, 20))
    rest(session)
    assert [why for _, _, why, _ in recogniser.asked] == [False, False]
    assert session.scene.answer.digit == 7 and not session.scene.shows_why
    session.sheet.end()
    rest(session)
    rest(session)
    assert [why for _, _, why, _ in recogniser.asked] == [False, False, True]
    assert session.scene.shows_why


def test_where_no_reasons_can_be_had_they_are_not_asked_for_again_and_again(session, recogniser):
    draw(session, *SEVEN)
    recogniser.say = Trouble("The model cannot.")
    do(session, "why")
    rest(session)
    many = len(recogniser.asked)
    recogniser._waiting = None
    for _ in range(5):
        rest(session)
    assert len(recogniser.asked) == many


def test_what_the_layers_see_is_asked_for_only_while_it_is_shown_and_follows_the_pen(session, recogniser):
    draw(session, *SEVEN)
    assert not any(inside for *_, inside in recogniser.asked)
    do(session, "inside")
    assert recogniser.asked[-1][3] and session.scene.shows_inside
    session.sheet.begin((3, 3))
    rest(session)
    assert recogniser.asked[-1][3] and session.scene.answer.inside[0].maps[0] is not None
    session.sheet.end()
    do(session, "inside")
    draw(session, (5, 5))
    assert not recogniser.asked[-1][3] and not session.scene.shows_inside


@pytest.mark.parametrize("name", ["why", "inside"])
def test_what_is_wanted_while_an_answer_is_awaited_comes_after_it(session, recogniser, name):
    recogniser.is_prompt = False
    draw(session, *SEVEN)
    do(session, name)
    recogniser.is_prompt = True
    rest(session)
    rest(session)
    assert getattr(session.scene, f"shows_{name}") and len(recogniser.asked) == len(SEVEN) + 1


def test_why_and_the_look_inside_take_turns(session):
    draw(session, *SEVEN)
    do(session, "why", "inside")
    assert session.scene.shows_inside and not session.scene.shows_why
    do(session, "why")
    assert session.scene.shows_why and not session.scene.shows_inside
    do(session, "reset")
    assert not session.scene.shows_why and not session.scene.shows_inside


def test_bars_move_smoothly_to_where_they_belong(session):
    draw(session, (14, 14))
    assert 0 < session.scene.bars[7] < 0.9 and session.is_lively
    rest(session, 1)
    assert session.scene.bars[7] == pytest.approx(0.98) and not session.is_lively


def test_bars_are_as_far_at_the_same_time_however_many_frames_there_were(session, recogniser, tmp_path):
    other = new_session(recogniser, tmp_path)
    for each, frames in ((session, 2), (other, 20)):
        draw(each, (14, 14))
        for _ in range(frames):
            each.tick(each.now + 0.1 / frames)
            each.update()
    assert session.scene.bars[7] == pytest.approx(other.scene.bars[7])


def test_nothing_is_settled_before_the_pen_has_rested_and_the_answer_has_come(session, recogniser):
    draw(session, *SEVEN)
    assert not session.scene.is_settled
    rest(session, PAUSE)
    assert session.scene.is_settled and session.scene.title == "7 - 98 %"
    recogniser.is_prompt = False
    draw(session, (3, 3))
    rest(session, 2 * PAUSE)
    assert not session.scene.is_settled
    recogniser.is_prompt = True
    rest(session)
    assert session.scene.is_settled


def test_a_pen_that_rests_on_the_paper_has_paused_and_is_answered(session):
    session.sheet.begin((14, 14))
    rest(session, 2 * PAUSE)
    assert session.scene.is_settled and session.sheet.is_drawing


def test_to_ask_why_does_not_unsettle_an_answer(session, recogniser):
    draw(session, *SEVEN)
    rest(session, PAUSE)
    recogniser.is_prompt = False
    do(session, "why")
    assert session.scene.is_settled


def test_trouble_stands_in_the_title_at_once(session, recogniser):
    draw(session, *SEVEN)
    recogniser.say = Trouble("Out of memory.")
    rest(session)
    assert session.scene.title == "no answer"


# Commands


def test_nothing_needs_a_key():
    elsewhere = {"thinner", "thicker", "take_back", *DIGITS}  # the slider, the strip of the last drawings, the bars
    elsewhere |= {*KEPT_BUTTONS, "older", "newer"} - {"kept"}  # the wheel
    of_the_keyboard = {"next_focus", "last_focus", "leave", "close"}  # a window has a cross
    names = {command.name for command in COMMANDS}
    assert names - elsewhere - of_the_keyboard == {*BUTTONS, *chain(*TOOLS)} - {"brush"}


def test_every_command_is_carried_out(session):
    for command in COMMANDS:
        do(session, command.name)


def test_undo_in_the_middle_of_a_stroke_ends_it(session):
    session.sheet.begin((5, 5))
    do(session, "undo")
    session.sheet.extend((20, 20))
    rest(session)
    assert session.scene.is_bare


def test_what_can_be_undone_and_redone_is_shown(session):
    draw(session, *SEVEN)
    assert session.scene.can_undo and not session.scene.can_redo
    do(session, "undo")
    assert session.scene.can_redo and not session.scene.can_undo


def test_the_brush_changes_within_limits(session):
    do(session, *["thicker"] * 30)
    assert session.scene.radius == RADII[-1]
    do(session, *["thinner"] * 30)
    assert session.scene.radius == RADII[0]


def test_the_focus_walks_the_buttons_and_comes_back_to_the_paper(session):
    draw(session, *SEVEN)
    do(session, "next_focus", "next_focus")
    assert session.scene.focus == "reset"
    do(session, "last_focus", "last_focus")
    assert session.scene.focus is None
    do(session, "last_focus")
    assert session.scene.focus == "keys"


def test_the_focus_passes_over_what_can_do_nothing(session):
    do(session, "next_focus")
    assert session.scene.focus == "live"
    do(session, "next_focus", "next_focus", "next_focus")
    assert session.scene.focus == "kept"
    do(session, "last_focus")
    assert session.scene.focus == "eraser"


def test_a_focus_whose_button_can_do_nothing_any_more_walks_on_from_there(session):
    draw(session, *SEVEN)
    do(session, "next_focus", "next_focus", "reset", "next_focus")
    assert session.scene.focus == "live"


def test_what_is_pointed_at_for_a_while_is_explained_until_it_is_pressed(session):
    session.scene.hover = "theme"
    rest(session, 0.4)
    assert session.scene.tip is None
    rest(session, 0.2)
    assert session.scene.tip == "theme"
    do(session, "theme")
    rest(session, 2)
    assert session.scene.tip is None
    session.scene.hover = "keys"
    rest(session, 0.6)
    assert session.scene.tip == "keys"


def test_a_place_without_a_drawing_is_not_explained(session):
    session.scene.hover = 0
    rest(session, 1)
    assert session.scene.tip is None
    session.scene.hover = None
    draw(session, *SEVEN)
    do(session, "reset")
    session.scene.hover = 0
    rest(session, 1)
    assert session.scene.tip == 0


def test_the_first_start_says_how_to_begin_until_somebody_has_drawn(session, recogniser, tmp_path):
    assert session.scene.hint
    draw(session, *SEVEN)
    do(session, "reset")
    assert session.scene.hint == ""
    assert new_session(recogniser, tmp_path, settings=session.settings).scene.hint == ""
    assert new_session(recogniser, tmp_path, sheet=Sheet(columns_for(2))).scene.hint.startswith("Write a number with")


@pytest.mark.parametrize("name", ["classify", "reset", "why", "save", "copy", "undo"])
def test_a_bare_sheet_has_buttons_that_can_do_nothing(session, name):
    assert not session.scene.can(name)
    draw(session, *SEVEN)
    assert session.scene.can(name)


def test_classify_can_start_a_stopped_recogniser_again_on_a_bare_sheet_too(session, recogniser):
    recogniser.has_stopped = True
    rest(session)
    assert session.scene.can("classify")


@pytest.mark.parametrize("share", [0, 0.31, 1])
def test_the_slider_chooses_the_brush(session, share):
    session.choose_brush(share)
    assert session.scene.radius in RADII and session.scene.brush_share == pytest.approx(share, abs=0.05)


def test_the_stroke_under_the_pen_is_seen_while_it_is_drawn(session):
    session.sheet.begin((5, 5), radius=2, erase=True)
    session.sheet.extend([(6, 7), (9, 9)])
    rest(session)
    np.testing.assert_array_equal(session.scene.stroke[-1], [(5, 5, 2), (6, 7, 2), (9, 9, 2)])
    assert session.scene.stroke_erases
    session.sheet.end()
    rest(session)
    assert session.scene.stroke == ()


def test_leaving_goes_from_the_top_down_and_never_closes_the_window(session):
    do(session, "fullscreen", "next_focus", "keys")
    session.sheet.begin((5, 5))
    do(session, "leave")
    assert not session.scene.keys and session.sheet.is_drawing
    do(session, "leave")
    assert not session.sheet.is_drawing and session.scene.is_bare and session.scene.fullscreen
    do(session, "leave")
    assert not session.scene.fullscreen and session.scene.focus
    do(session, "leave", "leave")
    assert session.scene.focus is None and session.is_open
    do(session, "close")
    assert not session.is_open


def test_nothing_is_done_to_a_sheet_that_cannot_be_seen(session):
    draw(session, *SEVEN)
    do(session, "keys", "reset", "undo", "eraser", "next_focus", "theme")
    assert (session.scene.is_bare, session.scene.erasing, session.scene.focus) == (False, False, None)
    assert session.scene.theme == "dark"


def test_the_theme_changes_and_is_remembered(session):
    do(session, "theme")
    assert session.scene.theme == session.settings.theme == "dark"
    do(session, "theme")
    assert session.scene.theme == "light"


def test_the_theme_of_the_system_is_shown_and_stays_the_one_that_is_remembered(recogniser, tmp_path, monkeypatch):
    monkeypatch.setattr("digits.app.settings._is_dark", lambda: True)
    session = new_session(recogniser, tmp_path, settings=Settings(theme="system"))
    assert session.scene.theme == "dark" and session.settings.theme == "system"


# Pictures


def test_a_file_that_is_no_picture_is_said_and_changes_nothing(session, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("seven")
    draw(session, *SEVEN)
    before = session.sheet.ink
    session.import_picture(path)
    wait_for_task(session)
    assert "notes.txt cannot be read as a picture" in session.scene.message
    assert session.sheet.ink is before


def test_a_copied_picture_is_pasted(session, monkeypatch):
    square = np.zeros((28, 28), np.float32)
    square[10:18, 10:18] = 1
    monkeypatch.setattr("digits.files.clipboard.read", lambda columns: square)
    do(session, "paste")
    wait_for_task(session)
    np.testing.assert_array_equal(session.sheet.ink, square)


def test_an_error_that_nobody_foresaw_is_said_in_one_line(session, monkeypatch):
    def fail(columns):
        raise RuntimeError("no luck\nat all")

    monkeypatch.setattr("digits.files.clipboard.read", fail)
    do(session, "paste")
    wait_for_task(session)
    assert session.scene.message == "That did not work (no luck)."


def test_a_wide_sheet_is_drawn_on_saved_and_read_back(recogniser, tmp_path):
    session = new_session(recogniser, tmp_path, sheet=Sheet(84))
    draw(session, (5, 5), (80, 20))
    drawn = session.sheet.ink
    assert session.scene.ink.shape == (28, 84) and drawn[:, 70:].any()
    do(session, "save")
    wait_for_task(session)
    do(session, "reset")
    session.import_picture(tmp_path / "digit-1.png")
    wait_for_task(session)
    np.testing.assert_allclose(session.sheet.ink, drawn, atol=0.5 / 255)
    do(session, "undo")
    assert session.scene.is_bare
