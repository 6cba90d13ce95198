"""Ink without strokes: its connected pieces; wide ones are taken apart, into the strokes traced in them or by cuts."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from digits.ink import brush, grid
from digits.reading import seams, tracing
from digits.reading.fragments import SPECK, Span, bounds, cut, height_in_line, longer_sides, reading_order
from digits.reading.labels import label, label_boxes

_UNCUT = 0.75  # heights of a digit: a piece that is wider is taken apart
_SHORTEST = 0.2  # heights of a digit: a traced stroke that is shorter is none
_NO_LINES = np.zeros((0, 4), np.float32)


class Part(NamedTuple):
    """A fragment: a piece of ink, a part of one between two cuts, or a stroke traced in one."""

    box: np.ndarray  # (4,): left, top, right and bottom
    ink: np.ndarray  # (bottom - top, right - left): its own; of a traced stroke that of the whole piece
    lines: np.ndarray | None = None  # (k, 4) of the stroke, see `brush.lines`


class Ink:
    """Fragments of ink whose strokes nobody knows."""

    band = 2 * brush.DEFAULT.radius
    tear = 0.3

    def __init__(self, ink: np.ndarray, take_apart: Callable[[Part, float, float], list[Part]]):
        """Take ink (rows, columns) in [0, 1], not all of it 0.

        take_apart: `traced` or `cut_through`, for pieces that are wider than a digit.
        """
        pieces = _pieces(ink)
        height = height_in_line(np.array([piece.box for piece in pieces]))
        parts = [
            (part, whole)
            for whole, piece in enumerate(pieces)
            for part in (take_apart(piece, height, _thickness(ink)) if _is_wide(piece, height) else [piece])
        ]
        boxes = np.array([part.box for part, _ in parts], np.float32)
        order = reading_order(boxes)
        self.boxes = boxes[order]
        self.wholes = np.array([parts[at][1] for at in order])
        self._parts = [parts[at][0] for at in order]
        self._pieces, self._shape = pieces, ink.shape

    @property
    def is_cut(self) -> bool:
        """Whether a piece of it was taken apart."""
        return len(self._parts) > len(self._pieces)

    def draw(self, spans: list[Span], scales: np.ndarray) -> np.ndarray:
        """See `Fragments`."""
        return np.stack([self._drawn(span, scale) for span, scale in zip(spans, scales, strict=True)])

    def _drawn(self, span, scale):
        left, top, right, bottom = bounds(self.boxes[span.part]).astype(int).tolist()
        inked, lines = self._told_apart(span)
        ink = self._together(inked)[top:bottom, left:right]
        cells = _spread(bottom - top, scale) @ ink @ _spread(right - left, scale).T
        full = np.quantile(cells[cells >= cells.max() / 2], 0.5)  # lines finer than a cell have paled
        drawn = np.clip(cells / max(full, 1e-6), 0, 1)
        middle = np.float32([left + right, top + bottom] * 2) / 2
        brush.draw(drawn, (np.concatenate([_NO_LINES, *lines]) - middle) * scale + grid.SIZE / 2)
        return drawn

    def _together(self, parts):
        """Return the ink of parts where it was."""
        ink = np.zeros(self._shape, np.float32)
        for part in parts:
            left, top, right, bottom = part.box.astype(int).tolist()
            ink[top:bottom, left:right] = np.maximum(ink[top:bottom, left:right], part.ink)
        return ink

    def _told_apart(self, span):
        """Return what of a span has ink of its own, and the lines of the rest; a whole piece has ink of its own."""
        inked, lines = [], []
        for whole in np.unique(self.wholes[span.part]):
            is_of = self.wholes[span.part] == whole
            parts = [part for part, is_in in zip(self._parts[span.part], is_of, strict=True) if is_in]
            if len(parts) == np.count_nonzero(self.wholes == whole):
                inked.append(self._pieces[whole])
            else:
                inked += [part for part in parts if part.lines is None]
                lines += [part.lines for part in parts if part.lines is not None]
        return inked, lines


def _pieces(ink):
    """Return the connected pieces of ink that are no dust."""
    labels = label(ink)
    boxes = label_boxes(labels)
    sides = longer_sides(boxes)
    return [_piece(ink, labels == number, box) for number, box in enumerate(boxes, 1) if _is_large(number, sides)]


def _is_large(number, sides):
    return sides[number - 1] >= SPECK * sides.max()


def _piece(ink, is_in, box):
    left, top, right, bottom = box.astype(int).tolist()
    area = np.s_[top:bottom, left:right]
    return Part(box, ink[area] * is_in[area])


def _is_wide(piece, height):
    left, top, right, bottom = piece.box
    return right - left > _UNCUT * height and bottom - top > height / 2


def traced(piece: Part, height: float, thickness: float) -> list[Part]:
    """Return the strokes traced in a piece, those that are wider than a digit cut; the piece where there is only one.

    height: of a digit.  thickness: of a stroke.
    """
    paths = [part for path in tracing.strokes(piece.ink >= 0.5, thickness) for part in cut(path, height)]
    paths = [path for path in paths if np.ptp(path, axis=0).max() >= _SHORTEST * height]
    if len(paths) < 2:
        return [piece]
    corner, high = piece.box[:2], piece.box[2:] - piece.box[:2]
    return [
        Part(
            np.concatenate(
                [
                    corner + np.clip(np.floor(path.min(axis=0) - thickness / 2), 0, high),
                    corner + np.clip(np.ceil(path.max(axis=0) + thickness / 2), 0, high),
                ]
            ),
            piece.ink,
            brush.lines(path + corner),
        )
        for path in paths
    ]


def cut_through(piece: Part, height: float, thickness: float) -> list[Part]:
    """Return what is left of a piece between cuts from top to bottom, see `traced`."""
    numbers = seams.cut(piece.ink, height, thickness) + 1
    labels = numbers * (piece.ink > 0)
    boxes = label_boxes(labels)
    parts = [_piece(piece.ink, labels == number, box) for number, box in enumerate(boxes, 1) if np.isfinite(box).all()]
    return [part._replace(box=part.box + np.tile(piece.box[:2], 2)) for part in parts if part.ink.max() >= 0.5]


def _thickness(ink):
    """Return how thick strokes are: twice their area over the length of their edge."""
    edge = np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum()
    return max(
        1.0, 2.5 * float(ink.sum()) / max(float(edge), 1)
    )  # steps of an edge at a slant are 5/4 times its length


def _spread(size, scale):
    """Return what each of `size` places in a row gives to each cell of a grid that they are scaled onto (28, size)."""
    centres = (np.arange(size) + 0.5 - size / 2) * scale + grid.SIZE / 2
    reach = max(1.0, scale)
    weights = np.maximum(0, 1 - np.abs(centres - np.arange(grid.SIZE)[:, None] - 0.5) / reach)
    return (weights * (min(1.0, scale) / reach)).astype(np.float32)
