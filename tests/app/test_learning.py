"""A training beside the window: what it says, how it ends, how it is stopped."""

import sys
import threading
import time

import pytest

import handwriting
from digits import UserError
from digits.app import learning
from digits.app.learning import Learning


@pytest.fixture
def program(tmp_path):
    """Return a function that makes a training of a program, which finds the file to save as `target`."""
    target = tmp_path / "learnt.keras"
    beginning = f"import pathlib, time; target = pathlib.Path({str(target)!r}); "
    return lambda code: Learning([sys.executable, "-c", beginning + code], target)


def test_it_ends_well_where_the_model_is_saved(program):
    training = program("print('Learning.'); print('10 %'); target.touch(); print('100 %')")
    assert training.run() is None
    assert training.progress == "100 %"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("print('20 %'); import sys; sys.exit('Nothing was changed.')", "Nothing was changed."),
        ("import os; os._exit(3)", r"has stopped \(exit code 3\)"),
    ],
    ids=["sentence", "silence"],
)
def test_where_nothing_comes_of_it_it_is_said_why(program, code, why):
    with pytest.raises(UserError, match=why):
        program(code).run()


@pytest.mark.parametrize(
    ("done", "words"),
    [("pass", "Learning was stopped; nothing was changed."), ("target.touch()", None)],
    ids=["before it has learnt", "when it has learnt"],
)
def test_it_can_be_stopped(program, done, words):
    training = program(f"{done}; print('10 %', flush=True); time.sleep(60)")
    said = []
    thread = threading.Thread(target=lambda: said.append(_error(training)))
    thread.start()
    while not training.progress:
        time.sleep(0.005)
    training.stop()
    thread.join(10)
    assert said == [words]


def _error(training):
    try:
        training.run()
    except UserError as error:
        return str(error)


def test_a_program_that_cannot_be_started_is_said(tmp_path):
    with pytest.raises(UserError, match="cannot be started"):
        Learning(["no such program"], tmp_path / "learnt.keras").run()


def test_the_command_is_one_that_the_training_program_takes(tmp_path):
    words = learning.command(tmp_path / "a.keras", tmp_path / "b.keras", tmp_path / "c.dat")
    asked = handwriting.learning_of(handwriting.parse_arguments(words[2:]))
    assert (asked.source, asked.target, asked.strokes) == (
        tmp_path / "a.keras",
        tmp_path / "b.keras",
        (tmp_path / "c.dat",),
    )


def test_each_base_model_has_a_learnt_one_of_its_own(tmp_path):
    base = tmp_path / "model.keras"
    names = []
    for content in (b"one", b"another"):
        base.write_bytes(content)
        names.append(learning.learnt_model(tmp_path, base).name)
    assert names[0] != names[1] and all(name.startswith("model-") for name in names)
