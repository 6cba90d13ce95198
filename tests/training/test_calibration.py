"""What is chosen on validation digits when the weights are."""

import keras
import numpy as np
import pytest

from digits.evaluation import metrics
from digits.training import calibration, networks


def overconfident_network():
    """Return a network that ends as ours does, and is sure of what it cannot know."""
    keras.utils.set_random_seed(0)
    grids = keras.Input((28, 28, 1))
    network = keras.Model(grids, networks.fold(networks.classified(keras.layers.Flatten()(grids))))
    last = network.layers[-3]
    last.set_weights([4 * weights for weights in last.get_weights()])
    return network


def test_calibration_changes_percentages_and_no_answer():
    network, rng = overconfident_network(), np.random.default_rng(0)
    grids, labels = rng.random((500, 28, 28), np.float32), rng.integers(10, size=500)
    before = network.predict(grids[..., None], verbose=0)
    temperature = calibration.calibrate(network, grids, labels)
    after = network.predict(grids[..., None], verbose=0)
    assert temperature > 1.5
    np.testing.assert_array_equal(after.argmax(1), before.argmax(1))
    np.testing.assert_allclose(after.sum(1), 1, atol=1e-5)
    assert metrics.calibration_error(labels, after) < metrics.calibration_error(labels, before)


def test_afterwards_the_mean_confidence_is_the_share_that_is_right():
    network, rng = overconfident_network(), np.random.default_rng(0)
    calibration.expect(network, 0.5, 1e-9)
    grids = rng.random((500, 28, 28), np.float32)
    labels = network.predict(grids[..., None], verbose=0).argmax(1)
    labels[:150] = (labels[:150] + 1) % 10  # seven in ten are right
    calibration.calibrate(network, grids, labels)
    assert network.predict(grids[..., None], verbose=0).max(1).mean() == pytest.approx(0.7, abs=0.005)


def test_who_expects_fewer_drawings_that_are_no_digit_thinks_less_of_that():
    network, rng = overconfident_network(), np.random.default_rng(0)
    grids = rng.random((20, 28, 28, 1), np.float32)
    classes = keras.Model(network.inputs, network.layers[-2].output)
    before = classes.predict(grids, verbose=0)[:, 10:].sum(axis=1)
    calibration.expect(network, 0.2, 0.05)
    odds = before / (1 - before) / (0.2 / 0.8) * (0.05 / 0.95)
    np.testing.assert_allclose(classes.predict(grids, verbose=0)[:, 10:].sum(axis=1), odds / (1 + odds), rtol=1e-4)


def test_the_threshold_lets_all_but_two_in_a_hundred_digits_pass():
    probabilities = np.linspace(0, 1, 101)[:, None] * np.eye(10)[:1]
    assert calibration.refusal_threshold(probabilities, 0.02) == pytest.approx(0.02)
