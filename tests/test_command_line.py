"""How every program ends, whatever happens in it."""

import argparse
import os
import signal
import subprocess
import sys
import threading

import pytest

from digits import UserError, __version__, command_line
from tests.support.project import ROOT


def ending_with(error=None, code=None):
    """Return a program that raises an error, or returns a code."""

    @command_line.exit_code
    def main():
        if error:
            raise error
        return code

    return main


def test_the_exit_code_is_what_main_returns_and_0_if_that_is_nothing():
    assert ending_with(code=3)() == 3
    assert ending_with()() == 0


def test_what_a_user_can_mend_is_a_sentence_and_1(capsys):
    assert ending_with(UserError("It is broken; mend it."))() == 1
    assert capsys.readouterr() == ("", "It is broken; mend it.\n")


def test_a_library_that_is_missing_is_named_with_what_to_do(capsys):
    assert ending_with(ModuleNotFoundError("No module named 'numpy'", name="numpy"))() == 1
    _, errors = capsys.readouterr()
    assert errors.startswith("numpy cannot be loaded") and "pip install" in errors and errors.count("\n") == 1


def test_ctrl_c_ends_it_in_silence(capsys):
    assert ending_with(KeyboardInterrupt())() == 130
    assert capsys.readouterr() == ("", "")


def forget():
    pass


def make_an_error_of_it():
    raise ImportError("numpy._core.multiarray failed to import")


@pytest.mark.parametrize("what_a_library_does", [forget, make_an_error_of_it])
def test_ctrl_c_ends_it_also_while_libraries_are_loaded_whatever_they_make_of_it(what_a_library_does, capsys):
    @command_line.exit_code
    def main():
        with command_line.loading():
            try:
                signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:
                what_a_library_does()

    assert main() == 130
    assert capsys.readouterr() == ("", "")


def test_who_is_deaf_to_ctrl_c_stays_so_while_libraries_are_loaded():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with command_line.loading():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_may_load_libraries():
    loaded = []

    def load():
        with command_line.loading():
            loaded.append("all")

    thread = threading.Thread(target=load)
    thread.start()
    thread.join()
    assert loaded == ["all"]


def test_a_library_that_cannot_be_loaded_is_named_where_nobody_pressed_ctrl_c(capsys):
    @command_line.exit_code
    def main():
        with command_line.loading():
            make_an_error_of_it()

    assert main() == 1
    assert "failed to import" in capsys.readouterr().err


def test_a_mistake_of_ours_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        ending_with(ZeroDivisionError())()


@pytest.mark.parametrize("lines", [1, 100_000])  # what is still in the buffer at the end, and what is not
def test_it_ends_in_silence_where_nobody_reads_on(lines):
    code = "import sys; from digits.command_line import exit_code; "
    code += f"sys.exit(exit_code(lambda: [print('line') for _ in range({lines})] and None)())"
    reading, writing = os.pipe()
    os.close(reading)  # before the program begins, or it may have written all by then
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert ended.stderr == b""
    if sys.platform != "win32":
        assert ended.returncode == 141


def test_it_ends_well_without_an_output_at_all(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)  # as in a window that was started without a terminal
    assert ending_with()() == 0


@pytest.mark.parametrize("program", ["recognition.py", "handwriting.py"])
def test_both_programs_say_their_version_at_once(program):
    said = subprocess.run([sys.executable, program, "--version"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == f"Digits {__version__}\n"


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        (command_line.positive, "0", "too small"),
        (command_line.positive, "1.5", "not a whole number"),
        (command_line.seed, "-1", "too small"),
        (command_line.seed, "2147483648", "too large"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_a_reason(kind, text, why):
    with pytest.raises(argparse.ArgumentTypeError, match=why):
        kind(text)


def test_a_number_that_can_be_is_taken():
    assert (command_line.positive("1"), command_line.seed("0")) == (1, 0)
