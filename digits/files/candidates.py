"""Which marks in a picture are the digit: they take away most light, on one even sheet, not along an edge of it."""

from typing import NamedTuple

import numpy as np

from digits.files import marks, regions, rulings, sheets

FAINTEST = 0.04  # of the ground's light: paler than this is no ink
_SMALLEST = 0.02  # of the longer side of a picture: anything smaller is a speck
_MOST = 8  # candidates whose sheets are looked at
_ROOM = 0.25  # of its sheet: a digit is no larger
_CUT_OFF = 0.2  # how likely what touches the picture's edge is a digit, beside what does not
_STEP = 0.1  # of the light: where grounds differ by so much on both sides there is an edge of something
_NO_SHEET = 0.05
_NEAR, _TOUCHING = 0.35, 0.1  # of a digit's size: as far as its strokes stand apart on one sheet, and else
_TALLER = 2  # times as large as the main stroke: what is larger is an outline, or something else
_BESIDE = 1.0  # of a digit's size: as far apart as digits of a number, and lines
_THICK = 0.2  # of its size: a stroke so thick is as likely something else
_STRONG = 0.4  # of the main stroke's strength: another stroke has as much at least
_LIGHT, _HEAVY = 0.004, 0.05  # of the main stroke's ink: another stroke has as much, and another digit
_CROWDED = 0.1
_RING, _BARE = 0.3, 65  # of a digit's size: the ring around it, of which so many percent may be ink or desk


class Digit(NamedTuple):
    """The marks that are a digit, and what they lie on."""

    score: float  # how much speaks for it; compared between dark on light and light on dark
    contrast: np.ndarray  # (height, width) of the picture, without printed lines and without edges
    mask: np.ndarray  # (height, width) bool
    row: np.ndarray  # likewise, with the digits beside it and in the next lines
    rulings: rulings.Rulings
    sheet: sheets.Sheet | None


def find(levels: np.ndarray, colours: np.ndarray) -> Digit | None:
    """Return what is most likely a digit in a picture, None where there are no marks.

    levels: (height, width), 0 black to 1 white, the ink dark.  colours: (height, width, 3) of the same.
    """
    marked = marks.find(levels)
    lines = rulings.Rulings(marked.contrast)
    contrast = lines.taken_from(marked.contrast)
    parts = _Parts(contrast, marked.ground)
    if not parts.scores.any():
        return None
    found = sheets.Sheets(colours)
    main, score = _main(parts, found)
    mask, row = (
        np.concatenate([[False], parts.belonging_to(main, found, *apart)])[parts.regions.labels]
        for apart in ((_NEAR, _LIGHT), (_BESIDE, _HEAVY))
    )
    score *= _standing_out(levels, parts.taken, mask)
    is_edge = np.concatenate([[False], parts.is_edge])[parts.regions.labels]
    return Digit(
        score, np.where(is_edge & ~mask, 0, contrast), mask, row, lines, found.sheet(parts.sheet_of(main, found))
    )


