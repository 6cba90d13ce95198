"""A training as one process of those that share it."""

import json
import os
import signal
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


def share(file, count, config, last):
    """Do a process's part of a training that is shared by `count` logical CPUs, or by machines as TF_CONFIG says.

    `file` gets the weights, how many devices shared in them and whether this was the chief, or as text why the training
    broke off. After step `last` the process kills itself.
    """
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    if config:
        os.environ["TF_CONFIG"] = json.dumps(config)
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * count)
    strategy = devices.find_strategy(RECIPE.batch_size)
    states, asked = [], []

    def stop():
        asked.append(0)
        if len(asked) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    try:
        trained = train(strategy, keep=states.append, stop=stop)
    except trainer.BrokenOffError as error:
        file.write_text(f"{error}; kept: {states[-1].step} steps")
        os._exit(1)
    np.savez(file, *trained.get_weights(), replicas=strategy.num_replicas_in_sync, chief=devices.is_chief(strategy))
    devices.wait_for_all(strategy)
