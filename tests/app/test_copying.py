"""What is copied: the drawing as a picture and the answer as text, or what of it the clipboard takes."""

import pytest

from tests.support.drawings import SEVEN
from tests.support.sessions import do, draw, fake_desktop, new_session, wait_for_task


@pytest.mark.parametrize(
    ("has_text", "has_both", "said"),
    [
        (True, True, "Copied: the drawing as a picture, and 7 - 98 % as text."),
        (True, False, "Copied: 7 - 98 %"),
        (False, False, "The clipboard cannot be reached."),
    ],
)
def test_what_the_clipboard_takes_is_copied_and_said(recogniser, tmp_path, has_text, has_both, said):
    put = []

    def put_both(ink, words):
        put.append((ink, words))
        return has_both

    desktop = fake_desktop(tmp_path, put_text=lambda words: has_text, put_both=put_both)
    session = new_session(recogniser, tmp_path, desktop=desktop)
    draw(session, *SEVEN)
    do(session, "copy")
    wait_for_task(session)
    assert session.scene.message == said and put[0] == (session.sheet.ink, "7 - 98 %")


@pytest.mark.parametrize(
    ("has_both", "said"), [(True, "Copied: the drawing."), (False, "There is no answer to copy yet.")]
)
def test_without_an_answer_the_drawing_alone_is_copied(recogniser, tmp_path, has_both, said):
    session = new_session(
        recogniser, tmp_path, desktop=fake_desktop(tmp_path, put_both=lambda *_: has_both), live=False
    )
    draw(session, *SEVEN)
    do(session, "copy")
    wait_for_task(session)
    assert session.scene.message == said


def test_an_empty_sheet_is_not_copied(session, copied):
    do(session, "copy")
    assert copied == [] and "nothing on the sheet" in session.scene.message


def test_the_answer_is_in_the_clipboard_as_text(session, copied):
    draw(session, *SEVEN)
    do(session, "copy")
    assert copied == ["7 - 98 %"]
