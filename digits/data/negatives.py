"""What is no digit: drawings and textures without end, each of a class that is none of the ten digits.

Every kind is a function of a count and a random generator and returns grids (count, 28, 28); others, which have names,
come with their classes.
"""

import zlib

import numpy as np

from digits.assets import ASSETS
from digits.data import pens
from digits.ink import grid, strokes
from digits.recipe import DEFAULT, Recipe

PEN_OTHERS = ASSETS / "pen-others.dat"  # letters, symbols and scribbles, laid by hand
KINDS = ("others", "mirrored", "overlaid", "halves", "scribbles", "marks", "filled", "textures")

# So many classes of what is no digit a network is taught to tell apart, so that it looks at what makes a D no 0. Only
# training needs them: whoever uses the network hears that it is no digit. A checksum of its name tells a drawing's
# class, whatever there is to be named; with 172 of them each letter has its own, and of ASCII's symbols all but two.
CLASSES = 172

# What networks took for digits most often, one in ten or more of a label (of 7,872 of syn, ced, imp, gmd and kai whose
# writers, or whole collections, they had not seen): these are shown twice as often.
_LOOK_ALIKES = frozenset('DYUJiaTLjfdAurPpF]^>;{?"+%&<')

_MIRRORED = tuple("34679")  # the other digits' mirror images can be taken for digits
_HALVES = {  # that are no digit: the axis to cut across, and which side of it stays, -1 the low one, +1 the high one
    "0 top": (1, -1),
    "0 bottom": (1, 1),
    "2 bottom": (1, 1),
    "3 left": (0, -1),
    "4 left": (0, -1),
    "5 top": (1, -1),
}


