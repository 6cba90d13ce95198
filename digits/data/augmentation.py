"""The random changes of a batch of grids, each a function of the grids and a seed that you can look at.

Every function takes grids (n, 28, 28) float32 in [0, 1] and a seed, two integers; the same seed gives the same change.
"""

import math

import tensorflow as tf

from digits.ink import grid
from digits.recipe import DEFAULT, Recipe

_CENTRE = grid.SIZE / 2


def nudge(grids: tf.Tensor, seed, recipe: Recipe = DEFAULT) -> tf.Tensor:
    """Turn, zoom, slant and shift each image a little about the middle, as hands differ within MNIST."""
    draw = _Draws(len_of(grids), seed)
    matrix = _matrix(
        angle=draw.around(0, recipe.nudge_angle) * (math.pi / 180),
        slant=draw.around(0, recipe.nudge_slant),
        width=draw.around(1, recipe.nudge_scale),
        height=draw.around(1, recipe.nudge_scale),
    )
    shift = tf.stack([draw.around(0, recipe.nudge_shift), draw.around(0, recipe.nudge_shift)], axis=-1)
    middle = tf.fill(tf.shape(shift), _CENTRE)
    return warp(grids, matrix, middle, middle + shift)


def spread(grids: tf.Tensor, seed, recipe: Recipe = DEFAULT) -> tf.Tensor:
    """Draw each image anew as people draw on the sheet: at any place and size, slanted and bent, with any pen.

    The digit's box comes to be 9 to 26 cells high; where its width allows, all of it stays on the sheet.
    """
    draw = _Draws(len_of(grids), seed)
    middle, size = _boxes(grids)
    tall, aspect = draw.uniform(9, 26), tf.exp(draw.normal(0.15))
    scale = tall / tf.maximum(size[:, 1], size[:, 0] * aspect * tf.maximum(tall / 25, 0.8))
    matrix = _matrix(draw.normal(0.1), draw.normal(0.15), scale * aspect, scale)
    reach = tf.maximum(0.0, _CENTRE - 1 - size * tf.stack([scale * aspect, scale], -1) / 2)
    target = _CENTRE + reach * tf.stack([draw.uniform(-1, 1), draw.uniform(-1, 1)], -1)
    moved = warp(_soften(grids), matrix, middle, target, _waves(draw))
    return _reink(moved, scale, _pen_strength(grids), draw, recipe)


def warp(grids: tf.Tensor, matrix: tf.Tensor, source: tf.Tensor, target: tf.Tensor, bend=0.0) -> tf.Tensor:
    """Return grids whose point `source` + v has gone to `target` + `matrix` v, with linear interpolation.

    matrix: (n, 2, 2), on column vectors (x, y).  source, target: (n, 2), x and y in cells.  bend: (n, 784, 2), how far
    from there each cell's ink is taken, in cells of the source.
    """
    centres = tf.range(grid.SIZE, dtype=tf.float32) + 0.5
    cells = tf.stack(tf.meshgrid(centres, centres), axis=-1)  # (28, 28, 2), x and y
    offset = tf.reshape(cells, (1, -1, 2)) - target[:, None]
    return _sample(grids, source[:, None] + tf.matmul(offset, tf.linalg.inv(matrix), transpose_b=True) + bend)


def len_of(grids: tf.Tensor) -> tf.Tensor:
    """Return the number of grids in a batch."""
    return tf.shape(grids)[0]


def _matrix(angle, slant, width, height):
    """Return (n, 2, 2): stretch by width and height, then slant to the right, then turn, all (n,)."""
    cos, sin = tf.cos(angle), tf.sin(angle)
    turn = tf.stack([tf.stack([cos, -sin], -1), tf.stack([sin, cos], -1)], -2)
    zero = tf.zeros_like(width)
    stretch = tf.stack([tf.stack([width, -slant * height], -1), tf.stack([zero, height], -1)], -2)
    return tf.matmul(turn, stretch)


def _boxes(grids):
    """Return middle and size (n, 2), x and y in cells, of the box around each grid's ink."""
    places = tf.range(grid.SIZE, dtype=tf.float32)
    inked = tf.stack([tf.reduce_max(grids, axis=1), tf.reduce_max(grids, axis=2)], axis=1) > 0.3  # (n, 2, 28)
    first = tf.reduce_min(tf.where(inked, places, grid.SIZE), axis=-1)
    last = tf.reduce_max(tf.where(inked, places + 1, 0), axis=-1)
    return (first + last) / 2, tf.maximum(last - first, 4.0)  # a thin stroke is a box too


