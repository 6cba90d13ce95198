"""What people say that their drawings were: kept as pen strokes with that label, in a file of UNIPEN text.

The file is written whole or not at all each time, so that whatever ends the program, no drawing in it is lost.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.app.history import FINE
from digits.files import locking, unipen
from digits.ink.sheet import drawn
from digits.ink.strokes import Drawing

NO_DIGIT = "none"  # the label of what is no digit
MOST = 500  # drawings; the oldest make room, but nothing that somebody has put into the file by other ways
NOTHING_KEPT = "Nothing is kept; to learn your hand, start the program without --no-keep."
_POINTS, _STROKES = 1000, 100  # of a drawing, about: so the file stays one that can be read


class Kept(NamedTuple):
    """What was done with a drawing."""

    label: str
    is_kept: bool  # or was taken back
    count: int  # of drawings that are kept now


@dataclass(frozen=True, eq=False)
class Example:
    """A drawing that is kept, to be looked at; an example equals no other but itself."""

    drawing: Drawing
    ink: np.ndarray  # (28, 28)

    @property
    def name(self) -> str:
        """What it is, in few letters."""
        return "\u2013" if self.drawing.label == NO_DIGIT else self.drawing.label


class Corrections:
    """The drawings that were kept, oldest first; every method reads the file anew, for other windows write there too.

    All raise UserError where the file cannot be read or written.
    """

    def __init__(self, path: Path | None):
        """Take the file, which need not be there yet; None keeps nothing."""
        self.path = path

    def drawings(self) -> list[Drawing]:
        """Return what is kept."""
        return unipen.read(self.path) if self.path and self.path.exists() else []

    def examples(self) -> tuple[Example, ...]:
        """Return what is kept as it looked, newest first."""
        return tuple(Example(one, drawn([path / FINE for path in one.paths])) for one in reversed(self.drawings()))

    def say(self, drawing: Drawing) -> Kept:
        """Keep a drawing under its label; said again it is taken back, and under another label it has that one."""
        drawing = replace(drawing, paths=_light(drawing.paths))
        with self._alone():
            before = self.drawings()
            kept = [other for other in before if not _is_same(other, drawing)]
            is_kept = not any(other.label == drawing.label and _is_same(other, drawing) for other in before)
            kept = [*kept, *[drawing] * is_kept][-max(MOST, len(before)) :]
            self._write(kept)
        return Kept(drawing.label, is_kept, len(kept))

    def remove(self, drawing: Drawing) -> Kept:
        """Keep a drawing no longer; another window may have taken it back already."""
        with self._alone():
            kept = [other for other in self.drawings() if not _is_same(other, drawing)]
            self._write(kept)
        return Kept(drawing.label, False, len(kept))

    def _write(self, kept):
        if kept:
            unipen.write(self.path, kept)
        else:
            self.path.unlink(missing_ok=True)

    def _alone(self):
        if not self.path:
            raise UserError(NOTHING_KEPT)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"The folder {self.path.parent} cannot be made ({error.strerror}).") from error
        return locking.alone(self.path, "Another window keeps a drawing just now; try again.")


def _light(paths):
    """Return strokes with every second, third or so of their points where they have very many."""
    count = sum(map(len, paths))
    every = -(-count // _POINTS) if count > 2 * _POINTS else 1  # so that what was made light once stays as it is
    return [np.concatenate([path[:-1:every], path[-1:]]) for path in paths[:_STROKES]]


def _is_same(one, other):
    paths = one.paths, other.paths
    return len(one.paths) == len(other.paths) and all(np.array_equal(*pair) for pair in zip(*paths, strict=True))
