"""Engines: what answers for a model, LiteRT where there is a converted form of it, and Keras where there is none.

LiteRT is there in a tenth of a second and takes 50 MB; TensorFlow takes seconds and 600 MB. Both say the same.
"""

import contextlib
from pathlib import Path
from typing import Protocol

import numpy as np

from digits import UserError, quiet
from digits.ink import grid
from digits.reading import converted

_BATCH = 32  # grids at once: more are no faster, and take memory
_NO_ANSWERS = np.empty((0, grid.CLASSES), np.float32)


class Engine(Protocol):
    """A model that reads grids."""

    remarks: list[str]  # what was guessed about it, a sentence each

    def probabilities(self, grids: np.ndarray) -> np.ndarray:
        """Return ten probabilities (n, 10) for each of n grids (n, 28, 28) in [0, 1], however many.

        Raises UserError where the model answers with other numbers. One thread at a time may ask.
        """


def load(path: Path) -> Engine:
    """Return what answers for the model in a file, warm; raises UserError where it cannot be used."""
    with contextlib.suppress(Exception):  # whatever it is that LiteRT stumbles over, Keras may not
        if content := converted.find(converted.digest(path)):
            return LiteRT(content)
    return Keras(path)


class LiteRT:
    """A converted model, in the small runtime that was made for such."""

    def __init__(self, content: bytes):
        """Make a converted model ready; raises whatever LiteRT stumbles over, ImportError where it is not there."""
        with quiet.muted(descriptor=2):
            from ai_edge_litert.interpreter import Interpreter

            self._interpreter = Interpreter(model_content=content, num_threads=1)  # more would compete with the window
            (given,), (gives,) = self._interpreter.get_input_details(), self._interpreter.get_output_details()
            self.remarks = []  # they were made when it was converted
            self._given, self._gives = given["index"], gives["index"]
            self._size = 0  # grids at once that it is ready for
            self.probabilities(grid.empty(1))

    def probabilities(self, grids: np.ndarray) -> np.ndarray:
        """See `Engine`."""
        return _answers(self._run, grids)

    def _run(self, grids):
        if len(grids) != self._size:
            self._interpreter.resize_tensor_input(self._given, grids.shape)
            self._interpreter.allocate_tensors()
            self._size = len(grids)
        self._interpreter.set_tensor(self._given, grids)
        self._interpreter.invoke()
        return self._interpreter.get_tensor(self._gives)


class Keras:
    """A model as Keras built it from its file."""

    def __init__(self, path: Path):
        """Load a model file, which takes seconds; raises UserError where it cannot be used."""
        from digits import modelfile

        self.remarks = []
        self.model = modelfile.load(path, self.remarks.append)
        self._batch = modelfile.batch_size(path, _BATCH)
        import tensorflow as tf

        shape = tf.TensorSpec((None, *grid.SHAPE, 1), tf.float32)  # traced once; called plainly it takes 3 ms a time
        self._run = tf.function(lambda grids: self.model(grids, training=False), input_signature=[shape])
        self.probabilities(grid.empty(1))

    def probabilities(self, grids: np.ndarray) -> np.ndarray:
        """See `Engine`."""
        return _answers(self._run, grids, self._batch)


def _answers(run, grids, batch=_BATCH):
    """Return all that a network gives, run on grids (n, 28, 28) as it takes them, (n, 28, 28, 1), a few at a time."""
    grids = np.asarray(grids, np.float32).reshape(-1, *grid.SHAPE, 1)
    batches = (grids[first : first + batch] for first in range(0, len(grids), batch))
    return checked(np.concatenate([_NO_ANSWERS, *map(run, batches)]))


def checked(probabilities: np.ndarray) -> np.ndarray:
    """Return probabilities (n, 10); raises UserError where they are none: not finite, below 0, not 1 in sum."""
    if (probabilities >= 0).all() and (np.abs(probabilities.sum(axis=1) - 1) < 1e-3).all():  # not-a-number is neither
        return probabilities
    raise UserError("The model answers with numbers that are no probabilities; train it again, or open another one.")
