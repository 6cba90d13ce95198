"""Recorded pen drawings as UNIPEN text, in and out."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from digits import UserError
from digits.files import guards, writing
from digits.ink.strokes import Drawing

_MOST = 16_000_000  # bytes of text, seconds to read; four times the largest collection of pen digits known to us


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
    writing.write_whole(path, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))


def _text(path):
    if guards.is_special(path):
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
