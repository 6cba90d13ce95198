"""The app's side of the worker process: never waits, newest wins, an error is an answer, death is noticed."""

import errno
import math
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from digits import UserError
from digits.ink import grid
from digits.reading.answer import Answer, Trouble
from digits.reading.recogniser import BUSY, CALM, LOADING, LOOK, RESTARTS, THINKING, Recogniser
from tests.support import fake_workers, model_files
from tests.support.project import ROOT


@pytest.fixture
def start():
    """Start a recogniser with a worker, and close it after the test."""
    started = []

    def start_one(work, path=Path("model.keras")):
        started.append(Recogniser(path, work))
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
        if said := recogniser.poll(time.monotonic()):
            return said
        recogniser.wait(0.05)
    raise AssertionError("it said nothing")


def test_a_question_is_answered_with_the_grid_it_was_about(start):
    recogniser, ink = start(fake_workers.prompt), cells(4)
    recogniser.ask(ink)
    answer = hear(recogniser)
    assert answer.digit == 4 and answer.percent == 100 and answer.ink is ink and answer.why is None
    assert str(answer) == "4 - 100 %"


def test_what_was_guessed_about_the_model_is_said_once_however_often_it_is_started(start, tmp_path, capfd):
    recogniser = start(fake_workers.guessing_and_dying_once, tmp_path / "model.keras")
    recogniser.ask(cells(4))
    assert hear(recogniser).digit == 4
    assert capfd.readouterr().err == "It was guessed.\n"


def test_why_is_asked_along_with_it(start):
    recogniser = start(fake_workers.prompt)
    recogniser.ask(cells(4), why=True)
    answer = hear(recogniser)
    np.testing.assert_array_equal(answer.why.effects, cells(4))
    assert answer.inside is None


def test_what_the_layers_see_is_asked_along_with_it(start):
    recogniser = start(fake_workers.prompt)
    recogniser.ask(cells(4), inside=True)
    answer = hear(recogniser)
    np.testing.assert_array_equal(answer.inside[0].maps, [cells(4)])
    assert answer.why is None


def test_a_question_asked_while_loading_is_answered_when_it_is_ready(start):
    recogniser = start(fake_workers.slow_to_load)
    recogniser.ask(cells(2))
    assert not recogniser.is_ready and recogniser.is_thinking and recogniser.poll(0) is None
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


# Workers that die or hang. The clock is the test's own: `now` stands still unless it says otherwise.


def until(is_so, recogniser, now=0.0):
    """Look again and again until something is so; return everything that it said meanwhile."""
    end, said = time.monotonic() + 60, []  # s: much, for the machine may be busy
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        said.append(recogniser.poll(now))
        recogniser.wait(0.01)
    return [one for one in said if one]


def let_pass(recogniser, seconds, now=0.0):
    """Look as often as a window does while time goes by; return what time it is then."""
    for _ in range(math.ceil(seconds / LOOK)):
        now += LOOK
        recogniser.poll(now)
    return now


def test_a_dead_worker_is_replaced_and_the_new_one_gets_the_question(start, tmp_path):
    recogniser = start(fake_workers.dying_once, tmp_path / "model.keras")
    recogniser.ask(cells(3), why=True)
    until(lambda: recogniser.trouble, recogniser)
    assert "stopped (exit code 3)" in recogniser.trouble and "started again" in recogniser.trouble
    assert not recogniser.is_ready and recogniser.is_thinking and not recogniser.has_stopped
    answer = hear(recogniser)
    assert answer.digit == 3 and answer.why is not None and recogniser.trouble == ""


def test_a_question_asked_meanwhile_takes_its_place(start, tmp_path):
    recogniser = start(fake_workers.dying_once, tmp_path / "model.keras")
    recogniser.ask(cells(3))
    until(lambda: recogniser.trouble, recogniser)
    recogniser.ask(cells(4))
    said = until(lambda: recogniser.is_ready and not recogniser.is_thinking, recogniser)
    assert [answer.digit for answer in said] == [4]


def test_what_was_forgotten_is_not_asked_again(start, tmp_path):
    recogniser = start(fake_workers.dying_once, tmp_path / "model.keras")
    recogniser.ask(cells(3))
    until(lambda: recogniser.is_ready, recogniser)
    recogniser.forget()
    assert until(lambda: recogniser.trouble, recogniser) == []
    assert until(lambda: recogniser.is_ready, recogniser) == [] and not recogniser.is_thinking


