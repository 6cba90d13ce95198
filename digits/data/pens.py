"""From a few hundred pen drawings to hands without end: each one bent, moved and drawn anew whenever it is looked at.

Every change works on a whole batch at once: points (b, s, p, 2), for each of b drawings s strokes (padded) of p points
evenly spaced along the path, x to the right and y down, the drawing's box one unit high and its middle at the origin.
Sums over x and y are written out, for NumPy's over so short an axis take ten times as long.
"""

import copy

import numpy as np

from digits import assets
from digits.data import tablets
from digits.ink import brush, grid, strokes
from digits.recipe import DEFAULT, Recipe

PEN_DIGITS = assets.PEN_DIGITS  # ours, laid by hand
_POINTS = 40  # a stroke: on the largest digit, little more than a cell apart
_STROKES = 8  # at most, a drawing; what has more (hatching) loses the rest


class Bank:
    """Pen drawings made ready for batches: smoothed, brought to one size, sorted by source and label."""

    def __init__(self, drawings: list[strokes.Drawing], twice: frozenset[str] = frozenset()):
        """Take drawings; each label of each source comes up equally often, however many drawings there are of it.

        twice: labels that come up twice as often as others.
        """
        self._twice = twice
        self.labels = np.array([drawing.label for drawing in drawings])
        self._sources = np.array([drawing.source for drawing in drawings])
        self._counts = np.array([min(len(drawing.paths), _STROKES) for drawing in drawings])
        exists = np.arange(self._counts.max()) < self._counts[:, None]
        self._points = np.zeros((*exists.shape, _POINTS, 2), np.float32)
        paths = [path for drawing in drawings for path in drawing.paths[:_STROKES]]
        self._points[exists] = strokes.smooth_each(paths, _POINTS)
        low, high = _box(self._points, exists[..., None])
        width, height = (high - low).T
        owners = np.nonzero(exists)[0]
        one_high = self._points[exists] - ((low + high) / 2)[owners, None]
        self._points[exists] = one_high / np.maximum(np.maximum(height, width / 2), 1e-6)[owners, None, None]
        self._group()

    def part(self, picked: np.ndarray, labels: np.ndarray, mirrored: bool = False) -> "Bank":
        """Return a bank of the drawings with indices (k,), with labels (k,) of their own, turned over or not."""
        part = copy.copy(self)
        part.labels, part._sources, part._counts = labels, self._sources[picked], self._counts[picked]
        part._points = self._points[picked] * np.float32((-1 if mirrored else 1, 1))
        part._group()
        return part

    def _group(self):
        names = [f"{source}\0{label}" for source, label in zip(self._sources, self.labels, strict=True)]
        _, group = np.unique(names, return_inverse=True)
        groups = np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group))[:-1])
        self._groups = groups + [some for some in groups if self.labels[some[0]] in self._twice]

    def sample(self, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return `count` drawings picked at random: indices (b,), points (b, s, p, 2), stroke exists (b, s) bool."""
        groups = [self._groups[i] for i in rng.integers(len(self._groups), size=count)]
        chances = rng.random(count)
        picked = np.array([group[int(u * len(group))] for group, u in zip(groups, chances, strict=True)], int)
        most = self._counts[picked].max(initial=1)  # hatching has many strokes, and few batches have hatching
        exists = np.arange(most) < self._counts[picked, None]
        return picked, self._points[picked, :most], exists


def vary(points: np.ndarray, rng: np.random.Generator, recipe: Recipe = DEFAULT) -> np.ndarray:
    """Return drawings as other hands would draw them on other devices, unplaced: points (b, s, p, 2), about 1 high."""
    points = _overshoot(points, rng, recipe.overshoot)
    points = _round_corners(points, rng)
    points = _loosen(points, rng, recipe.loosened)
    for _ in range(2):
        points = _swell(points, rng, recipe.swollen)
    points = _bend(points, rng, recipe.bent)
    points = _tremble(points, rng, recipe.trembling)
    points = _slant(points, rng, recipe)
    return tablets.record(points, rng, recipe)


def ink(points: np.ndarray, shown: np.ndarray, rng: np.random.Generator, recipe: Recipe = DEFAULT, heights=(9, 26)):
    """Return grids (b, 28, 28): each drawing at a random size and place, wholly on the sheet, with a random brush.

    shown: (b, s) or (b, s, p) bool, the strokes or points that are there.
    """
    count = len(points)
    shown = np.broadcast_to(shown.reshape(*shown.shape, *[1] * (3 - shown.ndim)), points.shape[:3])
    tall = rng.uniform(*heights, count)
    points = _place(points, shown, rng, tall)
    grids = grid.empty(count)
    drawn = shown[:, :, :-1] & shown[:, :, 1:]
    lines = np.concatenate([points[:, :, :-1], points[:, :, 1:]], axis=-1)[drawn]  # (lines, 4)
    which = np.nonzero(drawn)[0]
    radius, softness = _brushes(tall, rng, recipe)
    brush.draw(grids, lines, which, radius[which], softness[which])
    return grids


def _brushes(tall, rng, recipe):
    """Return radius and softness (b,) of a brush for each drawing, so many cells high; thin ones are more frequent."""
    thickest = np.clip(recipe.thickness_share * tall, recipe.thinnest, recipe.thickest)
    radius = recipe.thinnest + (thickest - recipe.thinnest) * rng.random(len(tall)) ** 1.2
    return radius.astype(np.float32), rng.uniform(recipe.hardest, recipe.softest, len(tall)).astype(np.float32)


def _some(rng, spread, *shape):
    return rng.normal(0, spread, shape).astype(np.float32)


def _overshoot(points, rng, spread):
    """Let each stroke begin and end a little earlier or later: gaps close, bars grow, tails shorten."""
    b, s, p, _ = points.shape
    first = np.clip(_some(rng, 0.9 * spread, b, s, 1) * _freedom(s), -0.12, 0.12)
    last = 1 + np.clip(_some(rng, 1.1 * spread, b, s, 1) * _freedom(s), -0.15, 0.15)
    return tablets.points_at(points, (first + (last - first) * np.linspace(0, 1, p, dtype=np.float32)) * (p - 1))


def _round_corners(points, rng):
    """Take corners round, by up to two neighbours' mean, as a fast hand does."""
    soft = points.copy()
    for _ in range(4):
        soft[:, :, 1:-1] = (soft[:, :, :-2] + 2 * soft[:, :, 1:-1] + soft[:, :, 2:]) / 4
    share = rng.random((len(points), 1, 1, 1), np.float32)
    return points + share * (soft - points)


def _loosen(points, rng, spread):
    """Move, turn and scale each stroke a little on its own: bars sit elsewhere, hats are missed, rings stand apart."""
    b, s, _, _ = points.shape
    middle = points.mean(axis=2, keepdims=True)
    scale = 1 + np.clip(_some(rng, 3 * spread, b, s, 1, 1) * _freedom(s)[..., None], -0.3, 0.3)
    turned = _turn(points - middle, _some(rng, 3 * spread, b, s) * _freedom(s)[:, 0])
    return middle + scale * turned + _some(rng, spread, b, s, 1, 2) * _freedom(s)[..., None]


def _freedom(count):
    """Return how freely each stroke of a drawing moves, (count, 1): what is added last, bars and hats, most."""
    return np.where(np.arange(count) > 0, np.float32(2), np.float32(1))[:, None]


def _swell(points, rng, spread):
    """Blow up or draw in the surroundings of a random spot: loops and bellies of another size."""
    b = len(points)
    spot = rng.uniform(-0.5, 0.5, (b, 1, 1, 2)).astype(np.float32) * np.float32([0.7, 1])
    offset = points - spot
    near = np.exp(-(offset[..., :1] ** 2 + offset[..., 1:] ** 2) / (2 * 0.3**2))
    return points + np.clip(_some(rng, spread, b, 1, 1, 1), -0.4, 0.4) * near * offset


def _bend(points, rng, spread):
    """Add two long waves, so that nothing stays straight."""
    for _ in range(2):
        b = len(points)
        direction = _some(rng, 3.0, b, 1, 1, 2)  # radians to a height: half a wave on average
        phase = rng.uniform(0, 2 * np.pi, (b, 1, 1)).astype(np.float32)
        wave = np.sin(points[..., 0] * direction[..., 0] + points[..., 1] * direction[..., 1] + phase)[..., None]
        points = points + _some(rng, spread, b, 1, 1, 2) * (wave - wave.mean(axis=(1, 2), keepdims=True))
    return points


def _tremble(points, rng, spread):
    """Add the tremor of an unsteady hand or a mouse."""
    noise = _some(rng, 1.0, *points.shape)
    for _ in range(2):
        noise[:, :, 1:-1] = (noise[:, :, :-2] + noise[:, :, 1:-1] + noise[:, :, 2:]) / 3
    strength = np.abs(_some(rng, spread, len(points), 1, 1, 1))
    return points + strength * noise


def _slant(points, rng, recipe):
    """Change the aspect, slant and direction of the whole drawing."""
    b = len(points)
    aspect = np.exp(_some(rng, recipe.stretched, b, 1, 1))
    slant = _some(rng, recipe.slanted, b, 1, 1)
    x, y = points[..., 0], points[..., 1]
    return _turn(np.stack([aspect * x - slant * y, y], axis=-1), _some(rng, recipe.turned, b, 1))


def _turn(points, angle):
    cos, sin = np.cos(angle)[..., None], np.sin(angle)[..., None]
    x, y = points[..., 0], points[..., 1]
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def _place(points, shown, rng, tall):
    """Return points in cells, drawings `tall` (b,) cells high anywhere on the sheet."""
    b = len(points)
    low, high = _box(points, shown)
    size = high - low
    scale = strokes.scale_to(tall, size[:, 0], size[:, 1])[:, None]
    reach = strokes.room(scale * size, margin=0.7)
    target = grid.SIZE / 2 + rng.uniform(-1, 1, (b, 2)) * reach
    placed = (points - ((low + high) / 2)[:, None, None]) * scale[:, None, None] + target[:, None, None]
    return placed.astype(np.float32)


def _box(points, shown):
    """Return the least and the greatest x and y, (b, 2) each, of what is shown (b, s, p) or (b, s, 1) of drawings."""
    return tuple(
        np.stack([reduce(np.where(shown, points[..., axis], far), axis=(1, 2)) for axis in (0, 1)], axis=-1)
        for reduce, far in ((np.min, np.inf), (np.max, -np.inf))
    )
