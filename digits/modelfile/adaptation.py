"""A network as a reader of grids: given what it was trained on, and its answers taken as probabilities.

Networks for MNIST differ in both, and no file says which it is. What a network was trained on shows in its first
layer, or else in how many plain digits it reads right; what it answers shows in the numbers.
"""

import functools
from collections.abc import Callable

import numpy as np

from digits import UserError
from digits.assets import PEN_DIGITS
from digits.files import unipen
from digits.ink import grid, strokes
from digits.ink.sheet import drawn
from digits.modelfile.blueprint import Blueprint

# How programs give images to a network, by the scale and offset that make it of ink from 0 to 1.
_RANGES = {
    "from 0 to 1": (1.0, 0.0),
    "from 0 to 255": (255.0, 0.0),
    "from -1 to 1": (2.0, -1.0),
    "standardised by MNIST's mean and deviation": (1 / 0.3081, -0.1307 / 0.3081),
}
_USUAL, _BYTES, *_ = _RANGES
_SMALL = 0.02  # a scale below it is one for numbers up to 255: 1/255, 1/127.5, 1/128, 1/100
_LARGE = 1.5  # a mean above it is none of numbers up to 1
_LEAVES_NUMBERS = (  # of the layers that a network may begin with, those that change no range
    *("InputLayer", "Reshape", "Flatten", "Permute", "Identity", "ZeroPadding2D", "Cropping2D", "Resizing"),
    *("UpSampling2D", "Dropout", "SpatialDropout2D", "AlphaDropout", "GaussianDropout", "GaussianNoise"),
    *("RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomBrightness", "RandomContrast"),
)
_ENOUGH = 6  # of ten plain digits read right: who reads so many was given what it was trained on
_CLEARLY = 3  # so many more must be read right to speak for another range
_TINY = 1e-9  # so that ten numbers of nothing are no division by zero


def build(plan: Blueprint, weights: list, known: bool, remark: Callable[[str], None]):
    """Return a network as a Keras model that takes grids (n, 28, 28, 1) and gives ten probabilities (n, 10).

    weights: those of each layer of the plan. known: whether it takes ink from 0 to 1, which then is not looked into.
    remark: is told in a sentence each thing that was guessed. Raises UserError where an answer is not finite, and
    whatever Keras stumbles over.
    """
    model = _network(plan, weights)
    labels, digits = plain_digits()
    range_ = _USUAL if known else _shown_by_layers(plan, weights)
    if range_ is None:
        range_ = _tried(model, plan, digits, labels, remark)
    answers = _answers(model, plan, np.concatenate([np.stack([grid.empty(), 1 - grid.empty()]), digits]), range_)
    if not np.isfinite(answers).all():
        raise UserError("what it says of an empty grid, a full one or a plain digit is not finite")
    return _wrapped(model, plan.input_shape, range_, answers, remark)


def _network(plan, weights):
    import keras

    model = keras.saving.deserialize_keras_object(plan.described, safe_mode=True)
    for layer, arrays in zip(plan.layers, weights, strict=True):
        if arrays:
            inner = functools.reduce(lambda network, name: network.get_layer(name), layer.path, model)
            inner.set_weights(arrays)
            getattr(inner, "finalize_state", lambda: None)()  # a Normalization keeps a copy of its own
    return model


def plain_digits() -> tuple[np.ndarray, np.ndarray]:
    """Return the labels (10,) and the grids (10, 28, 28) of digits that every network for MNIST should read."""
    first = {drawing.label: drawing for drawing in reversed(unipen.read(PEN_DIGITS))}
    middle, rng = strokes.Placement((20, 20), 0), np.random.default_rng(0)
    grids = [drawn(strokes.place(strokes.smoothed(one).paths, middle, rng)) for one in first.values()]
    return np.array([int(label) for label in first]), np.stack(grids)


def _shown_by_layers(plan, weights):
    """Return the range that the first layer shows which looks at the numbers, None where it shows none."""
    if plan.takes_whole_numbers:
        return _BYTES
    for layer, arrays in zip(plan.layers, weights, strict=True):
        if layer.kind not in _LEAVES_NUMBERS:
            return _BYTES if _is_for_bytes(layer, arrays) else None
    return None


def _is_for_bytes(layer, arrays):
    if layer.kind == "Rescaling":
        return 0 < abs(layer.settings.get("scale", 1)) < _SMALL
    if layer.kind == "Normalization":
        return np.max(arrays[0] if arrays else layer.settings["mean"]) > _LARGE
    return layer.kind == "BatchNormalization" and np.max(arrays[-2]) > _LARGE  # the mean of what it was trained on


def _tried(model, plan, digits, labels, remark):
    """Return the range in which most plain digits are read right, the usual one where none is clearly better."""

    def right(name):
        return int((_answers(model, plan, digits, name).argmax(1) == labels).sum())

    usual = right(_USUAL)
    if usual >= _ENOUGH:
        return _USUAL
    others = {name: right(name) for name in _RANGES if name != _USUAL}
    best = max(others, key=others.get)
    if others[best] < max(_ENOUGH, usual + _CLEARLY):
        return _USUAL
    remark(
        f"It reads {others[best]} of {len(labels)} plain digits right where ink is given as numbers {best}, "
        f"and {usual} where it is {_USUAL}; so it is given that."
    )
    return best


def _answers(model, plan, grids, range_):
    scale, offset = _RANGES[range_]
    given = (grids * scale + offset).reshape(-1, *plan.input_shape).astype(np.float32)
    batches = (given[begin : begin + plan.batch] for begin in range(0, len(given), plan.batch))
    return np.concatenate([np.asarray(model(batch, training=False)) for batch in batches])


def _wrapped(model, shape, range_, answers, remark):
    """Return a model with what it needs before and behind it."""
    import keras

    is_positive, sums = (answers >= 0).all(), answers.sum(axis=1)
    gives_probabilities = is_positive and np.abs(sums - 1).max() < 1e-3
    if shape == (*grid.SHAPE, 1) and range_ == _USUAL and gives_probabilities:
        return model
    grids = keras.Input((*grid.SHAPE, 1))
    scale, offset = _RANGES[range_]
    given = grids if range_ == _USUAL else keras.layers.Rescaling(scale, offset)(grids)
    answer = model(keras.layers.Reshape(shape)(given))
    if gives_probabilities:
        return keras.Model(grids, answer)
    if not is_positive or answers.max() > 1:
        return keras.Model(grids, keras.layers.Softmax()(answer))
    remark("Its ten answers are from 0 to 1 each and do not add up to 1: they are divided by their sum.")
    answer = answer + _TINY
    return keras.Model(grids, answer / keras.ops.sum(answer, axis=-1, keepdims=True))
