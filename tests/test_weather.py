"""In odd surroundings the programs work, or say in a true sentence why not."""

import os
import subprocess
import sys

import pytest

from digits import command_line
from digits.files import pictures
from tests.support import fake_mnist
from tests.support.drawings import draw_seven
from tests.support.project import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell and limits as POSIX has them")

READ = f"{sys.executable} {ROOT / 'recognition.py'} --read digit-1.png"
TRAIN = f"{sys.executable} {ROOT / 'handwriting.py'} model.keras"
NOBODY = "import pwd\ndef nobody(uid): raise KeyError(uid)\npwd.getpwuid = nobody\n"


@pytest.fixture
def folder(tmp_path):
    pictures.save(draw_seven(), tmp_path)
    return tmp_path


def shell(folder, line, **environment):
    """Run a line of shell in a folder; returns its exit code, output and error output."""
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert "Traceback" not in done.stderr and "pip install" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_may_be_closed(folder, closed):
    code, out, _ = shell(folder, f"{READ} {closed}")
    assert code == 0 and (">&-" in closed.split() or out == "digit-1.png: 7 - 100 %\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no disk that is always full")  # noqa: PTH110
@pytest.mark.parametrize("option", ["", "--json"])
def test_what_cannot_be_written_any_more_is_said(folder, option):
    assert shell(folder, f"{READ} {option} > /dev/full") == (
        1,
        "",
        "What the program says cannot be written (No space left on device); let it be written elsewhere.\n",
    )
    assert shell(folder, f"{READ} {option} > /dev/full 2> /dev/full") == (1, "", "")


GONE = "mkdir gone; cd gone; rmdir ../gone"


def test_the_folder_may_be_gone_and_that_is_said(folder):
    code, _, said = shell(folder, f"{GONE}; {READ.replace('digit-1', str(folder / 'digit-1'))}")
    assert code == 1 and "The folder in which the program was started is gone" in said and said.count("\n") == 1
    code, _, said = shell(folder, f"{GONE}; {TRAIN}")
    assert code == 1 and "cannot write in the folder" in said and said.count("\n") == 1


def test_a_user_may_have_no_home_and_no_name(folder):
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(NOBODY)
    before = sorted(folder.iterdir())
    lines = f"unset HOME XDG_CONFIG_HOME XDG_CACHE_HOME; {READ}"
    path = os.pathsep.join([str(folder / "site"), str(ROOT)])
    said = shell(folder, lines, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1")
    assert said == (0, "digit-1.png: 7 - 100 %\n", "")
    assert sorted(folder.iterdir()) == before


@pytest.mark.skipif(sys.platform != "linux", reason="no such limit")
def test_too_little_memory_for_what_a_training_needs_is_said(folder):
    images = fake_mnist.write(folder / "mnist.npz")
    code, _, said = shell(folder, f"ulimit -v 700000; {TRAIN} --network mlp-64-64 --mnist {images}")
    assert (code, said) == (1, f"{command_line.NO_MEMORY}\n")
