"""One at a time, and a lock ends with whoever holds it."""

import subprocess
import sys

import pytest

from digits import UserError
from digits.files import locking
from tests.support.project import ROOT

HOLD = """
import pathlib, sys, time
from digits.files import locking
with locking.alone(pathlib.Path(sys.argv[1]), "held"):
    print("held", flush=True)
    time.sleep(60)
"""
COME_AND_GO = """
import contextlib, pathlib, sys
from digits import UserError
from digits.files import locking
target = pathlib.Path(sys.argv[1])
for _ in range(300):
    with contextlib.suppress(UserError), locking.alone(target, "held"):
        target.touch(exist_ok=False)
        target.unlink()
"""


def test_one_is_alone_and_leaves_nothing(tmp_path):
    with locking.alone(tmp_path / "model.keras", "At work."):
        assert [path.name for path in tmp_path.iterdir()] == [".model.keras.lock"]
        with locking.alone(tmp_path / "other.keras", "At work."):
            pass
        with pytest.raises(UserError, match=r"At work\."), locking.alone(tmp_path / "model.keras", "At work."):
            pass
    assert not list(tmp_path.iterdir())
    with locking.alone(tmp_path / "model.keras", "At work."):
        pass


def test_an_error_ends_it_too(tmp_path):
    with pytest.raises(ZeroDivisionError), locking.alone(tmp_path / "model.keras", "At work."):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_the_lock_of_another_process_ends_with_it_however_it_ends(tmp_path):
    target = tmp_path / "model.keras"
    with subprocess.Popen([sys.executable, "-c", HOLD, target], cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(UserError, match="At work"), locking.alone(target, "At work."):
            pass
        other.kill()
        other.wait()
    assert (tmp_path / ".model.keras.lock").exists()  # of a dead process
    with locking.alone(target, "At work."):
        pass
    assert not list(tmp_path.iterdir())


def test_many_who_come_and_go_are_never_two_at_once(tmp_path):
    others = [subprocess.Popen([sys.executable, "-c", COME_AND_GO, tmp_path / "one"], cwd=ROOT) for _ in range(3)]
    assert [other.wait() for other in others] == [0, 0, 0]  # else one found the file of another there
    assert not list(tmp_path.iterdir())


def test_where_no_lock_can_be_had_nobody_is_kept_from_anything(tmp_path):
    with locking.alone(tmp_path / "no folder" / "model.keras", "At work."):
        assert not list(tmp_path.iterdir())
