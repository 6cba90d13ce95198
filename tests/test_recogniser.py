"""The app's side of the worker process: never waits, newest wins, an error is an answer, death is noticed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import fake_workers
import numpy as np
import pytest

from digits import UserError, grid
from digits.recogniser import Answer, Recogniser, Trouble

HERE = Path(__file__).parent


@pytest.fixture
def start():
    """Start a recogniser with a worker, and close it after the test."""
    started = []

    def start_one(work):
        started.append(Recogniser(Path("model.keras"), work))
        return started[-1]

    yield start_one
    for recogniser in started:
        recogniser.close()


def cells(count):
    ink = grid.empty()
    ink.flat[:count] = 1
    return ink


def hear(recogniser, seconds=20):
    """Return the next thing it says."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if said := recogniser.poll():
            return said
        recogniser.wait(0.05)
    raise AssertionError("it said nothing")


def test_a_question_is_answered_with_the_grid_it_was_about(start):
    recogniser, ink = start(fake_workers.prompt), cells(4)
    recogniser.ask(ink)
    answer = hear(recogniser)
    assert answer.digit == 4 and answer.percent == 100 and answer.ink is ink and answer.why is None
    assert str(answer) == "4 - 100 %"


def test_why_is_asked_along_with_it(start):
    recogniser = start(fake_workers.prompt)
    recogniser.ask(cells(4), why=True)
    np.testing.assert_array_equal(hear(recogniser).why, cells(4))


def test_a_question_asked_while_loading_is_answered_when_it_is_ready(start):
    recogniser = start(fake_workers.slow_to_load)
    recogniser.ask(cells(2))
    assert not recogniser.is_ready and recogniser.is_thinking and recogniser.poll() is None
    assert hear(recogniser).digit == 2
    assert recogniser.is_ready and not recogniser.is_thinking


def test_of_many_questions_the_newest_wins(start):
    recogniser = start(fake_workers.slow_to_answer)
    recogniser.ask(cells(1))
    hear(recogniser)
    for count in range(2, 10):
        recogniser.ask(cells(count))
    assert [hear(recogniser).digit, hear(recogniser).digit] == [2, 9]
    assert not recogniser.is_thinking


def test_what_is_forgotten_is_not_answered(start):
    recogniser = start(fake_workers.slow_to_answer)
    recogniser.ask(cells(1))
    hear(recogniser)
    recogniser.ask(cells(2))
    recogniser.ask(cells(3))
    recogniser.forget()
    assert not recogniser.is_thinking
    recogniser.ask(cells(4))
    assert hear(recogniser).digit == 4


def test_an_unusable_model_is_an_error_of_the_user(start):
    recogniser = start(fake_workers.unusable)
    with pytest.raises(UserError, match=r"model.keras is no model\."):
        hear(recogniser)


def test_an_error_is_an_answer_and_the_next_question_is_answered_too(start):
    recogniser = start(fake_workers.failing)
    for _ in range(2):
        recogniser.ask(cells(1))
        assert hear(recogniser) == Trouble("No.")


def test_a_dead_worker_is_noticed_and_nothing_more_is_awaited(start):
    recogniser = start(fake_workers.dying)
    recogniser.ask(cells(1))
    trouble = hear(recogniser)
    assert "stopped (exit code 3)" in trouble.sentence
    assert recogniser.has_stopped and not recogniser.is_thinking
    recogniser.ask(cells(1))
    recogniser.wait(0.01)
    assert recogniser.poll() is None


def test_a_hanging_worker_is_closed_at_once(start):
    recogniser = start(fake_workers.hanging)
    before = time.monotonic()
    recogniser.close()
    assert time.monotonic() - before < 0.5


def test_the_runner_up_is_the_second_most_probable():
    answer = Answer(grid.empty(), np.array([0, 0.1, 0, 0.25, 0, 0, 0, 0.65, 0, 0], np.float32))
    assert (answer.digit, answer.percent, answer.runner_up) == (7, 65, 3)


@pytest.mark.parametrize(
    ("chances", "words"),
    [
        ({7: 0.98, 1: 0.02}, "7 - 98 %"),
        ({7: 0.6, 1: 0.4}, "7 - 60 % (or 1)"),
        ({7: 0.4, 1: 0.3, 9: 0.3}, "7 - 40 %, not a digit?"),
    ],
)
def test_an_answer_says_how_sure_it_is(chances, words):
    probabilities = np.zeros(grid.CLASSES, np.float32)
    probabilities[list(chances)] = list(chances.values())
    assert str(Answer(grid.empty(), probabilities)) == words


PARENT = f"""
import sys, time
sys.path[:0] = {[str(HERE), str(HERE.parent)]}
from pathlib import Path
from digits import recogniser
import fake_workers
if __name__ == "__main__":
    one = recogniser.Recogniser(Path("no-model.keras"), fake_workers.watched)
    while not one.is_ready:
        one.poll()
    print(one.process_id, flush=True)
    time.sleep(100)
"""


@pytest.mark.skipif(os.name != "posix", reason="processes are looked up by signal 0")
def test_even_a_hanging_worker_does_not_outlive_its_parent(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        worker = int(parent.stdout.readline())
        parent.kill()
    end = time.monotonic() + 5
    while _lives(worker):
        assert time.monotonic() < end, "the worker is still there"
        time.sleep(0.02)


def _lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in _state(process)


def _state(process):
    stat = Path(f"/proc/{process}/stat")
    return stat.read_text().rsplit(")", 1)[1].split()[0] if stat.exists() else ""


@pytest.mark.skipif(os.name != "posix", reason="signals to other processes")
def test_ctrl_c_does_not_reach_the_worker(start):
    recogniser = start(fake_workers.slow_to_load)
    os.kill(recogniser.process_id, signal.SIGINT)
    recogniser.ask(cells(3))
    assert hear(recogniser).digit == 3
