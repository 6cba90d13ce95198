"""The program as a whole, from its command line: what it says, how it ends, and what it does without."""

import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pygame
import pytest

import recognition
from digits import UserError
from digits.app import learning, places
from digits.assets import MODEL
from digits.files import pictures
from digits.ink.strokes import Drawing
from tests.support import interrupts, model_files
from tests.support.drawings import draw_seven
from tests.support.project import ROOT

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


@pytest.mark.parametrize("arguments", [["--json"], ["--speak", "--read", "7.png"]])
def test_what_belongs_to_the_other_way_of_reading_is_a_usage_error(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        recognition.parse(arguments)
    assert "belongs to" in capsys.readouterr().err


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
def test_ctrl_c_ends_it_at_once_and_in_silence(model):
    with subprocess.Popen([sys.executable, PROGRAM, model], stderr=subprocess.PIPE, text=True) as program:
        time.sleep(1.5)
        program.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert program.wait(5) == 130
        assert time.monotonic() - began < 1
        assert program.stderr.read() == ""


@pytest.mark.skipif(os.name != "posix", reason="signals that a process sends itself")
@pytest.mark.parametrize("library", ["numpy", "numpy.linalg", "platformdirs", "pygame", "digits.window.loop"])
def test_ctrl_c_ends_it_in_silence_whatever_it_is_loading(model, tmp_path, library):
    assert run(model, PYTHONPATH=str(interrupts.where_it_loads(library, tmp_path))) == (130, "", "")


def test_pictures_are_read_with_no_display_and_the_exit_code_tells_of_those_that_were_not(tmp_path):
    picture = pictures.save(draw_seven(), tmp_path)
    code, output, errors = run("--read", picture, tmp_path / "none.png", SDL_VIDEODRIVER="")
    assert code == 1 and errors == f"{tmp_path / 'none.png'}: there is no such file.\n"
    assert output.startswith(f"{picture}: ") and " %" in output and output.count("\n") == 1


def test_a_picture_that_cannot_be_opened_is_said_before_there_is_a_window(model, tmp_path):
    (tmp_path / "seven.png").write_bytes(b"7")
    code, _, errors = run(model, "--open", tmp_path / "seven.png")
    assert code == 1 and "seven.png" in errors and errors.count("\n") == 1


# Where it runs


def without(folder, library, content=None):
    """Return a folder that, put first on Python's path, hides a library: it cannot be found, or is what is given."""
    place = folder / library
    place.mkdir(parents=True)
    missing = f"raise ModuleNotFoundError(\"No module named '{library}'\", name='{library}')"
    (place / "__init__.py").write_text(missing if content is None else content)
    return str(folder)


@pytest.mark.parametrize("library", ["numpy", "pygame", "platformdirs", "tensorflow"])
def test_a_library_that_is_missing_is_named_with_what_to_do(model, tmp_path, library):
    code, output, errors = run(model, PYTHONPATH=without(tmp_path / "path", library))
    assert (code, output) == (1, "") and errors.count("\n") == 1
    assert f"No module named '{library}'" in errors and "pip install -r requirements.txt" in errors


def test_the_shipped_model_reads_without_what_trains_models(tmp_path):
    for library in ("tensorflow", "keras", "h5py", "matplotlib"):
        path = without(tmp_path / "path", library)
    picture = pictures.save(draw_seven(), tmp_path)
    code, output, errors = run("--read", picture, PYTHONPATH=path)
    assert (code, errors) == (0, "") and output.startswith(f"{picture}: 7 - ")


def test_a_model_that_was_never_converted_asks_for_what_trains_models(model, tmp_path):
    path = without(tmp_path / "path", "tensorflow")
    code, output, errors = run(model, "--read", pictures.save(draw_seven(), tmp_path), PYTHONPATH=path)
    assert (code, output) == (1, "") and "pip install -r requirements.txt" in errors and errors.count("\n") == 1


def test_an_old_keras_is_said_to_be_old(model, tmp_path):
    without(tmp_path / "path", "tensorflow", "")
    path = without(tmp_path / "path", "keras", "__version__ = '2.15.0'")
    code, _, errors = run(model, PYTHONPATH=path)
    assert code == 1 and errors.startswith("Keras 2.15.0 is too old") and errors.count("\n") == 1


def test_libraries_that_do_not_fit_one_another_are_said_in_one_line(model, tmp_path):
    torn = "raise TypeError('Descriptors cannot be created directly.\\nIf this call came from')"
    code, _, errors = run(model, PYTHONPATH=without(tmp_path / "path", "tensorflow", torn))
    assert code == 1 and "(Descriptors cannot be created directly)" in errors and errors.count("\n") == 1


def test_a_torn_pygame_is_said_to_be_torn(model, tmp_path):
    code, _, errors = run(model, PYTHONPATH=without(tmp_path / "path", "pygame", ""))
    assert code == 1 and "pygame is not whole" in errors and errors.count("\n") == 1


def test_only_the_display_is_started_for_there_may_be_no_sound(loop):
    assert pygame.display.get_init() and pygame.font.get_init()
    assert not pygame.mixer.get_init() and not pygame.joystick.get_init()


def test_a_name_that_the_terminal_cannot_write_is_printed_all_the_same(tmp_path):
    picture = pictures.save(draw_seven(), tmp_path)
    named = picture.rename(tmp_path / "\u0441\u0435\u043c\u044c.png")
    code, output, errors = run("--read", named, PYTHONIOENCODING="ascii")
    assert (code, errors) == (0, "") and r"\u0441" in output and " %" in output


# Whose hand it is


def test_each_user_has_a_place_of_their_own(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "folder", lambda kind: tmp_path / kind)
    anna = recognition.hand_of(recognition.parse(["--user", "Anna B"]))
    assert anna.corrections.path == tmp_path / "data" / "hands" / "Anna B" / "drawings.dat"
    assert recognition.hand_of(recognition.parse(["--no-keep"])).corrections.path is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--user", "../anna"], "is no name"),
        (["--user", ""], "is no name"),
        (["--learn", "--forget"], "not allowed with argument --learn"),
        (["--read", "7.png", "--open", "7.png"], "not allowed with argument --read"),
        (["--learn", "--no-keep"], "nothing to learn"),
    ],
    ids=" ".join,
)
def test_what_names_no_hand_or_cannot_go_together_is_a_usage_error(arguments, said, capsys):
    with pytest.raises(SystemExit) as end:
        recognition.parse(arguments)
    assert end.value.code == 2 and said in capsys.readouterr().err


