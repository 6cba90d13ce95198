"""Whole numbers: strokes or ink are cut into fragments, and the best way to make digits of them is found.

Over-segmentation and shortest path (Matan et al., "Multi-Digit Recognition Using a Space Displacement Neural Network",
1992; LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998, section V): every run of fragments
that may well be a digit is drawn anew and read, all in one batch. A run costs what the network doubts it, so that one
that is no digit is dear, and a little for its shape. The cheapest runs, end to end, are the number. Runs that are
seldom a digit, for their width or a gap in them, are read only where a digit of that number is in doubt.
"""

from typing import NamedTuple

import numpy as np

from digits.ink import grid, strokes
from digits.reading import signs
from digits.reading.fragments import Fragments, Span, bounds, height_in_line

_MOST_WHOLES = 4  # strokes or pieces of a digit; recorded people take up to three strokes
# Heights of a digit: how wide one is at most, and how far apart its fragments; mostly, and at all. A 5 with a long hat
# is lost if it may be 1.8 wide.
_MOSTLY, _AT_ALL = (2.0, 0.1), (2.4, 0.4)
_SURE = 0.95  # a digit whose probability is lower is in doubt
HEIGHT = 20  # cells that a digit is drawn high, as MNIST shows them
_RISE = 1.4  # a smaller fragment is drawn so many times its share of the number's height high, and no higher

# Prices in nats, of -log p, and distances in heights of a digit. Fitted as a conditional random field over all ways
# (Lafferty et al. 2001) to numbers of writers who are left out of training, and rounded; that of overlap was raised by
# half since, when the one for several strokes went: an open 4 that the network is sure of was read as 1 1.
_WIDE = 0.7  # what a digit is wider than high
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
        self._fragments, self._height = fragments, height_in_line(fragments.boxes)
        self._spans, is_likely = _spans(fragments, self._height)
        self._boxes = np.array([bounds(fragments.boxes[span.part]) for span in self._spans])
        width, height = (self._boxes[:, 2:] - self._boxes[:, :2]).T
        drawn = HEIGHT * np.minimum(1, _RISE * height / self._height) + fragments.band
        self._scales = strokes.scale_to(drawn, width, height)
        self._shown = np.flatnonzero(is_likely).tolist()  # the runs of which there are grids
        self.grids = self._drawn(self._shown)

    def doubted(self, probabilities: np.ndarray) -> np.ndarray:
        """Return grids (k, 28, 28) that are to be read too, given the probabilities (m, 10) of those there are.

        They are added to `grids`: runs that are seldom a digit, over the digits that are in doubt.
        """
        way = self._cheapest_way(probabilities)
        doubts = [self._spans[at] for at in way if probabilities[self._shown.index(at)].max() < _SURE]
        unread = set(range(len(self._spans))) - set(self._shown)
        more = sorted(at for at in unread if any(map(self._spans[at].meets, doubts)))
        grids = self._drawn(more) if more else grid.empty(0)
        self._shown, self.grids = self._shown + more, np.concatenate([self.grids, grids])
        return grids

    def digits(self, probabilities: np.ndarray) -> list[Digit]:
        """Return the digits from left to right, given the probabilities (m, 10) of all grids."""
        way = self._cheapest_way(probabilities)
        before = signs.before_each(self._boxes[way], self._fragments.signs, self._height, self._fragments.thickness)
        return [self._digit(at, probabilities, sign) for at, sign in zip(way, before, strict=True)]

    def _digit(self, at, probabilities, sign):
        place = self._shown.index(at)
        box, scale = tuple(self._boxes[at].tolist()), float(self._scales[at])
        return Digit(box, probabilities[place], self.grids[place], scale, sign)

    def _drawn(self, runs):
        return self._fragments.draw([self._spans[at] for at in runs], self._scales[runs])

    def _prices(self, probabilities):
        """Return what each run that was read costs, in nats."""
        boxes = self._boxes[self._shown]
        shape = _WIDE * np.maximum(0, (boxes[:, 2] - boxes[:, 0]) / self._height - 1)
        doubt = -np.log(np.maximum(probabilities.max(axis=1), _FAINTEST))
        return dict(zip(self._shown, shape + doubt, strict=True))

    def _cheapest_way(self, probabilities):
        """Return which runs, end to end, cost least together (Viterbi 1967)."""
        prices = self._prices(probabilities)
        best = {}  # by run: the price of the cheapest way that ends with it, and the run before it
        for at in sorted(self._shown):  # in order of their beginnings, so what ends before one comes before it
            before = [other for other in best if self._spans[other].last == self._spans[at].first - 1]
            ways = [(best[other][0] + self._border(other, at), other) for other in before]
            price, other = min(ways) if ways else (0.0, None)
            best[at] = price + prices[at], other
        last = len(self._fragments.boxes) - 1
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
        wholes, tears = self._fragments.wholes, self._fragments.tears
        is_torn = wholes[border - 1] == wholes[border]
        return _OVERLAP * overlap / self._height + tears[border] * bool(is_torn)


def _spans(fragments, height):
    """Return the runs that may be a digit, in the order of their beginnings, and whether each is a likely one."""
    firsts = range(len(fragments.boxes))
    found = [
        (Span(first, first + more), is_likely)
        for first in firsts
        for more, is_likely in _more(fragments, first, height)
    ]
    return zip(*found, strict=True)


def _more(fragments, first, height):
    """Return how many fragments after a first one may make a digit with it, a list, each with whether that is likely.

    They may where they are all of one stroke or piece, or no wider than digits are and without a wide gap.
    """
    boxes, wholes = (of[first : first + fragments.most_parts] for of in (fragments.boxes, fragments.wholes))
    right = np.maximum.accumulate(boxes[:, 2])
    width = right - np.minimum.accumulate(boxes[:, 0])
    gap = np.maximum.accumulate(boxes[:, 0] - np.append(boxes[0, 0], right[:-1]))
    kinds = np.zeros(len(wholes), int)
    kinds[np.unique(wholes, return_index=True)[1]] = 1
    are_few = np.cumsum(kinds) <= _MOST_WHOLES
    count = np.count_nonzero(fragments.wholes == wholes[0])
    is_whole = np.zeros(len(wholes), bool)
    is_whole[count - 1 : count] = (wholes[:count] == wholes[0]).all()
    is_whole[0] = True
    is_likely, may_be = (
        is_whole | (are_few & (width <= widest * height) & (gap <= farthest * height))
        for widest, farthest in (_MOSTLY, _AT_ALL)
    )
    return [(more, bool(is_likely[more])) for more in np.flatnonzero(may_be).tolist()]
