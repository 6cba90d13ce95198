"""From a Keras model to its converted form; for the shipped model: python -m digits.reading.conversion"""

import argparse
import contextlib
import sys
from pathlib import Path

import numpy as np

from digits import UserError, quiet
from digits.assets import MODEL
from digits.command_line import exit_code
from digits.ink import grid, strokes
from digits.ink.sheet import drawn
from digits.reading import converted
from digits.reading.engine import LiteRT

MOST = 1e-4  # that a probability may differ by
_SCRIBBLES = 60
_LARGEST = 20_000_000  # bytes of a model file: what is larger takes hundreds of megabytes to convert


@exit_code
def main() -> None:
    """Convert the shipped model, to be kept beside it."""
    words = "Convert the shipped model into the form that LiteRT runs."
    argparse.ArgumentParser(prog="python -m digits.reading.conversion", description=words).parse_args()
    from digits import modelfile

    converted.write(converted.SHIPPED, convert(modelfile.load(MODEL)), converted.digest(MODEL))
    print(f"{MODEL} is converted: {converted.SHIPPED}")


def keep(path: Path, model=None) -> None:
    """See that a converted form of a model file is at hand from now on, if there can be one; takes a second or two.

    It may fail without a word, for then Keras answers. It is tried three times at most.

    model: what `modelfile.load` gave for the path; loaded here where it is not given.
    """
    from digits import modelfile

    with contextlib.suppress(Exception):  # a converter stumbles over anything
        source = converted.digest(path)
        is_small = path.stat().st_size <= _LARGEST and modelfile.batch_size(path) >= len(_drawings())
        if is_small and not converted.find(source) and converted.may_try(source):
            converted.keep(convert(model or modelfile.load(path)), source)


def convert(model) -> bytes:
    """Return a Keras model that maps grids (n, 28, 28, 1) to probabilities (n, 10) as a .tflite file has it.

    Raises UserError where it does not answer fixed drawings like the model, and whatever the converter stumbles over.
    """
    with quiet.muted(descriptor=2):
        content = _converted(model)
        difference = np.abs(LiteRT(content).probabilities(_drawings()) - _answers(model, _drawings())).max()
    if not difference <= MOST:
        raise UserError(f"The converted model answers otherwise than the model, by {difference:.1g} in a probability.")
    return content


def _converted(model):
    import tensorflow as tf

    shape = tf.TensorSpec((None, *grid.SHAPE, 1), tf.float32)
    function = tf.function(lambda grids: model(grids, training=False), input_signature=[shape])
    # The other ways go through a temporary folder, which would be left behind whenever a window is closed meanwhile.
    return tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()]).convert()


def _answers(model, grids):
    import tensorflow as tf

    with tf.device("CPU"):  # graphics cards round otherwise
        return model(grids[..., None], training=False).numpy()


def _drawings():
    """Return fixed drawings (n, 28, 28): scribbles, the empty sheet, the full one, noise."""
    rng = np.random.default_rng(0)
    scribbles = [drawn([strokes.smooth(rng.uniform(3, 25, (5, 2)), 40)]) for _ in range(_SCRIBBLES)]
    return np.stack([*scribbles, grid.empty(), 1 - grid.empty(), rng.random(grid.SHAPE, np.float32)])


if __name__ == "__main__":
    sys.exit(main())
