"""What a network is trained with in place of Keras's own parts: the same answers, weights and gradients."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from digits.data import dataset
from digits.recipe import DEFAULT
from digits.training import fast_layers, networks, trainer

FAST = replace(DEFAULT, precision="float32", epochs=1, epoch_size=20 * DEFAULT.batch_size)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(1, 2, shape).astype(np.float32)


def test_the_fused_normalisation_does_in_training_what_keras_own_does():
    own, fused = keras.layers.BatchNormalization(momentum=0.9), fast_layers.Normalization(momentum=0.9)
    images = noise(6, 7, 7, 5)
    for _ in range(3):
        expected, actual = own(images, training=True), fused(images, training=True)
    np.testing.assert_allclose(actual, expected, atol=1e-4)
    for weight, other in zip(fused.get_weights(), own.get_weights(), strict=True):
        np.testing.assert_allclose(weight, other, rtol=0.01)  # it divides the variance by one less than the count
    np.testing.assert_allclose(fused(images), own(images), atol=0.02)


def halved(*layers):
    grids = keras.Input((28, 28, 1))
    x = grids
    for layer in layers:
        x = layer(x)
    return fast_layers.Halved(grids, x)


def test_in_training_each_half_is_normalised_by_itself():
    network = halved(keras.layers.BatchNormalization())
    grids = np.repeat([0.2, 0.4, 5, 9], 2)[:, None, None, None] * np.ones((1, 28, 28, 1), np.float32)
    given = network(grids, training=True).numpy()
    np.testing.assert_allclose(given[:4], -given[:4][::-1], atol=1e-4)
    np.testing.assert_allclose(given[:4].mean(), 0, atol=1e-4)
    np.testing.assert_allclose(given[4:].mean(), 0, atol=1e-4)


@pytest.mark.parametrize("count", [2, 3, 8])
def test_halves_keep_their_order(count):
    grids = noise(count, 28, 28, 1)
    network = halved(keras.layers.Flatten())
    for given in (network(grids), network.predict(grids, verbose=0)):
        np.testing.assert_array_equal(given, grids.reshape(count, -1))


def test_a_network_trained_fast_reads_the_same_when_it_is_made_of_keras_own_parts():
    fast = networks.convolutional(FAST, in_training=True)
    grids = np.random.default_rng(0).random((6, 28, 28, 1), np.float32)
    fast(grids, training=True)  # moves the moments
    plain = trainer.in_float32(fast, FAST)
    assert type(plain) is type(networks.convolutional())
    assert not any(type(layer).__module__ == fast_layers.__name__ for layer in plain.layers)
    [shares] = plain.layers[-1].get_weights()
    np.testing.assert_allclose(plain(grids), fast(grids) @ shares, atol=1e-6)


def test_a_fast_network_learns():
    network = trainer.prepare(replace(FAST, channels=(8, 12, 16)))
    grids = np.zeros((64, 28, 28, 1), np.float32)
    for number, ink in enumerate(grids):
        ink[2 * (number % 10) + 4 : 2 * (number % 10) + 6] = 1
    targets = np.eye(dataset.CLASSES, dtype=np.float32)[np.arange(64) % 10]
    losses = [network.train_on_batch(grids, targets, return_dict=True)["loss"] for _ in range(12)]
    assert losses[-1] < 0.8 * losses[0]  # Keras gives the mean of all so far