class _Parts:
    """Connected marks, each with what speaks for it."""

    def __init__(self, contrast, ground):
        self.taken = contrast * ground  # light
        self.regions = regions.find(contrast > FAINTEST)
        self.weight = self.regions.sums(self.taken)
        self.strength = self._mean(self.taken)
        top, bottom, left, right = self.regions.boxes.T
        self.size = np.maximum(bottom - top, right - left)
        step = self._mean(_steps(ground))
        self.is_edge = step > _STEP
        thickness = 2 * self.regions.sums(np.ones_like(contrast)) / self.regions.sums(_outlines(contrast > FAINTEST))
        height, width = contrast.shape
        self._is_cut_off = (top < 2) | (left < 2) | (bottom > height - 2) | (right > width - 2)
        self.scores = self.strength**1.5 * self.weight**0.3 * np.exp(-((step / _STEP) ** 2))
        self.scores /= 1 + (thickness / self.size / _THICK) ** 4
        self.scores *= np.where(self._is_cut_off, _CUT_OFF, 1) * (self.size > _SMALLEST * max(contrast.shape))

    def sheet_of(self, number, found):
        """Return the number of the flat part that most of a part's ink lies on, 0 for none."""
        top, bottom, left, right = self.regions.boxes[number]
        rows, columns = np.nonzero(self.regions.labels[top:bottom, left:right] == number + 1)
        return found.number_at(rows + top, columns + left, self.taken[rows + top, columns + left])

    def extent(self, number):
        """Return the height and width of a part, as shares of the picture's."""
        top, bottom, left, right = self.regions.boxes[number].tolist()
        return (bottom - top) / len(self.taken), (right - left) / self.taken.shape[1]

    def belonging_to(self, main, found, apart, share):
        """Return which parts hang together with the main one, (n,) bool: so far apart, and with such a share of ink."""
        may_be = (self.strength > _STRONG * self.strength[main]) & (self.weight > share * self.weight[main])
        may_be &= (self.size < _TALLER * self.size[main]) & ~self.is_edge & (~self._is_cut_off | self._is_cut_off[main])
        sheet, reach = self.sheet_of(main, found), np.zeros(len(self.size))
        for number in np.flatnonzero(may_be).tolist():
            reach[number] = self.size[main] * (apart if self.sheet_of(number, found) == sheet else _TOUCHING)
        top, bottom, left, right = self.regions.boxes.T
        chosen = np.arange(len(self.size)) == main
        while True:
            near = (top < bottom[chosen].max() + reach) & (bottom > top[chosen].min() - reach)
            near &= (left < right[chosen].max() + reach) & (right > left[chosen].min() - reach)
            if not (near & may_be & ~chosen).any():
                return chosen
            chosen |= near & may_be

    def _mean(self, values):
        return self.regions.sums(values * self.taken) / np.maximum(self.weight, 1e-9)


def _main(parts, found):
    """Return the number of the part that is most likely a stroke of the digit, and what speaks for it."""

    def score(number):
        sheet = found.sheet(parts.sheet_of(number, found))
        return float(parts.scores[number] * _likelihood(sheet, *parts.extent(number)))

    return max(
        ((number, score(number)) for number in np.argsort(-parts.scores)[:_MOST].tolist()), key=lambda one: one[1]
    )


def _likelihood(sheet, height, width):
    """Return how likely something so large, in shares of the picture, is written on a sheet."""
    if sheet is None:
        return _NO_SHEET
    return sheet.convexity**2 * min(1, _ROOM * sheet.area / (height * width))


def _outlines(mask):
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inner


def _steps(ground, reach=0.02):
    """Return how much the ground differs within a reach of each pixel, a share of the picture's longer side."""
    from PIL import Image

    image = Image.fromarray(ground)
    small = np.asarray(image.reduce(4))
    count = 2 * max(1, round(reach * max(small.shape))) + 1
    padded = np.pad(small, count // 2, mode="edge")
    high, low = (sign * marks.highest(marks.highest(sign * padded, count).T, count).T for sign in (1, -1))
    return np.asarray(Image.fromarray(high - low).resize(image.size, Image.Resampling.BILINEAR))


def _standing_out(levels, taken, mask):
    """Return how likely marks are ink by what is around them: the light that they take; around the eye of a 0 is none.

    It is never impossible, for a note may be so small that there is mostly desk around.
    """
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    ring = np.zeros_like(mask)
    down, across = (round(_RING * (ends[-1] - ends[0])) + 2 for ends in (rows, columns))
    ring[max(0, rows[0] - down) : rows[-1] + down, max(0, columns[0] - across) : columns[-1] + across] = True
    ring[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = False
    if not ring.any():
        return 1.0
    inside = np.average(levels[mask], weights=taken[mask])
    expected = np.average(taken[mask], weights=taken[mask])
    return float(np.clip((np.percentile(levels[ring], _BARE) - inside) / expected, _CROWDED, 1))
