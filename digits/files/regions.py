"""Connected regions of a mask, with NumPy alone: rows are cut into runs, and runs that touch are joined."""

from typing import NamedTuple

import numpy as np


class Regions(NamedTuple):
    """The regions of a mask, numbered from 1 in no order that matters; 0 is what lies between them."""

    labels: np.ndarray  # (height, width) int32
    boxes: np.ndarray  # (n, 4): top, bottom, left and right of region i + 1; bottom and right are the first outside

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of values (height, width) over each region, (n,)."""
        return np.bincount(self.labels.ravel(), values.ravel(), len(self.boxes) + 1)[1:]


def find(mask: np.ndarray) -> Regions:
    """Return the regions of a mask (height, width) bool; pixels that meet at a corner touch."""
    across = mask.shape[1] + 2  # no run of one row touches one of the next around the edge
    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1, append=0).ravel()
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    names = _joined(*_touching(starts, ends, across), len(starts))
    _, number = np.unique(names, return_inverse=True)
    labels = np.zeros(mask.shape, np.int32)
    labels[mask] = np.repeat(number + 1, ends - starts)
    return Regions(labels, _boxes(number, starts, ends, across))


def _touching(starts, ends, across):
    """Return the pairs of runs that touch from one row to the next: the upper ones and the lower ones."""
    first = np.searchsorted(ends, starts + across, "left")
    counts = np.maximum(0, np.searchsorted(starts, ends + across, "right") - first)
    upper = np.repeat(np.arange(len(starts)), counts)
    nth = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, first[upper] + nth


def _joined(one, other, count):
    """Return for each of so many runs the smallest number among those that it hangs together with."""
    names = np.arange(count)
    while True:
        smallest = np.minimum(names[one], names[other])
        before = names.copy()
        np.minimum.at(names, before[one], smallest)
        np.minimum.at(names, before[other], smallest)
        names = names[names]
        if np.array_equal(names, before):
            return names


def _boxes(number, starts, ends, across):
    rows = starts // across
    boxes = np.tile((np.iinfo(int).max, 0, np.iinfo(int).max, 0), (number.max(initial=-1) + 1, 1))
    np.minimum.at(boxes[:, 0], number, rows)
    np.maximum.at(boxes[:, 1], number, rows + 1)
    np.minimum.at(boxes[:, 2], number, starts % across)
    np.maximum.at(boxes[:, 3], number, ends - rows * across)
    return boxes
