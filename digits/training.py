"""Compile and fit: optimiser, schedule, weight averaging and precision."""

import time

import keras
import tensorflow as tf

_PEAK_RATE = 3e-3
_WARM_UP = 0.1  # share of the steps in which the learning rate rises to its peak
_AVERAGING = 0.02  # share of the steps over which the weights are averaged
_SMOOTHING = 0.05  # share of every label that is spread over all ten digits


def compile_for(network: keras.Model, steps: int) -> None:
    """Compile a network for a run of `steps` batches: AdamW, a warm-up and a cosine down to zero, averaged weights."""
    warm_up = round(steps * _WARM_UP)
    rate = keras.optimizers.schedules.CosineDecay(0.0, steps - warm_up, warmup_target=_PEAK_RATE, warmup_steps=warm_up)
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=0.01, use_ema=True, ema_momentum=1 - 1 / max(1, steps * _AVERAGING)),
        loss=_smoothed_crossentropy,
        metrics=["accuracy"],
    )


def _smoothed_crossentropy(labels, probabilities):
    """Return the cross-entropy (n,) of labels (n,) or (n, 1), each smoothed over all classes."""
    classes = probabilities.shape[-1]
    targets = keras.ops.one_hot(keras.ops.reshape(labels, (-1,)), classes)
    return keras.losses.categorical_crossentropy(targets, probabilities, label_smoothing=_SMOOTHING)


def fit(network: keras.Model, batches: tf.data.Dataset, epochs: int, validation: tf.data.Dataset) -> None:
    """Train a compiled network on all of `batches`, cut into equal epochs, with Keras's progress bar.

    In the end the network has the averaged weights; so it has when Ctrl+C ends it, which passes on KeyboardInterrupt.
    """
    try:
        network.fit(
            batches,
            epochs=epochs,
            steps_per_epoch=len(batches) // epochs,
            validation_data=validation,
            callbacks=[keras.callbacks.SwapEMAWeights()],
        )
    except KeyboardInterrupt:
        network.optimizer.finalize_variable_values(network.trainable_variables)
        raise


def in_float32(network: keras.Model, build) -> keras.Model:
    """Return a network in plain float32 with the weights of one that was trained in any precision.

    build: what made the network, called again without a precision policy.
    """
    keras.config.set_dtype_policy("float32")
    plain = build()
    plain.set_weights(network.get_weights())
    return plain


def fastest_precision(build, grids, labels) -> str:
    """Return the policy, float32 or mixed_bfloat16, in which a training step on this machine takes less time."""
    seconds = {policy: _step_seconds(policy, build, grids, labels) for policy in ("float32", "mixed_bfloat16")}
    return min(seconds, key=seconds.get)


def _step_seconds(policy, build, grids, labels, steps=5):
    keras.config.set_dtype_policy(policy)
    network = build()
    compile_for(network, steps)
    network.train_on_batch(grids, labels)  # traces and compiles
    begin = time.perf_counter()
    for _ in range(steps):
        network.train_on_batch(grids, labels)
    return time.perf_counter() - begin
