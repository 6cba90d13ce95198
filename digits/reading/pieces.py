"""Ink without strokes: its connected pieces, the wide ones cut where they may be several digits that touch."""

from typing import NamedTuple

import numpy as np

from digits.ink import brush, grid
from digits.reading import seams, signs
from digits.reading.fragments import SPECK, Span, bounds, height_in_line, longer_sides, reading_order
from digits.reading.labels import label, label_boxes

UNCUT = 0.65  # heights of a digit: a piece that is wider is cut
_DUST = 0.6  # of a stroke's thickness: what is smaller both ways is no point
_TEAR, _CROSSED = 0.1, 0.3  # what a cut costs in nats, and what for each stroke's thickness that it crosses


class Part(NamedTuple):
    """A fragment: a piece of ink, or a part of one between two cuts."""

    box: np.ndarray  # (4,): left, top, right and bottom
    ink: np.ndarray  # (bottom - top, right - left)
    tear: float = 0.0  # what a digit costs that begins with it, in nats, where it was cut from its whole


class _Line(NamedTuple):
    """What digits on a line are like."""

    height: float
    thickness: float  # of their strokes
    widest: float  # that one digit may be, in heights


class Ink:
    """Fragments of ink whose strokes nobody knows."""

    most_parts = 14
    band = 2 * brush.DEFAULT.radius

    def __init__(self, ink: np.ndarray, widest: float = UNCUT):
        """Take ink (rows, columns) in [0, 1], not all of it 0.

        widest: of the pieces that are left whole, in heights of a digit.
        """
        ink = ink / ink.max()  # faint ink has the pieces and the cuts of full ink
        self.thickness = _thickness(ink)
        pieces, self.signs = _pieces(ink, self.thickness)
        line = _Line(height_in_line(np.array([piece.box for piece in pieces])), self.thickness, widest)
        parts = [(part, whole) for whole, piece in enumerate(pieces) for part in _cut(piece, line)]
        boxes = np.array([part.box for part, _ in parts], np.float32)
        order = reading_order(boxes)
        self.boxes = boxes[order]
        self.wholes = np.array([parts[at][1] for at in order])
        self.tears = np.array([parts[at][0].tear for at in order])
        self._parts = [parts[at][0] for at in order]

    def draw(self, spans: list[Span], scales: np.ndarray) -> np.ndarray:
        """See `Fragments`."""
        return np.stack([self._drawn(span, scale) for span, scale in zip(spans, scales, strict=True)])

    def _drawn(self, span, scale):
        ink = self._together(span)
        rows, columns = ink.shape
        cells = _spread(rows, scale) @ ink @ _spread(columns, scale).T
        full = np.quantile(cells[cells >= cells.max() / 2], 0.5)  # lines finer than a cell have paled
        return np.clip(cells / max(full, 1e-6), 0, 1)

    def _together(self, span):
        """Return the ink of a span, each part where it was."""
        left, top, right, bottom = bounds(self.boxes[span.part]).astype(int).tolist()
        ink = np.zeros((bottom - top, right - left), np.float32)
        for part in self._parts[span.part]:
            first, above, last, below = (part.box.astype(int) - (left, top) * 2).tolist()
            ink[above:below, first:last] = np.maximum(ink[above:below, first:last], part.ink)
        return ink


def _pieces(ink, thickness):
    """Return the connected pieces of ink that are no dust, and the signs among them."""
    labels = label(ink)
    boxes = label_boxes(labels)
    sides = longer_sides(boxes)
    found = _signs(boxes, sides, thickness)
    is_digit = (sides >= SPECK * sides.max()) & (found == "")
    pieces = [_piece(ink, labels == number, boxes[number - 1]) for number in np.flatnonzero(is_digit) + 1]
    return pieces, signs.placed(found.tolist(), boxes)


def _signs(boxes, sides, thickness):
    """Return which sign each piece is (n,), "" for none; what is much finer than the strokes is dust."""
    found = np.full(len(boxes), "", "<U1")
    is_inked = sides >= min(_DUST * thickness, sides.max())
    inner = _inner(boxes[is_inked], thickness)
    found[is_inked] = signs.find(inner, height_in_line(inner))
    return found


def _inner(boxes, thickness):
    """Return the boxes (n, 4) of the paths in the middle of pieces, given their own."""
    middles, halves = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
    halves = np.maximum(0, halves - thickness / 2)
    return np.hstack([middles - halves, middles + halves])


def _piece(ink, is_in, box):
    left, top, right, bottom = box.astype(int).tolist()
    area = np.s_[top:bottom, left:right]
    return Part(box, ink[area] * is_in[area])


def _cut(piece, line):
    """Return what is left of a piece between cuts, all of it where it is too narrow or too low to be two digits."""
    left, top, right, bottom = piece.box
    if right - left <= line.widest * line.height or bottom - top <= line.height / 2:
        return [piece]
    numbers, crossed = seams.cut(piece.ink, line.height, line.thickness)
    labels = (numbers + 1) * (piece.ink > 0)
    boxes = label_boxes(labels)
    tears = [0.0, *(_TEAR + _CROSSED * crossed / line.thickness)]
    parts = [
        _piece(piece.ink, labels == number, box)._replace(tear=float(tear))
        for number, (box, tear) in enumerate(zip(boxes, tears, strict=True), 1)
        if np.isfinite(box).all()
    ]
    return [part._replace(box=part.box + np.tile(piece.box[:2], 2)) for part in parts if part.ink.max() >= 0.5]


def _thickness(ink):
    """Return how thick strokes are: twice their area over the length of their edge."""
    edge = np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum()
    return max(1.0, 2.5 * float(ink.sum()) / max(float(edge), 1))  # an edge's steps at a slant are 5/4 of its length


def _spread(size, scale):
    """Return what each of `size` places in a row gives to each cell of a grid that they are scaled onto (28, size)."""
    centres = (np.arange(size) + 0.5 - size / 2) * scale + grid.SIZE / 2
    reach = max(1.0, scale)
    weights = np.maximum(0, 1 - np.abs(centres - np.arange(grid.SIZE)[:, None] - 0.5) / reach)
    return (weights * (min(1.0, scale) / reach)).astype(np.float32)
