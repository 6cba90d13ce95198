"""The random changes of a batch of grids, each a function of the grids and a seed that you can look at.

Every function takes grids (n, 28, 28) float32 in [0, 1] and a seed, two integers; the same seed gives the same change.
"""

import math

import tensorflow as tf

from digits import grid

_CENTRE = grid.SIZE / 2


def nudge(grids: tf.Tensor, seed) -> tf.Tensor:
    """Turn, zoom, slant and shift each image a little about the middle, as hands differ within MNIST."""
    draw = _Draws(len_of(grids), seed)
    matrix = _matrix(
        angle=draw.uniform(-10, 10) * (math.pi / 180),
        slant=draw.uniform(-0.15, 0.15),  # cells to the side for each cell up
        width=draw.uniform(0.88, 1.12),
        height=draw.uniform(0.88, 1.12),
    )
    shift = tf.stack([draw.uniform(-2, 2), draw.uniform(-2, 2)], axis=-1)  # +-2 of 28 cells
    middle = tf.fill(tf.shape(shift), _CENTRE)
    return warp(grids, matrix, middle, middle + shift)


def warp(grids: tf.Tensor, matrix: tf.Tensor, source: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
    """Return grids whose point `source` + v has gone to `target` + `matrix` v, with linear interpolation.

    matrix: (n, 2, 2), on column vectors (x, y).  source, target: (n, 2), x and y in cells.
    """
    centres = tf.range(grid.SIZE, dtype=tf.float32) + 0.5
    cells = tf.stack(tf.meshgrid(centres, centres), axis=-1)  # (28, 28, 2), x and y
    offset = tf.reshape(cells, (1, -1, 2)) - target[:, None]
    return _sample(grids, source[:, None] + tf.matmul(offset, tf.linalg.inv(matrix), transpose_b=True))


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


def _sample(grids, points):
    """Return the grids' ink at points (n, 784, 2), x and y in cells, as grids; off the sheet there is none."""
    side = grid.SIZE + 2  # one row and column of bare paper around
    paper = tf.reshape(tf.pad(grids, [[0, 0], [1, 1], [1, 1]]), (-1, side * side))
    points = tf.clip_by_value(points + 0.5, 0.0, side - 1.001)
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
    """Independent random numbers (n,), one draw after the other, all from one seed."""

    def __init__(self, count, seed):
        self.count, self.seed, self.drawn = count, tf.cast(tf.stack(seed), tf.int32), 0

    def uniform(self, low, high):
        self.drawn += 1
        seed = tf.random.experimental.stateless_fold_in(self.seed, self.drawn)
        return tf.random.stateless_uniform((self.count,), seed, low, high)
