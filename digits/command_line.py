"""What all programs share: how they end, their version, what they tell people to type, and numbers on command lines."""

import argparse
import functools
import os
import signal
import sys
from collections.abc import Callable

from digits import UserError, __version__
from digits.assets import IS_INSTALLED

# What to type, or to do, in a sentence that says so.
TRAIN = "digits-train" if IS_INSTALLED else "python handwriting.py"
INSTALL = (
    "install the program anew, with all that it needs"
    if IS_INSTALLED
    else "install what the programs need with: python -m pip install -r requirements.txt"
)
INSTALL_TRAINING = "install digits[train]" if IS_INSTALLED else INSTALL  # TensorFlow, which opens other models too

STOPPED = 130  # exit codes of a shell: 128 and the number of the signal, here SIGINT
_PIPE_CLOSED = 141  # SIGPIPE, which Python turns into an error


def exit_code(main: Callable[[], int | None]) -> Callable[[], int]:
    """Decorate a program's `main`: what it returns is the exit code, 0 for None, and no user sees a traceback.

    A UserError and a library that cannot be loaded end the program with a sentence and 1, Ctrl+C ends it with STOPPED,
    and it ends in silence where nobody reads on, as after `| head`.
    """

    @functools.wraps(main)
    def program():
        signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a script started it in the background
        try:
            code = main() or 0
            print(end="", flush=True)  # here a closed pipe can still be noticed
        except UserError as error:
            return _failed(error)
        except ImportError as error:
            return _failed(f"{error.name or 'A library'} cannot be loaded ({error}); {INSTALL}")
        except KeyboardInterrupt:
            return STOPPED
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where Python flushes to at its end
            return _PIPE_CLOSED
        return code

    return program


def say(sentence: object) -> None:
    """Tell the user something that is no result, such as what was guessed or what is wrong."""
    print(sentence, file=sys.stderr)


def _failed(sentence):
    say(sentence)
    return 1


def add_version(parser: argparse.ArgumentParser) -> None:
    """Let a program say its version."""
    parser.add_argument("--version", action="version", version=f"Digits {__version__}")


def positive(text: str) -> int:
    """Return a whole number above 0; raises ArgumentTypeError."""
    return _at_least(1, text)


def seed(text: str) -> int:
    """Return a whole number from 0 to what fits TensorFlow's seeds; raises ArgumentTypeError."""
    if (number := _at_least(0, text)) >= 2**31:
        raise argparse.ArgumentTypeError(f"{number} is too large; it must be below 2147483648")
    return number


def _at_least(lowest, text):
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if number < lowest:
        raise argparse.ArgumentTypeError(f"{number} is too small; it must be at least {lowest}")
    return number