def test_learning_without_a_window_is_the_training_program_and_ends_as_that_does(monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(places, "folder", lambda kind: tmp_path / kind)
    monkeypatch.setattr(subprocess, "call", lambda words: started.append(words) or 3)
    hand = recognition.hand_of(recognition.parse([]))
    with pytest.raises(UserError, match="nothing to learn from"):
        recognition.learn(hand)
    hand.corrections.say(Drawing("7", [np.float32([[0, 0], [900, 900]])]))
    assert recognition.learn(hand) == 3
    assert started[0][-1] == str(hand.corrections.path)


def test_what_was_learnt_and_is_damaged_is_said_with_the_way_back(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "folder", lambda kind: tmp_path / kind)
    hand = recognition.hand_of(recognition.parse([]))
    recognition.check_learnt(hand)
    learnt = learning.learnt_model(tmp_path / "data" / "hands" / "me", MODEL)
    learnt.parent.mkdir(parents=True)
    learnt.write_bytes(b"PK, and no more")
    with pytest.raises(UserError, match="go back with --forget") as error:
        recognition.check_learnt(hand)
    assert "\n" not in str(error.value)


def test_what_was_learnt_is_forgotten_and_the_drawings_stay(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(places, "folder", lambda kind: tmp_path / kind)
    hand = recognition.hand_of(recognition.parse([]))
    hand.corrections.say(Drawing("7", [np.float32([[0, 0], [900, 900]])]))
    learnt = learning.learnt_model(hand.corrections.path.parent, MODEL)
    shutil.copy(MODEL, learnt)
    assert hand.model == learnt
    assert recognition.forget(hand) == 0
    assert "What was learnt is forgotten." in capsys.readouterr().out
    assert hand.model == MODEL and hand.corrections.drawings()
