"""The parts of a network as a model file names them: layers and networks, checked and described anew."""

from typing import NamedTuple

from digits import UserError
from digits.modelfile import rules
from digits.modelfile.layers import COMMON, LAYERS
from digits.modelfile.shapes import Shape

NETWORKS = ("Sequential", "Functional")
_MODULES = {  # where a class is, as versions of Keras have it; None in an .h5
    "Sequential": (None, "keras", "keras.models", "keras.src.models.sequential"),
    "Functional": (None, "keras", "keras.models", "keras.src.models.functional"),
}
_OLDER = ("keras.src.engine.functional", "keras.engine.functional", "tf_keras.src.engine.functional")
_MODULES["Functional"] += _OLDER
_NEEDED = {"factor", "height_factor", "rate", "scale", "stddev"}  # for which Keras has no default
_RECURRENT = (
    *("RNN", "SimpleRNN", "LSTM", "GRU", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Bidirectional", "TimeDistributed"),
    *("SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"),
)
_OPERATIONS = (
    "keras.src.ops.",
    "keras.ops.",
    "keras.src.layers.core.tf_op_layer",
    "tf_keras.src.layers.core.tf_op_layer",
)


class Made(NamedTuple):
    """A layer in its place in a network."""

    settings: dict  # for Keras
    shape: Shape  # of what it gives
    weights: list[Shape]
    fixed: int  # how many of these, at the end, no training changes
    work: int  # multiplications and additions, roughly


def kind(part) -> str:
    """Return the class of a layer or network, one of those listed; raises UserError where it is another."""
    part = part if type(part) is dict else {}
    named, module, registered = part.get("class_name"), part.get("module"), part.get("registered_name")
    if type(part.get("config")) is not dict:
        raise UserError("a part of it has no settings")
    if named == "Model" and registered is None and module in ("keras", None):  # so every version of Keras finds it
        return "Functional"
    known = type(named) is str and (named in LAYERS or named in NETWORKS)
    if not known or registered not in (None, named) or module not in _MODULES.get(named, (None, "keras.layers")):
        whole = f"{module}.{named}" + (f" ({registered})" if registered not in (None, named) else "")
        raise UserError(
            f"its layer {_value(part['config'].get('name'))} is a {ascii(whole)[1:-1][:80]}, {_why(named, module)}"
        )
    return named


def _why(named, module):
    """Return what is wrong with a class that is not listed."""
    if named == "Lambda":
        return "which is code that the file brings along, and none of that is run"
    if type(named) is str and named in _RECURRENT:
        return "and recurrent layers are not opened"
    if str(module).startswith(_OPERATIONS) or named in ("TFOpLambda", "SlicingOpLambda"):
        return "an operation, of which only + - * and / are opened; where Keras has a layer for it, use that"
    if module in ("keras.layers", None):
        return "a layer that is not opened here"
    return "a class of some program's own, whose code is not in the file, and only Keras's own layers are opened"


def name(part: dict) -> str:
    """Return the name that a layer or network goes by."""
    try:
        return rules.name(part.get("name"))
    except rules.UnfitError:
        raise UserError(f"a part of it is named {_value(part.get('name'))}, expected 1 to 200 letters") from None


def layer(kind: str, config: dict, shapes: list[Shape]) -> Made:
    """Return a layer that is given shapes; raises UserError where it is not as it should be."""
    known, called = LAYERS[kind], shown(name(config))
    settings = _settings(known, config, called)
    if lacking := sorted(_NEEDED & known.rules.keys() - settings.keys()):
        raise UserError(f"its layer {called} has no {lacking[0]}")
    try:
        if (len(shapes) > 1) != known.merges or not all(len(shape) in known.axes for shape in shapes):
            raise rules.UnfitError
        given = known.gives(settings, *shapes)
        weights, work = known.weights(settings, shapes[0]), known.work(settings, shapes[0], given)
    except rules.UnfitError:
        raise UserError(f"its layer {called} cannot take {' and '.join(map(str, shapes))[:100]}") from None
    except KeyError as lacking:
        raise UserError(f"its layer {called} has no {lacking.args[0]}") from None
    return Made(settings, given, weights, known.fixed if settings.get("trainable", True) else len(weights), work)


def _settings(known, config, called):
    """Return the settings of a layer but its name, each as its rule has it."""
    allowed, settings = COMMON | known.rules, {}
    for key, value in config.items():
        if key == "name" or (key not in allowed and value is None):  # a newer Keras knows it, and leaves it unused
            continue
        if key not in allowed:
            raise UserError(f"its layer {called} has a setting {_value(key)}, which is not known here")
        try:
            settings[key] = allowed[key](value)
        except rules.UnfitError:
            raise UserError(f"its layer {called} has {key} = {_value(value)}, which is not allowed") from None
    return {key: value for key, value in settings.items() if value is not rules.LEFT_OUT}


def entry(part: dict) -> tuple[Shape, bool]:
    """Return the shape of one example from the description of an input layer, and whether it is of whole numbers."""
    config = part["config"]
    batch, *shape = _settings(LAYERS["InputLayer"], config, "InputLayer").get("batch_shape", [None])
    if not shape or None in shape:
        raise UserError(f"it takes {_value((batch, *shape))}, expected None, 28, 28, 1")
    return tuple(shape), type(config.get("dtype")) is str and config["dtype"] in rules.WHOLE_NUMBERS


def described(module: str, kind: str, config: dict) -> dict:
    """Return the description of an object as Keras takes it."""
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def shown(name: str) -> str:
    """Return a name from a file as it may be shown: short, on one line, in letters that every terminal has."""
    return name if name.isascii() and name.isidentifier() and len(name) <= 60 else ascii(name[:60])


def _value(value):
    return ascii(value if not isinstance(value, str) else value[:60])[:62]
