"""Files appear whole or not at all, whatever ends the program, and nothing else stays.

More kills: python -m tests.files.test_writing 200, and of a network that is saved: ... 20 model.keras
"""

import errno
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from digits import UserError, modelfile
from digits.app import settings
from digits.files import writing
from tests.support.project import ROOT

KILLS = 10


def put(content):
    return lambda unfinished: unfinished.write_bytes(content)


def left_in(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_what_is_written_is_there_and_nothing_else(tmp_path):
    for content in (b"old", b"new"):
        writing.write_whole(tmp_path / "report.html", put(content))
        assert left_in(tmp_path) == {"report.html": content}


def test_it_is_written_in_the_same_folder_under_a_hidden_name_that_ends_alike(tmp_path):
    seen = []
    writing.write_whole(
        tmp_path / "model.keras", lambda unfinished: seen.append(unfinished) or unfinished.write_text("")
    )
    assert seen[0].parent == tmp_path and seen[0].name.startswith(".model") and seen[0].suffix == ".keras"


TROUBLES = {
    "a full disk": (OSError(errno.ENOSPC, "No space left on device"), "No space left on device", "free some space"),
    "a folder that vanished": (FileNotFoundError(errno.ENOENT, "No such file"), "folder is still there"),
    "a folder to read only": (PermissionError(errno.EACCES, "Permission denied"), "may write in"),
    "a disk that failed": (OSError(errno.EIO, "Input/output error"), "Input/output error", "save somewhere else"),
}


@pytest.mark.parametrize("moment", ["open", "write", "flush", "replace"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_leaves_the_old_file_and_is_one_sentence(tmp_path, monkeypatch, trouble, moment):
    error, *words = TROUBLES[trouble]

    def fail(*_, **__):
        raise error

    (tmp_path / "file").write_bytes(b"old")
    moments = {"open": (Path, "open"), "flush": (os, "fsync"), "replace": (Path, "replace")}
    with monkeypatch.context() as patched:
        if moment in moments:
            patched.setattr(*moments[moment], fail)
        write = fail if moment == "write" else lambda unfinished: None
        with pytest.raises(UserError) as refused:
            writing.write_whole(tmp_path / "file", write)
    assert left_in(tmp_path) == {"file": b"old"}
    assert str(refused.value).startswith(f"{tmp_path / 'file'} could not be saved (") and "\n" not in str(refused.value)
    assert all(word in str(refused.value) for word in words)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("a bug")])
def test_whatever_else_ends_the_writing_leaves_the_old_file_too(tmp_path, error):
    def stop(unfinished):
        unfinished.write_bytes(b"ne")
        raise error

    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(type(error)):
        writing.write_whole(tmp_path / "file", stop)
    assert left_in(tmp_path) == {"file": b"old"}


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UserError, match="could not be saved"):
        writing.write_whole(tmp_path / "gone" / "file", put(b"new"))


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "file")
    for content in (b"old", b"new"):
        writing.write_whole(tmp_path / "link", put(content))
        assert (tmp_path / "link").is_symlink() and left_in(tmp_path / "disk") == {"file": content}


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes as files")
def test_a_device_and_a_pipe_are_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/null")
    for name in ("pipe", "link"):
        with pytest.raises(UserError, match="no file that could be written over"):
            writing.write_whole(tmp_path / name, put(b"new"))
    assert Path("/dev/null").is_char_device()


def test_a_name_as_long_as_names_may_be_is_written(tmp_path):
    path = tmp_path / ("ä" * 120 + ".keras")
    writing.write_whole(path, put(b"new"))
    assert left_in(tmp_path) == {path.name: b"new"}


def test_what_others_have_in_hand_and_what_is_not_ours_is_left_alone(tmp_path):
    other = tmp_path / ".file.unfinished"
    other.write_bytes(b"not ours")

    def meanwhile(unfinished):
        unfinished.write_bytes(b"first")
        writing.write_whole(tmp_path / "file.txt", put(b"second"))
        assert unfinished.read_bytes() == b"first"

    writing.write_whole(tmp_path / "file.txt", meanwhile)
    assert left_in(tmp_path) == {"file.txt": b"first", other.name: b"not ours"}


def test_what_a_killed_program_left_is_removed_by_the_next(tmp_path):
    (tmp_path / ".file.unfinished-0123abcd.txt").write_bytes(b"ne")
    (tmp_path / ".another.unfinished-0123abcd.txt").write_bytes(b"not of this file")
    writing.write_whole(tmp_path / "file.txt", put(b"new"))
    assert left_in(tmp_path).keys() == {"file.txt", ".another.unfinished-0123abcd.txt"}


def test_settings_are_written_so_too(tmp_path, monkeypatch):
    path = tmp_path / "window.json"
    settings.save(settings.Settings((700, 500), "dark"), path)
    monkeypatch.setattr(Path, "write_text", lambda *_: (_ for _ in ()).throw(TROUBLES["a full disk"][0]))
    settings.save(settings.Settings(), path)
    assert settings.load(path) == settings.Settings((700, 500), "dark")
    assert left_in(tmp_path).keys() == {"window.json"}


# Kills

SIZE = 300_000  # bytes; every file consists of one of them, repeated


def write_for_ever(path):
    """Write files that are each of one number throughout, another each time; say when the first is there."""
    save = models(path) if path.suffix == modelfile.SUFFIX else bytes_of(path)
    for number in range(1_000_000):
        save(number % 256)
        if number == 0:
            print("begun", flush=True)


def bytes_of(path):
    return lambda number: writing.write_whole(path, put(bytes([number]) * SIZE))


def models(path):
    import keras

    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])

    def save(number):
        model.set_weights([np.full(weights.shape, number) for weights in model.get_weights()])
        modelfile.save(model, path, {})

    return save


def numbers_in(path):
    """Return the numbers that a whole file consists of."""
    if path.suffix != modelfile.SUFFIX:
        content = path.read_bytes()
        assert len(content) == SIZE
        return set(content)
    return {number for weights in modelfile.load(path).get_weights() for number in np.unique(weights)}


def survive_kills(path, count, pause=0.05):
    """Kill writers at random moments and look at what is left; return how many were in the middle of a file."""
    moments, in_the_middle = random.Random(0), 0
    for _ in range(count):
        command = [sys.executable, "-m", "tests.files.test_writing", str(path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout.readline().strip() == b"begun"
            with pytest.raises(subprocess.TimeoutExpired):
                writer.wait(moments.uniform(0, pause))
            writer.kill()
        assert len(numbers_in(path)) == 1
        left = {file.name for file in path.parent.iterdir()} - {path.name}
        assert len(left) <= 1  # what the one before left is gone
        in_the_middle += len(left)
    writing.write_whole(path, put(b"the last"))
    assert left_in(path.parent) == {path.name: b"the last"}
    return in_the_middle


def test_a_kill_at_any_moment_leaves_a_whole_file_and_no_litter_that_stays(tmp_path):
    assert survive_kills(tmp_path / "file.bin", KILLS) > 0


def main(argument, name="file.bin"):
    if not argument.isdecimal():
        return write_for_ever(Path(argument))
    with tempfile.TemporaryDirectory() as folder:
        middle = survive_kills(
            Path(folder) / name, int(argument), pause=0.3 if name.endswith(modelfile.SUFFIX) else 0.05
        )
    print(f"{argument} kills survived, {middle} of them in the middle of a file")


if __name__ == "__main__":
    main(*sys.argv[1:])
