"""From a few hundred pen drawings to hands without end: each one bent, moved and drawn anew whenever it is looked at.

Every change works on a whole batch at once: points (b, s, p, 2), for each of b drawings s strokes (padded) of p points
evenly spaced along the path, x to the right and y down, the drawing's box one unit high and its middle at the origin.
"""

from typing import NamedTuple

import numpy as np

from digits.assets import ASSETS
from digits.ink import brush, grid, strokes

PEN_DIGITS = ASSETS / "pen-digits.dat"  # ours, laid by hand
_POINTS = 40  # a stroke: on the largest digit, little more than a cell apart
_STROKES = 8  # at most, a drawing; what has more (hatching) loses the rest


class Brushes(NamedTuple):
    """The brushes that drawings are drawn with: each has a radius and a softness at random between these, in cells."""

    thinnest: float
    thickest: float
    share: float  # of a drawing's height that the radius may be at most, for thick pens fill the loops of small digits
    hardest: float
    softest: float


WINDOW_BRUSHES = Brushes(0.7, 1.5, 0.09, 0.6, 1.4)  # around the window's brush, radius 1 and softness 1
ANY_BRUSHES = Brushes(0.7, 2.4, 0.12, 0.6, 1.8)  # as thick and soft as MNIST's, for when it is not at hand