def _waves(draw):
    """Return a smooth displacement (n, 784, 2) of about half a cell, the same way over about half an image."""
    coarse = draw.normal(1.0, 5, 5, 2)
    return tf.reshape(tf.image.resize(coarse, grid.SHAPE, "bicubic"), (-1, grid.SIZE**2, 2)) * 0.6


# Blurring gives a stroke of any width a bell-shaped cross-section, of about this standard deviation in MNIST's cells;
# cutting the bell at the right level then draws the stroke again as wide as any pen.
_BELL = 1.35
_KERNEL = [part / 16 for part in (1, 4, 6, 4, 1)]  # no tensor yet: machines are joined before the first one


def _soften(grids):
    """Blur grids by a binomial kernel of standard deviation 1 cell."""
    images = grids[..., None]
    for shape in ((5, 1, 1, 1), (1, 5, 1, 1)):
        images = tf.nn.depthwise_conv2d(images, tf.reshape(_KERNEL, shape), [1, 1, 1, 1], "SAME")
    return images[..., 0]


def _pen_strength(grids):
    """Return how much ink (n,) is left along the middle of each image's strokes when it is softened."""
    soft = _soften(grids)
    weight = soft**4
    mean = tf.reduce_sum(weight * soft, axis=(1, 2)) / (tf.reduce_sum(weight, axis=(1, 2)) + 1e-6)
    return tf.maximum(mean, 1e-3)  # of an image without ink


def _reink(soft, scale, strength, draw, recipe):
    """Draw softened strokes again with a pen of random radius and edge, whatever size the digit has been brought to."""
    radius = (
        draw.uniform(recipe.respread_thinnest, recipe.respread_thickest) / scale
    )  # cells of the image before scaling
    edge = draw.uniform(recipe.hardest, recipe.softest) / scale
    level = tf.exp(-0.5 * tf.clip_by_value(radius / _BELL, 0.75, 1.9) ** 2)  # near the top a stroke falls to pieces
    slope = level * tf.maximum(radius, 0.8) / _BELL**2  # ink lost for each cell outwards
    fade = tf.minimum(slope * edge, 1.8 * level)  # bare paper stays bare
    ink = 0.5 + (soft / strength[:, None, None] - level[:, None, None]) / fade[:, None, None]
    return tf.clip_by_value(ink, 0.0, 1.0)


def _sample(grids, points):
    """Return the grids' ink at points (n, 784, 2), x and y in cells, as grids; off the sheet there is none."""
    side = grid.SIZE + 3  # bare paper around: one row and column before, and two behind to look ahead into
    paper = tf.reshape(tf.pad(grids, [[0, 0], [1, 2], [1, 2]]), (-1, side * side))
    points = tf.clip_by_value(points + 0.5, 0.0, side - 2.0)
    low = tf.floor(points)
    x, y = tf.unstack(points - low, axis=-1)
    column, row = tf.unstack(tf.cast(low, tf.int32), axis=-1)
    first = row * side + column

    def at(offset):
        return tf.gather(paper, first + offset, batch_dims=1)

    above = at(0) * (1 - x) + at(1) * x
    below = at(side) * (1 - x) + at(side + 1) * x
    return tf.reshape(above * (1 - y) + below * y, (-1, *grid.SHAPE))


class _Draws:
    """Independent random numbers (n, ...), one draw after the other, all from one seed."""

    def __init__(self, count, seed):
        self.count, self.seed, self.drawn = count, tf.cast(tf.stack(seed), tf.int32), 0

    def uniform(self, low, high):
        return tf.random.stateless_uniform((self.count,), self._next(), low, high)

    def around(self, middle, reach):
        return self.uniform(middle - reach, middle + reach)

    def normal(self, spread, *shape):
        return tf.random.stateless_normal((self.count, *shape), self._next(), 0.0, spread)

    def _next(self):
        self.drawn += 1
        return tf.random.experimental.stateless_fold_in(self.seed, self.drawn)
