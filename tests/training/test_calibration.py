"""What is chosen on validation digits when the weights are."""

import keras
import numpy as np
import pytest

from digits.evaluation import metrics
from digits.training import calibration


def test_calibration_changes_percentages_and_no_answer():
    layers = keras.layers
    network = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10), layers.Softmax()])
    rng = np.random.default_rng(0)
    grids, labels = rng.random((500, 28, 28, 1), np.float32), rng.integers(10, size=500)
    network.layers[-2].set_weights([2 * weights for weights in network.layers[-2].get_weights()])
    before = network.predict(grids, verbose=0)  # sure of what it cannot know
    temperature = calibration.calibrate(network, labels, before)
    after = network.predict(grids, verbose=0)
    assert temperature > 1.5
    np.testing.assert_array_equal(after.argmax(1), before.argmax(1))
    np.testing.assert_allclose(after, metrics.tempered(before, temperature), atol=1e-4)
    assert metrics.calibration_error(labels, after) < metrics.calibration_error(labels, before)


def test_the_threshold_lets_all_but_two_in_a_hundred_digits_pass():
    probabilities = np.linspace(0, 1, 101)[:, None] * np.eye(10)[:1]
    assert calibration.refusal_threshold(probabilities, 0.02) == pytest.approx(0.02)
