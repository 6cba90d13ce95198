"""Compile and fit, on a stream so small that a few steps are enough."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from digits import networks, scores, training

EPOCHS, EPOCH_STEPS = 2, 17  # a prime number: Keras cannot take several steps at once, and a watcher sees each
STEPS = EPOCHS * EPOCH_STEPS


def tiny_network():
    layers = keras.layers
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10), layers.Softmax()])


def bars(steps, size=20):
    """Return batches of grids whose label says in which rows a bar lies: learnt in a few steps."""
    labels = np.arange(steps * size) % 10
    grids = np.zeros((len(labels), 28, 28, 1), np.float32)
    for ink, label in zip(grids, labels, strict=True):
        ink[2 * label + 4 : 2 * label + 6] = 1
    return tf.data.Dataset.from_tensor_slices((grids, np.eye(10, dtype=np.float32)[labels])).batch(size)


class Interruption(keras.callbacks.Callback):
    """Somebody who presses Ctrl+C, and sees the weights after every batch until then."""

    def __init__(self, moment, batch=5):
        super().__init__()
        self.moment, self.batch, self.weights = moment, batch, []

    def on_train_begin(self, logs=None):
        self.press("begin")

    def on_train_batch_end(self, batch, logs=None):
        self.weights.append(self.model.get_weights())
        if batch == self.batch:
            self.press("batch")

    def on_test_batch_end(self, batch, logs=None):
        self.press("validation")

    def press(self, moment):
        if moment == self.moment:
            raise KeyboardInterrupt

    def average(self, momentum):
        """Return the moving average of the weights seen, worked by hand."""
        average = self.weights[0]
        for weights in self.weights[1:]:
            average = [momentum * old + (1 - momentum) * new for old, new in zip(average, weights, strict=True)]
        return average


def fit(network, monkeypatch, watcher=None):
    inner = network.fit
    watchers = [watcher] if watcher else []
    with monkeypatch.context() as patch:
        patch.setattr(
            network, "fit", lambda *args, callbacks, **how: inner(*args, callbacks=callbacks + watchers, **how)
        )
        training.fit(network, bars(STEPS), EPOCHS, bars(1))


@pytest.fixture
def network():
    keras.utils.set_random_seed(0)
    network = tiny_network()
    training.compile_for(network, EPOCHS, EPOCH_STEPS)
    return network


def loss_of(network):
    return network.evaluate(bars(1), verbose=0, return_dict=True)["loss"]


def test_a_few_steps_lower_the_loss(network, monkeypatch):
    before = loss_of(network)
    fit(network, monkeypatch)
    assert loss_of(network) < 0.7 * before


def test_all_batches_are_used_once_and_the_rate_falls_to_zero(network, monkeypatch):
    fit(network, monkeypatch)
    assert int(network.optimizer.iterations) == STEPS
    assert float(network.optimizer.learning_rate) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("run", [(1, 1), (2, 1), (1, 3), (20, 429)])
def test_the_rate_rises_and_falls_in_a_run_of_any_length(run):
    network, steps = tiny_network(), run[0] * run[1]
    training.compile_for(network, *run)
    rates = np.array([network.optimizer._learning_rate(step) for step in np.linspace(0, steps, min(steps, 200) + 1)])
    assert rates.max() == pytest.approx(3e-3, rel=0.01)
    assert rates[-1] == pytest.approx(0, abs=1e-6)
    assert rates.argmax() <= 0.11 * len(rates)


def test_in_the_end_the_weights_are_the_averaged_ones(network, monkeypatch):
    watcher = Interruption("never")
    network.optimizer.ema_momentum = 0.8
    fit(network, monkeypatch, watcher)
    assert len(watcher.weights) == STEPS
    assert_weights(network, watcher.average(0.8))


def test_several_steps_at_once_are_as_many_steps_in_all():
    network = tiny_network()
    training.compile_for(network, 3, 8)
    assert network.steps_per_execution > 1
    training.fit(network, bars(24), 3, bars(1))
    assert int(network.optimizer.iterations) == 24


@pytest.mark.parametrize("batch", [0, 5])
def test_ctrl_c_leaves_the_averaged_weights(network, monkeypatch, batch):
    watcher = Interruption("batch", batch)
    network.optimizer.ema_momentum = 0.8
    with pytest.raises(KeyboardInterrupt):
        fit(network, monkeypatch, watcher)
    assert len(watcher.weights) == batch + 1
    assert_weights(network, watcher.average(0.8))


def test_ctrl_c_while_validating_leaves_the_averaged_weights(network, monkeypatch):
    watcher = Interruption("validation")
    network.optimizer.ema_momentum = 0.8
    with pytest.raises(KeyboardInterrupt):
        fit(network, monkeypatch, watcher)
    assert_weights(network, watcher.average(0.8))


def test_ctrl_c_before_the_first_step_leaves_the_weights_as_they_were(network, monkeypatch):
    before = network.get_weights()
    with pytest.raises(KeyboardInterrupt):
        fit(network, monkeypatch, Interruption("begin"))
    assert_weights(network, before)


def assert_weights(network, expected):
    for weight, other in zip(network.get_weights(), expected, strict=True):
        np.testing.assert_allclose(weight, other, atol=1e-5)


def test_what_is_no_digit_does_not_count_in_the_accuracy():
    accuracy = training.DigitAccuracy()
    targets = np.concatenate([np.eye(10)[[1, 2, 3, 4]], np.full((4, 10), 0.1)]).astype(np.float32)
    answers = np.eye(10, dtype=np.float32)[[1, 2, 3, 0, 0, 0, 0, 0]]
    accuracy.update_state(targets, answers)
    assert float(accuracy.result()) == pytest.approx(0.75)
    accuracy.update_state(targets[4:], answers[4:])
    assert float(accuracy.result()) == pytest.approx(0.75)
    accuracy.update_state(targets[:4], answers[[0, 1, 2, 2]])
    assert float(accuracy.result()) == pytest.approx(0.75)
    accuracy.update_state(targets[:2], answers[:2])
    assert float(accuracy.result()) == pytest.approx(0.8)


def test_the_accuracy_of_nothing_but_other_things_is_no_error():
    accuracy = training.DigitAccuracy()
    accuracy.update_state(np.full((4, 10), 0.1, np.float32), np.eye(10, dtype=np.float32)[:4])
    assert float(accuracy.result()) == 0


def test_calibration_changes_percentages_and_no_answer(network):
    rng = np.random.default_rng(0)
    grids, labels = rng.random((500, 28, 28, 1), np.float32), rng.integers(10, size=500)
    network.layers[-2].set_weights([2 * weights for weights in network.layers[-2].get_weights()])
    before = network.predict(grids, verbose=0)  # sure of what it cannot know
    temperature = training.calibrate(network, grids[..., 0], labels)
    after = network.predict(grids, verbose=0)
    assert temperature > 1.5
    np.testing.assert_array_equal(after.argmax(1), before.argmax(1))
    np.testing.assert_allclose(after, scores.tempered(before, temperature), atol=1e-4)
    assert scores.calibration_error(labels, after) < scores.calibration_error(labels, before)


def test_the_threshold_lets_all_but_two_in_a_hundred_digits_pass():
    class Sure:
        def predict(self, grids, **_):
            return grids[:, 0, :1, 0] * np.eye(10)[:1]  # the first cell is the confidence

    grids = np.zeros((101, 28, 28))
    grids[:, 0, 0] = np.linspace(0, 1, 101)
    assert training.refusal_threshold(Sure(), grids) == pytest.approx(0.02)


@pytest.fixture
def policy():
    before = keras.config.dtype_policy()
    yield
    keras.config.set_dtype_policy(before)


def test_a_network_trained_in_mixed_precision_is_saved_in_float32_with_the_same_weights(policy):
    keras.config.set_dtype_policy("mixed_bfloat16")
    mixed = networks.convolutional(networks.FusedNormalization)
    plain = training.in_float32(mixed)
    assert any(layer.compute_dtype == "bfloat16" for layer in mixed.layers)
    assert all(layer.compute_dtype == "float32" for layer in plain.layers)
    assert not any(isinstance(layer, networks.FusedNormalization) for layer in plain.layers)
    assert all(weight.dtype == "float32" for weight in plain.weights)
    assert_weights(plain, mixed.get_weights())
    assert networks.convolutional().layers[1].compute_dtype == "float32"  # and so is whatever is built next


@pytest.mark.parametrize("fastest", ["float32", "mixed_bfloat16"])
def test_a_network_is_prepared_in_the_fastest_precision_and_from_its_seed(policy, monkeypatch, fastest):
    monkeypatch.setattr(training, "fastest_precision", lambda build, grids, targets: fastest)
    first, second, other = (training.prepare(bars(6), 2, seed) for seed in (3, 3, 4))
    assert keras.config.dtype_policy().name == fastest
    assert first.layers[1].dtype_policy.name == fastest
    assert_weights(first, second.get_weights())
    assert np.abs(first.get_weights()[0] - other.get_weights()[0]).max() > 0.01
    assert first.compiled and first.steps_per_execution == 3  # of six in two epochs


def test_the_fastest_precision_is_one_of_the_two(policy, monkeypatch):
    seconds = {"float32": 2.0, "mixed_bfloat16": 1.0}
    monkeypatch.setattr(training, "_step_seconds", lambda policy, *_: seconds[policy])
    assert training.fastest_precision(tiny_network, None, None) == "mixed_bfloat16"
    seconds["float32"] = 0.5
    assert training.fastest_precision(tiny_network, None, None) == "float32"


def test_every_precision_can_be_tried(policy):
    [(grids, targets)] = bars(1)
    assert training.fastest_precision(tiny_network, grids, targets) in ("float32", "mixed_bfloat16")