class Bank:
    """Pen drawings made ready for batches: smoothed, brought to one size, sorted by label."""

    def __init__(self, drawings: list[strokes.Drawing], labels_alike=True):
        """Take drawings; each label comes up equally often, however many drawings it has, or else each drawing."""
        self.labels = np.array([drawing.label for drawing in drawings])
        groups = self.labels if labels_alike else np.zeros(len(drawings))
        self._groups = [np.flatnonzero(groups == group) for group in np.unique(groups)]
        self._counts = np.array([min(len(drawing.paths), _STROKES) for drawing in drawings])
        self._points = np.zeros((len(drawings), self._counts.max(), _POINTS, 2), np.float32)
        for points, drawing, count in zip(self._points, drawings, self._counts, strict=True):
            curves = strokes.smoothed(drawing, _POINTS).paths[:count]
            box = strokes.box(curves)
            points[:count] = (np.stack(curves) - (box.x, box.y)) / max(box.height, box.width / 2, 1e-6)

    def sample(self, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return `count` drawings picked at random: indices (b,), points (b, s, p, 2), stroke exists (b, s) bool."""
        groups = [self._groups[i] for i in rng.integers(len(self._groups), size=count)]
        chances = rng.random(count)
        picked = np.array([group[int(u * len(group))] for group, u in zip(groups, chances, strict=True)], int)
        most = self._counts[picked].max(initial=1)  # hatching has many strokes, and few batches have hatching
        exists = np.arange(most) < self._counts[picked, None]
        return picked, self._points[picked, :most], exists


def vary(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return drawings as other hands would draw them, unplaced: points (b, s, p, 2), about one unit high."""
    points = _overshoot(points, rng)
    points = _round_corners(points, rng)
    points = _loosen(points, rng)
    for _ in range(2):
        points = _swell(points, rng)
    points = _bend(points, rng)
    points = _tremble(points, rng)
    return _slant(points, rng)


def ink(points: np.ndarray, shown: np.ndarray, rng: np.random.Generator, heights=(9, 26), brushes=WINDOW_BRUSHES):
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
    thickest = np.clip(brushes.share * tall, brushes.thinnest, brushes.thickest)
    radius = rng.uniform(brushes.thinnest, thickest).astype(np.float32)
    softness = rng.uniform(brushes.hardest, brushes.softest, count).astype(np.float32)
    brush.draw(grids, lines, which, radius[which], softness[which])
    return grids


def _some(rng, spread, *shape):
    return rng.normal(0, spread, shape).astype(np.float32)


def _overshoot(points, rng):
    """Let each stroke begin and end a little earlier or later: gaps close, bars grow, tails shorten."""
    b, s, p, _ = points.shape
    first = np.clip(_some(rng, 0.035, b, s, 1) * _freedom(s), -0.12, 0.12)
    last = 1 + np.clip(_some(rng, 0.045, b, s, 1) * _freedom(s), -0.15, 0.15)
    at = (first + (last - first) * np.linspace(0, 1, p, dtype=np.float32)) * (p - 1)
    low = np.clip(np.floor(at), 0, p - 2).astype(int)
    part = (at - low)[..., None]  # beyond [0, 1] at the ends, where the stroke goes on straight
    rows = np.arange(b)[:, None, None], np.arange(s)[:, None]
    return points[(*rows, low)] * (1 - part) + points[(*rows, low + 1)] * part


def _round_corners(points, rng):
    """Take corners round, by up to two neighbours' mean, as a fast hand does."""
    soft = points.copy()
    for _ in range(4):
        soft[:, :, 1:-1] = (soft[:, :, :-2] + 2 * soft[:, :, 1:-1] + soft[:, :, 2:]) / 4
    share = rng.random((len(points), 1, 1, 1), np.float32)
    return points + share * (soft - points)


def _loosen(points, rng):
    """Move, turn and scale each stroke a little on its own: bars sit elsewhere, hats are missed, rings stand apart."""
    b, s, _, _ = points.shape
    middle = points.mean(axis=2, keepdims=True)
    scale = 1 + np.clip(_some(rng, 0.07, b, s, 1, 1) * _freedom(s)[..., None], -0.3, 0.3)
    turned = _turn(points - middle, _some(rng, 0.07, b, s) * _freedom(s)[:, 0])
    return middle + scale * turned + _some(rng, 0.025, b, s, 1, 2) * _freedom(s)[..., None]


def _freedom(count):
    """Return how freely each stroke of a drawing moves, (count, 1): what is added last, bars and hats, most."""
    return np.where(np.arange(count) > 0, np.float32(2), np.float32(1))[:, None]


def _swell(points, rng):
    """Blow up or draw in the surroundings of a random spot: loops and bellies of another size."""
    b = len(points)
    spot = rng.uniform(-0.5, 0.5, (b, 1, 1, 2)).astype(np.float32) * np.float32([0.7, 1])
    offset = points - spot
    near = np.exp(-(offset**2).sum(-1, keepdims=True) / (2 * 0.3**2))
    return points + np.clip(_some(rng, 0.2, b, 1, 1, 1), -0.4, 0.4) * near * offset


def _bend(points, rng):
    """Add two long waves, so that nothing stays straight."""
    for _ in range(2):
        b = len(points)
        direction = _some(rng, 3.0, b, 1, 1, 2)  # radians to a height: half a wave on average
        phase = rng.uniform(0, 2 * np.pi, (b, 1, 1)).astype(np.float32)
        wave = np.sin((points * direction).sum(-1) + phase)[..., None]
        points = points + _some(rng, 0.04, b, 1, 1, 2) * (wave - wave.mean(axis=(1, 2), keepdims=True))
    return points


def _tremble(points, rng):
    """Add the tremor of an unsteady hand or a mouse."""
    noise = _some(rng, 1.0, *points.shape)
    for _ in range(2):
        noise[:, :, 1:-1] = (noise[:, :, :-2] + noise[:, :, 1:-1] + noise[:, :, 2:]) / 3
    strength = np.abs(_some(rng, 0.012, len(points), 1, 1, 1))
    return points + strength * noise


def _slant(points, rng):
    """Change the aspect, slant and direction of the whole drawing."""
    b = len(points)
    aspect = np.exp(_some(rng, 0.2, b, 1, 1))
    slant = _some(rng, 0.18, b, 1, 1)
    x, y = points[..., 0], points[..., 1]
    return _turn(np.stack([aspect * x - slant * y, y], axis=-1), _some(rng, 0.09, b, 1))


def _turn(points, angle):
    cos, sin = np.cos(angle)[..., None], np.sin(angle)[..., None]
    x, y = points[..., 0], points[..., 1]
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def _place(points, shown, rng, tall):
    """Return points in cells, drawings `tall` (b,) cells high anywhere on the sheet."""
    b = len(points)
    hidden = ~shown[..., None]
    low = np.where(hidden, np.inf, points).min(axis=(1, 2))
    high = np.where(hidden, -np.inf, points).max(axis=(1, 2))
    size = high - low  # (b, 2)
    scale = strokes.scale_to(tall, size[:, 0], size[:, 1])[:, None]
    reach = strokes.room(scale * size, margin=0.7)
    target = grid.SIZE / 2 + rng.uniform(-1, 1, (b, 2)) * reach
    placed = (points - ((low + high) / 2)[:, None, None]) * scale[:, None, None] + target[:, None, None]
    return placed.astype(np.float32)
