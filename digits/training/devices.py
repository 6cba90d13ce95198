"""More than one device or machine: every batch is shared out among them, and the weights stay the same on all.

TensorFlow's strategies do the work, under Keras's `fit`. Keras's `keras.distribution` is for JAX. What differs from one
device: each normalises by its own part of the batch, and drops out the same units as the others.
"""

import contextlib
import json
import os
from collections.abc import Callable

import keras
import tensorflow as tf

from digits import UserError, errors
from digits.recipe import Recipe

# What TensorFlow raises when another machine is gone; a run on one machine has no use for these errors.
LOST = (tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError, tf.errors.DeadlineExceededError)

_HALVED = 64  # grids at least: the moments of a half tell what those of all grids are


def can_halve(recipe: Recipe) -> bool:
    """Return whether to train on batches in two halves at once, each on half of the processors: without a GPU, alone.

    To be called before anything else of TensorFlow, whose threads are shared out for it.
    """
    if not recipe.in_halves or recipe.batch_size < _HALVED:
        return False
    if os.environ.get("TF_CONFIG") or tf.config.list_physical_devices("GPU"):
        return False
    with contextlib.suppress(RuntimeError):  # it is at work already, and goes on as it is
        tf.config.threading.set_intra_op_parallelism_threads(max(1, _processors() // 2))
        tf.config.threading.set_inter_op_parallelism_threads(2)
    return True


def _processors():
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def find_strategy(batch_size: int) -> tf.distribute.Strategy:
    """Return how to spread a training: over the machines of TF_CONFIG, over all GPUs of this one, or not at all.

    batch_size: how much there is to share out; a part may have one more than another, and none may have nothing.
    To be called before anything else of TensorFlow. TF_CONFIG is a line of JSON, as TensorFlow has it:
    {"cluster": {"worker": ["host:port", ...]}, "task": {"type": "worker", "index": 0}}; worker 0 is the chief.
    Raises UserError if it is something else, the machines do not find each other, or a batch is too small.
    """
    strategy = _across_machines() if os.environ.get("TF_CONFIG") else _on_this_machine()
    if (count := strategy.num_replicas_in_sync) > batch_size:
        raise UserError(f"A batch of {batch_size} is too small for {count} devices; give --batch-size {count} or more.")
    return strategy


def _on_this_machine():
    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    if len(devices) == 1:
        return tf.distribute.get_strategy()
    return tf.distribute.MirroredStrategy([device.name for device in devices])


def _across_machines():
    try:
        config = json.loads(os.environ["TF_CONFIG"])
        workers, task = config["cluster"]["worker"], config["task"]
        fits = task["type"] == "worker" and 0 <= task["index"] < len(workers)
    except (ValueError, TypeError, KeyError):
        fits = False
    if not fits:
        raise UserError(
            "TF_CONFIG does not name the workers and which of them this is, as in "
            '{"cluster": {"worker": ["host:port", "host:port"]}, "task": {"type": "worker", "index": 0}}.'
        )
    try:
        return tf.distribute.MultiWorkerMirroredStrategy()
    except (tf.errors.OpError, RuntimeError) as error:
        raise UserError(f"The workers of TF_CONFIG do not find each other ({errors.first_line(error)}).") from error


def are_several(strategy: tf.distribute.Strategy) -> bool:
    """Return whether a strategy is one, and not TensorFlow's way to do without."""
    return strategy is not tf.distribute.get_strategy()


def is_chief(strategy: tf.distribute.Strategy) -> bool:
    """Return whether this process is the one that talks and saves."""
    resolver = strategy.cluster_resolver
    return resolver is None or not resolver.task_type or resolver.task_id == 0


def compiled(
    strategy: tf.distribute.Strategy, build: Callable[[], keras.Model], how: Callable[[], dict]
) -> keras.Model:
    """Return the network that `build` makes, compiled with the settings that `how` makes, for Keras's `fit`.

    Under a strategy Keras 3.15's own steps fail with TensorFlow 2.21, several in one execution everywhere, and across
    machines the first. So there its `fit` is given steps of ours, one in an execution, and a model made outside of the
    strategy, which it knows nothing of; the weights are made inside.
    """
    with strategy.scope():
        network = build()
    if several := are_several(strategy):
        network = keras.Model(network.inputs, network.outputs)
    with strategy.scope():
        network.compile(**how() | ({"steps_per_execution": 1} if several else {}))
        network.optimizer.build(network.trainable_variables)
    if several:
        network.train_function = _on_all(strategy, network, network.train_step)
        network.test_function = _on_all(strategy, network, network.test_step)
    return network


def _on_all(strategy, network, step):
    """Return what takes a step with the next batch, every device with its part of it, and tells the metrics."""
    step = tf.function(step, autograph=False, jit_compile=network.jit_compile)

    @tf.function(autograph=False)
    def on_all(batches):
        strategy.run(step, args=(next(batches),))

    def function(batches):
        on_all(batches)
        return network.get_metrics_result()

    return function


def distributed(strategy: tf.distribute.Strategy, batches: tf.data.Dataset):
    """Return batches, the same on every machine, as a strategy runs on them: to every device its part of each."""
    if not are_several(strategy):
        return batches
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
    return strategy.experimental_distribute_dataset(batches.with_options(options))


def any_of(strategy: tf.distribute.Strategy, *flags: bool) -> list[bool]:
    """Return for each flag whether it is up on any of the machines, which all have to ask at the same moment."""
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return list(flags)
    ours = strategy.run(tf.identity, args=(tf.constant(flags, tf.float32),))
    return [bool(count > 0) for count in strategy.reduce("SUM", ours, axis=None).numpy()]


def wait_for_all(strategy: tf.distribute.Strategy) -> None:
    """Wait until all machines are here; one that has died is not waited for."""
    with contextlib.suppress(*LOST):
        any_of(strategy, False)
