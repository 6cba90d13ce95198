"""Workers that think nothing, for a process of their own."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from digits.reading import conversion, engine, worker
from digits.reading.answer import Layer, Reason
from digits.reading.numbers import Digit


def prompt(connection, path):
    """Answer at once: the digit is the number of inked cells."""
    connection.send(("ready", 0.5))
    _answer(connection)


def guessing_and_dying_once(connection, path):
    """Say what was guessed about the model, and die of the first question."""
    connection.send(("remark", "It was guessed."))
    dying_once(connection, path)


def slow_to_load(connection, path):
    """Be ready after a while."""
    time.sleep(0.3)
    prompt(connection, path)


def slow_to_answer(connection, path):
    """Think for a while about every grid."""
    connection.send(("ready", 0.5))
    _answer(connection, 0.1)


def unusable(connection, path):
    """Find the model unusable."""
    connection.send(("unusable", f"{path} is no model."))


def dying(connection, path):
    """Die of the first question."""
    connection.send(("ready", 0.5))
    connection.recv()
    os._exit(3)


def dying_once(connection, path):
    """Die of the first question, but only the first time."""
    _once(path, dying, connection)
    prompt(connection, path)


def hanging_once(connection, path):
    """Take a question and never answer, but only the first time."""
    _once(path, watched, connection)
    prompt(connection, path)


def slow_to_hang(connection, path):
    """Be ready after a while, and never answer."""
    time.sleep(0.3)
    watched(connection, path)


def of_another_processor(connection, path):
    """Meet an instruction that the processor does not have."""
    os.kill(os.getpid(), signal.SIGILL)


def hanging(connection, path):
    """Never say anything."""
    time.sleep(1000)


def watched(connection, path):
    """Be ready, then hang; but depend on the parent as the real worker does."""
    worker.depend_on_parent()
    connection.send(("ready", 0.5))
    time.sleep(1000)


def failing(connection, path):
    """Fail at every grid."""
    connection.send(("ready", 0.5))
    while True:
        number, *_ = connection.recv()
        connection.send(("trouble", number, "No."))


def crashing_converter(connection, path):
    """Answer like the real worker that has loaded with Keras, and die of converting the model."""
    conversion.convert = lambda model: os._exit(3)
    worker.main(connection, path, load=_Even)


def slow_converter(connection, path):
    """Answer like the real worker that has loaded with Keras, and take a while to convert the model."""
    conversion.keep = lambda path, model: (time.sleep(0.5), Path(path).with_suffix(".converted").touch())
    worker.main(connection, path, load=_Even)


class _Even(engine.Keras):
    """Finds all digits alike."""

    def __init__(self, path):
        self.model, self.remarks = object(), []  # a model that is there is not loaded to be converted

    def probabilities(self, grids):
        return np.full((len(grids), 10), 0.1, np.float32)


def _once(path, work, connection):
    """Do the work of another worker unless that was done already; a file beside the model remembers it."""
    memory = Path(path).with_suffix(".once")
    if not memory.exists():
        memory.touch()
        work(connection, path)


def _answer(connection, seconds=0.0):
    while True:
        number, ink, _, why, inside = connection.recv()
        time.sleep(seconds)
        digit = Digit((0, 0, 28, 28), np.eye(10, dtype=np.float32)[int(ink.sum()) % 10], ink, 1)
        reason = Reason(ink, "So it is.", ink > 0) if why else None
        connection.send(("answer", number, [digit], reason, (Layer(ink[None]),) if inside else None))
