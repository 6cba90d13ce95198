"""States of trainings that no training has been in, each with the right checksum, which anyone can calculate."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from digits import UserError
from digits.recipe import DEFAULT
from digits.training import checkpoint
from tests.support.hostile_arrays import ARRAYS
from tests.support.hostile_zips import BOMB, deflated, npy, packed

EPOCH = {"epoch": 1, "loss": 0.5, "accuracy": 0.9, "val_loss": 0.4, "val_accuracy": 0.91, "seconds": 20.1}
ABOUT = {
    "recipe": asdict(DEFAULT) | {"precision": "float32"},
    "data": "abc",
    "command": "python handwriting.py model.keras --resume",
    "step": 430,
    "seconds": 21.5,
    "history": [EPOCH],
}


def resume(path: Path) -> checkpoint.Checkpoint:
    """Read a state as a training does that is to go on with it."""
    begun = checkpoint.read(path)
    try:
        checkpoint.check_same(begun, DEFAULT, ABOUT["data"])
    except UserError as error:  # which does not name the file, for it may be no file's fault
        raise UserError(f"{path}: {str(error).rstrip('.')}.") from error
    return begun


def text(words: str) -> bytes:
    """Return a text as an array of NumPy's."""
    return npy(np.array(words))


def members(about: object = ABOUT, **arrays: bytes) -> dict[str, bytes]:
    """Return what is in a state: what it says, as JSON unless it is text already, and its variables."""
    words = about if isinstance(about, str) else json.dumps(about)
    variables = {"0.npy": npy(np.zeros((2, 3), np.float32)), "1.npy": npy(np.array(7))}
    return {"about.npy": text(words)} | variables | {f"{name}.npy": content for name, content in arrays.items()}


def sealed(content: bytes) -> bytes:
    """Return a state with its checksum."""
    return hashlib.sha256(content).digest() + content


def _holding(*args, **arrays):
    return lambda path, rng: path.write_bytes(sealed(packed(members(*args, **arrays))))


def _saying(**changes):
    return _holding(ABOUT | changes)


def _recipe(**changes):
    return _saying(recipe=ABOUT["recipe"] | changes)


def _archive(make):
    return lambda path, rng: path.write_bytes(sealed(make(rng)))


_ODD = {
    "nothing": None,
    "text": "x",
    "yes": True,
    "a list": [1],
    "lists in lists": [[[[1]]]],
    "a table": {"x": 1},
    "not-a-number": float("nan"),
    "infinity": float("inf"),
    "less than nothing": -1,
    "more than all": 10**300,
    "more digits than a number has": 10**4000,
}
_OF_TEXT = ("text",)
FIELDS = {
    f"{field} is {words}": _saying(**{field: value})
    for field, fine in {
        "recipe": (), "data": _OF_TEXT, "command": _OF_TEXT, "step": (), "seconds": (), "history": ()
    }.items()
    for words, value in _ODD.items()
    if words not in fine
}  # fmt: skip
RECIPES = {
    f"{field} of the recipe is {words}": _recipe(**{field: value})
    for field in ("epochs", "batch_size", "peak_rate", "optimiser", "precision", "fused", "channels")
    for words, value in _ODD.items()
    if not (field == "fused" and words == "yes")
}
HISTORIES = {
    f"an epoch's {field} is {words}": _saying(history=[EPOCH | {field: value}])
    for field in ("loss", "seconds")
    for words, value in _ODD.items()
    if words != "less than nothing"
}
OTHERS = {
    "no entries": _holding({}),
    "a number": _holding("7"),
    "no JSON": _holding("{"),
    "no text": lambda path, rng: path.write_bytes(sealed(packed(members() | {"about.npy": npy(np.zeros(3))}))),
    "deep JSON": _holding("[" * 100_000 + "]" * 100_000),
    "a hundred thousand epochs": _saying(history=[EPOCH] * 100_000),
    "an epoch without a number": _saying(history=[{name: value for name, value in EPOCH.items() if name != "epoch"}]),
    "epochs that are none": _saying(history=["x"]),
    "more steps than there are": _saying(step=10**8),
    "a recipe without epochs": _saying(recipe={k: v for k, v in ABOUT["recipe"].items() if k != "epochs"}),
    "a recipe with one thing more": _recipe(more=1),
    "two channels": _recipe(channels=[32, 48]),
    "channels in words": _recipe(channels=["a", "b", "c"]),
    "channels of billions": _recipe(channels=[10**9] * 3),
    "a batch of nothing": _recipe(batch_size=0),
    "a command that does something else": _saying(
        recipe=ABOUT["recipe"] | {"seed": 7}, command="python handwriting.py m; rm -rf \x1b[2J~"
    ),
    "a command of a megabyte": _saying(recipe=ABOUT["recipe"] | {"seed": 7}, command="x" * 1_000_000),
    "variables that are no numbers": _holding(**{"0": npy(np.array([float("nan")], np.float32))}),
    "variables without an end": _holding(**{"0": npy(np.array([float("inf")], np.float64))}),
    "variables in letters": _holding(**{"0": text("x")}),
    "variables that lie about their size": _holding(**{"0": npy(np.zeros(3), b"{'descr': '<f8', 'fortran_order': False,"
                                                              b" 'shape': (999999999999,)}")}),
    "a variable missing": _holding(**{"5": npy(np.zeros(3))}),
    "a variable with a name": _holding(**{"../x": npy(np.zeros(3))}),
    "variables without what is said": _archive(lambda rng: packed({"0.npy": npy(np.zeros(3))})),
    "a thousand empty variables": _holding(**{str(number): npy(np.zeros(0)) for number in range(5000)}),
    "a bomb": _archive(lambda rng: packed(members(**{"0": npy(np.zeros(90_000_000, np.uint8))} | {
        str(number): npy(np.zeros(30_000_000, np.uint8)) for number in range(2, 4)}))),
    "a stream longer than it says": _archive(
        lambda rng: packed(members(), {"0.npy": {"stream": deflated(members()["0.npy"] + bytes(BOMB))}})
    ),
    "no archive": _archive(lambda rng: rng.randbytes(5000)),
    "nothing, sealed": _archive(lambda rng: b""),
    "half an archive": _archive(lambda rng: packed(members())[:200]),
    "nothing at all": lambda path, rng: path.write_bytes(b""),
    "another checksum": lambda path, rng: path.write_bytes(bytes(32) + packed(members())),
    "too many bytes": lambda path, rng: path.write_bytes(sealed(bytes(101_000_000))),
    "a folder": lambda path, rng: path.mkdir(),
}  # fmt: skip
STATES = FIELDS | RECIPES | HISTORIES | OTHERS
STATES |= {f"a variable that is {name}": _holding(**{"0": content}) for name, content in ARRAYS.items()}
SLOW = ("a bomb", "too many bytes")
