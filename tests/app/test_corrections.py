"""What people say that their drawings were, kept in a file."""

import os
import subprocess
import sys

import numpy as np
import pytest

from digits import UserError
from digits.app import corrections
from digits.app.corrections import NO_DIGIT, Corrections
from digits.app.history import Entry
from digits.files import locking, unipen
from digits.ink.sheet import Sheet
from digits.ink.strokes import Drawing
from tests.support.project import ROOT

SEVEN, ONE = ([np.float32([[700, 600], [2100, 600], [1200, 2400]])], [np.float32([[1400, 300], [1400, 2500]])])


@pytest.fixture
def kept(tmp_path):
    return Corrections(tmp_path / "hands" / "me" / "drawings.dat")


def labels(kept):
    return [drawing.label for drawing in kept.drawings()]


def test_what_is_kept_is_read_again_stroke_by_stroke(kept):
    assert kept.say(Drawing("7", SEVEN)) == ("7", True, 1)
    assert kept.say(Drawing(NO_DIGIT, [*ONE, *SEVEN])) == (NO_DIGIT, True, 2)
    first, second = kept.drawings()
    assert (first.label, second.label) == ("7", NO_DIGIT)
    np.testing.assert_array_equal(first.paths[0], SEVEN[0])
    assert len(second.paths) == 2


def test_nothing_is_there_at_first(kept):
    assert kept.drawings() == []


def test_the_same_drawing_under_another_label_has_that_one(kept):
    kept.say(Drawing("1", SEVEN))
    assert kept.say(Drawing("7", SEVEN)) == ("7", True, 1)
    assert labels(kept) == ["7"]


def test_what_is_said_again_is_taken_back_whatever_was_said_meanwhile(kept):
    kept.say(Drawing("7", SEVEN))
    kept.say(Drawing("1", ONE))
    assert kept.say(Drawing("7", SEVEN)) == ("7", False, 1)
    assert kept.say(Drawing("1", ONE)) == ("1", False, 0)
    assert not kept.path.exists() and kept.drawings() == []


def test_without_a_file_nothing_is_kept_and_that_is_said():
    with pytest.raises(UserError, match="without --no-keep"):
        Corrections(None).say(Drawing("7", SEVEN))


def test_a_damaged_file_is_left_as_it_is(kept):
    kept.path.parent.mkdir(parents=True)
    kept.path.write_text('.SEGMENT DRAWING 0 ? "7"\n.PEN_DOWN\nx y\n.PEN_UP\n')
    with pytest.raises(UserError, match="line 3"):
        kept.say(Drawing("1", ONE))
    assert "x y" in kept.path.read_text()


def test_two_windows_do_not_write_at_once(kept):
    kept.say(Drawing("7", SEVEN))
    with locking.alone(kept.path, ""), pytest.raises(UserError, match="Another window"):
        kept.say(Drawing("1", ONE))
    assert labels(kept) == ["7"]


def test_a_write_that_fails_leaves_what_was_kept(kept, monkeypatch):
    kept.say(Drawing("7", SEVEN))

    def full(path, drawings):
        raise UserError("The disk is full.")

    monkeypatch.setattr(unipen, "write", full)
    with pytest.raises(UserError):
        kept.say(Drawing("1", ONE))
    monkeypatch.undo()
    assert labels(kept) == ["7"]


def test_the_oldest_make_room(kept, monkeypatch):
    monkeypatch.setattr(corrections, "MOST", 2)
    for label in "123":
        kept.say(Drawing(label, [path + int(label) for path in ONE]))
    assert labels(kept) == ["2", "3"]


def test_a_stroke_of_any_length_can_be_read_again(kept):
    endless = [np.float32([[x, x % 7] for x in range(100_000)])]
    kept.say(Drawing("1", endless))
    [path] = kept.drawings()[0].paths
    assert 500 < len(path) < 1500 and path[-1].tolist() == [99_999, 99_999 % 7]


def test_a_stroke_of_any_length_can_be_taken_back(kept):
    kept.say(Drawing("1", [np.float32([[x, x % 7] for x in range(2_999)])] * 90))
    [long] = kept.drawings()
    assert not kept.say(long).is_kept


def test_of_a_drawing_only_what_was_not_erased_is_kept():
    sheet = Sheet()
    for path, erase in ([(7, 6), (21.126, 6)], False), ([(14, 4), (14, 8)], True):
        sheet.begin(path[0], erase=erase)
        sheet.extend(path[1:])
    sheet.end()
    left, right = Entry(sheet.ink, sheet.drawing, None).strokes
    assert left[0].tolist() == [700, 600] and right[-1].tolist() == [2113, 600]
    assert 1250 < left[-1, 0] < 1400 < right[0, 0] < 1550


def test_a_drawing_with_a_picture_in_it_has_no_strokes_to_be_kept():
    sheet = Sheet()
    sheet.put(np.full((28, 28), 0.5))
    sheet.begin((7, 6))
    assert Entry(sheet.ink, sheet.drawing, None).strokes == []


def test_what_is_removed_stays_removed_whoever_removes_it_again(kept):
    kept.say(Drawing("7", SEVEN))
    kept.say(Drawing("1", ONE))
    for _ in range(2):
        assert kept.remove(Drawing("7", SEVEN)) == ("7", False, 1)
    assert kept.remove(Drawing("1", ONE)).count == kept.remove(Drawing("1", ONE)).count == 0


def test_what_somebody_has_put_into_the_file_makes_no_room(kept, monkeypatch):
    monkeypatch.setattr(corrections, "MOST", 2)
    kept.path.parent.mkdir(parents=True)
    unipen.write(kept.path, [Drawing(label, [path + int(label) for path in ONE]) for label in "12345"])
    kept.say(Drawing("7", SEVEN))
    assert labels(kept) == ["2", "3", "4", "5", "7"]


@pytest.mark.skipif(os.name != "posix", reason="a signal that nobody can wait for")
def test_whatever_is_killed_while_it_keeps_loses_nothing(kept):
    """A process keeps one drawing after the other, says so each time, and is killed in the middle of it."""
    code = """
import sys, numpy
from pathlib import Path
from digits.app.corrections import Corrections
from digits.ink.strokes import Drawing
kept = Corrections(Path(sys.argv[1]))
while True:
    count = len(kept.drawings())
    kept.say(Drawing("7", [numpy.array([[0, 0], [count, 900]])]))
    print(count + 1, flush=True)
"""
    for wanted in (3, 8):
        with subprocess.Popen([sys.executable, "-c", code, kept.path], stdout=subprocess.PIPE, cwd=ROOT) as process:
            while int(process.stdout.readline()) < wanted:
                pass
            process.kill()
            said = [wanted, *map(int, process.stdout.read().split())][-1]
        assert said <= len(kept.drawings()) <= said + 1
