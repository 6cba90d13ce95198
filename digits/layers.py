"""The layers that a network from a model file may have: what each may be set to, what it gives, what weights it has.

Keras makes objects of whatever class a file names, with whatever settings it gives, and some of these run code, read
other files or call functions by name. So what is not listed here is refused, classes and settings alike.
"""

import math
import re
from typing import NamedTuple

from digits import UserError

Shape = tuple[int, ...]  # of one example: (28, 28, 1), (10,)


# Rules: what a setting may be. Each returns it as it goes on to Keras, or raises _UnfitError.


class _UnfitError(Exception):
    """A setting that its rule does not allow."""


_LEFT_OUT = object()  # allowed, and of no use to a network whose weights are given


def _only(*values):
    def rule(value):
        if not any(type(value) is type(one) and value == one for one in values):
            raise _UnfitError
        return value

    return rule


def _default(*values):
    def rule(value):
        _only(*values)(value)
        return _LEFT_OUT  # older versions of Keras know no such setting

    return rule


def _unused(value):
    return _LEFT_OUT


def _number(value):
    if type(value) not in (int, float) or not -1e9 <= value <= 1e9:
        raise _UnfitError
    return value


def _whole(least, most):
    def rule(value):
        if type(value) is not int or not least <= value <= most:
            raise _UnfitError
        return value

    return rule


def _several(rule, least=1, most=4):
    def each(value):
        if type(value) is not list or not least <= len(value) <= most:
            raise _UnfitError
        return [rule(one) for one in value]

    return each


def _any_of(first, second):
    def rule(value):
        try:
            return first(value)
        except _UnfitError:
            return second(value)

    return rule


def _name(value):
    if type(value) is not str or not re.fullmatch(r"[\w.-]{1,100}", value, re.ASCII):
        raise _UnfitError
    return value


def _object(modules, names):
    """Allow an object of Keras by its name, in the form in which Keras writes it; return its config."""

    def rule(value):
        if (
            type(value) is not dict
            or not value.keys() <= {"module", "class_name", "config", "registered_name", "shared_object_id"}
            or value.get("module") not in modules
            or value.get("class_name") not in names
            or value.get("registered_name") not in (None, value["class_name"])
        ):
            raise _UnfitError
        return value.get("config")

    return rule


def _helper(module, *names):
    """Allow an object that only starts or guides a training, and leave it out."""
    plain = _any_of(_number, _any_of(_only(None, True, False), _name))

    def rule(value):
        if value is not None and not (type(value) is str and value in names):
            config = _object((module,), names)(value)
            if type(config) is not dict or len(config) > 10:
                raise _UnfitError
            for setting in config.values():
                _any_of(plain, _several(plain))(setting)
        return _LEFT_OUT

    return rule


def _activation(value):
    if type(value) is dict:  # as Keras writes a function
        value = _object(("builtins", "keras.activations"), ("function",))(value)
    return _only(*_ACTIVATIONS)(value)


