"""What the page can do with numbers: the steps that each kind of layer comes to, and the layers that come to none.

A step is plain data: what it does, its settings, and `weights`, a list of arrays. What is needed in training only is
left out.
"""

import numpy as np

from digits import UserError
from digits.modelfile.shapes import Shape

PASSED = {  # layers that give what they are given, once the training is over
    *("InputLayer", "Identity", "Flatten", "Reshape", "Dropout", "SpatialDropout2D", "AlphaDropout", "GaussianDropout"),
    *("GaussianNoise", "ActivityRegularization", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomFlip"),
    *("RandomBrightness", "RandomContrast"),
}
_ACTIVATIONS = "relu", "softmax", "sigmoid", "tanh"


class NoStepsError(UserError):
    """A layer that the page cannot run."""


def of_layer(kind: str, settings: dict, arrays: list, given: list[Shape], gives: Shape) -> list[dict]:
    """Return the steps of a layer, one after the other.

    arrays: its weights. given, gives: the shapes of what it takes and of what comes of it, for one example. Raises
    NoStepsError, which names no layer, where the page has no steps for it.
    """
    if kind in PASSED:
        return []
    if kind not in _LAYERS:
        raise NoStepsError(f"is a {kind}, which the page has no steps for")
    _check("inputs of the shapes", given, len(given) == 1 or set(given) == {gives})
    return _LAYERS[kind](settings, arrays, given[0], gives)


def _convolution(settings, arrays, given, gives):
    _check("groups", settings["groups"], settings["groups"] == 1)
    _check("dilation_rate", settings["dilation_rate"], set(_two(settings["dilation_rate"])) == {1})
    window, strides = _two(settings["kernel_size"]), _two(settings["strides"])
    before = _before(settings["padding"], given, gives, window, strides)
    return _convolved(settings, arrays, list(given), window, strides, before)


def _dense(settings, arrays, given, gives):
    """A layer of units is a convolution that looks at one place, of as many channels as there are numbers."""
    _check("an input of the shape", given, len(given) == 1)
    return _convolved(settings, arrays, [1, 1, *given], [1, 1], [1, 1], [0, 0])


def _convolved(settings, arrays, given, window, strides, before):
    kernel, *bias = arrays
    filters = kernel.shape[-1]
    step = {"do": "convolve", "given": given, "window": window, "strides": strides, "before": before, "rectify": False}
    weights = [kernel.reshape(-1, filters), *(bias or [np.zeros(filters)])]
    return [step | {"weights": weights}, *_activated(settings["activation"])]


def _activated(activation):
    named = activation if isinstance(activation, str) else activation["class_name"]
    _check("activation", named, named in ("linear", *_ACTIVATIONS))
    return [] if named == "linear" else [{"do": named, "weights": []}]


def _activation(settings, arrays, given, gives):
    return _activated(settings["activation"])


def _relu(settings, arrays, given, gives):
    usual = {"max_value": None, "negative_slope": 0, "threshold": 0}
    for name, value in usual.items():
        _check(name, settings.get(name, value), settings.get(name, value) == value)
    return _activated("relu")


def _softmax(settings, arrays, given, gives):
    axis = settings.get("axis", -1)
    _check("axis", axis, axis in (-1, len(given)))
    return _activated("softmax")


def _normalisation(settings, arrays, given, gives):
    """Batch norm is a factor and an offset for each channel, once it is trained (Ioffe and Szegedy 2015)."""
    *scaled, mean, variance = (np.float64(array) for array in arrays)
    factor = (scaled.pop(0) if settings["scale"] else 1) / np.sqrt(variance + settings["epsilon"])
    offset = (scaled.pop(0) if settings["center"] else 0) - mean * factor
    return [{"do": "scale", "weights": [factor, offset]}]


def _rescaling(settings, arrays, given, gives):
    return [{"do": "scale", "weights": [np.full(given[-1], settings[name]) for name in ("scale", "offset")]}]


def _pooling(how):
    def steps(settings, arrays, given, gives):
        window = _two(settings["pool_size"])
        strides = _two(settings["strides"] or window)
        before = _before(settings["padding"], given, gives, window, strides)
        return [_pooled(how, given, window, strides, before)]

    return steps


def _pooling_whole(how):
    return lambda settings, arrays, given, gives: [_pooled(how, given, given[:2], given[:2], [0, 0])]


def _pooled(how, given, window, strides, before):
    sides = {"given": list(given), "window": list(window), "strides": list(strides), "before": before}
    return {"do": how, **sides, "weights": []}


def _sum(settings, arrays, given, gives):
    return [{"do": "add", "weights": []}]


_LAYERS = {
    "Activation": _activation,
    "Add": _sum,
    "AveragePooling2D": _pooling("mean"),
    "BatchNormalization": _normalisation,
    "Conv2D": _convolution,
    "Dense": _dense,
    "GlobalAveragePooling2D": _pooling_whole("mean"),
    "GlobalMaxPooling2D": _pooling_whole("max"),
    "MaxPooling2D": _pooling("max"),
    "ReLU": _relu,
    "Rescaling": _rescaling,
    "Softmax": _softmax,
}


def _two(sides):
    """Return a setting such as 3, [3] or [3, 5] as one number for each axis."""
    return (list(sides) * 2)[:2] if isinstance(sides, list | tuple) else [sides] * 2


def _before(padding, given, gives, window, strides):
    """Return how many rows and columns of nothing lie before what a window slides over, as TensorFlow pads."""
    if padding == "valid":
        return [0, 0]
    sides = zip(given, gives, window, strides, strict=False)
    return [max(0, (after - 1) * step + reach - before) // 2 for before, after, reach, step in sides]


def _check(setting, value, fits):
    if not fits:
        raise NoStepsError(f"has {setting} {value}, which the page has no steps for")
