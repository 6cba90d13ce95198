"""What has been drawn: a list of acts, and the ink that follows from them.

An act is a stroke, an erasure or a picture laid over everything (bare paper for Reset). Ink is never edited by hand: it
is the acts carried out in order. The sheet before each of them is kept, so undo takes as long after hours as at first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

import numpy as np

from digits.ink import brush, erasing, grid

ROWS = grid.SIZE  # of every sheet: one digit fills it from top to bottom
KEPT = 500  # acts that can be undone; a long session must not grow without end
LONGEST = 100_000  # pieces of a stroke; a longer one goes on as another
FAR = 1000  # cells: further off, a pointer says nothing more, and a line to it would cost time


def columns_for(digits: int) -> int:
    """Return how many columns a sheet for so many digits has: 28 for one, and for each further one room to write it."""
    return grid.SIZE + 20 * (digits - 1)


@dataclass(frozen=True)
class Stroke:
    """The path of one pointer from press to release; an erasing one takes ink away as a drawing one lays it."""

    erase: bool = False
    pieces: list[np.ndarray] = field(default_factory=list)  # each (k, 3): x, y and radius in cells, end to end

    @property
    def points(self) -> np.ndarray:
        """The whole stroke (n, 3): x, y and radius, in cells."""
        ends = [piece[1:] for piece in self.pieces[1:]]  # a piece starts where the one before it stopped
        return np.concatenate([self.pieces[0], *ends])

    @property
    def path(self) -> np.ndarray:
        """Where it went (n, 2), in cells."""
        return self.points[:, :2]

    def join(self) -> None:
        """Make one piece of all, which takes less memory."""
        self.pieces[:] = [self.points]


@dataclass(frozen=True, eq=False)
class Picture:
    """Ink of the whole sheet, laid over everything before it."""

    ink: np.ndarray  # (28, columns), read-only


Act = Stroke | Picture


@dataclass(frozen=True)
class _Piece:
    """A part of a stroke that has left no ink yet."""

    erase: bool
    points: np.ndarray  # (k, 3)


class Sheet:
    """A sheet of paper of 28 rows and any number of columns, and everything that was done to it."""

    def __init__(self, columns: int = grid.SIZE):
        """Take a new sheet, as wide as one digit needs or wider."""
        self._acts = []  # each with the ink before it
        self._undone = []  # each with the ink after it
        self._stroke = None  # the one that still grows
        self._wet = []  # pieces not yet in _ink: laid together when somebody looks, which is many times faster
        self._ink = _dry(np.zeros((ROWS, columns), np.float32))

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns of cells it has."""
        return self._ink.shape

    @property
    def ink(self) -> np.ndarray:
        """The ink as it stands, (28, columns) float32, read-only; the same object as before where nothing changed."""
        if self._wet:
            self._ink = _lay(self._ink, self._wet)
            self._wet = []
        return self._ink

    @property
    def is_empty(self) -> bool:
        """Whether the paper is bare."""
        return not self.ink.any()

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is open."""
        return self._stroke is not None

    @property
    def open_stroke(self) -> tuple[tuple[np.ndarray, ...], bool]:
        """The pieces of the stroke that still grows, each (k, 3) as in `Stroke`, and whether it erases."""
        return (tuple(self._stroke.pieces), self._stroke.erase) if self._stroke else ((), False)

    @property
    def can_undo(self) -> bool:
        """Whether something was done."""
        return bool(self._acts)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone, and nothing else done since."""
        return bool(self._undone)

    @property
    def strokes(self) -> list[Stroke]:
        """The strokes since the last picture, as far as they can be undone, oldest first."""
        return [act for act in self.drawing if isinstance(act, Stroke)]

    @property
    def paths(self) -> list[np.ndarray] | None:
        """The strokes that the ink is made of (n, 3): x, y and radius in cells; None where it is not strokes alone.

        Of what was erased in part there is what is left.
        """
        acts = self.drawing
        if any(isinstance(act, Picture) for act in acts):
            return None
        strokes = [act.points for act in acts if not act.erase]
        if len(strokes) == len(acts):
            return strokes
        laid = _lay(np.zeros(self.shape, np.float32), [_Piece(False, points) for points in strokes])
        return erasing.remains(strokes, laid, self.ink)

    @property
    def drawing(self) -> tuple[Act, ...]:
        """The acts that the ink is made of, oldest first: on bare paper they give it again (see `repeat`)."""
        acts = [Picture(self._acts[0][1] if self._acts else self._ink), *(act for act, _ in self._acts)]
        last = max(at for at, act in enumerate(acts) if isinstance(act, Picture))
        return tuple(acts[last if acts[last].ink.any() else last + 1 :])

    def begin(self, point, radius: float = brush.DEFAULT.radius, erase: bool = False) -> None:
        """Set the brush down: a dot at a point, and a stroke that can be extended."""
        self.end()
        self._stroke = Stroke(erase)
        self._do(self._stroke)
        self._add(_points(point, radius))

    def extend(self, points, radius: float | None = None) -> None:
        """Move the brush along points, (2,) or (k, 2); with no stroke open the pointer leaves nothing.

        radius: the width from here on, growing from the last point's; without one it stays as it was.
        """
        if self._stroke is None:
            return
        last = self._stroke.pieces[-1][-1:]
        if len(self._stroke.pieces) >= LONGEST:
            self.begin(last[0, :2], last[0, 2], self._stroke.erase)
        self._add(np.concatenate([last, _points(points, last[0, 2] if radius is None else radius)]))

    def end(self) -> None:
        """Lift the brush."""
        if self._stroke:
            self._stroke.join()
        self._stroke = None

    def abandon(self) -> None:
        """Take back the open stroke, be there a difference or not; with none open nothing."""
        if self._stroke:
            self.end()
            self._move(self._acts, self._undone)

    def clear(self) -> None:
        """Take a new sheet; one act, so that it can be undone."""
        if not self.is_empty:
            self.put(np.zeros(self.shape))

    def put(self, picture: np.ndarray) -> None:
        """Lay a picture, (28, columns) in [0, 1], over everything."""
        self.end()
        laid = _dry(np.full(self.shape, picture, np.float32))
        self._do(Picture(laid))
        self._ink = laid

    def record(self, most: int) -> tuple[tuple[Act, ...], int]:
        """Return the last acts, oldest first, and how many of them, at their end, are undone; see `repeat`.

        Where some of long ago are left out, the first is a picture of what they left. An open stroke is copied.
        """
        acts, undone = self._acts[-most + 1 :], self._undone[:-most:-1]
        before = acts[0][1] if acts else self.ink
        recorded = [act for act, _ in acts + undone]
        if self._stroke:
            recorded[-1] = Stroke(self._stroke.erase, [*self._stroke.pieces])
        return tuple([Picture(before)] * bool(before.any()) + recorded), len(undone)

    def repeat(self, acts: Iterable[Act], undone: int = 0) -> None:
        """Carry out acts, of another sheet as wide as this or of an earlier one, on what is there.

        undone: so many of them, at their end, are then taken back.
        """
        self.end()
        for act in acts:
            if isinstance(act, Picture):
                self.put(act.ink)
            else:
                self._do(act)
                self._wet += [_Piece(act.erase, act.points[:1]), _Piece(act.erase, act.points)]  # a dot, and on
        for _ in range(undone):
            self._move(self._acts, self._undone)

    def undo(self) -> None:
        """Take back the last act that left a difference."""
        self._step(self._acts, self._undone)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._step(self._undone, self._acts)

    def _do(self, act):
        self._acts.append((act, self.ink))
        del self._acts[:-KEPT]
        self._undone.clear()

    def _add(self, points):
        self._stroke.pieces.append(points)
        self._wet.append(_Piece(self._stroke.erase, points))

    def _step(self, source, target):
        """Move acts until one of them makes a difference; where none does they are forgotten."""
        self.end()
        before, moved_before = self.ink, len(target)
        while source:
            self._move(source, target)
            if not np.array_equal(self.ink, before):
                return
        del target[moved_before:]

    def _move(self, source, target):
        act, ink = source.pop()
        target.append((act, self.ink))
        self._ink = ink


