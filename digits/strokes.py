"""Recorded pen drawings: UNIPEN text in and out, curves through sparse points, and their place on a sheet.

A path is an array (k, 2) of pen positions, x to the right and y down; a drawing is a list of paths, one a stroke.
"""

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError, files, grid

PEN_DIGITS = Path(__file__).resolve().parent.parent / "assets" / "pen-digits.dat"  # ours, laid by hand
_MOST = 16_000_000  # bytes of text, seconds to read; four times the largest collection of pen digits known to us

# Widest that a drawing may become on the sheet: this many cells, and this many times its height.
_WIDEST, _SQUATTEST = 25, 1.25
_MARGIN = 1.2  # cells between a drawing's path and the edge of the sheet, where there is room


@dataclass(frozen=True)
class Drawing:
    """What somebody drew: its label, the paths of its strokes in writing order, and the comment beside it."""

    label: str
    paths: list[np.ndarray]
    comment: str = ""


def read(path: Path) -> list[Drawing]:
    """Return the drawings in a file of UNIPEN text (y up), also one compressed by gzip (.gz).

    Raises UserError if it cannot be read or holds no drawing, with the line that is wrong.
    """
    drawings, stroke = [], None
    for number, line in enumerate(_text(path).splitlines(), 1):
        word, _, rest = line.strip().partition(" ")
        if word == ".SEGMENT":
            drawings.append(Drawing(_label(path, number, rest), []))
            stroke = None
        elif word == ".COMMENT" and drawings and not drawings[-1].comment:
            drawings[-1] = Drawing(drawings[-1].label, drawings[-1].paths, rest.strip())
        elif word == ".PEN_DOWN":
            stroke = []
            if drawings:
                drawings[-1].paths.append(stroke)
        elif word == ".PEN_UP":
            stroke = None
        elif word and not word.startswith(".") and stroke is not None:
            stroke.append(_point(path, number, line))
    whole = [_finished(drawing) for drawing in drawings if any(drawing.paths)]
    if not whole:
        raise UserError(f"{path} holds no pen drawing; expected UNIPEN text with .SEGMENT, .PEN_DOWN and .PEN_UP.")
    return whole


def write(path: Path, drawings: list[Drawing]) -> None:
    """Write drawings as UNIPEN text, positions rounded to whole units; raises UserError where that cannot be."""
    lines = [".HIERARCHY DRAWING"]
    for number, drawing in enumerate(drawings):
        lines += ["", f'.SEGMENT DRAWING {number} ? "{drawing.label}"', f".COMMENT {drawing.comment}".rstrip()]
        for stroke in drawing.paths:
            points = [f" {round(x)} {round(-y)}" for x, y in stroke.tolist()]
            lines += [".PEN_DOWN", *points, ".PEN_UP", ".DT 100"]
    text = "\n".join(lines) + "\n"
    files.write_whole(path, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))


def _text(path):
    if path.exists() and not path.is_file():  # a pipe would be waited for, and a device has no end
        raise UserError(f"{path} is no file of pen drawings.")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(_MOST + 1)
    except FileNotFoundError as error:
        raise UserError(f"{path}: there is no such file of pen drawings.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error}).") from error
    if len(content) > _MOST:
        raise UserError(f"{path} is too large: more than {_MOST:,} bytes of pen drawings.")
    return content.decode("utf-8", errors="replace")


def _label(path, number, rest):
    parts = rest.split('"')
    if len(parts) < 3 or not parts[1]:
        raise UserError(f'{path}, line {number}: a .SEGMENT ends in its label in quotes, such as "7".')
    return parts[1]


def _point(path, number, line):
    try:
        x, y = (float(part) for part in line.split()[:2])
    except ValueError:
        raise UserError(f"{path}, line {number}: expected a pen position, two numbers, not {line[:40]!r}.") from None
    if not (abs(x) < 1e6 and abs(y) < 1e6):  # nan is not below either
        raise UserError(f"{path}, line {number}: a pen position of {x:g}, {y:g} is out of range.")
    return x, -y


def _finished(drawing):
    paths = [np.array(stroke, np.float32) for stroke in drawing.paths if stroke]
    return Drawing(drawing.label, paths, drawing.comment)


