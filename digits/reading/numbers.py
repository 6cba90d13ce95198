"""Whole numbers: strokes or ink are cut into fragments, and the best way to make digits of them is found.

Over-segmentation and shortest path (Matan et al., "Multi-Digit Recognition Using a Space Displacement Neural Network",
1992; LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998, section V): every run of fragments
that may be a digit is drawn anew and read, all in one batch. A run costs what the network doubts it, so that one that
is no digit is dear, and a little for its shape. The cheapest runs, end to end, are the number.
"""

from typing import NamedTuple

import numpy as np

from digits.ink import strokes
from digits.reading import signs
from digits.reading.fragments import Fragments, Span, bounds, height_in_line

_MOST_WHOLES = 4  # strokes or pieces of a digit; recorded people take up to three strokes
# Heights of a digit: how wide one may be, and how far apart its fragments. A 5 with a long hat is lost if it may be 1.8
# wide at most. Of 3,000 recorded digits of several strokes that stood alone 31 were taken for two, and 27 where a gap
# might be 0.2 wide, for a sixth more of a number's time.
_WIDEST, _FARTHEST = 2.0, 0.15
HEIGHT = 20  # cells that a digit is drawn high, as MNIST shows them
_RISE = 1.4  # a smaller fragment is drawn so many times its share of the number's height high, and no higher

# Prices in nats, of -log p, and distances in heights of a digit. Fitted as a conditional random field over all ways
# (Lafferty et al. 2001) to numbers of writers who are left out of training, and rounded; that of overlap was raised by
# half since, when the one for several strokes went: an open 4 that the network is sure of was read as 1 1.
_WIDE = 0.5  # what a digit is wider than high
_OVERLAP = 1.5  # what two neighbouring digits overlap
_FAINTEST = 1e-4  # the lowest probability that a price is taken of


class Digit(NamedTuple):
    """A digit of a number."""

    box: tuple[float, float, float, float]  # left, top, right and bottom, in the units of what was given
    probabilities: np.ndarray  # (10,)
    grid: np.ndarray  # (28, 28), as the network read it, with the middle of the box in its middle
    scale: float  # cells of that grid for each of these units
    sign: str = ""  # what is written before it, see `signs.before_each`


class Lattice:
    """All runs of fragments that may be a digit: `grids` (m, 28, 28) are to be read, `digits` finds the best way."""

    def __init__(self, fragments: Fragments):
        """Take the fragments of a number, at least one."""
        self._height = height_in_line(fragments.boxes)
        self._spans = _spans(fragments, self._height)
        self._boxes = np.array([bounds(fragments.boxes[span.part]) for span in self._spans])
        self._wholes, self._tears = fragments.wholes, fragments.tears
        self._signs, self._thickness = fragments.signs, fragments.thickness
        width, height = (self._boxes[:, 2:] - self._boxes[:, :2]).T
        drawn = HEIGHT * np.minimum(1, _RISE * height / self._height) + fragments.band
        self._scales = strokes.scale_to(drawn, width, height)
        self.grids = fragments.draw(self._spans, self._scales)

    def digits(self, probabilities: np.ndarray) -> list[Digit]:
        """Return the digits from left to right, given the probabilities (m, 10) of the grids."""
        prices = self._shape_prices() - np.log(np.maximum(probabilities.max(axis=1), _FAINTEST))
        way = self._cheapest_way(prices)
        before = signs.before_each(self._boxes[way], self._signs, self._height, self._thickness)
        return [
            Digit(tuple(self._boxes[at].tolist()), probabilities[at], self.grids[at], float(self._scales[at]), sign)
            for at, sign in zip(way, before, strict=True)
        ]

    def _shape_prices(self):
        """Return what the shape of each run costs (m,), in nats."""
        widths = (self._boxes[:, 2] - self._boxes[:, 0]) / self._height
        return _WIDE * np.maximum(0, widths - 1)

    def _cheapest_way(self, prices):
        """Return which runs, end to end, cost least together (Viterbi 1967)."""
        best = {}  # by run: the price of the cheapest way that ends with it, and the run before it
        for at, span in enumerate(self._spans):  # in order of their beginnings, so what ends before one comes before it
            before = [other for other in best if self._spans[other].last == span.first - 1]
            ways = [(best[other][0] + self._border(other, at), other) for other in before]
            price, other = min(ways) if ways else (0.0, None)
            best[at] = price + prices[at], other
        last = len(self._wholes) - 1
        at = min((at for at in best if self._spans[at].last == last), key=lambda at: best[at][0])
        way = []
        while at is not None:
            way.insert(0, at)
            at = best[at][1]
        return way

    def _border(self, left, right):
        """Return what it costs that one digit ends and the next begins there."""
        overlap = max(0.0, float(self._boxes[left, 2] - self._boxes[right, 0]))
        border = self._spans[right].first
        is_torn = self._wholes[border - 1] == self._wholes[border]
        return _OVERLAP * overlap / self._height + self._tears[border] * bool(is_torn)


def _spans(fragments, height):
    """Return the runs of fragments that may be a digit, in the order of their beginnings."""
    firsts = range(len(fragments.boxes))
    return [Span(first, first + more) for first in firsts for more in _more(fragments, first, height)]


def _more(fragments, first, height):
    """Return how many fragments after a first one may make a digit with it, a list.

    They may where they are all of one stroke or piece, or no wider than digits are and without a wide gap.
    """
    boxes, wholes = (of[first : first + fragments.most_parts] for of in (fragments.boxes, fragments.wholes))
    right = np.maximum.accumulate(boxes[:, 2])
    width = right - np.minimum.accumulate(boxes[:, 0])
    gap = np.maximum.accumulate(boxes[:, 0] - np.append(boxes[0, 0], right[:-1]))
    kinds = np.zeros(len(wholes), int)
    kinds[np.unique(wholes, return_index=True)[1]] = 1
    may_be = (np.cumsum(kinds) <= _MOST_WHOLES) & (width <= _WIDEST * height) & (gap <= _FARTHEST * height)
    count = np.count_nonzero(fragments.wholes == wholes[0])
    may_be[0] = True
    may_be[count - 1 : count] |= (wholes[:count] == wholes[0]).all()
    return np.flatnonzero(may_be).tolist()
