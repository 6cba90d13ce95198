"""More than one device or machine: every batch is shared out among them, and the weights stay the same on all.

TensorFlow's strategies do the work. Keras's own `fit` does not run under them as it should (Keras 3.15, TensorFlow
2.21: several steps per execution fail under both, and MultiWorkerMirroredStrategy in its first step), so training has
a loop of its own around Keras's `train_step`, which does. Keras's `keras.distribution` is for JAX.

What differs from one device: each normalises by its own part of the batch, and drops out the same units as the others.
"""

import contextlib
import json
import os

import tensorflow as tf

from digits import UserError, errors

# What TensorFlow raises when another machine is gone; a run on one machine has no use for these errors.
LOST = (tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError, tf.errors.DeadlineExceededError)

_HALVED = 64  # grids at least: the moments of a half tell what those of all grids are


def side_by_side(batch_size: int) -> bool:
    """Return whether to train on batches in two halves at once, each on half of the processors: without a GPU, alone.

    To be called before anything else of TensorFlow, whose threads are shared out for it.
    """
    if os.environ.get("TF_CONFIG") or tf.config.list_physical_devices("GPU") or batch_size < _HALVED:
        return False
    with contextlib.suppress(RuntimeError):  # it is at work already, and goes on as it is
        tf.config.threading.set_intra_op_parallelism_threads(max(1, _processors() // 2))
        tf.config.threading.set_inter_op_parallelism_threads(2)
    return True


def _processors():
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def strategy(batch_size: int) -> tf.distribute.Strategy:
    """Return how to spread a training: over the machines of TF_CONFIG, over all GPUs of this one, or not at all.

    batch_size: how much there is to share out; a part may have one more than another, and none may have nothing.
    To be called before anything else of TensorFlow. TF_CONFIG is a line of JSON, as TensorFlow has it:
    {"cluster": {"worker": ["host:port", ...]}, "task": {"type": "worker", "index": 0}}; worker 0 is the chief.
    Raises UserError if it is something else, the machines do not find each other, or a batch is too small.
    """
    spread = _across_machines() if os.environ.get("TF_CONFIG") else _on_this_machine()
    if (count := spread.num_replicas_in_sync) > batch_size:
        raise UserError(f"A batch of {batch_size} is too small for {count} devices; give --batch-size {count} or more.")
    return spread


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


def is_chief(spread: tf.distribute.Strategy) -> bool:
    """Return whether this process is the one that talks and saves."""
    resolver = spread.cluster_resolver
    return resolver is None or not resolver.task_type or resolver.task_id == 0


def share(spread: tf.distribute.Strategy, batches: tf.data.Dataset):
    """Return batches, the same on every machine, as a strategy runs on them: to every device its part of each."""
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
    return spread.experimental_distribute_dataset(batches.with_options(options))


def any_of(spread: tf.distribute.Strategy, *flags: bool) -> list[bool]:
    """Return for each flag whether it is up on any of the machines, which all have to ask at the same moment."""
    if not isinstance(spread, tf.distribute.MultiWorkerMirroredStrategy):
        return list(flags)
    ours = spread.run(tf.identity, args=(tf.constant(flags, tf.float32),))
    return [bool(count > 0) for count in spread.reduce("SUM", ours, axis=None).numpy()]


def meet(spread: tf.distribute.Strategy) -> None:
    """Wait until all machines are here; one that has died is not waited for."""
    with contextlib.suppress(*LOST):
        any_of(spread, False)
