"""What a number is cut into before it is read: fragments, none of them more than one digit, from left to right.

Neighbouring fragments may make one digit: the strokes of a 4, or what a cut has torn apart. Strokes become fragments
here, ink whose strokes nobody knows in `digits.reading.pieces`; any run of them is drawn anew for the network.
"""

from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np

from digits.ink import brush, grid
from digits.reading import signs

SPECK = 0.12  # of the largest stroke or piece: what is smaller is dust, or where a pointer touched by mistake
_TALL = 0.5  # of the highest fragment: what is higher than that tells how high a digit is
_LINE = 0.6  # of all boxes together, from the highest to the lowest place: a digit is no lower
_UNCUT = 1.3  # heights of a digit, or of its own: a tall stroke that is wider is cut
_STEP = 0.08  # heights of a digit between two looks along a stroke that is cut
_SHARP = np.radians(60)  # a stroke that turns more within two steps may be cut there
_APART = 4  # steps between two cuts
_MOST_CUTS = 8  # of a stroke
_TEAR = 1.5  # nats: people seldom write two digits in one stroke
_SPARSE = 0.025  # heights of a digit between points of a path that are drawn: the brush is four times as wide


class Span(NamedTuple):
    """A run of fragments, from number `first` to number `last`, this one too."""

    first: int
    last: int

    @property
    def part(self) -> slice:
        """The fragments of the run."""
        return slice(self.first, self.last + 1)

    def meets(self, other: "Span") -> bool:
        """Whether both have a fragment in common."""
        return self.first <= other.last and other.first <= self.last


class Fragments(Protocol):
    """The fragments of a number, whatever they are made of, ordered by their middles from left to right."""

    boxes: np.ndarray  # (n, 4): left, top, right and bottom, in the units of what was given
    wholes: np.ndarray  # (n,): the number of the stroke or piece that each was cut from
    most_parts: int  # of them in a digit, where strokes or pieces were cut
    band: float  # cells that a drawing's box is wider and higher than the path in its middle
    tears: np.ndarray  # (n,): what a digit costs that begins with each where it was cut from its whole, in nats
    signs: list[signs.Sign]  # beside them, none of them a fragment
    thickness: float  # of strokes, by which the boxes are larger than those of paths

    def draw(self, spans: list[Span], scales: np.ndarray) -> np.ndarray:
        """Return spans drawn anew in the middle of grids (m, 28, 28), with `scales` (m,) cells for each unit."""


def digit_height(boxes: np.ndarray) -> float:
    """Return how high a digit is among boxes (n, 4), as far as they tell: the median of all that are not small."""
    heights = boxes[:, 3] - boxes[:, 1]
    return max(float(np.median(heights[heights >= _TALL * heights.max()])), 1e-6)


def height_in_line(boxes: np.ndarray) -> float:
    """Return the same of boxes (n, 4) that stand in one line, where strokes of a digit may all be lower than it."""
    _, top, _, bottom = bounds(boxes)
    return max(digit_height(boxes), _LINE * float(bottom - top))


def bounds(boxes: np.ndarray) -> np.ndarray:
    """Return the box (4,) around boxes (n, 4)."""
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def longer_sides(boxes: np.ndarray) -> np.ndarray:
    """Return the longer side (n,) of each of boxes (n, 4)."""
    return (boxes[:, 2:] - boxes[:, :2]).max(axis=1)


def reading_order(boxes: np.ndarray) -> np.ndarray:
    """Return the order (n,) of boxes (n, 4) by their middles from left to right, by their places where these agree."""
    return np.lexsort((*boxes.T, boxes[:, 0] + boxes[:, 2]))


