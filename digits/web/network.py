"""A network as the page runs it: steps one after the other, and one row of numbers with the weights of them all.

Each step takes what earlier ones gave, the grid being number 0, and gives the next number: rows x columns x channels.
What only scales or rectifies what a convolution gives is folded into that. `reading/engine.js` carries the steps out.
"""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from digits import UserError, modelfile
from digits.modelfile.blueprint import Blueprint
from digits.modelfile.layers import LAYERS
from digits.modelfile.shapes import Shape
from digits.web import steps

_NETWORKS = "Sequential", "Functional", "Model"


class Network(NamedTuple):
    """What the page needs in order to answer."""

    steps: list[dict]  # each with `takes`, `shape` and the `begin` of its weights
    weights: np.ndarray  # (n,) float32
    threshold: float  # of a digit's probability, below which it is perhaps no digit


class _Value(NamedTuple):
    """What a layer gives."""

    number: int
    shape: Shape  # of one example, as Keras has it


def read(path: Path, remark=lambda sentence: None) -> Network:
    """Return the network in a model file; one that this program has saved is read without TensorFlow.

    remark: is told in a sentence what was guessed about a file of another program. Raises UserError where it cannot be
    loaded, or the page cannot run it.
    """
    try:
        made, weights = compiled(*modelfile.read(path))
        if not modelfile.read_notes(path):
            made, weights = _adapted(path, remark)
    except steps.NoStepsError as error:
        raise UserError(f"{path} cannot run in a page: {error}.") from None
    return Network(made, weights, modelfile.read_threshold(path))


def _adapted(path, remark):
    """Return the steps of what Keras makes of a file of another program: given what it was trained on."""
    model = modelfile.load(path, remark)
    with TemporaryDirectory() as folder:
        adapted = Path(folder) / f"{path.stem}{modelfile.SUFFIX}"
        try:
            modelfile.save(model, adapted, {"adapted": True})
        except UserError:  # ten sigmoids are divided by their sum, and no layer does that
            raise steps.NoStepsError("its ten answers are no probabilities; let it end with a softmax") from None
        return compiled(*modelfile.read(adapted))


def compiled(plan: Blueprint, arrays: list[list[np.ndarray]]) -> tuple[list[dict], np.ndarray]:
    """Return the steps of a network and the weights of all, (n,) float32.

    plan, arrays: what a file says of its layers, and the weights of each. Raises NoStepsError, which does not name
    the file, where the page has none for a layer.
    """
    return _packed(_folded(_Compiler(plan, arrays).steps))


class _Compiler:
    """Follows a network from its end back to the grid, and writes down the steps in the order of their need."""

    def __init__(self, plan: Blueprint, arrays: list):
        self.steps = []
        self._arrays = {layer.path: given for layer, given in zip(plan.layers, arrays, strict=True)}
        self._network(plan.described, (), _Value(0, plan.input_shape))

    def _network(self, described, path, given):
        parts = described["config"]["layers"]
        if described["class_name"] != "Sequential":
            return self._functional(described["config"], path, given)
        for part in parts:
            given = self._part(part, path, [given])
        return given

    def _functional(self, config, path, given):
        parts = {part["config"]["name"]: part for part in config["layers"]}
        known = {(config["input_layers"][0], 0): given}

        def value(name, use):
            if (name, use) not in known:
                part = parts[name]
                known[name, use] = self._part(part, path, [value(*source) for source in _sources(part, use)])
            return known[name, use]

        name, use, _ = config["output_layers"]
        return value(name, use - (parts[name]["class_name"] == "Model"))  # whose output Keras counts from 1 on

    def _part(self, part, path, taken):
        kind, settings = part["class_name"], part["config"]
        path = (*path, settings["name"])
        if kind in _NETWORKS:
            return self._network(part, path, *taken)
        given = [value.shape for value in taken]
        try:
            gives = LAYERS[kind].gives(settings, *given)
            made = steps.of_layer(kind, settings, self._arrays[path], given, gives)
        except steps.NoStepsError as error:
            raise steps.NoStepsError(f"its layer {path[-1]} {error}") from None
        numbers = [value.number for value in taken]
        for step in made:
            self.steps.append(step | {"takes": numbers, "shape": _in_space(gives)})
            numbers = [len(self.steps)]
        return _Value(numbers[0], gives)


def _sources(part, use):
    """Return what a layer takes at one of its uses, as pairs of a name and a use."""
    node = part["inbound_nodes"][use]["args"][0]
    tensors = node if isinstance(node, list) else [node]
    return [tensor["config"]["keras_history"][:2] for tensor in tensors]


def _in_space(shape):
    """Return a shape as rows, columns and channels."""
    return [1] * (3 - len(shape)) + list(shape)


def _folded(written):
    """Return steps of which none only scales or rectifies what a convolution gives to it alone."""
    uses = Counter(number for step in written for number in step["takes"])
    kept, number_of = [], {0: 0}
    for number, step in enumerate(written, 1):
        takes = [number_of[taken] for taken in step["takes"]]
        before = kept[takes[0] - 1] if takes[0] and uses[step["takes"][0]] == 1 else {}
        if folded := _fold(before, step):
            kept[takes[0] - 1] = folded
        else:
            kept.append(step | {"takes": takes})
        number_of[number] = takes[0] if folded else len(kept)
    return kept


def _fold(convolution, step):
    """Return one step that does what both do, None where there is none."""
    if convolution.get("do") != "convolve" or convolution["rectify"]:
        return None
    if step["do"] == "relu":
        return convolution | {"rectify": True}
    if step["do"] == "scale":
        (kernel, bias), (factor, offset) = convolution["weights"], step["weights"]
        return convolution | {"weights": [kernel * factor, bias * factor + offset]}
    return None


def _packed(written):
    """Return the steps, each with where its weights begin, and the weights of all, float32."""
    begin, packed, rows = 0, [], [np.empty(0, np.float32)]
    for step in written:
        row = [np.asarray(array, np.float32).ravel() for array in step["weights"]]
        packed.append({key: value for key, value in step.items() if key != "weights"} | {"begin": begin})
        begin += sum(map(len, row))
        rows += row
    return packed, np.concatenate(rows)
