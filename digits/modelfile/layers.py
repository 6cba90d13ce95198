"""The layers that a network from a model file may have: what each may be set to, what it gives, what weights it has.

Keras makes objects of whatever class a file names, with whatever settings it gives, and some of these run code, read
other files or call functions by name. So what is not listed here is refused, classes and settings alike.
"""

import math
from typing import NamedTuple

from digits import UserError
from digits.modelfile import rules

Shape = tuple[int, ...]  # of one example: (28, 28, 1), (10,)


def _same(config, shape):
    return shape


def _dense(config, shape):
    return (*shape[:-1], config["units"])


def _dense_weights(config, shape):
    return [(shape[-1], config["units"])] + [(config["units"],)] * config["use_bias"]


def _pair(sides):
    return sides if type(sides) is list else [sides, sides]


def _slide(shape, window, strides, padding, dilation=1):
    """Return (height, width) of what a window of (height, width) gives that slides over a shape (h, w, channels)."""
    sides = []
    for side, reach, step, apart in zip(shape[:2], _pair(window), _pair(strides), _pair(dilation), strict=True):
        covered = 1 if padding == "same" else (reach - 1) * apart + 1
        sides.append((side - covered) // step + 1)
    return tuple(sides)


def _convolution(config, shape):
    window = config["kernel_size"], config["strides"], config["padding"], config["dilation_rate"]
    return (*_slide(shape, *window), config["filters"])


def _convolution_weights(config, shape):
    kernel = (*_pair(config["kernel_size"]), shape[2] // config["groups"], config["filters"])
    return [kernel] + [(config["filters"],)] * config["use_bias"]


def _pooling(config, shape):
    return (*_slide(shape, config["pool_size"], config["strides"] or config["pool_size"], config["padding"]), shape[2])


def _global_pooling(config, shape):
    return (1, 1, shape[2]) if config["keepdims"] else shape[2:]


def _normalisation_weights(config, shape):
    return [shape[-1:]] * (config["scale"] + config["center"] + 2)


def _flat(config, shape):
    return (math.prod(shape),)


def _reshaped(config, shape):
    target = config["target_shape"]
    free = math.prod(shape) // max(1, math.prod(side for side in target if side > 0))
    return tuple(free if side == -1 else side for side in target)


class _Layer(NamedTuple):
    """A kind of layer: a rule for each setting, how many axes it takes, and what it gives and has."""

    rules: dict
    axes: tuple[int, ...] = (1, 2, 3)
    shape: object = _same
    weights: object = lambda config, shape: []


_COMMON = {"trainable": rules.SWITCH, "dtype": rules.precision}
_NEEDED = {  # to know its shapes
    *("batch_shape", "units", "use_bias", "filters", "kernel_size", "strides", "padding", "dilation_rate", "groups"),
    *("pool_size", "keepdims", "target_shape", "center", "scale"),
}
_WINDOW = {"padding": rules.only("valid", "same"), "data_format": rules.LAST}
_POOLED = {"pool_size": rules.SIDES, "strides": rules.any_of(rules.only(None), rules.SIDES), **_WINDOW}
_WEIGHTED = {
    "use_bias": rules.SWITCH,
    "activation": rules.activation,
    **{f"{part}_initializer": rules.GIVEN for part in ("kernel", "bias")},
    **{f"{part}_regularizer": rules.REGULARISER for part in ("kernel", "bias", "activity")},
    **{f"{part}_constraint": rules.CONSTRAINT for part in ("kernel", "bias")},
}
_RANDOM = {
    "fill_mode": rules.only("constant", "nearest", "reflect", "wrap"),
    "fill_value": rules.number,
    "interpolation": rules.only("bilinear", "nearest"),
    "seed": rules.SEED,
    "data_format": rules.LAST,
    "value_range": rules.unused,
}
_SHIFTED = {"height_factor": rules.NUMBERS, "width_factor": rules.any_of(rules.only(None), rules.NUMBERS), **_RANDOM}

_LAYERS = {
    "InputLayer": _Layer(
        {
            "batch_shape": rules.several(rules.any_of(rules.only(None), rules.whole(1, 1000)), 2),
            **{name: rules.default(False) for name in ("sparse", "ragged", "optional")},
        }
    ),
    "Activation": _Layer({"activation": rules.activation}),
    "Add": _Layer({}),
    "AveragePooling2D": _Layer(_POOLED, (3,), _pooling),
    "BatchNormalization": _Layer(
        {
            "axis": rules.any_of(rules.only(-1, 3), rules.several(rules.only(-1, 3), 1, 1)),  # the channels
            "momentum": rules.number,
            "epsilon": rules.number,
            "center": rules.SWITCH,
            "scale": rules.SWITCH,
            "synchronized": rules.default(False),
            "renorm": rules.default(False),
            "renorm_momentum": rules.unused,
            **{f"{part}_initializer": rules.GIVEN for part in ("beta", "gamma", "moving_mean", "moving_variance")},
            **{f"{part}_regularizer": rules.REGULARISER for part in ("beta", "gamma")},
            **{f"{part}_constraint": rules.CONSTRAINT for part in ("beta", "gamma")},
        },
        weights=_normalisation_weights,
    ),
    "Conv2D": _Layer(
        {
            "filters": rules.whole(1, 100_000),
            "kernel_size": rules.SIDES,
            "strides": rules.SIDES,
            "dilation_rate": rules.SIDES,
            "groups": rules.whole(1, 100_000),
            **_WINDOW,
            **_WEIGHTED,
        },
        (3,),
        _convolution,
        _convolution_weights,
    ),
    "Dense": _Layer({"units": rules.whole(1, 1_000_000), **_WEIGHTED}, shape=_dense, weights=_dense_weights),
    "Dropout": _Layer({"rate": rules.number, "seed": rules.SEED}),
    "Flatten": _Layer({"data_format": rules.LAST}, shape=_flat),
    "GlobalAveragePooling2D": _Layer({"keepdims": rules.SWITCH, "data_format": rules.LAST}, (3,), _global_pooling),
    "MaxPooling2D": _Layer(_POOLED, (3,), _pooling),
    "RandomRotation": _Layer({"factor": rules.NUMBERS, **_RANDOM}, (3,)),
    "RandomTranslation": _Layer(_SHIFTED, (3,)),
    "RandomZoom": _Layer(_SHIFTED, (3,)),
    "ReLU": _Layer(
        {
            "max_value": rules.any_of(rules.only(None), rules.number),
            "negative_slope": rules.number,
            "threshold": rules.number,
        },
    ),
    "Rescaling": _Layer({"scale": rules.number, "offset": rules.number}),
    "Reshape": _Layer({"target_shape": rules.several(rules.any_of(rules.only(-1), rules.SIDE), 1, 3)}, shape=_reshaped),
    "Softmax": _Layer({"axis": rules.any_of(rules.only(-1), rules.several(rules.only(-1), 1, 1))}),
}

NETWORKS = {
    "Sequential": ("keras", "keras.models", "keras.src.models.sequential"),
    "Functional": ("keras", "keras.models", "keras.src.models.functional"),
}
_CAST = "Cast", "keras.src.ops.core"  # between precisions, of which only one is used here
_FUNCTIONAL = "Model", "keras", None  # its public name, under which every version of Keras finds it


def kind(part) -> str:
    """Return the class of a layer or network, one of those listed; raises UserError where it is another."""
    part = part if type(part) is dict else {}
    named, module, registered = part.get("class_name"), part.get("module"), part.get("registered_name")
    if type(part.get("config")) is not dict:
        raise UserError("a part of it has no settings")
    if (named, module) == _CAST:
        return "Activation"
    if (named, module, registered) == _FUNCTIONAL:
        return "Functional"
    known = type(named) is str and (named in _LAYERS or named in NETWORKS)
    if not known or registered not in (None, named) or module not in NETWORKS.get(named, ("keras.layers",)):
        whole = f"{module}.{named}" + (f" ({registered})" if registered not in (None, named) else "")
        raise UserError(f"it has a part {_shown(whole)}, expected only Keras's own {', '.join((*NETWORKS, *_LAYERS))}")
    return named


def name(part: dict) -> str:
    """Return the name that a layer or network goes by."""
    try:
        return rules.name(part.get("name"))
    except rules.UnfitError:
        raise UserError(
            f"a part of it is named {_shown(part.get('name'))}, expected letters, digits, _, . and -"
        ) from None


def input_shape(part: dict) -> Shape:
    """Return the shape of one example from the description of an input layer."""
    if kind(part) != "InputLayer":
        raise UserError("it does not begin with an InputLayer")
    batch, *shape = _settings("InputLayer", part["config"], "InputLayer")["batch_shape"]
    if None in shape or batch is not None:
        raise UserError(f"it takes {_shown((batch, *shape))}, expected None, 28, 28, 1")
    return tuple(shape)


def layer(kind: str, config: dict, name: str, shapes: list[Shape]) -> tuple[dict, Shape, list[Shape]]:
    """Return the description of a layer that is given shapes, the shape that it gives, and those of its weights."""
    known, shape = _LAYERS[kind], shapes[0]
    settings = _settings(kind, config, name)
    together = len(set(shapes)) == 1 and (len(shapes) > 1) == (kind == "Add")
    if not together or len(shape) not in known.axes or shape[-1] % settings.get("groups", 1):
        raise UserError(f"its layer {name} cannot take {' and '.join(map(str, shapes))[:100]}")
    given = known.shape(settings, shape)
    if kind == "Reshape" and math.prod(given) != math.prod(shape):
        raise UserError(f"its layer {name} cannot make {given} of {shape}")
    return described("keras.layers", kind, {"name": name, **settings}), given, known.weights(settings, shape)


def described(module: str, kind: str, config: dict) -> dict:
    """Return the description of an object as Keras takes it."""
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def _settings(kind, config, name):
    """Return the settings of a layer, each as its rule has it."""
    if config.keys() <= {"name", "dtype"} and kind == "Activation":  # what was a change of precision
        return {"activation": "linear"}
    allowed, settings = _LAYERS[kind].rules | _COMMON, {}
    for key, value in config.items():
        if key == "name" or (key not in allowed and value is None):  # a newer Keras knows it, and leaves it unused
            continue
        if key not in allowed:
            raise UserError(f"its layer {name} has a setting {_shown(key)}, which is not known here")
        try:
            settings[key] = allowed[key](value)
        except rules.UnfitError:
            raise UserError(f"its layer {name} has {key} = {_shown(value)}, which is not allowed") from None
    lacking = sorted(_NEEDED & allowed.keys() - settings.keys())
    if lacking:
        raise UserError(f"its layer {name} has no {' and no '.join(lacking)}")
    return {key: value for key, value in settings.items() if value is not rules.LEFT_OUT}


def _shown(value):
    return ascii(value)[:60] if not isinstance(value, str) else ascii(value[:60])
