"""The app's side of the worker process: ask, poll, close, and never wait.

One question is under way at a time; of those asked meanwhile only the newest is kept, for the pen has moved on. An
error is an answer. A worker that died or hangs is replaced, and the new one gets the question that the old one had.
"""

import contextlib
import multiprocessing
import os
import select
import signal
import time
from multiprocessing import resource_tracker
from pathlib import Path

import numpy as np

from digits import UserError
from digits.command_line import say
from digits.reading import worker
from digits.reading.answer import Answer, Trouble, answered

THINKING = 10.0  # s: who takes longer over a grid hangs; milliseconds are usual, and a "why" takes a tenth of a second
BUSY = 2  # but where the machine is so busy that loading took long, so many times as long is no hanging either
LOADING = 300.0  # s: the same of loading, which takes seconds with TensorFlow, and minutes where everything is slow
LOOK = 0.5  # s: a longer time between two looks was no waiting, for this process slept too
FINISHING = 10.0  # s: of converting a model, which takes one
RESTARTS = 3  # in a row; as many as a converter that crashes is tried, see `converted`
CALM = 60.0  # s: after having been ready for so long, a fall is the first of a row
NO_SUCH_INSTRUCTION = (-4, 0xC000001D, 0xC000001D - 2**32)  # exit codes: SIGILL, and what Windows calls it


