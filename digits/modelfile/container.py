"""The two kinds of file that Keras keeps a model in, opened within bounds: a zip (.keras), and HDF5 (.h5), the older.

Which one it is, its content tells and not its name.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError, quiet
from digits.command_line import TRAIN
from digits.files import archive, guards
from digits.modelfile import weights
from digits.modelfile.blueprint import Blueprint
from digits.modelfile.parts import shown

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
# Bytes: the history of 10,000 epochs, ten times our own network's description, a hundred times its weights.
LIMITS = {METADATA: 2_000_000, CONFIG: 250_000, WEIGHTS: 100_000_000}
_MAKE = f"make one with: {TRAIN} model.keras"
_HDF5 = b"\x89HDF\r\n\x1a\n"


class Contents(NamedTuple):
    """What is in a model file."""

    metadata: dict  # what it says of itself; {} where that is nothing to go by
    config: bytes  # the description of its network
    weights: bytes  # HDF5; empty where it was not to be read
    is_older: bool  # HDF5 as a whole


def read(path: Path, with_weights: bool = True) -> Contents:
    """Return what is in a model file; raises UserError where there is no such file, or it is no model file.

    Without the weights that takes milliseconds.
    """
    try:
        if not path.exists():
            raise UserError(f"{path}: there is no such file; train a model with: {TRAIN} {path}")
        if guards.is_special(path):
            raise UserError(f"{path} is no file; give a model file, or {_MAKE}")
        with path.open("rb") as file:
            is_older = file.read(len(_HDF5)) == _HDF5
        return _older(path) if is_older else _zipped(path, with_weights)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from error
    except archive.ArchiveError as error:
        raise UserError(f"{path} is no Keras model file: {error}; {_MAKE}") from error


def _zipped(path, with_weights):
    members = archive.read(path, LIMITS, [METADATA, CONFIG, *([WEIGHTS] * with_weights)])
    try:
        metadata = json.loads(members[METADATA])
    except (ValueError, RecursionError):
        metadata = {}
    metadata = metadata if isinstance(metadata, dict) else {}
    return Contents(metadata, members[CONFIG], members.get(WEIGHTS, b""), False)


def _older(path):
    quiet.check_tensorflow(f"To open {path}")  # with which the library comes that reads HDF5
    with path.open("rb") as file:
        content = file.read(LIMITS[WEIGHTS] + 1)
    try:
        if len(content) > LIMITS[WEIGHTS]:
            raise UserError(f"it has more than {LIMITS[WEIGHTS]:,} bytes")
        config, version = weights.description(content)
        if len(config) > LIMITS[CONFIG]:
            raise UserError(f"its description has {len(config):,} bytes, expected at most {LIMITS[CONFIG]:,}")
    except UserError as error:
        raise UserError(f"{path} cannot be loaded: {error}.") from error
    return Contents({"keras_version": version}, config, content, True)


def arrays(contents: Contents, plan: Blueprint) -> list[list[np.ndarray]]:
    """Return the weights of each layer of a network; raises UserError, which does not name the file."""
    return _older_arrays(contents, plan) if contents.is_older else _placed_arrays(contents, plan)


def _placed_arrays(contents, plan):
    found = weights.read(contents.weights)
    places = [[f"{layer.place}vars/{number}" for number in range(len(layer.weights))] for layer in plan.layers]
    lacking = [place for names in places for place in names if place not in found]
    if lacking:
        raise UserError(f"its weights lack {lacking[0]}")
    given = [[found[place] for place in names] for names in places]
    for layer, names, arrays in zip(plan.layers, places, given, strict=True):
        _check(names, arrays, layer.weights)
    return given


def _older_arrays(contents, plan):
    """Return the weights as an .h5 has them: by outermost layer, those first that are trained."""
    found, given = weights.read_older(contents.weights), [[None] * len(layer.weights) for layer in plan.layers]
    for stored in dict.fromkeys(layer.stored for layer in plan.layers if layer.weights):
        arrays, slots = found.get(stored, []), _slots(plan, stored)
        if len(arrays) != len(slots):
            raise UserError(f"its layer {shown(stored)} has {len(arrays)} arrays of weights, expected {len(slots)}")
        for (index, number), array in zip(slots, arrays, strict=True):
            given[index][number] = array
    for layer, arrays in zip(plan.layers, given, strict=True):
        _check([f"of {shown(layer.stored)}"] * len(arrays), arrays, layer.weights)
    return given


def _slots(plan, stored):
    """Return which layers and weights of theirs, by number, an outermost layer has, those first that are trained."""
    slots = [
        (number >= len(layer.weights) - layer.fixed, index, number)
        for index, layer in enumerate(plan.layers)
        if layer.stored == stored
        for number in range(len(layer.weights))
    ]
    return [slot for _, *slot in sorted(slots)]


def _check(names, arrays, shapes):
    for name, array, shape in zip(names, arrays, shapes, strict=True):
        if array.shape != shape:
            raise UserError(f"its weights {name} have the shape {array.shape}, expected {shape}")
