"""The process that owns the model, and TensorFlow where that is needed: grids in, probabilities out.

It is started with `main` by `digits.reading.recogniser` and speaks through one connection, in small tuples. It gets
(number, ink, paths, why, inside), see `sheets.read`: whether reasons are wanted, and whether the layers are to be seen.
It sends, first, ("remark", sentence) for all that was guessed about the model, then one of ("ready", threshold) and
("unusable", sentence), then for every question one of ("answer", number, digits, reason, layers) and ("trouble",
number, sentence).
"""

import contextlib
import os
import signal
import threading
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

from digits import UserError, errors, modelfile
from digits.reading import engine
from digits.reading.inside import Inside

ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # the terminal belongs to the user
    "CUDA_VISIBLE_DEVICES": "-1",  # one small grid is answered before a graphics card has woken up
    "KERAS_BACKEND": "tensorflow",
    "TF_NUM_INTRAOP_THREADS": "1",  # more would only compete with the window
    "TF_NUM_INTEROP_THREADS": "1",
}


def main(connection: Connection, path: str, load=engine.load) -> None:
    """Load the model with an engine, then answer until the other side hangs up."""
    os.environ.update(ENVIRONMENT)
    _be_silent()
    depend_on_parent()
    with contextlib.suppress(EOFError, OSError):  # hung up
        try:
            loaded, threshold = load(Path(path)), modelfile.read_threshold(Path(path))
        except Exception as error:  # it would be the same for every worker
            connection.send(("unusable", _reason(error, path)))
            return
        for sentence in loaded.remarks:
            connection.send(("remark", sentence))
        connection.send(("ready", threshold))
        if isinstance(loaded, engine.Keras):
            threading.Thread(target=_convert, args=(Path(path), loaded.model)).start()  # ends before the process does
        answer(connection, loaded, threshold)


def _convert(path, model):
    from digits.reading import conversion

    conversion.keep(path, model)


def _reason(error, path):
    """Return why a model cannot be used, in one sentence."""
    return str(
        error
        if isinstance(error, UserError)
        else UserError(f"{path} cannot be used to read digits ({errors.first_line(error)}).")
    )


def answer(connection: Connection, loaded: engine.Engine, threshold: float) -> None:
    """Answer questions one by one; an error is an answer too."""
    from digits.reading import sheets  # not above, for the window waits for this module too

    inside = Inside(loaded)
    while True:
        number, ink, paths, why, is_open = connection.recv()
        try:
            digits = sheets.read(ink, paths, loaded.probabilities, threshold)
            reason = sheets.explain(ink, digits, paths, loaded.probabilities, threshold) if why else None
            layers = inside.look(digits[-1].grid) if is_open else None  # of a number the last digit
        except UserError as error:
            connection.send(("trouble", number, str(error)))
        except Exception as error:
            connection.send(("trouble", number, f"The model could not read this drawing ({errors.first_line(error)})."))
        else:
            connection.send(("answer", number, digits, reason, layers))


def depend_on_parent() -> None:
    """Leave Ctrl+C to the window, which then ends this process too, and end with it even in the middle of something."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _be_silent():
    """Send everything that libraries print past us nowhere, whatever language they print it from."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 (a device, not a path)
        for descriptor in (1, 2):
            os.dup2(nowhere.fileno(), descriptor)


def _die_with_parent():
    wait([parent_process().sentinel])
    os._exit(0)
