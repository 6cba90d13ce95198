"""The random changes of a batch of grids, each a function of the grids and a seed that you can look at.

Every function takes grids (n, 28, 28) float32 in [0, 1] and a seed, two integers; the same seed gives the same change.
"""

import math

import keras
import numpy as np
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
    soft = _soften(grids)
    moved = warp(soft, matrix, middle, target, _waves(draw))
    return _reink(moved, scale, _pen_strength(soft), draw, recipe)


def warp(grids: tf.Tensor, matrix: tf.Tensor, source: tf.Tensor, target: tf.Tensor, bend=None) -> tf.Tensor:
    """Return grids whose point `source` + v has gone to `target` + `matrix` v, with linear interpolation.

    matrix: (n, 2, 2), on column vectors (x, y).  source, target: (n, 2), x and y in cells.  bend: None, or how far from
    there each cell's ink is taken, in cells of the source: columns and rows, (n, 28, 28) each.
    """
    back = tf.linalg.inv(matrix)
    if bend is None:
        return _project(grids, back, source - tf.linalg.matvec(back, target))
    places = tf.range(grid.SIZE, dtype=tf.float32) + 0.5
    x, y = places - target[:, :1, None], places[:, None] - target[:, 1:, None]  # (n, 1, 28), (n, 28, 1)
    (xx, xy), (yx, yy) = ([back[:, row, column, None, None] for column in (0, 1)] for row in (0, 1))
    across, down = bend
    return _sample(grids, source[:, :1, None] + xx * x + xy * y + across, source[:, 1:, None] + yx * x + yy * y + down)


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
    """Return a smooth displacement of about half a cell, the same way over about half an image: see `warp`."""
    return tf.unstack(tf.image.resize(draw.normal(0.6, 5, 5, 2), grid.SHAPE, "bicubic"), axis=-1)


# Blurring gives a stroke of any width a bell-shaped cross-section, of about this standard deviation in MNIST's cells;
# cutting the bell at the right level then draws the stroke again as wide as any pen.
_BELL = 1.35
# What is left of the ink of each row, or column, in each other one: a binomial kernel of standard deviation 1 cell.
_BLUR = sum(np.eye(grid.SIZE, k=k, dtype=np.float32) * part / 16 for k, part in enumerate((1, 4, 6, 4, 1), -2))


def _soften(grids):
    """Blur grids; by products of matrices, which take half the time of a convolution."""
    return tf.matmul(tf.matmul(_BLUR, grids), _BLUR)


def _pen_strength(soft):
    """Return how much ink (n,) is left along the middle of the strokes of softened images."""
    weight = tf.square(tf.square(soft))  # a power takes ten times as long
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


def _project(grids, matrix, offset):
    """Return grids with the ink of place `matrix` v + `offset` (n, 2) at each place v; off the sheet there is none."""
    offset += tf.linalg.matvec(matrix, tf.fill(tf.shape(offset), 0.5)) - 0.5  # from cells' corners to their middles
    rows = tf.reshape(tf.concat([matrix, offset[..., None]], axis=-1), (-1, 6))
    return keras.ops.image.affine_transform(
        grids[..., None], tf.pad(rows, [[0, 0], [0, 2]]), data_format="channels_last"
    )[..., 0]


def _sample(grids, x, y):
    """Return the grids' ink at places x and y (n, 28, 28), in cells; off the sheet there is none."""
    side = grid.SIZE + 3  # bare paper around: one row and column before, and two behind to look ahead into
    paper = tf.reshape(tf.pad(grids, [[0, 0], [1, 2], [1, 2]]), (-1,))
    x, y = (tf.clip_by_value(places + 0.5, 0.0, side - 2.0) for places in (x, y))
    column, row = tf.floor(x), tf.floor(y)
    x, y = x - column, y - row
    sheet = tf.range(len_of(grids))[:, None, None] * side**2
    first = tf.cast(row * side + column, tf.int32) + sheet

    def at(offset):
        return tf.gather(paper, first + offset)

    above = at(0) * (1 - x) + at(1) * x
    below = at(side) * (1 - x) + at(side + 1) * x
    return above * (1 - y) + below * y


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
