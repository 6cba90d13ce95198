"""TensorFlow without its greetings: what it prints when it is loaded is not the user's concern."""

import contextlib
import os


def load_tensorflow() -> None:
    """Import TensorFlow, seconds the first time, with nothing printed; a later `import tensorflow` costs nothing."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with muted(descriptor=2):
        import tensorflow  # noqa: F401


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
