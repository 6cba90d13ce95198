"""Compile and fit: optimiser, schedule, weight averaging and precision."""

import functools
import time

import keras
import numpy as np
import tensorflow as tf

from digits import networks, scores

_PEAK_RATE = 3e-3
_WARM_UP = 0.1  # share of the steps in which the learning rate rises to its peak
_AVERAGING = 0.02  # share of the steps over which the weights are averaged


_REFUSED = 0.02  # share of drawn digits that may be taken for no digit
_AT_ONCE = 16  # steps at most between two looks at Python: its lock is busy drawing pen digits


def prepare(batches: tf.data.Dataset, epochs: int, seed: int) -> keras.Model:
    """Return our network with start weights from a seed, compiled for a run, in the precision that is fastest here.

    The precision, float32 or mixed_bfloat16, is Keras's policy from here on.
    """
    build = functools.partial(networks.convolutional, networks.FusedNormalization)
    keras.config.set_dtype_policy(fastest_precision(build, *next(iter(batches))))
    keras.utils.set_random_seed(seed)
    network = build()
    compile_for(network, epochs, len(batches) // epochs)
    return network


def compile_for(network: keras.Model, epochs: int, epoch_steps: int) -> None:
    """Compile a network for a run: AdamW, a warm-up and a cosine down to zero, averaged weights."""
    steps = epochs * epoch_steps
    warm_up = round(steps * _WARM_UP)
    rate = keras.optimizers.schedules.CosineDecay(0.0, steps - warm_up, warmup_target=_PEAK_RATE, warmup_steps=warm_up)
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=0.01, use_ema=True, ema_momentum=1 - 1 / max(1, steps * _AVERAGING)),
        loss="categorical_crossentropy",
        metrics=[DigitAccuracy()],
        steps_per_execution=next(n for n in range(_AT_ONCE, 0, -1) if epoch_steps % n == 0),
    )


class DigitAccuracy(keras.metrics.CategoricalAccuracy):
    """The share of digits read right; what is no digit, and wanted as no class more than another, does not count."""

    def __init__(self, name="accuracy"):
        super().__init__(name=name)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count a batch of targets (n, 10) and probabilities (n, 10)."""
        is_digit = keras.ops.cast(keras.ops.max(y_true, axis=-1) > 0.5, "float32")
        super().update_state(y_true, y_pred, is_digit)


def fit(network: keras.Model, batches: tf.data.Dataset, epochs: int, validation: tf.data.Dataset) -> None:
    """Train a compiled network on all of `batches`, cut into equal epochs, with Keras's progress bar.

    In the end the network has the averaged weights; so it has when Ctrl+C ends it, which passes on KeyboardInterrupt.
    """
    averaging = keras.callbacks.SwapEMAWeights()
    try:
        network.fit(
            batches,
            epochs=epochs,
            steps_per_epoch=len(batches) // epochs,
            validation_data=validation,
            callbacks=[averaging],
            shuffle=False,  # the stream already is
        )
    except KeyboardInterrupt:
        if network.optimizer.built:  # by its first step
            averaging.on_test_end()  # in the middle of a validation the two sets of weights are swapped
            network.optimizer.finalize_variable_values(network.trainable_variables)
        raise


def in_float32(network: keras.Model) -> keras.Model:
    """Return our network in float32 and of Keras's own layers, with the weights of one as `prepare` makes it."""
    keras.config.set_dtype_policy("float32")
    plain = networks.convolutional()
    plain.set_weights(network.get_weights())
    return plain


def calibrate(network: keras.Model, grids: np.ndarray, labels: np.ndarray) -> float:
    """Make a network's percentages mean what they say on validation digits (n, 28, 28); returns the temperature.

    The temperature divides the logits and so changes no answer; here it divides the weights of the layer before the
    softmax, so that the file needs nothing new.
    """
    probabilities = network.predict(grids[..., None], batch_size=500, verbose=0)
    temperature = scores.best_temperature(labels, probabilities)
    logits = network.layers[-2]
    logits.set_weights([weights / temperature for weights in logits.get_weights()])
    return temperature


def refusal_threshold(network: keras.Model, grids: np.ndarray) -> float:
    """Return the confidence that all but 2 % of the digits in validation grids (n, 28, 28) reach."""
    confidence = network.predict(grids[..., None], batch_size=500, verbose=0).max(axis=1)
    return float(np.quantile(confidence, _REFUSED))


def fastest_precision(build, grids, targets) -> str:
    """Return the policy, float32 or mixed_bfloat16, in which a training step on this machine takes less time."""
    seconds = {policy: _step_seconds(policy, build, grids, targets) for policy in ("float32", "mixed_bfloat16")}
    return min(seconds, key=seconds.get)


def _step_seconds(policy, build, grids, targets, steps=5):
    keras.config.set_dtype_policy(policy)
    network = build()
    compile_for(network, 1, 1)
    network.train_on_batch(grids, targets)  # traces and compiles
    return min(_timed(network.train_on_batch, grids, targets) for _ in range(steps))  # the least is the least disturbed


def _timed(function, *arguments):
    begin = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - begin
