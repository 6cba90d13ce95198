"""The stream of (grids, targets) that a network is trained on, mixed from all sources.

Batch number k is a function of the seed and k alone, so that a run can be repeated and picked up at any step.
Targets (n, CLASSES) are the probabilities wanted: those of the ten digits first, and then those of what else there is.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from digits.data import augmentation, negatives, pens
from digits.data.mnist import Mnist
from digits.ink import grid, strokes
from digits.recipe import DEFAULT, Recipe

CLASSES = grid.CLASSES + negatives.CLASSES  # that a network is taught to tell apart
_BLOCK = 8  # batches that are made together: fewer, larger calls, and room to show each drawing again
_AT_ONCE = 2  # parts of blocks that are made: more would hold up a step
_AHEAD = 8  # batches that are ready before they are asked for
_SOFT = 1.8  # cells, the softest edge of MNIST's pens, for when its images are not at hand


class Source:
    """Everything that training draws from."""

    def __init__(
        self,
        mnist: Mnist | None,
        digits: list[strokes.Drawing],
        others: list[strokes.Drawing],
        recipe: Recipe = DEFAULT,
    ):
        """Take MNIST or None, pen digits, pen drawings of other things, and the recipe."""
        self._mnist = mnist
        self._recipe = recipe if mnist is not None else replace(recipe, softest=_SOFT)
        self._pen = pens.Bank(digits)
        self.negatives = negatives.Negatives(self._pen, others, self._recipe)

    def stream(self, steps: int | None = None, first: int = 0) -> tf.data.Dataset:
        """Return batches up to number `steps` (default: all of the recipe's epochs).

        Each is grids (batch size, 28, 28, 1) float32 in [0, 1] and targets (batch size, CLASSES) float32.
        first: the number of the first batch, for a run that goes on; so many less are returned.
        """
        steps = self._recipe.steps if steps is None else steps
        left, blocks = max(0, steps - first), -(-steps // _BLOCK)
        makers = [self._drawn_block] if self._drawn_counts()[0] else []
        if self._mnist is not None:
            makers += [self._mnist_block(blocks)]
        numbers = tf.data.Dataset.range(first // _BLOCK, blocks)
        parts = [numbers.map(make, _AT_ONCE, deterministic=True) for make in makers]
        made = tf.data.Dataset.zip(numbers, *parts).map(_shuffled(self._recipe))
        batches = made.unbatch().skip(first % _BLOCK).take(left).prefetch(_AHEAD)
        options = tf.data.Options()
        options.threading.private_threadpool_size = _AT_ONCE
        options.autotune.enabled = False  # the end would wait for its thread, which comes to sleep for a minute
        return batches.with_options(options).apply(tf.data.experimental.assert_cardinality(left))

    def sample(self) -> np.ndarray:
        """Return a batch of grids (batch size, 28, 28, 1), mixed like those of `stream` and made at once, untaught."""
        rng = np.random.default_rng(self._recipe.seed)
        count, no_digits = self._drawn_counts()
        digits, _ = pen_grids(self._pen, count - no_digits, rng, self._recipe)
        others, _ = self.negatives.draw(no_digits, rng)
        images = [] if self._mnist is None else [self._mnist_block(1)(0)[0][0].numpy()]
        return rng.permutation(np.concatenate([digits[..., None], others[..., None], *images]))

    def _mnist_block(self, blocks):
        """Return what makes MNIST's part of each of so many blocks of batches, see `_drawn_block`."""
        images, labels = tf.constant(self._mnist.train_images), tf.constant(self._mnist.train_labels.astype(np.int32))
        recipe, (nudged, count) = self._recipe, self._mnist_counts()
        unlikely = recipe.smoothing / grid.CLASSES
        order = tf.constant(_order(len(images), blocks * _BLOCK * count, recipe.seed).reshape(blocks, _BLOCK, count))

        @tf.autograph.experimental.do_not_convert  # without control flow, which it takes long to look for
        def block(number):
            def changed(how, grids):
                flat = how(tf.reshape(grids, (-1, *grid.SHAPE)), (recipe.seed, number), recipe)
                return tf.reshape(flat, (*grids.shape, 1))

            grids = tf.cast(tf.gather(images, order[number]), tf.float32) / 255
            parts = changed(augmentation.nudge, grids[:, :nudged]), changed(augmentation.spread, grids[:, nudged:])
            likely = 1 - recipe.smoothing + unlikely
            targets = tf.one_hot(tf.gather(labels, order[number]), grid.CLASSES, likely, unlikely)
            return tf.concat(parts, 1), tf.pad(targets, [[0, 0], [0, 0], [0, CLASSES - grid.CLASSES]])

        return block

    def _mnist_counts(self):
        """Return how many of a batch are nudged images, and how many are images at all."""
        nudged = round(self._recipe.batch_size * self._recipe.nudged)
        return nudged, nudged + round(self._recipe.batch_size * self._recipe.spread)

    def _drawn_counts(self):
        """Return how many of a batch are drawn, and how many of these are no digits."""
        size = self._recipe.batch_size
        count = size - (0 if self._mnist is None else self._mnist_counts()[1])
        return count, min(count, round(size * self._recipe.negatives))

    @tf.autograph.experimental.do_not_convert
    def _drawn_block(self, number):
        """Return the drawn parts of a block of batches: grids (_BLOCK, n, 28, 28, 1), targets (_BLOCK, n, CLASSES)."""
        count, _ = self._drawn_counts()
        grids, targets = tf.numpy_function(self._drawn_arrays, [number], (tf.float32, tf.float32))
        return (
            tf.ensure_shape(grids, (_BLOCK, count, *grid.SHAPE, 1)),
            tf.ensure_shape(targets, (_BLOCK, count, CLASSES)),
        )

    def _drawn_arrays(self, number):
        """Return what `_drawn_block` does, as arrays."""
        recipe, rng = self._recipe, np.random.default_rng((self._recipe.seed, int(number)))
        count, no_digits = self._drawn_counts()
        grids, labels = pen_grids(self._pen, -(-_BLOCK * (count - no_digits) // recipe.showings), rng, recipe)
        others, classes = self.negatives.draw(-(-_BLOCK * no_digits // recipe.showings), rng)
        smoothed = (1 - recipe.smoothing) * np.eye(CLASSES)[labels]
        smoothed[:, : grid.CLASSES] += recipe.smoothing / grid.CLASSES
        parts = [
            _shown_again(grids, smoothed, count - no_digits, rng),
            _shown_again(others, np.eye(CLASSES)[grid.CLASSES + classes], no_digits, rng),
        ]
        grids, targets = (np.concatenate(column, axis=1) for column in zip(*parts, strict=True))
        return grids[..., None], targets.astype(np.float32)


def _shown_again(grids, targets, count, rng):
    """Return (_BLOCK, count, ...) of grids and targets: each several times, first as it is and then moved."""
    picked = np.arange(_BLOCK * count) % max(1, len(grids))
    shown = grids[picked]
    shown[len(grids) :] = moved(shown[len(grids) :], rng)
    return shown.reshape(_BLOCK, count, *grid.SHAPE), targets[picked].reshape(_BLOCK, count, CLASSES)


def moved(grids: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return grids (n, 28, 28) whose ink has gone to another place on its sheet, by whole cells, all of it."""
    rows, columns = ((_shift(grids.any(axis=axis), rng)[:, None] + np.arange(grid.SIZE)) % grid.SIZE for axis in (2, 1))
    return grids[np.arange(len(grids))[:, None, None], rows[:, :, None], columns[:, None, :]]


def _shift(inked, rng):
    """Return by how many cells (n,) to move, back or forth, what lies on the cells (n, 28) that have ink."""
    before, behind = inked.argmax(axis=1), inked[:, ::-1].argmax(axis=1)  # bare cells; of a bare sheet none
    return rng.integers(-behind, before, endpoint=True)


class Validation(NamedTuple):
    """What a run is watched on and what its figures are chosen on, always the same; training has seen none of it."""

    grids: np.ndarray  # (n, 28, 28)
    labels: np.ndarray  # (n,)
    drawn: np.ndarray  # (n,) bool: drawn on the sheet as people draw, not an image as MNIST has it

    def batches(self) -> tf.data.Dataset:
        """Return it in batches like those of `stream`."""
        targets = np.eye(CLASSES, dtype=np.float32)[self.labels]
        return tf.data.Dataset.from_tensor_slices((self.grids[..., None], targets)).batch(500).cache()


_VARIED = 2500  # grids of the built-in pen digits, which are few


def validation(mnist: Mnist | None, digits: list[strokes.Drawing]) -> Validation:
    """Return the drawings of people who were left out, or else built-in ones varied, and MNIST's images set aside.

    Recorded people's digits are drawn as they are, anywhere on the sheet. Of MNIST's images half come spread over the
    sheet too; these stand for drawn digits where there are no people.
    """
    people = [drawing for drawing in digits if drawing.writer]
    if people:
        parts = [(strokes.draw(people, strokes.ANYWHERE), np.array([int(drawing.label) for drawing in people]))]
    else:
        parts = [pen_grids(pens.Bank(digits), _VARIED, np.random.default_rng(0))]
    drawn_parts = 1 if people else 2
    if mnist is not None:
        images, labels = grid.from_bytes(mnist.validation_images), mnist.validation_labels
        half = len(images) // 2
        parts += [(augmentation.spread(tf.constant(images[:half]), (0, 0)).numpy(), labels[:half]), (images, labels)]
    grids, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Validation(grids, labels, np.arange(len(grids)) < sum(len(part) for part, _ in parts[:drawn_parts]))


def pen_grids(bank: pens.Bank, count: int, rng: np.random.Generator, recipe: Recipe = DEFAULT):
    """Return pen digits as grids (count, 28, 28) and their labels (count,)."""
    picked, points, exists = bank.sample(count, rng)
    return pens.ink(pens.vary(points, rng, recipe), exists, rng, recipe), bank.labels[picked].astype(int)


def _shuffled(recipe):
    """Return what puts the parts of batches together in random order: each device has as much of each source."""

    def block(number, *parts):
        chances = tf.random.stateless_uniform((_BLOCK, recipe.batch_size), (recipe.seed, number))
        order = tf.argsort(chances, axis=1)
        columns = [tf.gather(tf.concat(column, axis=1), order, batch_dims=1) for column in zip(*parts, strict=True)]
        return tuple(_mixed(columns, number, recipe) if recipe.mixup else columns)

    return block


def _mixed(columns, number, recipe):
    """Return grids and targets, each mixed with its neighbour's (mixup, Zhang et al. 2018, arXiv 1710.09412)."""
    shape = (2, _BLOCK, recipe.batch_size)
    gamma = tf.random.stateless_gamma(shape, (recipe.seed, number), recipe.mixup, dtype=tf.float64)
    own = tf.cast(gamma[0] / (gamma[0] + gamma[1]), tf.float32)  # Beta; in float32 both might be 0
    shares = [tf.reshape(own, (*shape[1:], *[1] * (len(column.shape) - 2))) for column in columns]
    return [
        share * column + (1 - share) * tf.roll(column, 1, axis=1) for share, column in zip(shares, columns, strict=True)
    ]


def _order(count, length, seed):
    """Return `length` indices below `count`, int32: round after round, each in an order of its own."""
    rng = np.random.default_rng(seed)
    rounds = [rng.permutation(count) for _ in range(max(1, -(-length // count)))]
    return np.concatenate(rounds)[:length].astype(np.int32)
