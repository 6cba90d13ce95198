"""Compile and fit, on a stream so small that a few steps are enough."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from digits import UserError
from digits.evaluation import metrics
from digits.training import checkpoint, fast_layers, networks, stopping, trainer

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


class Watcher:
    """Sees the weights after every step, and stops the training after some of them."""

    def __init__(self, network, last=None):
        self.network, self.last, self.weights, self.states = network, last, [], []

    def stop(self):
        self.weights.append(self.network.get_weights())
        return len(self.weights) == self.last

    def average(self, momentum):
        """Return the moving average of the weights seen, worked by hand."""
        average = self.weights[0]
        for weights in self.weights[1:]:
            average = [momentum * old + (1 - momentum) * new for old, new in zip(average, weights, strict=True)]
        return average


def fit(network, watcher=None, batches=None, start=checkpoint.BEGINNING):
    watcher = watcher or Watcher(network)
    batches = batches or bars(STEPS).skip(start.step)
    return trainer.fit(network, batches, EPOCHS, bars(1), start, watcher.states.append, watcher.stop)


@pytest.fixture
def network():
    keras.utils.set_random_seed(0)
    network = tiny_network()
    trainer.compile_for(network, EPOCHS, EPOCH_STEPS)
    return network


def untimed(history):
    return [{name: value for name, value in epoch.items() if name != "seconds"} for epoch in history]


def loss_of(network):
    return network.evaluate(bars(1), verbose=0, return_dict=True)["loss"]


def test_a_few_steps_lower_the_loss(network):
    before = loss_of(network)
    fit(network)
    assert loss_of(network) < 0.7 * before


def test_all_batches_are_used_once_and_the_rate_falls_to_zero(network):
    fit(network)
    assert int(network.optimizer.iterations) == STEPS
    assert float(network.optimizer.learning_rate) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("run", [(1, 1), (2, 1), (1, 3), (20, 429)])
def test_the_rate_rises_and_falls_in_a_run_of_any_length(run):
    network, steps = tiny_network(), run[0] * run[1]
    trainer.compile_for(network, *run)
    rates = np.array([network.optimizer._learning_rate(step) for step in np.linspace(0, steps, min(steps, 200) + 1)])
    assert rates.max() == pytest.approx(5e-3, rel=0.01)
    assert rates[-1] == pytest.approx(0, abs=1e-6)
    assert rates.argmax() <= 0.11 * len(rates)


def test_in_the_end_the_weights_are_the_averaged_ones(network):
    watcher = Watcher(network)
    network.optimizer.ema_momentum = 0.8
    fit(network, watcher)
    assert len(watcher.weights) == STEPS
    assert_weights(network, watcher.average(0.8))


def test_several_steps_at_once_are_as_many_steps_in_all():
    network = tiny_network()
    trainer.compile_for(network, 3, 8)
    assert network.steps_per_execution > 1
    trainer.fit(network, bars(24), 3, bars(1))
    assert int(network.optimizer.iterations) == 24


def test_the_history_tells_each_epoch(network):
    history = fit(network)
    assert [list(epoch) for epoch in history] == EPOCHS * [
        ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds"]
    ]
    assert [epoch["epoch"] for epoch in history] == [1, 2]
    assert history[1]["val_loss"] == pytest.approx(loss_of(network), abs=1e-5)  # of the averaged weights
    assert history[1]["loss"] < history[0]["loss"]


# A training that stops, and goes on


def network_with_chance(seed):
    """Return a compiled network with everything that has a state: a kernel, dropout and moving moments."""
    layers = keras.layers
    keras.utils.set_random_seed(seed)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 4, strides=2),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10),
            layers.Softmax(),
        ]
    )
    trainer.compile_for(network, EPOCHS, EPOCH_STEPS)
    return network


@pytest.fixture(scope="module")
def uninterrupted():
    network = network_with_chance(1)
    return network, fit(network)


@pytest.mark.parametrize("last", [1, 7, EPOCH_STEPS, 20, STEPS])
def test_a_training_that_stopped_goes_on_to_the_same_weights_and_history(uninterrupted, last):
    stopped, other = network_with_chance(1), network_with_chance(2)
    watcher = Watcher(stopped, last)
    with pytest.raises(stopping.Stopped):
        fit(stopped, watcher)
    assert len(watcher.weights) == watcher.states[-1].step == last
    history = fit(other, start=watcher.states[-1])
    assert_weights(other, uninterrupted[0].get_weights())
    assert untimed(history) == untimed(uninterrupted[1])


def test_a_training_goes_on_from_whatever_was_kept(monkeypatch, uninterrupted):
    monkeypatch.setattr(trainer, "_KEPT_FOR", -1)  # no minute is that short
    network = network_with_chance(1)
    watcher = Watcher(network)
    fit(network, watcher)
    assert [state.step for state in watcher.states] == list(range(1, STEPS + 1))
    for state in watcher.states[4::13]:
        other = network_with_chance(2)
        fit(other, start=state)
        assert_weights(other, uninterrupted[0].get_weights())


def test_a_state_is_kept_after_every_epoch(network):
    watcher = Watcher(network)
    fit(network, watcher)
    assert [state.step for state in watcher.states] == [EPOCH_STEPS, STEPS]
    assert [len(state.history) for state in watcher.states] == [1, 2]


@pytest.mark.parametrize("last", [1, 6, EPOCH_STEPS])
def test_a_training_that_stops_has_the_averaged_weights(network, last):
    watcher = Watcher(network, last)
    network.optimizer.ema_momentum = 0.8
    with pytest.raises(stopping.Stopped):
        fit(network, watcher)
    assert_weights(network, watcher.average(0.8))


def test_the_state_of_another_network_is_refused(network):
    watcher = Watcher(network_with_chance(1), last=1)
    with pytest.raises(stopping.Stopped):
        fit(watcher.network, watcher)
    with pytest.raises(UserError, match="another network"):
        fit(network, start=watcher.states[0])


def test_a_loss_that_is_no_number_ends_it_and_the_last_good_state_stays(network):
    def spoiled(number, batch):
        grids, targets = batch
        return tf.where(number == EPOCH_STEPS + 3, np.nan, grids), targets

    watcher = Watcher(network)
    with pytest.raises(trainer.BrokenOffError, match="no number any more in epoch 2"):
        fit(network, watcher, bars(STEPS).enumerate().map(spoiled))
    assert [state.step for state in watcher.states] == [EPOCH_STEPS]


def test_a_weight_that_is_no_number_is_not_kept(network):
    class Spoiler(Watcher):
        def stop(self):
            super().stop()
            if len(self.weights) == EPOCH_STEPS:
                self.network.trainable_variables[0].assign(np.full((784, 10), np.inf))

    watcher = Spoiler(network)
    with pytest.raises(trainer.BrokenOffError, match="no number any more in epoch 1"):
        fit(network, watcher)
    assert not watcher.states


def assert_weights(network, expected):
    for weight, other in zip(network.get_weights(), expected, strict=True):
        np.testing.assert_allclose(weight, other, atol=1e-5)


def test_what_is_no_digit_does_not_count_in_the_accuracy():
    accuracy = trainer.DigitAccuracy()
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
    accuracy = trainer.DigitAccuracy()
    accuracy.update_state(np.full((4, 10), 0.1, np.float32), np.eye(10, dtype=np.float32)[:4])
    assert float(accuracy.result()) == 0


def test_calibration_changes_percentages_and_no_answer(network):
    rng = np.random.default_rng(0)
    grids, labels = rng.random((500, 28, 28, 1), np.float32), rng.integers(10, size=500)
    network.layers[-2].set_weights([2 * weights for weights in network.layers[-2].get_weights()])
    before = network.predict(grids, verbose=0)  # sure of what it cannot know
    temperature = trainer.calibrate(network, labels, before)
    after = network.predict(grids, verbose=0)
    assert temperature > 1.5
    np.testing.assert_array_equal(after.argmax(1), before.argmax(1))
    np.testing.assert_allclose(after, metrics.tempered(before, temperature), atol=1e-4)
    assert metrics.calibration_error(labels, after) < metrics.calibration_error(labels, before)


def test_the_threshold_lets_all_but_two_in_a_hundred_digits_pass():
    probabilities = np.linspace(0, 1, 101)[:, None] * np.eye(10)[:1]
    assert trainer.refusal_threshold(probabilities) == pytest.approx(0.02)


@pytest.fixture
def policy():
    before = keras.config.dtype_policy()
    yield
    keras.config.set_dtype_policy(before)


def test_a_network_trained_in_mixed_precision_is_saved_in_float32_with_the_same_weights(policy):
    mixed = trainer.prepare(trainer.Way("mixed_bfloat16"), 1, 1, seed=0)
    plain = trainer.in_float32(mixed)
    assert any(layer.compute_dtype == "bfloat16" for layer in mixed.layers)
    assert all(layer.compute_dtype == "float32" for layer in plain.layers)
    assert all(weight.dtype == "float32" for weight in plain.weights)
    assert_weights(plain, mixed.get_weights())
    assert networks.convolutional().layers[1].compute_dtype == "float32"  # and so is whatever is built next


WAYS = [trainer.Way("float32"), trainer.Way("mixed_bfloat16"), trainer.Way("mixed_bfloat16", products=True)]


@pytest.mark.parametrize("way", [*WAYS, trainer.Way("float32", halves=True)])
def test_a_network_is_prepared_as_its_way_says_and_from_its_seed(policy, way):
    first, second, other = (trainer.prepare(way, 2, 3, seed) for seed in (3, 3, 4))
    assert keras.config.dtype_policy().name == way.precision
    assert first.layers[1].dtype_policy.name == way.precision
    assert isinstance(first.layers[1], fast_layers.Convolution) == way.products
    assert isinstance(first, fast_layers.Halved) == way.halves
    assert_weights(first, second.get_weights())
    assert np.abs(first.get_weights()[0] - other.get_weights()[0]).max() > 0.01
    assert first.compiled and first.steps_per_execution == 3


@pytest.mark.parametrize("halves", [False, True])
@pytest.mark.parametrize("fastest", WAYS)
def test_the_way_of_least_time_is_taken(monkeypatch, fastest, halves):
    expected = fastest._replace(halves=halves)
    monkeypatch.setattr(trainer, "_gradient_seconds", lambda way, *_: 1.0 if way == expected else 2.0)
    assert trainer.fastest_way(None, None, halves) == expected


def test_every_way_can_be_tried(policy, monkeypatch):
    tried = []
    monkeypatch.setattr(networks, "convolutional", lambda parts: tried.append(parts) or tiny_network())
    [(grids, targets)] = bars(1)
    assert trainer.fastest_way(grids, targets, False) in WAYS
    assert tried == [way.parts() for way in WAYS]
