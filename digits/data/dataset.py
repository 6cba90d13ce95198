"""The stream of (grids, targets) that a network is trained on, mixed from all sources.

Batch number k is a function of the seed and k alone, so that a run can be repeated and picked up at any step.
Targets (n, 10) are the probabilities wanted: all on the digit, or, for what is no digit, the same on all ten.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from digits.data import augmentation, negatives, pens
from digits.data.mnist import Mnist
from digits.ink import grid, strokes


class Shares(NamedTuple):
    """What a batch is made of, adding up to 1; without MNIST the pen digits take the place of its images."""

    nudged: float
    spread: float
    pen: float
    no_digit: float


SHARES = Shares(nudged=0.4375, spread=0.125, pen=0.25, no_digit=0.1875)  # see the ablation in the README
EPOCH = 55_000  # grids, of all sources: as many as MNIST has images to train on


class Source:
    """Everything that training draws from."""

    def __init__(
        self,
        mnist: Mnist | None,
        digits: list[strokes.Drawing],
        others: list[strokes.Drawing],
        shares: Shares = SHARES,
        kinds: dict[str, float] = negatives.KINDS,
    ):
        """Take MNIST or None, pen digits, other drawings, and the shares of the sources and of what is no digit."""
        self._mnist = mnist
        self._shares = shares
        self._pen = pens.Bank(digits)
        self._no_digits = negatives.NonDigits(digits, others, kinds)

    def stream(self, batch_size: int, steps: int, seed: int, first: int = 0) -> tf.data.Dataset:
        """Return `steps` batches: grids (batch_size, 28, 28, 1) float32 in [0, 1], targets (batch_size, 10) float32.

        first: the number of the first batch, for a run that goes on; so many less are returned.
        """
        numbers = tf.data.Dataset.range(first, steps)
        parts = [numbers.map(self._drawn_batch(batch_size, seed), tf.data.AUTOTUNE, deterministic=True)]
        if self._mnist is not None:
            parts += [numbers.map(self._mnist_batch(batch_size, steps, seed), tf.data.AUTOTUNE, deterministic=True)]
        batches = tf.data.Dataset.zip(numbers, *parts).map(_shuffled(batch_size, seed)).prefetch(tf.data.AUTOTUNE)
        options = tf.data.Options()
        options.threading.private_threadpool_size = 2  # drawing a batch would hold up half of a step for as long
        return batches.with_options(options)

    def _mnist_batch(self, batch_size, steps, seed):
        images, labels = tf.constant(self._mnist.train_images), tf.constant(self._mnist.train_labels.astype(np.int32))
        nudged, count = self._mnist_counts(batch_size)
        order = tf.constant(_order(len(images), steps * count, seed))

        def batch(step):
            chosen = tf.reshape(order[step * count : (step + 1) * count], (count,))
            grids = tf.cast(tf.gather(images, chosen), tf.float32) / 255
            grids = tf.concat(
                [augmentation.nudge(grids[:nudged], (seed, step)), augmentation.spread(grids[nudged:], (seed, step))], 0
            )
            return grids[..., None], tf.one_hot(tf.gather(labels, chosen), grid.CLASSES)

        return batch

    def _mnist_counts(self, batch_size):
        """Return how many of a batch are nudged images, and how many are images at all."""
        nudged = round(batch_size * self._shares.nudged)
        return nudged, nudged + round(batch_size * self._shares.spread)

    def _drawn_batch(self, batch_size, seed):
        count = batch_size - (0 if self._mnist is None else self._mnist_counts(batch_size)[1])
        no_digits = min(count, round(batch_size * self._shares.no_digit))
        brushes = pens.ANY_BRUSHES if self._mnist is None else pens.WINDOW_BRUSHES

        def draw(step):
            rng = np.random.default_rng((seed, int(step)))
            grids, labels = pen_grids(self._pen, count - no_digits, rng, brushes)
            targets = np.concatenate(
                [np.eye(grid.CLASSES)[labels], np.full((no_digits, grid.CLASSES), 1 / grid.CLASSES)]
            )
            grids = np.concatenate([grids, self._no_digits.draw(no_digits, rng)])
            return grids[..., None], targets.astype(np.float32)

        def batch(step):
            grids, targets = tf.numpy_function(draw, [step], (tf.float32, tf.float32))
            return tf.ensure_shape(grids, (count, *grid.SHAPE, 1)), tf.ensure_shape(targets, (count, grid.CLASSES))

        return batch


class Validation(NamedTuple):
    """What a run is watched on and what its figures are chosen on, always the same; training has seen none of it."""

    grids: np.ndarray  # (n, 28, 28)
    labels: np.ndarray  # (n,)
    drawn: np.ndarray  # (n,) bool: drawn on the sheet as people draw, not an image as MNIST has it

    def batches(self) -> tf.data.Dataset:
        """Return it in batches like those of `stream`."""
        targets = np.eye(grid.CLASSES, dtype=np.float32)[self.labels]
        return tf.data.Dataset.from_tensor_slices((self.grids[..., None], targets)).batch(500).cache()


def validation(mnist: Mnist | None, digits: list[strokes.Drawing]) -> Validation:
    """Return 2,500 grids of pen digits, half of MNIST's images set aside spread over the sheet, and all as they are."""
    parts = [pen_grids(pens.Bank(digits), 2500, np.random.default_rng(0))]
    if mnist is not None:
        images, labels = grid.from_bytes(mnist.validation_images), mnist.validation_labels
        half = len(images) // 2
        parts += [(augmentation.spread(tf.constant(images[:half]), (0, 0)).numpy(), labels[:half]), (images, labels)]
    grids, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Validation(grids, labels, np.arange(len(grids)) < sum(len(part[0]) for part in parts[:2]))


def split(drawings: list[strokes.Drawing]) -> tuple[list[strokes.Drawing], list[strokes.Drawing]]:
    """Return drawings to train on and to validate on: of each digit the last take of its two commonest styles.

    A drawing's comment is its style. A style of fewer than three drawings gives none away.
    """
    kept_apart = set()
    for label in {drawing.label for drawing in drawings}:
        takes = defaultdict(list)
        for drawing in drawings:
            if drawing.label == label:
                takes[drawing.comment].append(drawing)
        commonest = sorted(takes.values(), key=len, reverse=True)[:2]
        kept_apart |= {id(style[-1]) for style in commonest if len(style) >= 3}
    train = [drawing for drawing in drawings if id(drawing) not in kept_apart]
    return train, [drawing for drawing in drawings if id(drawing) in kept_apart]


def pen_grids(bank: pens.Bank, count: int, rng: np.random.Generator, brushes=pens.WINDOW_BRUSHES):
    """Return pen digits as grids (count, 28, 28) and their labels (count,)."""
    picked, points, exists = bank.sample(count, rng)
    return pens.ink(pens.vary(points, rng), exists, rng, brushes=brushes), bank.labels[picked].astype(int)


def _shuffled(batch_size, seed):
    """Return what puts the parts of a batch together in random order: each device has as much of each source."""

    def batch(step, *parts):
        order = tf.random.experimental.stateless_shuffle(tf.range(batch_size), (seed, step))
        return tuple(tf.gather(tf.concat(column, axis=0), order) for column in zip(*parts, strict=True))

    return batch


def _order(count, length, seed):
    """Return `length` indices below `count`, int32: round after round, each in an order of its own."""
    rng = np.random.default_rng(seed)
    rounds = [rng.permutation(count) for _ in range(max(1, -(-length // count)))]
    return np.concatenate(rounds)[:length].astype(np.int32)
