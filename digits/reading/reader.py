"""Reading for other programs: grids and picture files in, plain numbers out, in the process that asks."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import modelfile
from digits.files import pictures
from digits.ink import grid
from digits.reading import engine
from digits.reading.answer import Answer


class Reading(NamedTuple):
    """What one grid shows."""

    digit: int  # the most probable
    probability: float  # of that digit, in [0, 1]
    probabilities: tuple[float, ...]  # of the digits 0 to 9
    is_doubtful: bool  # whether it is perhaps no digit at all


class Reader:
    """A model that reads; `digits.load` makes one."""

    def __init__(self, path: Path):
        """Load the model in a file; raises UserError where it cannot be used."""
        modelfile.check_source(path)
        self._engine = engine.load(path)
        self._threshold = modelfile.read_threshold(path)

    def read(self, grids: np.ndarray) -> list[Reading]:
        """Return what each of some grids (n, 28, 28) shows: ink from 0, bare paper, to 1.

        Raises ValueError for anything else; an image of MNIST is a grid when it is divided by 255.
        """
        grids = np.asarray(grids, np.float32)
        if grids.shape[1:] != grid.SHAPE or not ((grids >= 0) & (grids <= 1)).all():  # not-a-number is neither
            raise ValueError(f"expected grids (n, 28, 28) from 0 to 1, not {_described(grids)}")
        return [self._reading(*pair) for pair in zip(grids, self._engine.probabilities(grids), strict=True)]

    def read_picture(self, path: str | os.PathLike) -> Reading:
        """Return what a picture file shows: of any size, dark on light or light on dark, or a photograph.

        Raises UserError where it cannot be read, or there is nothing on it.
        """
        [reading] = self.read(pictures.read(Path(path))[None])
        return reading

    def _reading(self, ink, probabilities):
        answer = Answer(ink, probabilities, threshold=self._threshold)
        chances = tuple(probabilities.tolist())
        return Reading(answer.digit, chances[answer.digit], chances, answer.is_doubtful)


def _described(grids):
    span = f" from {grids.min():g} to {grids.max():g}" if grids.size else ""
    return f"{grids.shape}{span}"
