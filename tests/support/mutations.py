"""Descriptions of networks with something in them changed at random, as JSON and not as letters."""

import copy
import json

from tests.support.layer_examples import EXAMPLES, LINE, MAPS
from tests.support.model_files import dense, entry, functional, part, placed, sequential

_VALUES = [
    *(None, True, -1, 0, 1, 3, 10**30, -1e308, "", "x", "relu", "input", "Sequential", "Lambda", [], {}, [[]], [None]),
    *([0, 0, 0], ["input", 0, 0], [1, 2, 3, 4, 5], {"class_name": "Add"}, {"config": {}}, {"a": {"b": []}}),
]


def networks():
    """Return descriptions that are good, of all kinds and in all ways of writing."""
    layers = [
        (kind, settings)
        for kind, (settings, *shapes) in EXAMPLES.items()
        if len(shapes) == 1 and shapes[0] in (MAPS, LINE)
    ]
    operation = placed(part("TrueDivide", "keras.src.ops.numpy", "TrueDivide", name="by"), "input")
    operation["inbound_nodes"][0]["args"].append(255)
    twice = placed(part("ReLU", name="relu"), "input")
    twice["inbound_nodes"].append(placed(part("ReLU", name="x"), "relu")["inbound_nodes"][0])
    older = json.loads(json.dumps(functional()).replace('"batch_shape"', '"batch_input_shape"'))
    for layer in older["config"]["layers"]:
        del layer["module"]
        links = [tensor["config"]["keras_history"] + [{}] for node in layer["inbound_nodes"] for tensor in node["args"]]
        layer["inbound_nodes"] = [links] if links else []
    return [
        functional(operation, placed(part("Add", name="add"), "by", "input"), end="add"),
        functional(twice, end="relu"),
        older,
        sequential(sequential(end=dense(units=784)), part("Reshape", name="r", target_shape=[28, 28])),
        *(sequential(part(kind, name="layer", **settings), start=entry((6, 6, 4))) for kind, settings in layers),
    ]


def mutated(described, source):
    """Return a description with one to six things changed; `source` is a random.Random."""
    described = copy.deepcopy(described)
    for _ in range(source.choice((1, 1, 1, 2, 3, 6))):
        holder, key = source.choice([*_places(described)] or [({}, "")])
        how = source.random()
        if how < 0.6:
            holder[key] = copy.deepcopy(source.choice(_VALUES))
        elif how < 0.75:
            holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
        else:
            other, place = source.choice([*_places(described)])
            holder[key] = copy.deepcopy(other[place])
    return described


def _places(thing):
    """Yield every (dict or list, key) in a description."""
    keys = thing.keys() if isinstance(thing, dict) else range(len(thing)) if isinstance(thing, list) else ()
    for key in [*keys]:
        yield thing, key
        yield from _places(thing[key])
