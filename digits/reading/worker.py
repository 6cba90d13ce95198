"""The process that owns TensorFlow and the model: grids in, probabilities out.

It is started with `main` by `digits.reading.recogniser` and speaks through one connection, in small tuples. It gets
(number, ink, why) and sends, first, one of ("ready", threshold) and ("unusable", sentence), then for every question one
of ("answer", number, probabilities, why) and ("trouble", number, sentence).
"""

import contextlib
import os
import signal
import threading
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

import numpy as np

from digits import UserError, errors
from digits.ink import grid

ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",  # the terminal belongs to the user
    "CUDA_VISIBLE_DEVICES": "-1",  # one small grid is answered before a graphics card has woken up
    "KERAS_BACKEND": "tensorflow",
    "TF_NUM_INTRAOP_THREADS": "1",  # more would only compete with the window
    "TF_NUM_INTEROP_THREADS": "1",
}


def main(connection: Connection, path: str) -> None:
    """Load the model, then answer until the other side hangs up."""
    os.environ.update(ENVIRONMENT)
    _be_silent()
    depend_on_parent()
    with contextlib.suppress(EOFError, OSError):  # hung up
        try:
            read, explain, threshold = load(path)
        except Exception as error:  # it would be the same for every worker
            connection.send(("unusable", _reason(error, path)))
            return
        connection.send(("ready", threshold))
        answer(connection, read, explain)


def load(path: str):
    """Return two functions of a grid, warm, and the threshold of doubt: its probabilities, and (probabilities, why)."""
    from digits import modelfile

    model = modelfile.load(path)
    import tensorflow as tf

    one_grid = tf.TensorSpec((1, *grid.SHAPE, 1), tf.float32)  # a fixed shape: traced once, 0.8 ms a call

    @tf.function(input_signature=[one_grid])
    def probabilities(grids):
        return model(grids, training=False)[0]

    @tf.function(input_signature=[one_grid])
    def reasons(grids):
        with tf.GradientTape() as tape:
            tape.watch(grids)
            chances = model(grids, training=False)[0]
            first, second = tf.unstack(tf.math.log(tf.math.top_k(chances, 2).values + np.finfo(np.float32).tiny))
            lead = first - second  # after a softmax that is the winner's logit less the runner-up's
        return chances, tape.gradient(lead, grids)

    def read(ink):
        return probabilities(ink.reshape(1, *grid.SHAPE, 1)).numpy()

    def explain(ink):
        chances, gradient = reasons(ink.reshape(1, *grid.SHAPE, 1))
        return chances.numpy(), gradient.numpy().reshape(grid.SHAPE)

    read(grid.empty())
    return read, explain, modelfile.read_threshold(Path(path))


def _reason(error, path):
    """Return why a model cannot be used, in one sentence."""
    if isinstance(error, UserError):
        return str(error)
    return f"{path} cannot be used to read digits ({errors.first_line(error)})."


def answer(connection: Connection, read, explain) -> None:
    """Answer questions one by one; an error is an answer too."""
    while True:
        number, ink, why = connection.recv()
        try:
            chances, reasons = explain(ink) if why else (read(ink), None)
        except Exception as error:
            connection.send(("trouble", number, f"The model could not read this drawing: {error}"))
        else:
            connection.send(("answer", number, chances, reasons))


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
