"""Numbers written on sheets, digit after digit, and the shipped network that reads them."""

from functools import cache

import numpy as np

from digits.assets import MODEL
from digits.data.pens import PEN_DIGITS
from digits.files import unipen
from digits.ink import grid, strokes
from digits.ink.sheet import Sheet
from digits.reading import engine
from digits.reading.answer import Number, answered
from digits.reading.numbers import Digit
from tests.support.sessions import probabilities


@cache
def network():
    return engine.load(MODEL)


@cache
def drawings():
    """One drawing of each digit, as a smooth curve."""
    all_of_them = [strokes.smoothed(drawing) for drawing in unipen.read(PEN_DIGITS)]
    return {label: next(d for d in all_of_them if d.label == label) for label in "0123456789"}


def written(text, gap=8, left=4.0, top=4.0, height=18):
    """Return the paths of a number, digit after digit, with so many columns between their boxes."""
    paths = []
    for character in text:
        box = strokes.box(drawings()[character].paths)
        scale = height / box.height
        corner = np.array([box.x - box.width / 2, box.y - box.height / 2])
        paths += [((path - corner) * scale + (left, top)).astype(np.float32) for path in drawings()[character].paths]
        left += box.width * scale + gap
    return paths


def with_signs(text, left=4.0, height=18, gap=5.0):
    """Return the paths of a number with a minus, a point or spaces."""
    paths = []
    for character in text:
        if character == " ":
            left += 0.5 * height
            continue
        if character == "-":
            paths.append(np.float32([(left, 13), (left + 0.4 * height, 13.5)]))
        elif character == ".":
            paths.append(np.float32([(left, 4 + height), (left + 0.5, 4 + height)]))
        else:
            paths += written(character, left=left, height=height)
        left = max(path[:, 0].max() for path in paths) + gap
    return paths


def sheet_with(paths, columns):
    sheet = Sheet(columns)
    for path in paths:
        sheet.begin(path[0])
        sheet.extend(path[1:])
        sheet.end()
    return sheet


def read_number(text, columns, chances=None, gap=8, left=4.0, **where) -> Number:
    """Return an answer about written digits as if they had been read.

    chances: of some digits, by their places, how probable they are; the others are 0.99 probable.
    """
    paths, digits = [], []
    for place, character in enumerate(text):
        paths += (own := written(character, left=left, **where))
        box = tuple(f(axis) for f in (np.min, np.max) for axis in np.concatenate(own).T)
        digits.append(Digit(box, _chances(int(character), (chances or {}).get(place, 0.99)), grid.empty(), 1))
        left = box[2] + gap
    return answered(sheet_with(paths, columns).ink, digits, 0.5)


def _chances(digit, chance):
    """Return ten probabilities: of a digit that is torn the rest has mostly another one, of a doubtful one they all."""
    if chance >= 0.5:
        return probabilities(digit, chance, second=(digit + 5) % 10)
    chances = np.full(grid.CLASSES, (1 - chance) / (grid.CLASSES - 1), np.float32)
    chances[digit] = chance
    return chances
