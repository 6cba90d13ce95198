"""Slow things done beside the window, such as decoding a large picture; an error is a result too."""

import threading
from collections.abc import Callable

from digits import UserError, errors


class BackgroundTask:
    """Runs a function on a thread that ends with the program at the latest."""

    def __init__(self, function, *arguments):
        self.result = None
        self.error = ""  # why there is no result, as a sentence
        self._thread = threading.Thread(target=self._run, args=(function, arguments), daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether there is a result or an error."""
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Return when it is done."""
        self._thread.join()

    def _run(self, function, arguments):
        try:
            self.result = function(*arguments)
        except UserError as error:
            self.error = str(error)
        except Exception as error:  # nobody is above it on this thread
            self.error = f"That did not work ({errors.first_line(error)})."


class BackgroundTasks:
    """Slow things of different kinds, one of a kind at a time, and what is done with their results."""

    def __init__(self, complain: Callable[[str], None]):
        """complain: is told the error of a task."""
        self._complain = complain
        self._running = {}  # by kind: a task, and what is done with its result

    def begin(self, kind: str, follow: Callable, function: Callable, *arguments) -> None:
        """Begin a task; what came of an earlier one of its kind is no longer wanted."""
        self._running[kind] = BackgroundTask(function, *arguments), follow

    def is_running(self, kind: str) -> bool:
        """Whether there is something of a kind under way."""
        return kind in self._running

    def wait(self, kind: str) -> None:
        """Return when what is under way of a kind has come to its result, with which `follow_up` still has to do."""
        if kind in self._running:
            self._running[kind][0].wait()

    def follow_up(self) -> None:
        """Do with the results that are there what is to be done with them."""
        for kind, (task, follow) in list(self._running.items()):
            if task.is_done:
                del self._running[kind]
                if task.error:
                    self._complain(task.error)
                else:
                    follow(task.result)
