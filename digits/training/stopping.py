"""A wish to stop, heard at once and granted when the work at hand is done."""

import signal
import sys

_SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK")  # Ctrl+C, a polite kill, Ctrl+Break on Windows; not all exist everywhere


class Stopped(Exception):  # noqa: N818 (no error: somebody asked for it)
    """Work was asked to stop, and what there was of it is safe."""


class StopSign:
    """Within it, the first Ctrl+C or polite kill only puts it up; a second one does what it does elsewhere."""

    def __init__(self):
        self._number = None
        self._before = {}

    @property
    def is_up(self) -> bool:
        return self._number is not None

    @property
    def exit_code(self) -> int:
        """What a program ends with that was stopped by this, as shells count: 130 for Ctrl+C, 143 for a kill."""
        return 128 + (self._number or signal.SIGTERM)

    def __enter__(self):
        for name in _SIGNALS:
            if number := getattr(signal, name, None):
                self._before[number] = signal.signal(number, self._put_up)
        return self

    def __exit__(self, *_):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _put_up(self, number, frame):
        self._number = number
        self.__exit__()
        print("\nStopping after this step; once more stops at once.", file=sys.stderr, flush=True)