class Strokes:
    """Fragments of known strokes: whole ones, and parts of those that are wider than a digit."""

    most_parts = 6
    band = thickness = 0.0

    def __init__(self, paths: list[np.ndarray]):
        """Take at least one path (k, 2), in cells or any other unit, x to the right and y down."""
        paths, self.signs = _without_signs([np.asarray(path, np.float32) for path in paths])
        sides = longer_sides(_boxes(paths))
        paths = [path for path, side in zip(paths, sides, strict=True) if side >= SPECK * sides.max()]
        height = height_in_line(_boxes(paths))
        parts = [(part, whole) for whole, path in enumerate(paths) for part in _cut(path, height)]
        boxes = _boxes([part for part, _ in parts])
        order = reading_order(boxes)
        self.boxes = boxes[order]
        self.wholes = np.array([parts[at][1] for at in order])
        self.tears = np.full(len(order), _TEAR)
        self._lines = [brush.lines(_thinned(parts[at][0], _SPARSE * height)) for at in order]

    def draw(self, spans: list[Span], scales: np.ndarray) -> np.ndarray:
        """See `Fragments`."""
        grids = grid.empty(len(spans))
        lines = [self._placed(span, scale) for span, scale in zip(spans, scales, strict=True)]
        which = np.repeat(np.arange(len(spans)), [len(some) for some in lines])
        brush.draw(grids, np.concatenate(lines), which)
        return grids

    def _placed(self, span, scale):
        """Return the lines (k, 4) of a span where they lie on its grid."""
        left, top, right, bottom = bounds(self.boxes[span.part])
        middle = np.array([left + right, top + bottom] * 2) / 2
        return (np.concatenate(self._lines[span.part]) - middle) * scale + grid.SIZE / 2


def _without_signs(paths):
    """Return the paths of digits, and the signs."""
    boxes = _boxes(paths)
    found = signs.find(boxes, height_in_line(boxes))
    digits = [path for path, text in zip(paths, found, strict=True) if not text]
    return digits, signs.placed(found, boxes)


def _boxes(paths):
    return np.array([[*path.min(axis=0), *path.max(axis=0)] for path in paths], np.float32)


def _thinned(path, step):
    """Return a path without the points that lie nearer each other than a step, so that nobody sees them."""
    stretch = np.floor(_along(path) / step)
    kept = np.diff(stretch, prepend=-1) > 0
    kept[-1] = True
    return path[kept]


def _along(path):
    """Return how far along a path each of its points lies (k,)."""
    return np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])


def _cut(path: np.ndarray, height: float) -> list[np.ndarray]:
    """Cut a path (k, 2), where it is wider than a digit, at its low points and sharp turns; height: of a digit."""
    wide, high = np.ptp(path, axis=0)
    if wide <= _UNCUT * max(high, height) or high < _TALL * height:
        return [path]
    along = _along(path)
    steps = np.linspace(0, along[-1], max(2, int(along[-1] / (_STEP * height))))
    walk = np.stack([np.interp(steps, along, path[:, axis]) for axis in (0, 1)], axis=1)
    cuts = [0, *_turns(walk), len(walk) - 1]
    return [walk[first : last + 1].astype(np.float32) for first, last in pairwise(cuts)]


def _turns(walk):
    """Return where an even walk (k, 2) runs low or turns sharply, the sharpest turns first chosen; in order."""
    step = walk[2:] - walk[:-2]
    heading = np.arctan2(step[:, 1], step[:, 0])
    turn = np.zeros(len(walk))
    turn[2:-2] = np.abs(np.angle(np.exp(1j * (heading[2:] - heading[:-2]))))
    y = walk[:, 1]
    is_low = np.zeros(len(walk), bool)
    is_low[1:-1] = (y[1:-1] >= y[:-2]) & (y[1:-1] > y[2:])
    chosen = []
    for at in np.argsort(-turn, kind="stable").tolist():
        if (turn[at] >= _SHARP or is_low[at]) and all(abs(at - c) >= _APART for c in (0, len(walk) - 1, *chosen)):
            chosen.append(at)
    return sorted(chosen[:_MOST_CUTS])
