"""How devices leave strokes: mice and coarse tablets make polygons and staircases, pens hook where they land.

Everything works on a whole batch at once: points (b, s, p, 2), about one unit high, see `digits.data.pens`.
"""

import numpy as np

from digits.recipe import Recipe

_SAMPLED = 4, 9  # points of a stroke to one that a coarse device saw
_STEP = 0.025, 0.08  # of a drawing's height: one step of a coarse device
_HOOK = 3, 0.05  # points of a stroke that the hook takes, and how far it reaches, as a standard deviation
_CUT = 0.12  # of a stroke's length at most


def record(points: np.ndarray, rng: np.random.Generator, recipe: Recipe) -> np.ndarray:
    """Return drawings as devices would have recorded them, most of them as they are."""
    for effect, share in (
        (_cut_short, recipe.cut_short),
        (_hook, recipe.hooks),
        (_sample_coarsely, recipe.polygons),
        (_step, recipe.staircases),
    ):
        picked = np.flatnonzero(rng.random(len(points)) < share)
        if len(picked):
            points = points.copy()
            points[picked] = effect(points[picked], rng)
    return points


def _cut_short(points, rng):
    """Lose the beginning and the end of each stroke."""
    b, s, p, _ = points.shape
    first, last = rng.uniform(0, _CUT, (2, b, s, 1))
    return points_at(points, (first + (1 - first - last) * np.linspace(0, 1, p)) * (p - 1))


def _hook(points, rng):
    """Draw the first points of each stroke away, as a pen that lands while it already moves."""
    count, reach = _HOOK
    fading = np.linspace(1, 0, count, endpoint=False)[:, None]
    hooked = points.copy()
    hooked[:, :, :count] += rng.normal(0, reach, (*points.shape[:2], 1, 2)) * fading
    return hooked


def _sample_coarsely(points, rng):
    """Join few of the points by straight lines; a hand that speeds up leaves them further apart."""
    b, s, p, _ = points.shape
    apart, phase = rng.uniform(*_SAMPLED, (b, 1, 1)), rng.random((b, s, 1))
    uneven = rng.uniform(-0.3, 0.3, (b, s, 1))
    along = np.linspace(0, 1, p)
    sample = (along + uneven * along * (1 - along)) * (p - 1) / apart + phase  # grows by one from sample to sample
    position = np.arange(p)
    low = np.maximum.accumulate(np.where(np.diff(np.floor(sample), axis=2, prepend=-1) > 0, position, 0), axis=2)
    begins = np.diff(np.floor(sample), axis=2, append=np.inf) > 0
    high = np.minimum.accumulate(np.where(begins, np.minimum(position + 1, p - 1), p - 1)[:, :, ::-1], axis=2)[
        :, :, ::-1
    ]
    part = ((position - low) / np.maximum(1, high - low))[..., None]
    return _pick(points, low) * (1 - part) + _pick(points, high) * part


def _step(points, rng):
    """Move every point to the nearest position that a coarse device has."""
    b = len(points)
    size = rng.uniform(*_STEP, (b, 1, 1, 1))
    phase = rng.random((b, 1, 1, 2))
    return (np.round(points / size + phase) - phase) * size


def points_at(points: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Return points (b, s, q, 2) at fractional indices (b, s, q) of strokes (b, s, p, 2), between neighbours.

    Beyond the ends the stroke goes on straight.
    """
    low = np.clip(np.floor(index), 0, points.shape[2] - 2).astype(int)
    part = (index - low)[..., None].astype(points.dtype)
    return _pick(points, low) * (1 - part) + _pick(points, low + 1) * part


def _pick(points, index):
    """Return what `take_along_axis` does, in a third of its time: both coordinates of a point at once."""
    b, s, p, _ = points.shape
    return points.reshape(-1, 2).take(index + p * np.arange(b * s).reshape(b, s, 1), axis=0)
