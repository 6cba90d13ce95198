"""The ways in which versions of Keras write down a network, turned into one.

Keras 3 writes a layer's module and its links as tensors, Keras 2 neither, an .h5 leaves out more, and `a + b` is no
layer at all. Nothing is checked here: what is not understood stays as it is, for `blueprint` to refuse.
"""

import math
from typing import NamedTuple

from digits import UserError
from digits.modelfile.parts import kind

_LATER = {  # settings that came to a layer after the first files with it
    "Conv2D": {"groups": 1},
    "GlobalAveragePooling2D": {"keepdims": False},
    "GlobalMaxPooling2D": {"keepdims": False},
    "UpSampling2D": {"interpolation": "nearest"},
}
_RENAMED = {("LeakyReLU", "alpha"): "negative_slope", ("InputLayer", "batch_input_shape"): "batch_shape"}
_GONE = ("batch_input_shape",)
_OPERATIONS = "keras.src.ops."
_OF_TWO = ("Add", "Subtract", "Multiply", "Maximum", "Minimum")  # as operations and as layers
_INPUT = "input of the network"  # a name that no file is likely to use


class Link(NamedTuple):
    """What a layer takes: what another one gives, at one of its uses."""

    source: str
    use: int


class Part(NamedTuple):
    """A layer or network in a network."""

    described: dict
    uses: list[list[Link]]  # what it takes, each time that it is used; [[]] for an input


def parts(described: dict) -> list[Part]:
    """Return the parts of a network; raises UserError where these are no list, or not linked in the plain way."""
    config, chained = described["config"], described.get("class_name") == "Sequential"
    found = config.get("layers")
    if type(found) is not list or not found:
        raise UserError("it has no layers")
    if chained:
        return _chain([_plain(part) for part in _with_input(found, described)])
    return [Part(part, _uses(part)) for part in map(_plain, found)]


def end(link) -> Link:
    """Return the only input or output of a network from its description."""
    if type(link) is list and len(link) == 1:
        link = link[0]
    return _link(link) if type(link) is list and len(link) == 3 else _refuse()


def _plain(part):
    """Return the description of a layer as Keras 3 writes it."""
    if type(part) is not dict or type(part.get("config")) is not dict:
        return part
    if str(part.get("module", _OPERATIONS)).startswith(_OPERATIONS) and (layer := _operation(part)):
        return layer
    named = str(part.get("class_name"))
    config = {_RENAMED.get((named, key), key): one for key, one in part["config"].items()}
    config = {key: one for key, one in config.items() if key not in _GONE}
    return part | {"config": _LATER.get(named, {}) | config}


def _operation(part):
    """Return the layer that does what an operation does, such as `a + b` or `x / 255`; None where there is none."""
    try:
        (node,) = part["inbound_nodes"]
        given, named, settings = [*node["args"]], part["class_name"], node.get("kwargs")
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    tensors = [one for one in given if type(one) is dict]
    if named in _OF_TWO and len(given) == len(tensors) == 2 and not settings:
        return _as_layer(part, named, {}, [tensors])
    if len(tensors) != 1 or len(given) > 2 or (settings and named != "Cast"):
        return None
    scale = _scale(named, *(None if type(one) is dict else one for one in given))
    if named == "Cast":  # between precisions, of which only one is used here
        scale = 1, 0
    return scale and _as_layer(part, "Rescaling", {"scale": scale[0], "offset": scale[1]}, tensors)


def _scale(named, first, second=None):
    """Return (scale, offset) of an operation with a number, which stands for one operand, None for the other."""
    number = first if second is None else second
    if named == "Negative" and number is None:
        return -1, 0
    if type(number) not in (int, float) or not math.isfinite(number):
        return None
    behind = second is not None
    if named == "Multiply":
        return number, 0
    if named == "Add":
        return 1, number
    if named == "Subtract":
        return (1, -number) if behind else (-1, number)
    return (1 / number, 0) if named in ("TrueDivide", "Divide") and behind and number else None


def _as_layer(part, kind, settings, given):
    name = part["config"].get("name", part.get("name"))
    return {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": name, **settings},
        "name": part.get("name"),
        "inbound_nodes": [{"args": given, "kwargs": {}}],
    }


def _with_input(found, described):
    """Return the layers of a Sequential with an InputLayer at their head, which not every version writes."""
    shapes = (
        _get(_get(found[0], "config"), "batch_input_shape"),
        _get(described["config"], "build_input_shape"),
        _get(_get(described, "build_config"), "input_shape"),
    )
    if _get(found[0], "class_name") == "InputLayer" or not any(shapes):
        return found
    config = {"name": _INPUT, "batch_shape": next(filter(None, shapes))}
    return [{"module": "keras.layers", "class_name": "InputLayer", "config": config}, *found]


def _get(where, key):
    return where.get(key) if type(where) is dict else None


def _chain(found):
    """Return parts that each take what the one before gives."""
    names = [_get(_get(part, "config"), "name") for part in found]
    links = [[]] + [[Link(name, 0)] for name in names[:-1]]
    return [Part(part, [link]) for part, link in zip(found, links, strict=True)]


def _uses(part):
    """Return what a part of a functional network takes, each time that it is used."""
    kind(part)  # which says more where a layer is refused in any case
    nodes = part.get("inbound_nodes")
    if type(nodes) is not list:
        _refuse()
    return [_taken(node) for node in nodes] or [[]]


def _taken(node):
    """Return the links in one node, as Keras 3 writes them or as Keras 2 does."""
    try:
        if type(node) is list:
            given, settings = [tensor[:3] for tensor in node], [tensor[3] for tensor in node]
        else:
            (given,), settings = node["args"], [node["kwargs"]]
            given = given if type(given) is list else [given]
            if any(tensor["class_name"] != "__keras_tensor__" for tensor in given):
                _refuse()
            given = [tensor["config"]["keras_history"] for tensor in given]
        keys = [(key, value) for one in settings for key, value in one.items()]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        _refuse()
    if not given or not all(key in ("training", "mask") and value in (None, True, False) for key, value in keys):
        _refuse()
    return [_link(one) for one in given]


def _link(history):
    source, use, which = history if type(history) is list and len(history) == 3 else (None, None, None)
    if type(source) is not str or type(use) is not int or not 0 <= use <= 1000 or which != 0:
        _refuse()
    return Link(source, use)


def _refuse():
    raise UserError("its layers are not linked in the plain way")
