"""What all programs share: how they end, their version, what they tell people to type, and numbers on command lines."""

import argparse
import contextlib
import errno
import functools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator

from digits import UserError, __version__, errors
from digits.assets import IS_INSTALLED

# What to type, or to do, in a sentence that says so.
TRAIN = "digits-train" if IS_INSTALLED else "python handwriting.py"
INSTALL = (
    "install the program anew, with all that it needs"
    if IS_INSTALLED
    else "install what the programs need with: python -m pip install -r requirements.txt"
)
INSTALL_TRAINING = "install digits[train]" if IS_INSTALLED else INSTALL  # TensorFlow, which opens other models too

NO_MEMORY = "There is not enough memory; close other programs and try again."

STOPPED = 130  # exit codes of a shell: 128 and the number of the signal, here SIGINT
_FULL = errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO
_PIPE_CLOSED = 141  # SIGPIPE, which Python turns into an error


def exit_code(main: Callable[[], int | None]) -> Callable[[], int]:
    """Decorate a program's `main`: what it returns is the exit code, 0 for None, and no user sees a traceback.

    A UserError, a library that cannot be loaded, a lack of memory and an output that takes no more end the program with
    a sentence and 1, Ctrl+C ends it with STOPPED, and it ends in silence where nobody reads on, as after `| head`.
    """

    @functools.wraps(main)
    def program():
        _prepare_streams()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a script started it in the background
        try:
            code = main() or 0
            print(end="", flush=True)  # here a closed pipe can still be noticed
        except UserError as error:
            return _failed(error)
        except KeyboardInterrupt:
            return STOPPED
        except BrokenPipeError:
            _give_up_output()
            return _PIPE_CLOSED
        except (ImportError, MemoryError, OSError) as error:
            if not (reason := _reason(error)):
                raise
            return _failed(reason)
        return code

    return program


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Load libraries within: where Ctrl+C ends the program, it does then, too.

    Python itself may make another error of it on the way, and libraries' parts written in C do, or forget it.
    """
    ends = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not ends or threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = []

    def interrupt(*_):
        heard.append(True)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    except Exception:
        if not heard:
            raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if heard:
        raise KeyboardInterrupt


def _prepare_streams():
    """See that the output takes any letters, and that no file takes the place of a stream that is closed (`>&-`)."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < 3:  # the lowest number that is free
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    with contextlib.suppress(AttributeError):  # there is none, or another in its place
        sys.stdout.reconfigure(errors="backslashreplace")


def _reason(error):
    """Return why a program has to end, as a sentence; None where it is a mistake of ours."""
    if errors.is_lack_of_memory(error):
        return NO_MEMORY
    if isinstance(error, ImportError):
        return f"{error.name or 'A library'} cannot be loaded ({errors.first_line(error)}); {INSTALL}"
    if error.errno in _FULL and error.filename is None:  # whoever writes a file turns its errors into sentences
        _give_up_output()
        return f"What the program says cannot be written ({error.strerror}); let it be written elsewhere."
    return None


def _give_up_output():
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where Python flushes to at its end


def say(sentence: object) -> None:
    """Tell the user something that is no result, such as what was guessed or what is wrong."""
    if sys.stderr:
        with contextlib.suppress(OSError):  # nobody to tell
            print(sentence, file=sys.stderr, flush=True)


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