def labels(drawings: list[Drawing], path: Path) -> np.ndarray:
    """Return the labels (n,) of drawings that are digits; raises UserError naming `path` if one is no digit."""
    for drawing in drawings:
        if drawing.label not in tuple("0123456789"):
            raise UserError(f'{path}: the label "{drawing.label}" is no digit; expected 0 to 9.')
    return np.array([int(drawing.label) for drawing in drawings])


def smooth(path: np.ndarray, count: int) -> np.ndarray:
    """Return `count` points (count, 2), evenly spaced along a smooth curve through the points of a path (k, 2).

    The curve is a centripetal Catmull-Rom spline (Catmull and Rom 1974; Yuksel et al. 2011): it passes through every
    point, without loops or cusps of its own. A point given twice in a row is a sharp corner.
    """
    stops = np.flatnonzero((np.diff(path, axis=0) == 0).all(axis=1)) + 1
    runs = [run for run in np.split(path, stops) if len(run) > 1]
    curve = np.concatenate([_spline(run) for run in runs]) if runs else path[:1]
    return _evenly(curve, count)


def smoothed(drawing: Drawing, count: int = 64) -> Drawing:
    """Return a drawing with the curve through each path's points, `count` of them, in place of the points."""
    return Drawing(drawing.label, [smooth(path, count) for path in drawing.paths], drawing.comment)


def _spline(points, steps=8):
    """Return points along the spline through `points` (k, 2), k at least 2, no two in a row alike."""
    ends = 2 * points[:1] - points[1:2], 2 * points[-1:] - points[-2:-1]
    padded = np.concatenate([ends[0], points, ends[1]]).astype(np.float64)
    knots = np.concatenate([[0], np.cumsum(np.sqrt(np.hypot(*np.diff(padded, axis=0).T)))])
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    t0, t1, t2, t3 = (knots[i : len(knots) - 3 + i, None, None] for i in range(4))
    t = t1 + (t2 - t1) * np.linspace(0, 1, steps, endpoint=False)[:, None]

    def between(a, b, ta, tb):
        return ((tb - t) * a + (t - ta) * b) / (tb - ta)

    a1, a2, a3 = between(p0, p1, t0, t1), between(p1, p2, t1, t2), between(p2, p3, t2, t3)
    curve = between(between(a1, a2, t0, t2), between(a2, a3, t1, t3), t1, t2)
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])


def _evenly(curve, count):
    """Return `count` points at even distances along a polyline (k, 2)."""
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, curve[:, 0]), np.interp(at, along, curve[:, 1])], axis=1).astype(np.float32)


class Box(NamedTuple):
    """The bounding box of a drawing's path: its middle and size."""

    x: float
    y: float
    width: float
    height: float


def box(paths: list[np.ndarray]) -> Box:
    """Return the bounding box of all points of a drawing."""
    points = np.concatenate(paths)
    (left, top), (right, bottom) = points.min(0).tolist(), points.max(0).tolist()
    return Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)


def scale_to(height, box_width, box_height):
    """Return the factor that makes a path's box `height` cells high, or less where it would be too wide; arrays too."""
    return height / np.maximum(
        np.maximum(box_height, box_width * height / _WIDEST), np.maximum(box_width / _SQUATTEST, 1e-6)
    )


def room(size, margin=_MARGIN):
    """Return how far from the middle of the sheet the middle of a box of `size` cells may lie; arrays too."""
    return np.maximum(0, grid.SIZE / 2 - margin - size / 2)


class Placement(NamedTuple):
    """Where a drawing goes: how high its path's box becomes, uniform in a range, and how far it may roam."""

    heights: tuple[float, float]  # cells
    roam: float  # share of the room around the middle, 0 for the very middle, 1 for anywhere


def place(paths: list[np.ndarray], placement: Placement, rng: np.random.Generator) -> list[np.ndarray]:
    """Return paths in cells, the box as high as `placement` says (see `scale_to`), on the sheet where it fits."""
    bounds = box(paths)
    scale = float(scale_to(rng.uniform(*placement.heights), bounds.width, bounds.height))
    reach = placement.roam * room(scale * np.array([bounds.width, bounds.height]))
    middle = grid.SIZE / 2 + rng.uniform(-1, 1, 2) * reach
    return [(path - (bounds.x, bounds.y)) * scale + middle for path in paths]
