"""A training as one process of those that share it: python -m tests.support.spread_out FILE DEVICES [LAST]

FILE gets the weights, how many devices shared in them and whether this was the chief. DEVICES is how many logical CPUs
there are. After step LAST the process kills itself. TF_CONFIG says which of several machines this is.
"""

import os
import signal
import sys

import keras
import numpy as np
import tensorflow as tf

from digits.training import devices, trainer

EPOCHS, STEPS, SIZE = 2, 17, 20


def network():
    """Return a network with both kinds of weights: the optimiser treats kernels otherwise."""
    layers = keras.layers
    convolution = layers.Conv2D(4, 7, strides=7)
    return keras.Sequential(
        [keras.Input((28, 28, 1)), convolution, layers.Flatten(), layers.Dense(10), layers.Softmax()]
    )


def batches():
    rng = np.random.default_rng(0)
    grids = rng.random((EPOCHS * STEPS * SIZE, 28, 28, 1), np.float32)
    targets = np.eye(10, dtype=np.float32)[rng.integers(10, size=len(grids))]
    return tf.data.Dataset.from_tensor_slices((grids, targets)).batch(SIZE)


def main(file, count, last=0):
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * int(count))
    spread = devices.strategy(SIZE)
    keras.utils.set_random_seed(0)
    with spread.scope():
        trained = network()
        trainer.compile_for(trained, EPOCHS, STEPS)
    states, asked = [], []

    def stop():
        asked.append(0)
        if len(asked) == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    try:
        trainer.fit(trained, batches(), EPOCHS, batches().take(2), keep=states.append, stop=stop)
    except trainer.BrokenOffError as error:
        print(f"{error}; kept: {states[-1].step} steps", file=sys.stderr, flush=True)
        os._exit(1)
    np.savez(file, *trained.get_weights(), replicas=spread.num_replicas_in_sync, chief=devices.is_chief(spread))
    devices.meet(spread)


if __name__ == "__main__":
    main(*sys.argv[1:])
