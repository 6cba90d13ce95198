"""What a model file says its network is, checked layer by layer and described anew.

Nothing that a file says is passed on to Keras as it is: what is built is made of names and settings that were found in
the lists of `digits.modelfile.layers`, and of nothing else.
"""

import json
import math
from typing import NamedTuple

from digits import UserError
from digits.modelfile import layers
from digits.modelfile.layers import Shape

_MOST_WEIGHTS = 25_000_000  # a hundred times our own network
_LARGEST = 2**22  # numbers that a layer may give for one grid
_DEEPEST = 4  # networks within networks

_STORED_AS = {  # in the file's weights; the second of a kind in a network gets a _1
    "BatchNormalization": "batch_normalization",
    "Conv2D": "conv2d",
    "Dense": "dense",
    "Functional": "functional",
    "Sequential": "sequential",
}


class Blueprint(NamedTuple):
    """A network that may be built: its description for Keras, and what follows from that without building it."""

    described: dict
    input_shape: Shape
    output_shape: Shape
    weights: list[tuple[str, Shape]]  # in Keras's order: where in the file's weights, and how large


def read(content: bytes) -> Blueprint:
    """Return the network that a config.json describes; raises UserError, which does not name the file."""
    try:
        described = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else ascii(str(error))[1:-1][:80]
        raise UserError(f"its config.json is no JSON ({reason})") from error
    if layers.kind(described) not in layers.NETWORKS:
        raise UserError(f"it is a {layers.kind(described)}, expected a network, {' or '.join(layers.NETWORKS)}")
    return _Network(described, "", 0).blueprint()


def _refuse_constant(name):
    raise ValueError(name)


class _Network:
    """One network, gone through from its input on; each of its layers takes from layers before it."""

    def __init__(self, described, place, depth):
        """Begin a network whose weights are at a place in the file, in so many others."""
        if depth > _DEEPEST:
            raise UserError("it has networks within networks, nested too deeply")
        self._described, self._config = described, described["config"]
        self._place, self._depth = place, depth
        self._shapes = {}  # what the layers so far give, by their names
        self._count = {}
        self._weights = []

    def blueprint(self) -> Blueprint:
        """Return the whole of it."""
        parts = self._config.get("layers")
        if type(parts) is not list or not parts:
            raise UserError("it has no layers")
        first = layers.input_shape(parts[0])
        settings = {"name": layers.name(self._config)}
        if layers.kind(self._described) == "Sequential":
            settings["layers"] = [self._next(part, [*self._shapes][-1:], first) for part in parts]
            described, last = layers.described("keras", "Sequential", settings), [*self._shapes][-1]
        else:
            settings["layers"] = [self._linked(part, first) for part in parts]
            ends = [_use(_only_one(self._config.get(key))) for key in ("input_layers", "output_layers")]
            if ends[0][0] != next(iter(self._shapes)) or ends[1][0] not in self._shapes:
                raise UserError("its input and output are not among its layers")
            settings |= {"input_layers": [*ends[0], 0], "output_layers": [*ends[1], 0]}
            described, last = layers.described("keras", "Model", settings), ends[1][0]
        return Blueprint(described, first, self._shapes[last], self._weights)

    def _linked(self, part, first):
        """Return the description of a layer that names the layers that it takes from."""
        sources = _sources(part.get("inbound_nodes"), layers.name(part))
        made = self._next(part, [source for source, _ in sources], first)
        tensors = [
            {
                "class_name": "__keras_tensor__",
                "config": {
                    "shape": [None, *self._shapes[source]],
                    "dtype": "float32",
                    "keras_history": [source, use, 0],
                },
            }
            for source, use in sources
        ]
        nodes = [{"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": {}}] if tensors else []
        return made | {"name": made["config"]["name"], "inbound_nodes": nodes}

    def _next(self, part, sources, first):
        """Return the description of a layer that takes from layers before it, and remember what it gives."""
        kind = layers.kind(part)
        name = layers.name(part if "inbound_nodes" in part else part["config"])
        if name in self._shapes or bool(sources) != bool(self._shapes) or not set(sources) <= self._shapes.keys():
            raise UserError(f"its layer {name} has no place of its own after those that it takes from")
        given = [self._shapes[source] for source in sources] or [first]
        make = self._network if kind in layers.NETWORKS else self._layer
        made, shape = make(kind, part, name, given)
        if min(shape, default=0) < 1 or math.prod(shape) > _LARGEST:
            raise UserError(f"its layer {name} gives {shape}, no shape to work with")
        if sum(math.prod(shape) for _, shape in self._weights) > _MOST_WEIGHTS:
            raise UserError(f"it has more than {_MOST_WEIGHTS:,} weights")
        self._shapes[name] = shape
        return made

    def _network(self, kind, part, name, given):
        inner = _Network(part, self._stored(kind), self._depth + 1).blueprint()
        if given != [inner.input_shape]:
            raise UserError(f"its part {name} takes {inner.input_shape} and is given {given[0]}")
        inner.described["config"]["name"] = name
        self._weights += inner.weights
        return inner.described, inner.output_shape

    def _layer(self, kind, part, name, given):
        made, shape, weights = layers.layer(kind, part["config"], name, given)
        if weights:
            place = self._stored(kind)
            self._weights += [(f"{place}vars/{number}", shape) for number, shape in enumerate(weights)]
        return made, shape

    def _stored(self, kind):
        number = self._count[kind] = self._count.get(kind, -1) + 1
        return f"{self._place}layers/{_STORED_AS[kind]}{f'_{number}' * bool(number)}/"


def _sources(nodes, name):
    """Return what a layer takes from: the names of layers, and which of its uses."""
    if nodes == []:
        return []
    try:
        (node,) = nodes
        (given,) = node["args"]
        tensors = given if type(given) is list else [given]
        plain = all(
            key in ("training", "mask") and value in (None, True, False) for key, value in node["kwargs"].items()
        )
        if plain and all(tensor["class_name"] == "__keras_tensor__" for tensor in tensors):
            return [_use(tensor["config"]["keras_history"]) for tensor in tensors]
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise UserError(f"its layer {name} is not used once and in the plain way")


def _use(history):
    """Return (name, which of its uses) of a layer that gives one thing; a network in a network begins with use 1."""
    if type(history) is list and len(history) == 3 and history[1:] in ([0, 0], [1, 0]):
        return layers.name({"name": history[0]}), history[1]
    raise UserError("its layers are not linked in the plain way")


def _only_one(ends):
    return ends[0] if type(ends) is list and len(ends) == 1 else ends