def test_who_dies_again_and_again_is_not_started_for_ever(start):
    recogniser = start(fake_workers.dying)
    recogniser.ask(cells(1))
    until(lambda: recogniser.has_stopped, recogniser)
    assert f"{RESTARTS + 1} times in a row" in recogniser.trouble and not recogniser.is_thinking
    recogniser.ask(cells(1))
    recogniser.wait(0.01)
    assert recogniser.poll(1) is None and recogniser.has_stopped


def test_a_person_may_try_again_when_it_has_stopped(start, tmp_path):
    recogniser = start(fake_workers.dying, tmp_path / "model.keras")
    recogniser.ask(cells(1))
    until(lambda: recogniser.has_stopped, recogniser)
    recogniser._work = fake_workers.prompt  # whatever it was, it has passed
    recogniser.restart()
    recogniser.ask(cells(2))
    assert hear(recogniser).digit == 2 and recogniser.trouble == ""


def test_a_fall_after_a_calm_time_is_the_first_of_a_row(start):
    recogniser, now = start(fake_workers.prompt), 0.0
    for _ in range(RESTARTS + 2):
        until(lambda: recogniser.is_ready, recogniser, now)
        now = let_pass(recogniser, CALM + 1, now)
        kill(recogniser)
        until(lambda: recogniser.trouble, recogniser, now)
        assert not recogniser.has_stopped


def test_falls_in_quick_succession_are_a_row_even_with_answers_between(start):
    recogniser, falls = start(fake_workers.prompt), 0
    while not recogniser.has_stopped:
        recogniser.ask(cells(1))
        hear(recogniser)
        kill(recogniser)
        until(lambda: recogniser.trouble, recogniser)
        falls += 1
    assert falls == RESTARTS + 1


def test_a_worker_that_thinks_for_ever_is_replaced_and_asked_again(start, tmp_path):
    recogniser = start(fake_workers.hanging_once, tmp_path / "model.keras")
    recogniser.ask(cells(5))
    until(lambda: recogniser.is_ready, recogniser)
    now = let_pass(recogniser, THINKING - 1)
    assert recogniser.trouble == "" and recogniser.is_thinking
    now = let_pass(recogniser, 2, now)
    assert "does not answer" in recogniser.trouble and "started again" in recogniser.trouble
    assert [answer.digit for answer in until(lambda: recogniser.is_ready, recogniser, now)] in ([], [5])
    assert not recogniser.is_thinking or hear(recogniser).digit == 5


def test_where_loading_took_long_thinking_may_too(start, tmp_path):
    recogniser = start(fake_workers.slow_to_hang, tmp_path / "model.keras")
    recogniser.ask(cells(5))
    now = let_pass(recogniser, 60)  # of the test's clock; the worker takes a moment of the real one
    until(lambda: recogniser.is_ready, recogniser, now)
    now = let_pass(recogniser, BUSY * 60 - 2, now)
    assert recogniser.trouble == ""
    let_pass(recogniser, 4, now)
    assert "does not answer" in recogniser.trouble


def test_a_worker_that_loads_for_ever_is_given_up_in_the_end(start):
    recogniser = start(fake_workers.hanging)
    now = let_pass(recogniser, LOADING - 1)
    assert recogniser.trouble == ""
    let_pass(recogniser, RESTARTS * (LOADING + 1) + 2, now)
    assert recogniser.has_stopped and "does not answer" in recogniser.trouble


def test_a_worker_that_rests_does_not_hang(start):
    recogniser = start(fake_workers.prompt)
    until(lambda: recogniser.is_ready, recogniser)
    let_pass(recogniser, LOADING + THINKING)
    assert recogniser.is_ready and recogniser.trouble == ""


def test_a_long_sleep_of_the_whole_computer_is_no_waiting(start, tmp_path):
    recogniser = start(fake_workers.hanging_once, tmp_path / "model.keras")
    recogniser.ask(cells(1))
    until(lambda: recogniser.is_ready, recogniser)
    recogniser.poll(1)
    recogniser.poll(1 + 8 * 3600)
    assert recogniser.trouble == "" and recogniser.is_thinking


