"""TensorFlow without its greetings: what it prints when it is loaded is not the user's concern."""

import contextlib
import gc
import importlib.util
import logging
import os
import tempfile
from pathlib import Path

from digits import UserError, errors
from digits.command_line import INSTALL_TRAINING, NO_MEMORY, loading


def check_tensorflow(purpose: str) -> None:
    """Raise UserError where TensorFlow is not installed, in milliseconds; `purpose` begins the sentence."""
    if not importlib.util.find_spec("tensorflow"):
        raise UserError(f"{purpose} takes TensorFlow, which is not installed; {INSTALL_TRAINING}")


def load_tensorflow() -> None:
    """Import TensorFlow, seconds the first time, with nothing printed; a later `import tensorflow` costs nothing.

    Raises UserError where it or Keras 3 is missing, or does not fit what else is installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whatever Keras is told to use elsewhere
    if not os.path.isabs(os.path.expanduser("~")):  # noqa: PTH111, PTH117 (pathlib's raises): a user without a home,
        os.environ.setdefault("KERAS_HOME", str(Path(tempfile.gettempdir(), ".keras")))  # for whom it would make a "~"
    try:
        with muted(descriptor=2), _uncollected(), loading():
            import keras
            import tensorflow  # noqa: F401
    except Exception as error:  # libraries that do not fit one another stumble over anything
        if errors.is_lack_of_memory(error):
            raise UserError(NO_MEMORY) from error
        raise UserError(f"TensorFlow cannot be loaded ({errors.first_line(error)}); {INSTALL_TRAINING}") from error
    if int(keras.__version__.split(".")[0]) < 3:
        raise UserError(f"Keras {keras.__version__} is too old, version 3 is needed; {INSTALL_TRAINING}")
    logging.getLogger("tensorflow").setLevel("ERROR")  # it advises programmers, in the middle of a progress bar


@contextlib.contextmanager
def _uncollected():
    """Look for garbage neither meanwhile nor later among what was made: that takes a fifth of the time to load it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


@contextlib.contextmanager
def muted(descriptor: int):
    """Send what is written to a file descriptor nowhere, whatever language it is written from."""
    try:
        saved = os.dup(descriptor)
    except OSError:  # a program without a terminal has none
        yield
        return
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 (a device, not a path)
        os.dup2(nowhere.fileno(), descriptor)
    try:
        yield
    finally:
        os.dup2(saved, descriptor)
        os.close(saved)
