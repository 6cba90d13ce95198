"""Engines: what answers for a model, LiteRT where there is a converted form of it, and Keras where there is none.

LiteRT is there in a tenth of a second and takes 50 MB; TensorFlow takes seconds and 600 MB. Both say the same.
"""

import contextlib
import functools
import warnings
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

    def layers(self, grids: np.ndarray) -> list[np.ndarray]:
        """Return what each layer that makes pictures gives for n grids (n, 28, 28): (n, rows, columns, features).

        The first layer comes first. Few grids at a time.
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
        self.remarks = []  # they were made when it was converted
        self._content, self._open = content, None
        self._run = _Interpreter(content).run
        self.probabilities(grid.empty(1))

    def probabilities(self, grids: np.ndarray) -> np.ndarray:
        """See `Engine`."""
        return answers(self._run, grids)

    def layers(self, grids: np.ndarray) -> list[np.ndarray]:
        """See `Engine`."""
        self._open = self._open or _Interpreter(self._content, keeps_all=True)  # only who looks inside waits for it
        return self._open.pictures(_shaped(grids))


class _Interpreter:
    """LiteRT's interpreter of a converted model; to keep all that the layers give takes more time and memory."""

    def __init__(self, content, keeps_all=False):
        with quiet.muted(descriptor=2), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that to keep everything is meant for those who look for a fault
            from ai_edge_litert.interpreter import Interpreter

            self._inner = Interpreter(
                model_content=content,
                num_threads=1,  # more would compete with the window
                experimental_preserve_all_tensors=keeps_all,
            )
            (given,), (gives,) = self._inner.get_input_details(), self._inner.get_output_details()
            self._given, self._gives = given["index"], gives["index"]
            self._size = 0  # grids at once that it is ready for
            self.run(_shaped(grid.empty(1)))

    def run(self, grids):
        """Return what the model gives for grids (n, 28, 28, 1)."""
        if len(grids) != self._size:
            self._inner.resize_tensor_input(self._given, grids.shape)
            self._inner.allocate_tensors()
            self._size = len(grids)
        self._inner.set_tensor(self._given, grids)
        self._inner.invoke()
        return self._inner.get_tensor(self._gives)

    def pictures(self, grids):
        """Return what each layer that makes pictures gives, in the order in which they are made."""
        layers = self._layers
        self.run(grids)
        return [self._inner.get_tensor(index) for index in layers]

    @functools.cached_property
    def _layers(self):
        """Return the numbers of the tensors that are pictures of a layer, told from weights by growing with grids."""
        one, two = (self._shapes(count) for count in (1, 2))
        return [index for index, shape in one.items() if _is_picture(shape) and two[index] == (2, *shape[1:]) != shape]

    def _shapes(self, count):
        self.run(_shaped(grid.empty(count)))
        return {tensor["index"]: tuple(tensor["shape"].tolist()) for tensor in self._inner.get_tensor_details()}


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
        self._layers = None
        self.probabilities(grid.empty(1))

    def probabilities(self, grids: np.ndarray) -> np.ndarray:
        """See `Engine`."""
        return answers(self._run, grids, self._batch)

    def layers(self, grids: np.ndarray) -> list[np.ndarray]:
        """See `Engine`."""
        self._layers = self._layers or _traced_layers(self.model)
        return [given.numpy() for given in self._layers(_shaped(grids))]


def _traced_layers(model):
    """Return a function from grids (n, 28, 28, 1) to what each layer of a model that makes pictures gives."""
    import keras
    import tensorflow as tf

    given = [layer.output for layer in model.layers if hasattr(layer, "output")]
    pictures = [output for output in given if isinstance(output, keras.KerasTensor) and _is_picture(output.shape)]
    if not pictures:
        return lambda grids: []
    inner = keras.Model(model.inputs, pictures)
    shape = tf.TensorSpec((None, *grid.SHAPE, 1), tf.float32)
    return tf.function(lambda grids: tf.nest.flatten(inner(grids, training=False)), input_signature=[shape])


def _is_picture(shape):
    """Whether what a layer gives has rows, columns and several features."""
    return len(shape) == 4 and min(side or 0 for side in shape[1:]) > 1


def _shaped(grids):
    """Return grids (n, 28, 28) as networks take them, (n, 28, 28, 1)."""
    return np.asarray(grids, np.float32).reshape(-1, *grid.SHAPE, 1)


def answers(run, grids, batch=_BATCH):
    """Return all that a network gives, run on grids (n, 28, 28), a few at a time."""
    grids = _shaped(grids)
    batches = (grids[first : first + batch] for first in range(0, len(grids), batch))
    return checked(np.concatenate([_NO_ANSWERS, *map(run, batches)]))


def checked(probabilities: np.ndarray) -> np.ndarray:
    """Return probabilities (n, 10); raises UserError where they are none: not finite, below 0, not 1 in sum."""
    if (probabilities >= 0).all() and (np.abs(probabilities.sum(axis=1) - 1) < 1e-3).all():  # not-a-number is neither
        return probabilities
    raise UserError("The model answers with numbers that are no probabilities; train it again, or open another one.")
