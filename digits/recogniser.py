"""The app's side of the worker process: ask, poll, close, and never wait.

One question is under way at a time; of those asked meanwhile only the newest is kept, for the pen has moved on. An
error is an answer, and a worker that died is noticed.
"""

import multiprocessing
import signal
import time
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from pathlib import Path

import numpy as np

from digits import UserError, worker

CERTAIN = 0.9  # of the digit's probability, from where nobody needs to hear of the runner-up


@dataclass(frozen=True, eq=False)
class Answer:
    """What the network made of a grid; an answer equals no other but itself."""

    ink: np.ndarray  # (28, 28): the very grid that was asked about
    probabilities: np.ndarray  # (10,)
    why: np.ndarray | None = None  # (28, 28): how the winner's lead over the runner-up grows with a cell's ink
    threshold: float = 0.5  # of the digit's probability, below which it is perhaps no digit

    @property
    def digit(self) -> int:
        """The most probable digit."""
        return int(self.probabilities.argmax())

    @property
    def runner_up(self) -> int:
        """The second most probable one."""
        return int(np.argsort(-self.probabilities, kind="stable")[1])

    @property
    def percent(self) -> int:
        """The probability of the digit."""
        return round(100 * float(self.probabilities[self.digit]))

    @property
    def is_doubtful(self) -> bool:
        """Whether it is perhaps no digit at all."""
        return bool(self.probabilities[self.digit] < self.threshold)

    @property
    def is_torn(self) -> bool:
        """Whether it is a digit, but perhaps the runner-up."""
        return not self.is_doubtful and bool(self.probabilities[self.digit] < CERTAIN)

    def __str__(self):
        doubt = ", not a digit?" if self.is_doubtful else f" (or {self.runner_up})" if self.is_torn else ""
        return f"{self.digit} - {self.percent} %{doubt}"


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer: one sentence."""

    sentence: str


class Recogniser:
    """A model in a process of its own. Make one before pygame is imported; use it as a context or close it."""

    def __init__(self, path: Path, work=worker.main):
        """Start the process that loads the model at a path, and return at once."""
        context = multiprocessing.get_context("spawn")  # a forked child would inherit the window's libraries
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, str(path)), daemon=True)
        _start_deaf_to_ctrl_c(self._process)
        theirs.close()  # so that its end of the pipe closes when it dies
        self._asked = 0  # the number of the newest question
        self._answered = 0  # the number of the last one answered
        self._forgotten = 0  # answers up to this number are no longer wanted
        self._waiting = None  # the newest question that is not sent yet
        self._sent = None  # the question that the worker has
        self._threshold = 0.5
        self.is_ready = False
        self.has_stopped = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def process_id(self) -> int:
        """The worker's process, for those who measure it."""
        return self._process.pid

    @property
    def is_thinking(self) -> bool:
        """Whether an answer is still to come that somebody wants."""
        return not self.has_stopped and self._asked > max(self._forgotten, self._answered)

    def ask(self, ink: np.ndarray, why: bool = False) -> None:
        """Ask what a grid shows, and which cells say so; a newer question takes the place of an older one."""
        self._asked += 1
        self._waiting = (self._asked, ink, why)
        self._send()

    def forget(self) -> None:
        """Want no answer to anything asked so far."""
        self._forgotten = self._asked
        self._waiting = None

    def poll(self) -> Answer | Trouble | None:
        """Return the newest answer if there is one; raise UserError where the model cannot be used at all."""
        newest = None
        while not self.has_stopped and self._connection.poll():
            newest = self._receive() or newest
        return newest

    def wait(self, seconds: float) -> None:
        """Return when the worker says something that was awaited, or when the time is over."""
        if self.has_stopped or (self.is_ready and not self.is_thinking):
            time.sleep(seconds)  # much cheaper than to listen
        else:
            wait([self._connection], seconds)

    def close(self) -> None:
        """End the process at once, whatever it does."""
        self.has_stopped = True
        self._connection.close()
        self._process.kill()
        self._process.join(1)

    def _receive(self):
        try:
            kind, *content = self._connection.recv()
        except (EOFError, OSError):
            return self._notice_death()
        return getattr(self, f"_hear_{kind}")(*content)

    def _hear_ready(self, threshold):
        self.is_ready, self._threshold = True, threshold
        self._send()

    def _hear_unusable(self, sentence):
        self.has_stopped = True
        raise UserError(sentence)

    def _hear_answer(self, number, probabilities, why):
        return self._settle(number, Answer(self._sent[1], probabilities, why, self._threshold))

    def _hear_trouble(self, number, sentence):
        return self._settle(number, Trouble(sentence))

    def _settle(self, number, answer):
        self._sent, self._answered = None, number
        self._send()
        return answer if number > self._forgotten else None

    def _send(self):
        if not self.is_ready or self.has_stopped or self._sent or not self._waiting:
            return
        try:
            self._connection.send(self._waiting)
        except OSError:
            return  # it died; the next poll says so
        self._sent, self._waiting = self._waiting, None

    def _notice_death(self):
        self.has_stopped = True
        self._process.join(0.1)
        how = "" if self._process.exitcode is None else f" (exit code {self._process.exitcode})"
        return Trouble(f"The recogniser has stopped{how}: please start the program again.")


def _start_deaf_to_ctrl_c(process):
    """Start a process that never hears the Ctrl+C of the terminal, while this one hears it a moment later.

    The process inherits what is blocked. Windows knows no blocking; there the worker turns deaf itself.
    """
    if not hasattr(signal, "pthread_sigmask"):
        process.start()
        return
    resource_tracker.ensure_running()  # which unblocks signals when it has to start its own process
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