def _precision(value):
    if type(value) is dict:
        value = _object(("keras", "keras.mixed_precision"), ("DTypePolicy", "FloatDTypePolicy", "Policy"))(value)
        value = value.get("name") if type(value) is dict else None
    _only("float32", "float64", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16")(value)
    return "float32"  # whatever it was trained in: it is what reads best, and everywhere


_ACTIVATIONS = (
    *("linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "swish", "mish", "softplus", "softsign"),
    *("sigmoid", "hard_sigmoid", "tanh", "exponential", "softmax", "log_softmax"),
)
_GIVEN = _helper(  # weights are in the file
    "keras.initializers",
    *("Zeros", "Ones", "Constant", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Orthogonal"),
    *("GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform"),
)
_REGULARISER = _helper("keras.regularizers", "L1", "L2", "L1L2", "l1", "l2")
_CONSTRAINT = _helper("keras.constraints", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm")
_SWITCH = _only(True, False)
_SIDE = _whole(1, 784)
_SIDES = _any_of(_SIDE, _several(_SIDE, 2, 2))
_NUMBERS = _any_of(_number, _several(_number))
_SEED = _any_of(_only(None), _whole(0, 2**32 - 1))
_LAST = _only("channels_last")


# Layers: which settings each has, what shape it gives, and the shapes of its weights.


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


_COMMON = {"trainable": _SWITCH, "dtype": _precision}
_NEEDED = {  # to know its shapes
    *("batch_shape", "units", "use_bias", "filters", "kernel_size", "strides", "padding", "dilation_rate", "groups"),
    *("pool_size", "keepdims", "target_shape", "center", "scale"),
}
_WINDOW = {"padding": _only("valid", "same"), "data_format": _LAST}
_POOLED = {"pool_size": _SIDES, "strides": _any_of(_only(None), _SIDES), **_WINDOW}
_WEIGHTED = {
    "use_bias": _SWITCH,
    "activation": _activation,
    **{f"{part}_initializer": _GIVEN for part in ("kernel", "bias")},
    **{f"{part}_regularizer": _REGULARISER for part in ("kernel", "bias", "activity")},
    **{f"{part}_constraint": _CONSTRAINT for part in ("kernel", "bias")},
}
_RANDOM = {
    "fill_mode": _only("constant", "nearest", "reflect", "wrap"),
    "fill_value": _number,
    "interpolation": _only("bilinear", "nearest"),
    "seed": _SEED,
    "data_format": _LAST,
    "value_range": _unused,
}
_SHIFTED = {"height_factor": _NUMBERS, "width_factor": _any_of(_only(None), _NUMBERS), **_RANDOM}

_LAYERS = {
    "InputLayer": _Layer(
        {
            "batch_shape": _several(_any_of(_only(None), _whole(1, 1000)), 2),
            **{name: _default(False) for name in ("sparse", "ragged", "optional")},
        }
    ),
    "Activation": _Layer({"activation": _activation}),
    "Add": _Layer({}),
    "AveragePooling2D": _Layer(_POOLED, (3,), _pooling),
    "BatchNormalization": _Layer(
        {
            "axis": _any_of(_only(-1, 3), _several(_only(-1, 3), 1, 1)),  # the channels
            "momentum": _number,
            "epsilon": _number,
            "center": _SWITCH,
            "scale": _SWITCH,
            "synchronized": _default(False),
            "renorm": _default(False),
            "renorm_momentum": _unused,
            **{f"{part}_initializer": _GIVEN for part in ("beta", "gamma", "moving_mean", "moving_variance")},
            **{f"{part}_regularizer": _REGULARISER for part in ("beta", "gamma")},
            **{f"{part}_constraint": _CONSTRAINT for part in ("beta", "gamma")},
        },
        weights=_normalisation_weights,
    ),
    "Conv2D": _Layer(
        {
            "filters": _whole(1, 100_000),
            "kernel_size": _SIDES,
            "strides": _SIDES,
            "dilation_rate": _SIDES,
            "groups": _whole(1, 100_000),
            **_WINDOW,
            **_WEIGHTED,
        },
        (3,),
        _convolution,
        _convolution_weights,
    ),
    "Dense": _Layer({"units": _whole(1, 1_000_000), **_WEIGHTED}, shape=_dense, weights=_dense_weights),
    "Dropout": _Layer({"rate": _number, "seed": _SEED}),
    "Flatten": _Layer({"data_format": _LAST}, shape=_flat),
    "GlobalAveragePooling2D": _Layer({"keepdims": _SWITCH, "data_format": _LAST}, (3,), _global_pooling),
    "MaxPooling2D": _Layer(_POOLED, (3,), _pooling),
    "RandomRotation": _Layer({"factor": _NUMBERS, **_RANDOM}, (3,)),
    "RandomTranslation": _Layer(_SHIFTED, (3,)),
    "RandomZoom": _Layer(_SHIFTED, (3,)),
    "ReLU": _Layer(
        {"max_value": _any_of(_only(None), _number), "negative_slope": _number, "threshold": _number},
    ),
    "Rescaling": _Layer({"scale": _number, "offset": _number}),
    "Reshape": _Layer({"target_shape": _several(_any_of(_only(-1), _SIDE), 1, 3)}, shape=_reshaped),
    "Softmax": _Layer({"axis": _any_of(_only(-1), _several(_only(-1), 1, 1))}),
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
        return _name(part.get("name"))
    except _UnfitError:
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
    rules, settings = _LAYERS[kind].rules | _COMMON, {}
    for key, value in config.items():
        if key == "name" or (key not in rules and value is None):  # a newer Keras knows it, and leaves it unused
            continue
        if key not in rules:
            raise UserError(f"its layer {name} has a setting {_shown(key)}, which is not known here")
        try:
            settings[key] = rules[key](value)
        except _UnfitError:
            raise UserError(f"its layer {name} has {key} = {_shown(value)}, which is not allowed") from None
    lacking = sorted(_NEEDED & rules.keys() - settings.keys())
    if lacking:
        raise UserError(f"its layer {name} has no {' and no '.join(lacking)}")
    return {key: value for key, value in settings.items() if value is not _LEFT_OUT}


def _shown(value):
    return ascii(value)[:60] if not isinstance(value, str) else ascii(value[:60])
