"""Model files: saved whole or not at all, and loaded only if they are what both programs need.

A model file may come from anywhere, and Keras would do whatever it says. So Keras never sees one: it is read here,
within bounds, and what is built is made of what the file says and a short list allows (`digits.modelfile.layers`).
"""

import json
import re
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from digits import UserError, errors, quiet
from digits.command_line import TRAIN
from digits.files import archive, guards, writing
from digits.ink import grid
from digits.modelfile import blueprint, weights

SUFFIX = ".keras"
_METADATA, _CONFIG, _WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
# Bytes: the history of 10,000 epochs, ten times our own network's description, a hundred times its weights.
_LIMITS = {_METADATA: 2_000_000, _CONFIG: 250_000, _WEIGHTS: 100_000_000}
_INPUTS = ((*grid.SHAPE, 1), grid.SHAPE, (grid.SIZE**2,))  # as networks for MNIST take images
_NOTES = "digits"  # the key of our own notes in the file's metadata.json, which Keras writes and never reads


def check_target(path: Path) -> None:
    """Raise UserError unless a model could be saved as `path`; takes milliseconds and leaves nothing behind."""
    try:
        if path.is_dir():
            raise UserError(f"{path} is a folder; give the name of a file to save the model in.")
        if path.suffix != SUFFIX:
            raise UserError(f"{path}: a model file's name ends in {SUFFIX}; try {path.with_suffix(SUFFIX)}.")
        if guards.is_special(path):
            raise UserError(f"{path} is no file that could be written over; choose another name.")
        if not path.parent.is_dir():
            raise UserError(f"{path}: there is no folder {path.parent}; make it first, or save somewhere else.")
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise UserError(f"{path}: cannot write in the folder {path.parent} ({error.strerror}).") from error


def save(model, path: Path, notes: dict) -> None:
    """Save a Keras model so that `path` is the old file or the whole new one, whenever the program ends.

    It is read again before it takes the old one's place: what could not be loaded is not saved.

    notes: plain data about how it was trained, kept in the file; `read_notes` gives it back.
    Raises UserError where it cannot be written.
    """

    def write(unfinished):
        model.save(unfinished)
        try:
            _rewrite(unfinished, notes)
            *_, arrays = _checked(unfinished)
        except UserError as error:
            raise UserError(f"{path} was not saved, for it could not be loaded again ({error}).") from error
        _compare(arrays, path, model)

    writing.write_whole(path, write)


def _rewrite(path, notes):
    """Write a model file again with notes in its metadata, and of its network only what other versions of Keras know.

    Keras writes every setting that it has, and one that a version has added stops all before it, needed or not.
    """
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    metadata = json.loads(members[_METADATA]) | {_NOTES: notes}
    members[_METADATA] = json.dumps(metadata).encode()
    members[_CONFIG] = json.dumps(_blueprint(path, members).described).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in members.items():
            whole.writestr(name, content)


def _compare(arrays, path, model):
    """Raise UserError unless the weights read from a file that is to become `path` are those of a model."""
    if not all(np.array_equal(*both) for both in zip(arrays, model.get_weights(), strict=True)):
        raise UserError(f"{path} was not saved: read again, it had other weights; try again, or save on another disk.")


def read_notes(path: Path) -> dict:
    """Return the notes that a file was saved with; {} where it has none, as files of other programs."""
    notes = _metadata(_members(path, [_METADATA])).get(_NOTES)
    return notes if isinstance(notes, dict) else {}


def read_threshold(path: Path) -> float:
    """Return the confidence below which a drawing is perhaps no digit; what other programs saved gets one half."""
    threshold = read_notes(path).get("threshold")
    return threshold if isinstance(threshold, float) and 0 <= threshold <= 1 else 0.5


def check_source(path: Path) -> None:
    """Raise UserError unless `path` is a model file that could be loaded, as far as can be told in milliseconds.

    Its frame is looked at and what it says of its layers; its weights are not.
    """
    _blueprint(path, _members(path, [_METADATA, _CONFIG]))


def load(path: Path):
    """Return the network in a file as a Keras model: grids (n, 28, 28, 1) in [0, 1] to ten probabilities (n, 10).

    One that takes images as (28, 28) or (784,) gets a layer before it, and one that gives logits a softmax after it.
    Raises UserError if there is no such file, it is no Keras model, or it reads something other than a grid, and where
    TensorFlow is not installed.
    """
    path = Path(path)
    quiet.check_tensorflow(f"To open {path}")
    members, plan, arrays = _checked(path)
    quiet.load_tensorflow()
    import keras

    try:
        model = keras.saving.deserialize_keras_object(plan.described, safe_mode=True)
        model.set_weights(arrays)
        return _reader(model, plan.input_shape)
    except UserError as error:
        raise UserError(f"{path} does not fit: {error}.") from None
    except Exception as error:  # Keras raises what it happens to stumble over
        raise _refusal(path, members, f"Keras says {errors.first_line(error)}") from error


