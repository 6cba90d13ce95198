"""Drawings become files where people say so, and it is said what came of it."""

import sys

import numpy as np
import pytest
from PIL import Image

from digits import UserError
from digits.app import choosing, places
from digits.files import pictures, unipen
from digits.ink import grid
from digits.reading.answer import Answer, Number, Place
from tests.support.drawings import SEVEN
from tests.support.sessions import do, draw, fake_desktop, new_session, probabilities, rest, wait_for_task

INK = grid.empty(1)[0]


@pytest.fixture
def save(recogniser, tmp_path):
    """Draw a seven, save it by a name, and return the session; None: people change their minds."""

    def saved(name, command="save", prepare=lambda session: None):
        desktop = fake_desktop(tmp_path, ask_where=lambda path: name and tmp_path / name)
        session = new_session(recogniser, tmp_path, desktop=desktop)
        draw(session, *SEVEN)
        prepare(session)
        do(session, command)
        wait_for_task(session)
        return session

    return saved


def test_the_drawing_is_saved_where_it_says_and_reads_back_the_same(session, tmp_path):
    draw(session, *SEVEN)
    for number in (1, 2):
        do(session, "save")
        wait_for_task(session)
        assert session.scene.message == f"Saved: {tmp_path / f'digit-{number}.png'}"
    np.testing.assert_allclose(pictures.read(tmp_path / "digit-2.png"), session.sheet.ink, atol=0.5 / 255)
    rest(session, 4)
    assert session.scene.message
    rest(session, 2)
    assert session.scene.message == ""


def test_the_folder_for_pictures_is_made_where_there_is_none(recogniser, tmp_path):
    session = new_session(recogniser, tmp_path, desktop=fake_desktop(tmp_path / "home" / "Pictures"))
    draw(session, *SEVEN)
    do(session, "save")
    wait_for_task(session)
    assert (tmp_path / "home" / "Pictures" / "digit-1.png").exists()


def test_a_drawing_that_cannot_be_saved_is_said(recogniser, tmp_path):
    (tmp_path / "Pictures").write_text("in the way")
    session = new_session(recogniser, tmp_path, desktop=fake_desktop(tmp_path / "Pictures"))
    draw(session, *SEVEN)
    do(session, "save")
    wait_for_task(session)
    assert "cannot be made" in session.scene.message


def test_an_empty_sheet_is_not_saved(session, tmp_path):
    for command in ("save", "save_history"):
        do(session, command)
        assert session.scene.message.startswith("There ") and not [*tmp_path.iterdir()]


def test_who_chooses_no_name_saves_nothing(save, tmp_path):
    assert save(None).scene.message == "Nothing was saved."
    assert not [*tmp_path.iterdir()]


def test_a_large_picture_shows_the_same_digit(save, tmp_path):
    session = save("seven-large.png")
    with Image.open(tmp_path / "seven-large.png") as image:
        assert image.size == (560, 560)
    assert abs(pictures.read(tmp_path / "seven-large.png") - session.sheet.ink).mean() < 0.03


def test_strokes_are_saved_as_unipen_text_with_the_answer_as_label(save, tmp_path):
    session = save("seven.dat")
    assert session.scene.message == f"Saved: {tmp_path / 'seven.dat'}"
    (drawing,) = unipen.read(tmp_path / "seven.dat")
    assert drawing.label == "7"
    np.testing.assert_array_equal(drawing.paths[0], 100 * np.array(SEVEN))


def test_the_strokes_of_a_number_have_all_of_it_but_spaces_as_label(save, tmp_path):
    def answer(session):
        places = tuple(
            Place((x, 4, x + 9, 22), Answer(INK, probabilities(digit, 0.99)), sign)
            for x, digit, sign in ((2, 4, "-"), (15, 2, " "))
        )
        session.scene.answer = Number(session.sheet.ink, places[0].answer.probabilities, places=places)

    save("number.dat", prepare=answer)
    assert [drawing.label for drawing in unipen.read(tmp_path / "number.dat")] == ["-42"]


def test_what_was_erased_is_not_saved(save, tmp_path):
    def erase(session):
        middle = np.mean(SEVEN[:2], axis=0)
        session.sheet.begin(middle, erase=True)

    save("seven.dat", prepare=erase)
    first, second = unipen.read(tmp_path / "seven.dat")[0].paths
    assert first[:, 0].max() < second[:, 0].min()


def test_a_picture_has_no_strokes_to_save(save, tmp_path):
    def lay(session):
        session.put(np.ones((28, 28)))
        session.sheet.begin((5, 5))  # not even where there are strokes beside it

    message = save("seven.dat", prepare=lay).scene.message
    assert "a picture on the sheet" in message and not [*tmp_path.iterdir()]


