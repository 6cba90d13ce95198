"""The stream of (grids, labels) that a network is trained on.

Batch number k is a function of the seed and k alone, so that a run can be repeated and picked up at any step.
"""

import numpy as np
import tensorflow as tf

from digits import augment, grid


def stream(images: np.ndarray, labels: np.ndarray, batch_size: int, steps: int, seed: int) -> tf.data.Dataset:
    """Return `steps` batches: grids (batch_size, 28, 28, 1) float32 in [0, 1], labels (batch_size,) int32.

    images: (n, 28, 28) uint8, gone through in a new order each time round, changed anew each time.
    """
    images, labels = tf.constant(images), tf.constant(labels.astype(np.int32))

    def batch(step, chosen):
        grids = tf.cast(tf.gather(images, chosen), tf.float32) / 255
        grids = augment.nudge(grids, (seed, step))
        return grids[..., None], tf.gather(labels, chosen)

    order = _order(len(images), steps * batch_size, seed).reshape(steps, batch_size)
    steps = tf.data.Dataset.from_tensor_slices((np.arange(steps, dtype=np.int32), order))
    return steps.map(batch, tf.data.AUTOTUNE, deterministic=True).prefetch(tf.data.AUTOTUNE)


def held_out(images: np.ndarray, labels: np.ndarray, batch_size: int = 500) -> tf.data.Dataset:
    """Return images (n, 28, 28) uint8 with labels (n,), in order and unchanged, as batches like those of `stream`."""
    pairs = grid.from_bytes(images)[..., None], labels.astype(np.int32)
    return tf.data.Dataset.from_tensor_slices(pairs).batch(batch_size).cache()


def _order(count, length, seed):
    """Return `length` indices below `count`, int32: round after round, each in an order of its own."""
    rng = np.random.default_rng(seed)
    rounds = [rng.permutation(count) for _ in range(-(-length // count))]
    return np.concatenate(rounds)[:length].astype(np.int32)
