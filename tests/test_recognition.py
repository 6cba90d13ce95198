"""The program as a whole, from its command line: what it says, how it ends, and what it does without."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import model_files
import pytest
from conftest import draw_seven, write_model

from digits import pictures

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "recognition.py"


def run(*arguments, **environment):
    """Run the program in another folder, and return its exit code, output and errors."""
    done = subprocess.run(
        [sys.executable, PROGRAM, *arguments],
        cwd=ROOT.parent,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def model(tmp_path):
    """The smallest model there is."""
    return model_files.write(tmp_path / "model.keras")


def test_help_needs_neither_tensorflow_nor_pygame():
    code = "import sys, recognition\ntry: recognition.parse(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    usage, modules = done.stdout.rsplit("\n", 2)[0], done.stdout.split("\n")[-2].split()
    assert "--no-live" in usage
    assert not {"tensorflow", "keras", "pygame", "matplotlib"} & set(modules)


def test_a_wrong_option_is_a_usage_error():
    code, _, errors = run("--unknown")
    assert code == 2 and "usage:" in errors


def test_a_model_that_is_not_there_is_said_at_once(tmp_path):
    code, output, errors = run(tmp_path / "none.keras")
    assert (code, output) == (1, "") and "none.keras" in errors and errors.count("\n") == 1


def test_a_folder_is_no_model(tmp_path):
    code, _, errors = run(tmp_path)
    assert code == 1 and errors.count("\n") == 1


def test_a_model_that_cannot_be_loaded_closes_the_window_with_a_sentence(model):
    model_files.write(model, weights=b"none")  # which the window itself does not look at
    code, output, errors = run(model)
    assert (code, output) == (1, "") and "model.keras" in errors and errors.count("\n") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_no_display_is_said(model):
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment.pop("SDL_VIDEODRIVER")
    done = subprocess.run(
        [sys.executable, PROGRAM, model], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1 and "no display" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="signals to other processes")
@pytest.mark.parametrize("after", [0.4, 1.5])
def test_ctrl_c_ends_it_at_once_and_in_silence(model, after):
    with subprocess.Popen([sys.executable, PROGRAM, model], stderr=subprocess.PIPE, text=True) as program:
        time.sleep(after)
        program.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert program.wait(5) == 130
        assert time.monotonic() - began < 1
        assert program.stderr.read() == ""


def test_json_without_pictures_to_read_is_a_usage_error():
    code, _, errors = run("--json")
    assert code == 2 and "--read" in errors


def test_pictures_are_read_with_no_display_and_the_exit_code_tells_of_those_that_were_not(tmp_path):
    write_model(tmp_path / "model.keras")
    picture = pictures.save(draw_seven(), tmp_path)
    code, output, errors = run(tmp_path / "model.keras", "--read", picture, tmp_path / "none.png", SDL_VIDEODRIVER="")
    assert code == 1 and errors == f"{tmp_path / 'none.png'}: there is no such file.\n"
    assert output.startswith(f"{picture}: ") and " %" in output and output.count("\n") == 1


def test_a_picture_that_cannot_be_opened_is_said_before_there_is_a_window(model, tmp_path):
    (tmp_path / "seven.png").write_bytes(b"7")
    code, _, errors = run(model, "--open", tmp_path / "seven.png")
    assert code == 1 and "seven.png" in errors and errors.count("\n") == 1