def test_a_name_without_an_end_is_a_picture_and_writes_over_nothing(save, tmp_path):
    assert save("seven").scene.message == f"Saved: {tmp_path / 'seven.png'}"
    assert "there already" in save("seven").scene.message


def test_a_name_with_an_unknown_end_is_refused(save, tmp_path):
    assert "seven.jpg was not saved: expected a name that ends in .png" in save("seven.jpg").scene.message
    assert not [*tmp_path.iterdir()]


def test_the_last_drawings_are_saved_as_one_picture(save, tmp_path):
    def draw_more(session):
        for _ in range(7):
            do(session, "reset")
            draw(session, (14 + len(session.scene.history), 5), (14, 24))

    save("all.png", "save_history", draw_more)
    with Image.open(tmp_path / "all.png") as image:
        assert image.width > 6 * 168 and image.height > 2 * 168
        assert np.asarray(image)[:, -300:].min() < 50  # the row is full


def test_a_dialogue_is_opened_once(session, monkeypatch):
    begun = []
    draw(session, *SEVEN)
    monkeypatch.setattr(session._tasks, "is_running", lambda kind: bool(begun))
    monkeypatch.setattr(session._tasks, "begin", lambda kind, *_: begun.append(kind))
    do(session, "save", "save", "save_history")
    assert begun == ["save"]


# The dialogue itself


def asked(monkeypatch, code, cancelled=1):
    """Ask in a dialogue that is a few lines of Python."""
    monkeypatch.setattr(choosing, "_dialogue", lambda *_: ([sys.executable, "-S", "-c", code], cancelled))


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("print('/chosen/7 \u00e9.png')", "/chosen/7 \u00e9.png"),
        ("raise SystemExit(1)", None),
        ("raise SystemExit(5)", "/suggested.png"),
    ],
)
def test_the_dialogue_answers_with_a_path_with_none_or_not_at_all(monkeypatch, tmp_path, code, answer):
    monkeypatch.setenv("PYTHONUTF8", "1")
    asked(monkeypatch, code)
    path = choosing.ask_where(tmp_path.parent.parent / "/suggested.png")
    assert (path and path.as_posix()) == answer


@pytest.mark.parametrize(("there", "command"), [("zenity", "zenity"), ("kdialog", "kdialog"), (None, sys.executable)])
def test_the_dialogue_is_the_desktops_own_where_it_has_one(monkeypatch, tmp_path, there, command):
    monkeypatch.setattr("shutil.which", lambda name: name if name == there else None)
    for title, name in ((choosing.SAVE, "digit-1.png"), (choosing.OPEN, "")):
        words, _ = choosing._dialogue(title, tmp_path, name)
        assert words[0] == command and any(title in word for word in words)
        assert any("digit-1.png" in word for word in words) == bool(name)
        assert any(word.startswith("--save") or word == "--getsavefilename" for word in words) == bool(name and there)


def test_the_dialogue_begins_in_a_folder_that_is_there(monkeypatch, tmp_path):
    begun = []
    monkeypatch.setattr(choosing, "_dialogue", lambda *begin: begun.append(begin) or ([sys.executable, "-c", ""], 0))
    assert choosing.ask_where(tmp_path / "home" / "Pictures" / "digit-1.png") is None
    assert begun == [(choosing.SAVE, tmp_path, "digit-1.png")]


def test_where_nobody_can_be_asked_for_a_file_it_is_said_what_to_do_instead(monkeypatch, tmp_path):
    asked(monkeypatch, "raise SystemExit(5)")
    with pytest.raises(UserError, match="drop the file on the window"):
        choosing.ask_which(tmp_path)


def test_a_chosen_picture_is_put_on_the_sheet(recogniser, tmp_path):
    ink = np.zeros((28, 28), np.float32)
    ink[8:20, 12:16] = 1
    pictures.write(tmp_path / "one.png", ink)
    for chosen in (tmp_path / "one.png", None):
        desktop = fake_desktop(tmp_path, ask_which=lambda folder, chosen=chosen: chosen)
        session = new_session(recogniser, tmp_path, desktop=desktop)
        do(session, "open")
        wait_for_task(session)
        assert session.scene.is_bare == (chosen is None)


def test_the_dialogue_of_tk_is_python():
    compile(choosing._TK, "dialogue", "exec")


def test_the_folder_for_pictures_is_never_the_working_directory(monkeypatch):
    for home in ("Pictures", "~/Pictures"):
        monkeypatch.setattr("platformdirs.user_pictures_path", lambda home=home: places.Path(home))
        assert places.pictures().is_absolute()
