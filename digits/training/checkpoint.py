"""An unfinished training, kept beside the model file that it will end in, so that no more than a minute is ever lost.

model.keras has model.training beside it: the SHA-256 of the rest of the file, then a NumPy archive (.npz) of every
variable and one line of JSON about the run. It appears whole or not at all, and goes away when the training ends.
"""

import dataclasses
import hashlib
import io
import json
import os
import shlex
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.files import archive, bounded, guards, npz, writing
from digits.recipe import DEFAULT, PRECISIONS, Recipe

SUFFIX = ".training"
_CHOSEN = ("precision", "in_halves")  # settings that a machine chooses when a training begins
_ABOUT = "about.npy"  # the member with the line of JSON; the variables are numbered
FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")  # of each epoch

_DIGEST = hashlib.sha256().digest_size
_MOST = 100_000_000  # bytes; ours has some four million
_MOST_DIRECTORY = 100_000  # bytes of the list of variables
_LARGEST = 1e9  # number that is believed


class State(NamedTuple):
    """Where a training is: all that the rest of it depends on, beside its settings and the batches to come."""

    step: int = 0  # batches seen
    seconds: float = 0.0  # of training, all epochs
    history: tuple[dict, ...] = ()  # of each epoch: its number, FIGURES, seconds
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
    """Return what was written as `path`; raises UserError if it cannot be read, is damaged, or holds anything else.

    It may come from anywhere: what is in it is checked as a model's file is, and its size before it is unpacked.
    """
    try:
        about, variables = _unpacked(path)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from error
    except (bounded.BoundsError, archive.ArchiveError, npz.ArrayError) as error:
        raise UserError(f"{path} cannot be resumed ({error}); delete it and start anew.") from error
    if not isinstance(about, dict) or _names(about.get("recipe")) != _names(dataclasses.asdict(DEFAULT)):
        raise UserError(f"{path} is of another version of this program; delete it and start anew.")
    if not (_is_recipe(about["recipe"]) and _is_run(about) and all(map(_is_finite, variables))):
        raise UserError(f"{path} holds no state that a training could be in; delete it and start anew.")
    recipe = Recipe(**about["recipe"] | {"channels": tuple(about["recipe"]["channels"])})  # JSON has lists
    state = State(about["step"], about["seconds"], tuple(about["history"]), tuple(variables))
    return Checkpoint(recipe, about["data"], about["command"], state)


def _unpacked(path):
    """Return what a file says about its run, whatever that is, and its variables."""
    if guards.is_special(path):
        raise UserError(f"{path} is no file and cannot be read; give the model file another name.")
    content = bounded.read_file(path, _MOST)
    digest, packed = content[:_DIGEST], content[_DIGEST:]
    if hashlib.sha256(packed).digest() != digest:
        raise UserError(f"{path} is damaged and cannot be resumed; delete it and start anew.")
    with archive.opened(io.BytesIO(packed), _MOST, _MOST_DIRECTORY) as members:
        sizes = {member.filename: member.file_size for member in members.infolist()}
        names = [f"{number}.npy" for number in range(len(sizes) - 1)]
        if sizes.keys() != {_ABOUT, *names} or sum(sizes.values()) > _MOST:
            raise archive.ArchiveError("its list of members is not as expected")
        about, *variables = (npz.array(archive.content(members, name, _MOST)) for name in (_ABOUT, *names))
    try:
        return json.loads(str(about)), variables
    except (ValueError, RecursionError):
        return None, variables


def _names(settings):
    return settings.keys() if isinstance(settings, dict) else None


def _is_recipe(told):
    """Whether settings are of the kinds that a recipe's are; which of them fit is another question."""
    usual = dataclasses.asdict(DEFAULT)
    channels = told["channels"]
    return (
        all(type(told[name]) is type(value) for name, value in usual.items() if name != "channels")
        and type(channels) is list
        and len(channels) == len(usual["channels"])
        and all(type(number) is int for number in channels)
        and all(_is_number(value) for value in (*told.values(), *channels) if type(value) in (int, float))
        and told["precision"] in PRECISIONS
    )


def _is_run(about):
    """Whether what a file says about a run, its recipe apart, is what `write` says."""
    history = about.get("history")
    return (
        all(isinstance(about.get(name), str) for name in ("data", "command"))
        and type(about.get("step")) is int
        and about["step"] >= 0
        and _is_number(about.get("seconds"))
        and about["seconds"] >= 0
        and isinstance(history, list)
        and all(_names(epoch) == {"epoch", *FIGURES, "seconds"} for epoch in history)
        and all(_is_number(value) for epoch in history for value in epoch.values())
    )


def _is_number(value):
    return type(value) in (int, float) and abs(value) < _LARGEST  # not-a-number is not


def _is_finite(variable):
    return variable.dtype.kind in "biu" or (variable.dtype.kind == "f" and bool(np.isfinite(variable).all()))


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
    packed = io.BytesIO()
    variables = {str(number): values for number, values in enumerate(state.variables)}
    np.savez(packed, **variables, **{Path(_ABOUT).stem: np.array(json.dumps(about))})
    return packed.getvalue()


def check_same(begun: Checkpoint, recipe: Recipe, data: str) -> None:
    """Raise UserError if a training was begun with another recipe or other data; how a step is computed is its own."""
    told, asked = (dataclasses.asdict(each) for each in (begun.recipe, recipe))
    others = [name.replace("_", " ") for name in told if told[name] != asked[name] and name not in _CHOSEN]
    others += ["images and drawings"] * (begun.data != data)
    if others:
        how = f"go on with: {begun.command}" if _is_ours(begun.command) else "go on with those."
        raise UserError(f"The interrupted training was begun with other settings ({', '.join(others)}); {how}")
    if begun.state.step > recipe.steps or len(begun.state.history) > recipe.epochs:
        raise UserError("The interrupted training has gone on for longer than it was to; delete its file.")


def _is_ours(command):
    """Whether a command starts a training and nothing else: people type what they are told, and a state may lie."""
    if not command.startswith(("python handwriting.py ", "digits-train ")):
        return False
    if os.name == "nt":
        return not set(command) & set("&|<>^%\r\n")
    try:
        return shlex.join(shlex.split(command)) == command
    except ValueError:  # a quote that does not end
        return False


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
