"""A training as one process of those that share it: python -m tests.support.spread_out FILE DEVICES [LAST]

FILE gets the weights, how many devices shared in them and whether this was the chief. DEVICES is how many logical CPUs
there are. After step LAST the process kills itself. TF_CONFIG says which of several machines this is.
"""

import os
import signal
import sys
from dataclasses import replace

import keras
import numpy as np
import tensorflow as tf

from digits.recipe import DEFAULT
from digits.training import devices, trainer

RECIPE = replace(DEFAULT, epochs=2, batch_size=20, epoch_size=20 * 17)


def network():
    """Return a network with both kinds of weights: the optimiser treats kernels otherwise."""
    layers = keras.layers
    convolution = layers.Conv2D(4, 7, strides=7)
    return keras.Sequential(
        [keras.Input((28, 28, 1)), convolution, layers.Flatten(), layers.Dense(10), layers.Softmax()]
    )


def batches(first=0):
    rng = np.random.default_rng(0)
    grids = rng.random((RECIPE.steps * RECIPE.batch_size, 28, 28, 1), np.float32)
    targets = np.eye(10, dtype=np.float32)[rng.integers(10, size=len(grids))]
    return tf.data.Dataset.from_tensor_slices((grids, targets)).batch(RECIPE.batch_size).skip(first)


def train(strategy, **how):
    """Return a network trained on the devices of a strategy."""
    keras.utils.set_random_seed(0)
    trained = trainer.compiled(network, RECIPE, strategy)
    trainer.fit(trained, batches, RECIPE, batches().take(2), strategy=strategy, **how)
    return trained


def main(file, count, last=0):
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * int(count))
    strategy = devices.find_strategy(RECIPE.batch_size)
    states, asked = [], []

    def stop():
        asked.append(0)
        if len(asked) == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    try:
        trained = train(strategy, keep=states.append, stop=stop)
    except trainer.BrokenOffError as error:
        print(f"{error}; kept: {states[-1].step} steps", file=sys.stderr, flush=True)
        os._exit(1)
    np.savez(file, *trained.get_weights(), replicas=strategy.num_replicas_in_sync, chief=devices.is_chief(strategy))
    devices.wait_for_all(strategy)


if __name__ == "__main__":
    main(*sys.argv[1:])
