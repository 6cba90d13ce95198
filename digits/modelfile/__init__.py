"""Model files: saved whole or not at all, and loaded only if they are what both programs need.

A model file may come from anywhere, and Keras would do whatever it says. So Keras never sees one: it is read here,
within bounds, and what is built is made of what the file says and a short list allows (`digits.modelfile.layers`).
"""

import contextlib
import itertools
import json
import math
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from digits import UserError, errors, quiet
from digits.command_line import TRAIN
from digits.files import guards, writing
from digits.ink import grid
from digits.modelfile import adaptation, blueprint, container

SUFFIX = ".keras"
_INPUT, _OUTPUT = (*grid.SHAPE, 1), (grid.CLASSES,)  # of one example
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
        with _temporary_files_removed():
            model.save(unfinished)
        try:
            _rewrite(unfinished, notes)
            *_, arrays = _checked(unfinished)
        except UserError as error:
            raise UserError(f"{path} was not saved, for it could not be loaded again ({error}).") from error
        _compare(arrays, path, model)

    writing.write_whole(path, write)


@contextlib.contextmanager
def _temporary_files_removed():
    """Let nothing stay in the temporary folder: Keras leaves its own there where a model cannot be written."""
    with tempfile.TemporaryDirectory() as folder:
        usual, tempfile.tempdir = tempfile.tempdir, folder
        try:
            yield
        finally:
            tempfile.tempdir = usual


def _rewrite(path, notes):
    """Write a model file again with notes in its metadata, and of its network only what other versions of Keras know.

    Keras writes every setting that it has, and one that a version has added stops all before it, needed or not.
    """
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    metadata = json.loads(members[container.METADATA]) | {_NOTES: notes}
    members[container.METADATA] = json.dumps(metadata).encode()
    members[container.CONFIG] = json.dumps(_blueprint(path, container.read(path)).described).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in members.items():
            whole.writestr(name, content)


def _compare(arrays, path, model):
    """Raise UserError unless the weights read from a file that is to become `path` are those of a model."""
    read = itertools.chain.from_iterable(arrays)
    if not all(np.array_equal(*both) for both in zip(read, model.get_weights(), strict=True)):
        raise UserError(f"{path} was not saved: read again, it had other weights; try again, or save on another disk.")


def read_notes(path: Path) -> dict:
    """Return the notes that a file was saved with; {} where it has none, as files of other programs."""
    notes = container.read(path, with_weights=False).metadata.get(_NOTES)
    return notes if isinstance(notes, dict) else {}


def read_threshold(path: Path) -> float:
    """Return the confidence below which a drawing is perhaps no digit; what other programs saved gets one half."""
    threshold = read_notes(path).get("threshold")
    return threshold if isinstance(threshold, float) and 0 <= threshold <= 1 else 0.5


def batch_size(path: Path, most: int = 500) -> int:
    """Return how many grids the network in a file may be given at once so that it takes little memory."""
    plan = _blueprint(path, container.read(path, with_weights=False))
    return min(most, plan.batch)


def check_source(path: Path) -> None:
    """Raise UserError unless `path` is a model file that could be loaded, as far as can be told in milliseconds.

    Its frame is looked at and what it says of its layers; its weights are not.
    """
    _blueprint(path, container.read(path, with_weights=False))


def read(path: Path) -> tuple[blueprint.Blueprint, list[list[np.ndarray]]]:
    """Return the network in a file and the weights of each of its layers, without building it; raises UserError."""
    quiet.check_tensorflow(f"To open {path}")  # with which the library comes that reads weights
    _, plan, arrays = _checked(Path(path))
    return plan, arrays


def load(path: Path, remark: Callable[[str], None] = lambda sentence: None):
    """Return the network in a file as a Keras model: grids (n, 28, 28, 1) in [0, 1] to ten probabilities (n, 10).

    What it was trained on is found out, and gets a layer before it that makes it of grids: images as (28, 28) or
    (784,), numbers from 0 to 255. Logits get a softmax behind them, and ten sigmoids are divided by their sum.

    remark: is told in a sentence what was guessed, and could be wrong.
    Raises UserError if there is no such file, it is no Keras model, or it reads something other than a grid, and where
    TensorFlow is not installed.
    """
    path = Path(path)
    quiet.check_tensorflow(f"To open {path}")
    contents, plan, arrays = _checked(path)
    quiet.load_tensorflow()
    is_ours = bool(contents.metadata.get(_NOTES))
    try:
        return adaptation.build(plan, arrays, is_ours, lambda what: remark(f"{path}: {what}"))
    except UserError as error:
        raise UserError(f"{path} does not fit: {error}.") from None
    except Exception as error:  # Keras raises what it happens to stumble over, and tells that last
        cause = Exception(str(error).rpartition("Exception encountered:")[2])
        raise _refusal(path, contents, f"Keras cannot build it ({errors.first_line(cause)})") from error


def _checked(path):
    """Return what is in a model file but for the weights as they lie there, its blueprint, and the weights by layer."""
    contents = container.read(path)
    plan = _blueprint(path, contents)
    try:
        return contents._replace(weights=b""), plan, container.arrays(contents, plan)
    except UserError as error:
        raise _refusal(path, contents, error) from error


def _blueprint(path, contents):
    """Return the blueprint of a network that reads digits."""
    try:
        plan = blueprint.read(contents.config)
    except UserError as error:
        raise _refusal(path, contents, error) from error
    if math.prod(plan.input_shape) != math.prod(_INPUT) or plan.output_shape != _OUTPUT:
        actual, expected = (plan.input_shape, plan.output_shape), (_INPUT, _OUTPUT)
        raise UserError(
            f"{path} does not fit: it maps {_mapping(actual)}, and a reader of digits maps {_mapping(expected)}; "
            f"train one with: {TRAIN} model{SUFFIX}"
        )
    return plan


def _mapping(shapes):
    return " to ".join(str((None, *shape)) for shape in shapes)


def _refusal(path, contents, reason):
    """Return the error of a model file that is not as it should be, with who wrote it where that may be why."""
    wrote, have = contents.metadata.get("keras_version"), _installed_keras()
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