def _checked(path):
    """Return a model file's members, its blueprint, and its weights in Keras's order."""
    members = _members(path, [*_LIMITS])
    plan = _blueprint(path, members)
    try:
        found = weights.read(members[_WEIGHTS])
        arrays = [_weights_of(found, place, shape) for place, shape in plan.weights]
    except UserError as error:
        raise _refusal(path, members, error) from error
    return members, plan, arrays


def _members(path, wanted):
    """Return members of a model file; raises UserError where there is no such file, or it is no model file."""
    make = f"make one with: {TRAIN} model{SUFFIX}"
    try:
        if not path.exists():
            raise UserError(f"{path}: there is no such file; train a model with: {TRAIN} {path}")
        if not path.is_file():
            raise UserError(f"{path} is no file; give a model file, or {make}")
        if path.suffix != SUFFIX:
            raise UserError(f"{path} is no Keras model file, whose name ends in {SUFFIX}; {make}")
        return archive.read(path, _LIMITS, wanted)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from error
    except archive.ArchiveError as error:
        raise UserError(f"{path} is no Keras model file: {error}; {make}") from error


def _blueprint(path, members):
    """Return the blueprint of a network that reads digits."""
    try:
        plan = blueprint.read(members[_CONFIG])
    except UserError as error:
        raise _refusal(path, members, error) from error
    if plan.input_shape not in _INPUTS or plan.output_shape != (grid.CLASSES,):
        actual, expected = (plan.input_shape, plan.output_shape), (_INPUTS[0], (grid.CLASSES,))
        raise UserError(
            f"{path} does not fit: it maps {_mapping(actual)}, and a reader of digits maps {_mapping(expected)}; "
            f"train one with: {TRAIN} model{SUFFIX}"
        )
    return plan


def _mapping(shapes):
    return " to ".join(str((None, *shape)) for shape in shapes)


def _weights_of(found, place, shape):
    if place not in found:
        raise UserError(f"its weights lack {place}")
    if found[place].shape != shape:
        raise UserError(f"its weights {place} have the shape {found[place].shape}, expected {shape}")
    return found[place]


def _refusal(path, members, reason):
    """Return the error of a model file that is not as it should be, with who wrote it where that may be why."""
    wrote, have = _metadata(members).get("keras_version"), _installed_keras()
    foreign = have and _version(wrote) and (_version(wrote) > _version(have) or _version(wrote) < (3,))
    why = f"; Keras {wrote} wrote it, and this is Keras {have}" if foreign else ""
    return UserError(f"{path} cannot be loaded: {reason}{why}.")


def _installed_keras():
    """Return the version of Keras that is installed, None where there is none."""
    import importlib.metadata  # 10 ms, and only for a file that is refused

    try:
        return importlib.metadata.version("keras")
    except importlib.metadata.PackageNotFoundError:
        return None


def _version(text):
    """Return (major, minor) of a version, () of anything else."""
    found = re.fullmatch(r"(\d{1,4})\.(\d{1,4})[\w.]{0,20}", text, re.ASCII) if isinstance(text, str) else None
    return tuple(map(int, found.groups())) if found else ()


def _metadata(members):
    """Return what a file says about itself; {} where that is nothing to go by."""
    try:
        metadata = json.loads(members[_METADATA])
    except (ValueError, RecursionError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _reader(model, input_shape):
    """Return a model that takes grids and gives probabilities, itself where it does."""
    import keras

    probe = np.stack([grid.empty(), 1 - grid.empty()])
    answers = np.asarray(model(probe.reshape(-1, *input_shape), training=False))
    if not np.isfinite(answers).all():
        raise UserError("what it says of an empty grid is not finite")
    gives_probabilities = (answers >= 0).all() and np.abs(answers.sum(axis=1) - 1).max() < 1e-3
    if input_shape == _INPUTS[0] and gives_probabilities:
        return model
    grids = keras.Input(_INPUTS[0])
    answer = model(keras.layers.Reshape(input_shape)(grids))
    return keras.Model(grids, answer if gives_probabilities else keras.layers.Softmax()(answer))