def test_a_model_that_became_unusable_meanwhile_is_said_without_taking_the_drawing_away(start):
    recogniser = start(fake_workers.prompt)
    until(lambda: recogniser.is_ready, recogniser)
    recogniser._work = fake_workers.unusable
    kill(recogniser)
    until(lambda: recogniser.has_stopped, recogniser)
    assert recogniser.trouble == "model.keras is no model."


def test_a_model_that_crashes_the_converter_answers_all_the_same(start, tmp_path):
    path = model_files.write(tmp_path / "model.keras", metadata={"keras_version": "3.12.4", "like": "no other"})
    recogniser, falls = start(fake_workers.crashing_converter, path), []
    for _ in range(RESTARTS):
        until(lambda: recogniser.trouble, recogniser)
        falls.append(recogniser.trouble)
        until(lambda: not recogniser.trouble, recogniser)
    assert all("exit code 3" in trouble for trouble in falls)
    recogniser.ask(cells(1))
    assert hear(recogniser).percent == 10 and recogniser.trouble == ""


def test_who_has_no_more_questions_waits_until_the_model_is_converted(start, tmp_path):
    recogniser = start(fake_workers.slow_converter, model_files.write(tmp_path / "model.keras"))
    recogniser.ask(cells(1))
    hear(recogniser)
    recogniser.finish()
    assert (tmp_path / "model.converted").exists() and not recogniser._process.is_alive()


def test_nobody_waits_for_a_worker_that_still_loads(start):
    before, recogniser = time.monotonic(), start(fake_workers.hanging)
    recogniser.finish()
    assert time.monotonic() - before < 2


@pytest.mark.skipif(not hasattr(signal, "SIGILL") or os.name != "posix", reason="exit codes of signals")
def test_a_processor_that_tensorflow_is_not_made_for_is_said_at_once(start):
    recogniser = start(fake_workers.of_another_processor)
    with pytest.raises(UserError, match="processor"):
        hear(recogniser)


def test_a_worker_that_cannot_even_be_started_is_said(start, monkeypatch):
    def refuse(process):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr("digits.reading.recogniser._start_deaf_to_ctrl_c", refuse)
    recogniser = start(fake_workers.prompt)
    assert recogniser.has_stopped and "Cannot allocate memory" in recogniser.trouble
    assert recogniser.poll(0) is None


def kill(recogniser):
    recogniser._process.kill()
    recogniser._process.join()


@pytest.mark.parametrize("work", ["hanging", "prompt", "slow_to_answer", "dying", "hanging_once"])
@pytest.mark.parametrize("state", ["at once", "in use", "restarting"])
def test_it_is_closed_at_once_whatever_the_worker_does(start, tmp_path, work, state):
    recogniser = start(getattr(fake_workers, work), tmp_path / "model.keras")
    recogniser.ask(cells(1))
    if state == "in use":
        recogniser.wait(0.3)
        recogniser.poll(0)
    elif state == "restarting":
        kill(recogniser)
        until(lambda: recogniser.trouble, recogniser)
    before, process = time.monotonic(), recogniser._process
    recogniser.close()
    assert time.monotonic() - before < 0.5 and not process.is_alive()


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
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from digits.reading import recogniser
from tests.support import fake_workers, model_files
if __name__ == "__main__":
    one = recogniser.Recogniser(Path("no-model.keras"), fake_workers.watched)
    while not one.is_ready:
        one.poll(time.monotonic())
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


@pytest.mark.skipif(os.name != "posix", reason="signals to threads")
def test_ctrl_c_while_a_worker_is_started_waits_until_it_is(monkeypatch):
    """What the main thread blocks comes to another, such as NumPy's, when the process is there but knows nothing."""
    over, spawn, processes = threading.Event(), multiprocessing.util.spawnv_passfds, []
    other = threading.Thread(target=over.wait)
    other.start()

    def spawn_and_interrupt(*arguments):
        processes.append(spawn(*arguments))
        signal.pthread_kill(other.ident, signal.SIGINT)
        over.set()
        other.join()
        return processes[-1]

    monkeypatch.setattr("multiprocessing.util.spawnv_passfds", spawn_and_interrupt)
    with pytest.raises(KeyboardInterrupt):
        Recogniser(Path("model.keras"), fake_workers.of_another_processor)
    _, status = os.waitpid(processes[-1], 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGILL  # it did what it was told