class Negatives:
    """The source of all kinds."""

    def __init__(self, digits: pens.Bank, others: list[strokes.Drawing], recipe: Recipe = DEFAULT):
        """Take pen digits, to be spoilt, pen drawings of other things, and the recipe with the share of each kind."""
        self._recipe = recipe
        shares = {kind: getattr(recipe, kind) for kind in KINDS if getattr(recipe, kind)}
        self._shares = np.array([*shares.values()]) / sum(shares.values())
        self._kinds = [self._kind(name) for name in shares]
        self._digits = digits
        labels = {other.label for other in others}
        self._others = pens.Bank(others, twice=frozenset(label for label in labels if _name(label) in _LOOK_ALIKES))
        self._classes = np.array([class_of(other.label) for other in others])
        turned = np.flatnonzero(np.isin(digits.labels, _MIRRORED))
        self._mirrored = digits.part(turned, digits.labels[turned], mirrored=True)
        whole = {half: np.flatnonzero(digits.labels == half[0]) for half in _HALVES}
        self._halved = digits.part(
            np.concatenate([*whole.values()]), np.repeat([*whole], [len(picked) for picked in whole.values()])
        )

    def draw(self, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return `count` grids of all kinds, and their classes (count,), below CLASSES."""
        counts = rng.multinomial(count, self._shares)
        drawn = [kind(number, rng) for kind, number in zip(self._kinds, counts, strict=True) if number]
        grids, classes = zip((grid.empty(0), np.zeros(0, int)), *drawn, strict=True)
        return np.concatenate(grids), np.concatenate(classes)

    def _kind(self, name):
        """Return what draws one kind, with classes."""
        if name == "others":
            return self.others
        draw = getattr(self, name, None) or {"filled": filled, "textures": textures}[name]
        return lambda count, rng: (draw(count, rng), np.full(count, class_of("")))

    def others(self, count, rng):
        """Letters, symbols and other drawings, and their classes."""
        picked, points, exists = self._others.sample(count, rng)
        return self._ink(points, exists, rng), self._classes[picked]

    def mirrored(self, count, rng):
        """Digits seen in a mirror."""
        _, points, exists = self._mirrored.sample(count, rng)
        return self._ink(points, exists, rng)

    def overlaid(self, count, rng):
        """Two different digits, one over the other or side by side."""
        first, second = (self._digits.sample(2 * count, rng) for _ in range(2))
        differ = np.flatnonzero(self._digits.labels[first[0]] != self._digits.labels[second[0]])[:count]
        differ = np.resize(differ, count)
        layers = [self._ink(points[differ], exists[differ], rng) for _, points, exists in (first, second)]
        return np.maximum(*layers)

    def halves(self, count, rng):
        """Halves of digits."""
        picked, points, exists = self._halved.sample(count, rng)
        points = pens.vary(points, rng, self._recipe)
        axis, side = np.array([_HALVES[half] for half in self._halved.labels[picked]], int).reshape(-1, 2).T
        along = np.take_along_axis(points, axis[:, None, None, None], axis=-1)[..., 0]  # (b, s, p)
        there = np.where(exists[..., None], along, np.nan)
        low, high = np.nanmin(there, axis=(1, 2)), np.nanmax(there, axis=(1, 2))
        cut = low + rng.uniform(0.4, 0.6, count) * (high - low)
        kept = side[:, None, None] * (along - cut[:, None, None]) > 0
        return pens.ink(points, exists[..., None] & kept, rng, self._recipe)

    def scribbles(self, count, rng):
        """One to three smooth strokes through random points."""
        exists = np.arange(3) < rng.integers(1, 4, count)[:, None]
        paths = [rng.normal(0, 0.4, (rng.integers(6, 14), 2)) for _ in range(3 * count)]
        points = strokes.smooth_each(paths, 40).reshape(count, 3, 40, 2)
        return pens.ink(points, exists, rng, self._recipe, heights=(12, 27))

    def marks(self, count, rng):
        """Dots, dashes and parallel lines; never a single upright one, which is a 1."""
        exists = np.arange(6) < rng.integers(1, 7, count)[:, None]
        points = np.zeros((count, 6, 2, 2), np.float32)
        middle = rng.uniform(-0.5, 0.5, (count, 6, 2))
        angle = rng.uniform(-0.5, 0.5, (count, 1)) + rng.normal(0, 0.1, (count, 6))  # near level
        reach = (rng.uniform(0, 0.5, (count, 1)) * rng.uniform(0.5, 1, (count, 6)))[..., None]
        along = reach * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        points[:, :, 0], points[:, :, 1] = middle - along, middle + along
        return pens.ink(points, exists, rng, self._recipe, heights=(2, 24))

    def _ink(self, points, exists, rng):
        return pens.ink(pens.vary(points, rng, self._recipe), exists, rng, self._recipe)


def class_of(label: str) -> int:
    """Return the class of a drawing, below CLASSES, by its label: that of f is also that of F and of f-cursive."""
    return zlib.crc32(_name(label).lower().encode()) % CLASSES


def _name(label):
    """Return a label without the style that may stand behind it."""
    name, _, style = label.partition("-")
    return name if name and style else label


def filled(count, rng):
    """Filled or framed shapes: ellipses and rectangles of any size, some cut from each other, some shaded."""
    ink = _shape(count, rng)
    ink = np.where(rng.random((count, 1, 1)) < 0.5, np.maximum(ink, _shape(count, rng)), ink)
    ink = np.where(rng.random((count, 1, 1)) < 0.5, ink * (1 - _shape(count, rng)), ink)
    shade = 1 - rng.random((count, 1, 1)) * _noise(count, rng, 6)
    return (ink * np.where(rng.random((count, 1, 1)) < 0.5, shade, 1)).astype(np.float32)


def textures(count, rng):
    """Noise of any grain, flat grey, stripes, sprinkled cells and nearly empty sheets."""
    plain = np.broadcast_to(rng.random((count, 1, 1)), (count, *grid.SHAPE))
    rows, columns = np.indices(grid.SHAPE)
    turn = rng.uniform(-1, 1, (2, count, 1, 1))
    stripes = 0.5 + 0.5 * np.sin(3 * (turn[0] * rows + turn[1] * columns))
    sprinkled = rng.random((count, *grid.SHAPE)) < rng.random((count, 1, 1)) ** 4
    coarse = _noise(count, rng, 8) > rng.uniform(0.2, 0.8, (count, 1, 1))
    kinds = np.stack([rng.random((count, *grid.SHAPE)), _noise(count, rng, 5), coarse, plain, stripes, sprinkled])
    return kinds[rng.integers(len(kinds), size=count), np.arange(count)].astype(np.float32)


def _shape(count, rng):
    """Return soft-edged ellipses to rectangles (superellipses), turned and placed at random."""
    cells = np.stack(np.meshgrid(*[np.arange(grid.SIZE) + 0.5] * 2), axis=-1)
    offset = cells - rng.uniform(6, 22, (count, 1, 1, 2))
    angle = rng.uniform(0, np.pi, (count, 1, 1))
    x = np.cos(angle) * offset[..., 0] - np.sin(angle) * offset[..., 1]
    y = np.sin(angle) * offset[..., 0] + np.cos(angle) * offset[..., 1]
    a, b = rng.uniform(3, 13, (2, count, 1, 1))
    power = rng.choice([1, 2, 4, 8], (count, 1, 1))
    radius = (np.abs(x / a) ** power + np.abs(y / b) ** power) ** (1 / power)
    return np.clip((1 - radius) * np.minimum(a, b) + 0.5, 0, 1)


def _noise(count, rng, side):
    """Return smooth noise in [0, 1]: random values on side x side posts, interpolated."""
    posts = rng.random((count, side, side))
    at = np.linspace(0, side - 1, grid.SIZE)
    low = np.minimum(at.astype(int), side - 2)
    part = at - low
    rows = posts[:, low] * (1 - part)[:, None] + posts[:, low + 1] * part[:, None]
    return rows[:, :, low] * (1 - part) + rows[:, :, low + 1] * part
