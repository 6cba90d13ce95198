"""UNIPEN's text: its keywords, the pen positions below them, and how much of all that is read from one collection."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.files import bounded, guards

MOST_BYTES = 16_000_000  # of text in a file; four times the largest collection of pen digits known to us
_LONGEST_STROKE = 1_000_000  # characters; at 100 positions a second it lasts longer than ten minutes
_FARTHEST = 1e6  # from 0, in the units of the device
_KEYWORD = re.compile(r"^[ \t]*\.([A-Z_]+)[ \t]*(.*)$", re.MULTILINE)

# What is read of a file, or of a folder with all that its files include, at most: all of UNIPEN's train_r01_v07, with
# about 5,000 files and 120,000 characters, stays below.
MOST = {
    "files": 20_000,
    "inclusions": 20_000,
    "bytes": 400_000_000,
    "keywords": 4_000_000,
    "drawings": 200_000,
    "strokes": 1_000_000,
    "included strokes": 10_000_000,  # one that several files include counts for each
    "points": 50_000_000,  # one that several drawings share counts for each
}


class Budget:
    """What may still be read of a collection."""

    def __init__(self, path: Path):
        self._path, self._left = path, dict(MOST)

    def spend(self, what: str, count: int = 1) -> None:
        """Count what is read; raises UserError where that is too much."""
        self._left[what] -= count
        if self._left[what] < 0:
            raise UserError(f"{self._path} has more than {MOST[what]:,} {what}; give a part of it.")


class Command(NamedTuple):
    """A keyword of a file, what stands behind it, and the lines below it."""

    file: Path
    line: int
    word: str
    rest: str
    body: str


def commands(file: Path, budget: Budget) -> Iterator[Command]:
    """Yield all that a file says, plain or packed by gzip (.gz); raises UserError where it cannot be read."""
    text = _text(file)
    budget.spend("bytes", len(text))
    line, seen = 1, 0
    for keyword, following in pairwise(chain(_KEYWORD.finditer(text), [None])):
        budget.spend("keywords")
        line += text.count("\n", seen, keyword.start())
        seen = keyword.start()
        body = text[keyword.end() : following.start() if following else len(text)]
        yield Command(file, line, keyword[1], keyword[2].strip(), body)


def _text(path):
    if guards.is_special(path):
        raise UserError(f"{path} is no file of pen drawings.")
    try:
        return bounded.read_file(path, MOST_BYTES).decode("utf-8", errors="replace")
    except FileNotFoundError as error:
        raise UserError(f"{path}: there is no such file of pen drawings.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from error
    except bounded.BoundsError as error:
        raise UserError(f"{path} holds no pen drawings that can be read: {error}.") from error


def points(command: Command, budget: Budget) -> np.ndarray:
    """Return the pen positions (k, 2) below a .PEN_DOWN, y down; of further columns nothing is taken."""
    if len(command.body) > _LONGEST_STROKE:
        raise UserError(f"{command.file}, line {command.line}: the stroke is too long to be read; give a part of it.")
    try:
        columns = max(2, len(command.body.strip().partition("\n")[0].split()))
        positions = np.array(command.body.split(), np.float64).reshape(-1, columns)[:, :2]
    except ValueError:
        raise _wrong_line(command) from None
    if not (np.abs(positions) < _FARTHEST).all():  # nan is not below either
        raise _wrong_line(command)
    budget.spend("strokes")
    budget.spend("points", len(positions))
    return (positions * (1, -1)).astype(np.float32)


def _wrong_line(command):
    """Return the error of the first line below a .PEN_DOWN that is no pen position."""
    lines = [(number, line.split()) for number, line in enumerate(command.body.split("\n"), command.line)]
    columns = max(2, next((len(parts) for _, parts in lines if parts), 0))
    wrong = ((number, parts) for number, parts in lines if parts and not _is_position(parts, columns))
    number, parts = next(wrong, lines[0])
    return UserError(
        f"{command.file}, line {number}: expected a pen position, two numbers within a million, "
        f"not {' '.join(parts)[:40]!a}."
    )


def _is_position(parts, columns):
    try:
        x, y, *_ = map(float, parts)
    except ValueError:
        return False
    return len(parts) == columns and abs(x) < _FARTHEST and abs(y) < _FARTHEST
