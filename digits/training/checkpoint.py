"""An unfinished training, kept beside the model file that it will end in, so that no more than a minute is ever lost.

model.keras has model.training beside it: the SHA-256 of the rest of the file, then a NumPy archive (.npz) of every
variable and one line of JSON about the run. It appears whole or not at all, and goes away when the training ends.
"""

import dataclasses
import hashlib
import io
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.files import writing
from digits.recipe import DEFAULT, Recipe

SUFFIX = ".training"
_CHOSEN = ("precision", "in_halves")  # settings that a machine chooses when a training begins
_ABOUT = "about"  # the member with the line of JSON; the variables are numbered


class State(NamedTuple):
    """Where a training is: all that the rest of it depends on, beside its settings and the batches to come."""

    step: int = 0  # batches seen
    seconds: float = 0.0  # of training, all epochs
    history: tuple[dict, ...] = ()  # of each epoch: epoch, loss, accuracy, val_loss, val_accuracy, seconds
    variables: tuple[np.ndarray, ...] = ()  # of network, optimiser and metrics; none: as a seed makes them


BEGINNING = State()


class Checkpoint(NamedTuple):
    """A state, and what it must not be mixed with."""

    recipe: Recipe  # how a step is computed too: chosen by timing, and so not to be chosen again
    data: str  # fingerprint of what it is trained on
    command: str  # what to type to go on
    state: State


def path_beside(model: Path) -> Path:
    """Return where the unfinished training of a model file is kept."""
    return model.with_suffix(SUFFIX)


def check(model: Path, resume: bool) -> None:
    """Raise UserError unless a training can go on as asked, or begin without an earlier one being lost."""
    path = path_beside(model)
    if resume and not path.is_file():
        raise UserError(f"There is nothing to resume: no training of {model} was interrupted (no file {path}).")
    if not resume and path.exists():
        raise UserError(
            f"{path} holds an interrupted training; go on with it by --resume, or delete that file to start anew."
        )


def read(path: Path) -> Checkpoint:
    """Return what was written as `path`; raises UserError if it cannot be read or is damaged."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from error
    digest, archive = content[:32], content[32:]
    if hashlib.sha256(archive).digest() != digest:
        raise UserError(f"{path} is damaged and cannot be resumed; delete it and start anew.")
    with np.load(io.BytesIO(archive), allow_pickle=False) as members:
        about = json.loads(str(members[_ABOUT]))
        variables = tuple(members[str(number)] for number in range(len(members.files) - 1))
    if about.get("recipe", {}).keys() != dataclasses.asdict(DEFAULT).keys():
        raise UserError(f"{path} is of another version of this program; delete it and start anew.")
    recipe = Recipe(**about["recipe"] | {"channels": tuple(about["recipe"]["channels"])})  # JSON has lists
    state = State(about["step"], about["seconds"], tuple(about["history"]), variables)
    return Checkpoint(recipe, about["data"], about["command"], state)


def write(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint so that `path` is the old file or the whole new one, whenever the program or the power ends.

    Raises UserError where it cannot be written.
    """
    content = _packed(checkpoint)
    writing.write_whole(path, lambda unfinished: unfinished.write_bytes(hashlib.sha256(content).digest() + content))


def _packed(checkpoint):
    state = checkpoint.state
    about = {
        "recipe": dataclasses.asdict(checkpoint.recipe),
        "data": checkpoint.data,
        "command": checkpoint.command,
        "step": state.step,
        "seconds": state.seconds,
        "history": state.history,
    }
    archive = io.BytesIO()
    variables = {str(number): values for number, values in enumerate(state.variables)}
    np.savez(archive, **variables, **{_ABOUT: np.array(json.dumps(about))})
    return archive.getvalue()


def check_same(begun: Checkpoint, recipe: Recipe, data: str) -> None:
    """Raise UserError if a training was begun with another recipe or other data; how a step is computed is its own."""
    told, asked = (dataclasses.asdict(each) for each in (begun.recipe, recipe))
    others = [name.replace("_", " ") for name in told if told[name] != asked[name] and name not in _CHOSEN]
    others += ["images and drawings"] * (begun.data != data)
    if others:
        raise UserError(
            f"The interrupted training was begun with other settings ({', '.join(others)}); go on with: {begun.command}"
        )


def fingerprint(data) -> str:
    """Return a hash of arrays, texts, numbers and None, and of lists, tuples and dicts of these."""
    digest = hashlib.sha256()
    _digest(data, digest)
    return digest.hexdigest()


def _digest(data, digest):
    if isinstance(data, dict):
        _digest(list(data.items()), digest)
    elif isinstance(data, tuple | list):
        digest.update(b"(%d" % len(data))
        for part in data:
            _digest(part, digest)
    elif isinstance(data, np.ndarray):
        digest.update(f"{data.dtype} {data.shape}".encode())
        digest.update(np.ascontiguousarray(data))
    else:
        digest.update(repr(data).encode())
