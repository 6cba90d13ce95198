"""Nothing drawn is lost, however the program ends."""

import numpy as np
import pytest

from digits.app import keeping
from digits.app.keeping import EVERY, Keeper
from digits.ink.sheet import Sheet
from tests.support.drawings import SEVEN
from tests.support.sessions import do, draw, new_session, rest

ONE = ((14, 5), (14, 24))


@pytest.fixture
def begin(recogniser, tmp_path):
    """Start the program, as far as a keeper goes; return its session."""

    def start(keeper):
        session = new_session(recogniser, tmp_path, keeper=keeper)
        rest(session)
        return session

    return start


def test_the_sheet_and_the_history_are_there_again(begin, tmp_path):
    with keeping.opened(tmp_path / "state") as keeper:
        session = begin(keeper)
        draw(session, *SEVEN)
        do(session, "reset")
        draw(session, *ONE)
        draw(session, (5, 5), (8, 8))
        do(session, "undo")
        seven, one = session.scene.history[0].ink, session.sheet.ink
    with keeping.opened(tmp_path / "state") as keeper:
        session = begin(keeper)
        np.testing.assert_array_equal(session.scene.ink, one)
        assert session.scene.answer.digit == 7  # it was asked for again
        (entry,) = session.scene.history
        np.testing.assert_array_equal(entry.ink, seven)
        assert entry.words == "7 - 98 %"
        do(session, "redo", "undo", "undo", "undo")
        np.testing.assert_array_equal(session.sheet.ink, seven)


def test_what_was_drawn_is_kept_meanwhile_and_a_kill_loses_the_last_moments_only(begin, tmp_path):
    path = tmp_path / "sheet.npz"
    keeper = Keeper(path)
    session = begin(keeper)
    draw(session, *SEVEN)
    rest(session, 2 * EVERY)
    keeper._writing.wait()
    session.sheet.begin(ONE[0])  # a stroke that never ends
    session.sheet.extend(ONE[1])
    rest(session, EVERY)
    keeper._writing.wait()
    np.testing.assert_array_equal(Keeper(path).restore()[0].ink, session.sheet.ink)


def test_it_is_written_no_more_often_than_it_must_be(begin, tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr("digits.files.kept.write", lambda path, pages: written.append(path))
    session = begin(Keeper(tmp_path / "sheet.npz"))
    for _ in range(10):
        draw(session, *SEVEN)
        rest(session, EVERY / 10)
    assert 1 <= len(written) <= 2
    rest(session, 5 * EVERY)
    assert len(written) <= 3


def test_two_windows_at_once_have_a_file_each_and_the_last_one_used_is_taken_over(begin, tmp_path):
    with keeping.opened(tmp_path) as one:
        session = begin(one)
        with keeping.opened(tmp_path) as other:
            draw(begin(other), *ONE)
        draw(session, *SEVEN)
        rest(session)
    with keeping.opened(tmp_path) as keeper:
        np.testing.assert_array_equal(keeper.restore()[0].ink, session.sheet.ink)
        with keeping.opened(tmp_path) as other:
            assert not other.restore()[0].is_empty


def test_more_windows_than_files_keep_nothing_and_work(begin, tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "WINDOWS", 1)
    with keeping.opened(tmp_path), keeping.opened(tmp_path) as keeper:
        draw(begin(keeper), *SEVEN)
    assert not [*tmp_path.iterdir()]


def test_a_damaged_file_gives_a_new_sheet_and_is_put_aside(begin, tmp_path):
    path = tmp_path / "sheet-1.npz"
    path.write_bytes(b"PK\3\4 and no more")
    with keeping.opened(tmp_path) as keeper:
        session = begin(keeper)
        assert session.scene.is_bare and session.scene.history == ()
        assert path.with_suffix(".damaged").exists()
        draw(session, *SEVEN)
    assert not Keeper(path).restore()[0].is_empty


def test_what_is_too_much_to_be_kept_stroke_by_stroke_is_kept_as_a_picture(tmp_path):
    sheet = Sheet()
    sheet.begin((0, 14))
    sheet.extend([(-1000, 14), (1000, 14)] * 30)
    keeper = Keeper(tmp_path / "sheet.npz")
    keeper.keep(sheet, (), 0)
    keeper.finish()
    np.testing.assert_array_equal(Keeper(tmp_path / "sheet.npz").restore()[0].ink, sheet.ink)


def test_only_the_last_acts_can_be_undone_after_a_new_start(tmp_path):
    sheet = Sheet()
    for i in range(keeping.KEPT + 20):
        sheet.begin((i % 28, i // 5))
    keeper = Keeper(tmp_path / "sheet.npz")
    keeper.keep(sheet, (), 0)
    keeper.finish()
    kept, _ = Keeper(tmp_path / "sheet.npz").restore()
    np.testing.assert_array_equal(kept.ink, sheet.ink)
    kept.undo()
    sheet.undo()
    np.testing.assert_array_equal(kept.ink, sheet.ink)


def test_a_drawing_that_cannot_be_kept_is_said_once_and_drawn_on(begin, tmp_path):
    (tmp_path / "state").write_text("in the way")
    with keeping.opened(tmp_path / "state") as keeper:
        session = begin(keeper)
        draw(session, *SEVEN)
        rest(session, EVERY)
        keeper._writing.wait()
        rest(session)
        assert "could not be saved" in session.scene.message
        rest(session, 10)
        draw(session, *ONE)
        rest(session, EVERY)
        assert session.scene.message == "" and session.scene.answer.digit == 7


def test_a_user_without_a_home_draws_as_well(begin):
    with keeping.opened(None) as keeper:
        session = begin(keeper)
        draw(session, *SEVEN)
        assert session.scene.answer.digit == 7


def test_nothing_is_written_where_nothing_was_drawn(begin, tmp_path):
    with keeping.opened(tmp_path / "state") as keeper:
        rest(begin(keeper), 3 * EVERY)
    assert not [*(tmp_path / "state").iterdir()]