def _points(points, radius):
    points = np.asarray(points, np.float32).reshape(-1, 2)
    return np.hstack([np.clip(points, -FAR, FAR), np.full((len(points), 1), radius, np.float32)])


def _lay(ink, pieces):
    """Return ink after pieces of strokes, oldest first; pieces of a kind are laid in one go, for order is no matter."""
    ink = ink.copy()
    for erase, group in groupby(pieces, attrgetter("erase")):
        points = [piece.points for piece in group]
        segments = np.concatenate([brush.lines(part[:, :2]) for part in points])
        radius = np.concatenate([part[-1:, 2] if len(part) == 1 else part[1:, 2] for part in points])
        layer = np.zeros_like(ink) if erase else ink
        brush.draw(layer, segments, radius=radius)
        if erase:
            np.minimum(ink, 1 - layer, out=ink)
    return _dry(ink)


def _dry(ink):
    ink.flags.writeable = False
    return ink


def drawn(paths: list[np.ndarray], radius: float = brush.DEFAULT.radius) -> np.ndarray:
    """Return the ink (28, 28) of an empty sheet on which a mouse has drawn along paths (k, 2); all in cells."""
    sheet = Sheet()
    for path in paths:
        sheet.begin(path[0], radius)
        sheet.extend(path[1:])
        sheet.end()
    return sheet.ink
