"""Marks on a ground: what is narrow and stands out from its surroundings, whatever the light, the desk or the lines.

A black top-hat (the closing of a picture less the picture) answers to what is dark and narrower than its window, and
not to the step between paper and desk nor to a shadow: Serra 1982, *Image Analysis and Mathematical Morphology*.
"""

from typing import NamedTuple

import numpy as np

_WIDEST = 0.25  # of a picture's shorter side: no pen is wider
_DARKEST = 0.2  # of white: light that comes back from anywhere, so that no contrast is measured in the dark
_BLOCKS, _AROUND = 50, 13  # grain is measured in blocks, so many along a picture, and in so many blocks around each


class Marks(NamedTuple):
    """What stands out in a picture, and from what."""

    contrast: np.ndarray  # (height, width), how much less light comes back than from the ground: 0 to 1, of it
    ground: np.ndarray  # (height, width), the picture without what is narrow, 0 black to 1 white


def find(levels: np.ndarray) -> Marks:
    """Return the dark marks in a picture (height, width), 0 black to 1 white; turn it around for light ones."""
    ground = closing(levels, max(3, round(_WIDEST * min(levels.shape))))
    contrast = (ground - levels) / (ground + _DARKEST)
    grain = _grain(contrast)
    return Marks(np.where(contrast > 2 * grain, contrast - grain, 0).astype(np.float32), ground)


def closing(levels: np.ndarray, side: int) -> np.ndarray:
    """Return levels with all that is dark and narrower than a square window filled.

    Beyond the edge everything goes on as it is, so that a strip of desk along the edge is not narrow.
    """
    side |= 1
    padded = np.pad(levels, side - 1, mode="edge")
    for sign in (1, -1):
        for axis in (0, 1):
            padded = np.moveaxis(sign * highest(np.moveaxis(sign * padded, axis, 0), side), 0, axis)
    return padded


def highest(levels: np.ndarray, count: int) -> np.ndarray:
    """Return the highest of each so many rows that follow one another, (height - count + 1, ...)."""
    reach = 1
    while reach < count:  # twice as far each time
        step = min(reach, count - reach)
        levels = np.maximum(levels[:-step], levels[step:])
        reach += step
    return levels


def _grain(contrast):
    """Return the median of each pixel's neighbourhood: what is not much more is everywhere there."""
    side = max(4, max(contrast.shape) // _BLOCKS)
    height, width = contrast.shape
    rows, columns = -(-height // side), -(-width // side)
    padded = np.pad(contrast, ((0, rows * side - height), (0, columns * side - width)), mode="edge")
    blocks = padded.reshape(rows, side, columns, side).swapaxes(1, 2).reshape(rows, columns, -1)
    padded = np.pad(np.median(blocks, axis=-1), _AROUND // 2, mode="edge")
    medians = np.median(np.lib.stride_tricks.sliding_window_view(padded, (_AROUND, _AROUND)), axis=(-2, -1))
    return medians.repeat(side, 0).repeat(side, 1)[:height, :width]