class Recogniser:
    """A model in a process of its own. Make one before pygame is imported; use it as a context or close it."""

    def __init__(self, path: Path, work=worker.main):
        """Start the process that loads the model at a path, and return at once."""
        self._path, self._work = path, work
        self._asked = 0  # the number of the newest question
        self._answered = 0  # the number of the last one answered
        self._forgotten = 0  # answers up to this number are no longer wanted
        self._waiting = None  # the newest question that is not sent yet
        self._sent = None  # the question that the worker has
        self._threshold = 0.5
        self._looked = None  # when it was polled last
        self._silence = 0.0  # s that a word of the worker has been awaited
        self._patience = LOADING  # s of silence that are borne
        self._calm = 0.0  # s that the worker has been ready
        self._falls = 0  # in a row
        self._remarks = []  # on the model, that the user was told
        self.trouble = ""  # what is wrong with the worker itself, as a sentence
        self._start()

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

    def ask(
        self, ink: np.ndarray, paths: list[np.ndarray] | None = None, why: bool = False, inside: bool = False
    ) -> None:
        """Ask what a sheet shows, why, and what the layers see; a newer question takes the place of an older one.

        ink: (28, columns).  paths: of the strokes that it is made of, see `digits.reading.sheets.read`.
        """
        self._asked += 1
        self._waiting = (self._asked, ink, paths, why, inside)
        self._send()

    def forget(self) -> None:
        """Want no answer to anything asked so far."""
        self._forgotten = self._asked
        self._waiting = None

    def poll(self, now: float) -> Answer | Trouble | None:
        """Return the newest answer if there is one; raise UserError where the model cannot be used at all.

        now: in seconds, of a clock that only goes forward.
        """
        newest = None
        while not self.has_stopped and _has_word(self._connection):
            newest = self._receive() or newest
        self._wait_on(now)
        return newest

    def wait(self, seconds: float) -> None:
        """Return when the worker says something that was awaited, or when the time is over."""
        if self.has_stopped or (self.is_ready and not self.is_thinking):
            time.sleep(seconds)  # much cheaper than to listen
        else:
            _has_word(self._connection, seconds)

    def restart(self) -> None:
        """Try once more with a new process, after the recogniser has stopped."""
        self._falls, self.trouble = 1, ""
        self._start()

    def use(self, path: Path) -> None:
        """Read with another model from now on; a question that is still open goes to that one."""
        self._end()
        self._path, self._falls, self.trouble = path, 0, ""
        self._waiting, self._sent = self._waiting or self._sent, None
        self._start()

    def finish(self) -> None:
        """Ask no more, and wait for what the process does beside answering: to convert its model."""
        self.has_stopped = True
        self._connection.close()  # which it takes for a goodbye
        if self.is_ready:
            self._process.join(FINISHING)

    def close(self) -> None:
        """End the process at once, whatever it does."""
        self.has_stopped = True
        self._end(0.3)

    def _start(self):
        context = multiprocessing.get_context("spawn")  # a forked child would inherit the window's libraries
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=self._work, args=(theirs, str(self._path)), daemon=True)
        self.is_ready, self.has_stopped = False, False
        self._silence = self._calm = 0.0
        self._patience = LOADING
        try:
            _start_deaf_to_ctrl_c(self._process)
        except FileNotFoundError:
            self.has_stopped, self.trouble = (
                True,
                "The folder in which the program was started is gone; use another.",
            )
        except OSError as error:  # no memory, too many processes
            self.has_stopped, self.trouble = True, f"The recogniser cannot be started ({error.strerror})."
        theirs.close()  # so that its end of the pipe closes when it dies

    def _end(self, seconds=0.0):
        if self._process.pid is not None:
            self._process.kill()
            self._process.join(seconds)
        self._connection.close()

    def _receive(self):
        try:
            kind, *content = self._connection.recv()
        except (EOFError, OSError):
            return self._notice_death()
        said = getattr(self, f"_hear_{kind}")(*content)
        self._silence = 0.0
        return said

    def _hear_ready(self, threshold):
        self.is_ready, self._threshold, self.trouble = True, threshold, ""
        self._patience = max(THINKING, BUSY * self._silence)
        self._send()

    def _hear_remark(self, sentence):
        if sentence not in self._remarks:  # a worker that takes the place of another says it again
            self._remarks.append(sentence)
            say(sentence)

    def _hear_unusable(self, sentence):
        self._give_up(sentence)

    def _hear_answer(self, number, digits, why, inside):
        return self._settle(number, answered(self._sent[1], digits, self._threshold, why, inside))

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

    def _wait_on(self, now):
        """Count the time that has been waited, and notice a worker that hangs."""
        passed = 0.0 if self._looked is None else min(now - self._looked, LOOK)
        self._looked = now
        self._calm += passed * self.is_ready
        self._silence = self._silence + passed if self._sent or not self.is_ready else 0.0
        if not self.has_stopped and self._silence > self._patience:
            self._fall("does not answer")

    def _notice_death(self):
        self._process.join(0.1)
        code = self._process.exitcode
        if code in NO_SUCH_INSTRUCTION and not self.is_ready:
            self._give_up("TensorFlow does not run on this processor, which lacks instructions that it needs (AVX).")
        else:
            self._fall("has stopped" if code is None else f"has stopped (exit code {code})")

    def _give_up(self, sentence):
        """Take it that no worker can use the model; once there was one, somebody's drawing is on the sheet."""
        self.has_stopped, self.trouble = True, sentence
        if not self._falls:
            raise UserError(sentence)

    def _fall(self, how):
        """Replace a worker that is of no more use, and leave it at that where its successors are not either."""
        self._end()
        self._falls = 1 if self._calm >= CALM else self._falls + 1
        question, self._sent = self._waiting or self._sent, None
        self._waiting = question if question and question[0] > self._forgotten else None
        if self._falls > RESTARTS:
            self.has_stopped = True
            self.trouble = f"The recogniser {how}, {self._falls} times in a row."
        else:
            self.trouble = f"The recogniser {how} and is started again."
            self._start()


def _has_word(connection, seconds=0.0):
    """Return whether there is something to receive, be it a death, at once or before the time is over."""
    try:
        if os.name == "nt":
            return connection.poll(seconds)
        return bool(select.select([connection], [], [], seconds)[0])  # `poll` takes a third of an idle window's time
    except OSError:  # so Windows tells of a death
        return True


def _start_deaf_to_ctrl_c(process):
    """Start a process that never hears the Ctrl+C of the terminal, while this one hears it a moment later.

    The process inherits what is blocked. Windows knows no blocking; there the worker turns deaf itself.
    """
    with _ctrl_c_later():
        if not hasattr(signal, "pthread_sigmask"):
            process.start()
            return
        resource_tracker.ensure_running()  # which unblocks signals when it has to start its own process
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextlib.contextmanager
def _ctrl_c_later():
    """Put Ctrl+C off until the end: what this thread blocks those of NumPy hear nevertheless.

    A process that is left half started complains that it was not told what to do.
    """
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)
