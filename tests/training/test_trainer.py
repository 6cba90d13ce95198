"""Compile and fit, on a stream so small that a few steps are enough."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from digits import UserError
from digits.recipe import DEFAULT
from digits.training import callbacks, checkpoint, fast_layers, networks, stopping, trainer

SIZE, EPOCH_STEPS = 20, 7
RECIPE = replace(DEFAULT, epochs=2, batch_size=SIZE, epoch_size=SIZE * EPOCH_STEPS, steps_at_once=1)
STEPS = RECIPE.steps


def tiny_network():
    layers = keras.layers
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10), layers.Softmax()])


def bars(first=0, steps=STEPS):
    """Return batches of grids whose label says in which rows a bar lies: learnt in a few steps."""
    rng = np.random.default_rng(0)
    labels = rng.integers(10, size=steps * SIZE)
    grids = np.zeros((len(labels), 28, 28, 1), np.float32)
    for ink, label in zip(grids, labels, strict=True):
        ink[2 * label + 4 : 2 * label + 6] = rng.random()
    return tf.data.Dataset.from_tensor_slices((grids, np.eye(10, dtype=np.float32)[labels])).batch(SIZE).skip(first)


class Watcher:
    """Takes down the states that are kept, and stops the training after some steps."""

    def __init__(self, last=None):
        self.last, self.asked, self.states = last, 0, []

    def stop(self):
        self.asked += 1
        return self.asked == self.last


def fit(network, watcher=None, batches=bars, start=checkpoint.BEGINNING):
    watcher = watcher or Watcher()
    return trainer.fit(network, batches, RECIPE, bars(steps=1), start, watcher.states.append, watcher.stop)


@pytest.fixture
def network():
    keras.utils.set_random_seed(0)
    return trainer.compiled(tiny_network, RECIPE)


def untimed(history):
    return [{name: value for name, value in epoch.items() if name != "seconds"} for epoch in history]


def loss_of(network):
    return network.evaluate(bars(steps=1), verbose=0, return_dict=True)["loss"]


def test_a_run_lowers_the_loss_and_the_history_tells_of_each_epoch(network):
    before = loss_of(network)
    history = fit(network)
    assert loss_of(network) < 0.9 * before
    assert [list(epoch) for epoch in history] == RECIPE.epochs * [
        ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds"]
    ]
    assert [epoch["epoch"] for epoch in history] == [1, 2]
    assert history[1]["val_loss"] == pytest.approx(loss_of(network), abs=1e-5)
    assert history[1]["loss"] < history[0]["loss"]


def test_all_batches_are_used_once_and_the_rate_falls_to_zero(network):
    numbers = []

    def noted(first):
        return bars(first).map(lambda *batch: tf.numpy_function(note, batch, (tf.float32, tf.float32)))

    def note(grids, targets):
        numbers.append(len(numbers))
        return grids, targets

    fit(network, batches=lambda first: noted(first).map(shaped))
    assert len(numbers) == STEPS == int(network.optimizer.iterations)
    assert float(network.optimizer.learning_rate) == pytest.approx(0, abs=1e-6)


def shaped(grids, targets):
    return tf.ensure_shape(grids, (SIZE, 28, 28, 1)), tf.ensure_shape(targets, (SIZE, 10))


@pytest.mark.parametrize("run", [(1, 1), (2, 1), (1, 3), (20, 429)])
def test_the_rate_rises_and_falls_in_a_run_of_any_length(run):
    recipe = replace(DEFAULT, epochs=run[0], batch_size=1, epoch_size=run[1])
    network, steps = trainer.compiled(tiny_network, recipe), recipe.steps
    rates = np.array([network.optimizer._learning_rate(step) for step in np.linspace(0, steps, min(steps, 200) + 1)])
    assert rates.max() == pytest.approx(DEFAULT.peak_rate, rel=0.01)
    assert rates[-1] == pytest.approx(0, abs=1e-6)
    assert rates.argmax() <= 0.11 * len(rates)


def test_the_rate_and_the_optimiser_are_the_recipes():
    recipe = replace(RECIPE, optimiser="adamw", peak_rate=1e-3, warm_up=0, final_rate=1, weight_decay=0.01)
    optimiser = trainer.compiled(tiny_network, recipe).optimizer
    assert type(optimiser) is keras.optimizers.AdamW
    assert optimiser.weight_decay == 0.01
    assert [float(optimiser._learning_rate(step)) for step in (0, 1, STEPS)] == pytest.approx([1e-3] * 3)


def test_several_steps_at_once_are_as_many_steps_in_all():
    recipe = replace(RECIPE, epochs=3, epoch_size=8 * SIZE, steps_at_once=5)
    network = trainer.compiled(tiny_network, recipe)
    assert network.steps_per_execution == 4  # for 5 are no part of 8
    watcher = Watcher()
    trainer.fit(network, lambda first: bars(first, 24), recipe, bars(steps=1), keep=watcher.states.append)
    assert int(network.optimizer.iterations) == 24
    assert [state.step for state in watcher.states] == [8, 16, 24]


# A training that stops, and goes on


def network_with_chance(seed):
    """Return a compiled network with everything that has a state: a kernel, dropout and moving moments."""
    layers = keras.layers
    keras.utils.set_random_seed(seed)
    parts = [
        keras.Input((28, 28, 1)),
        layers.Conv2D(4, 4, strides=2),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10),
        layers.Softmax(),
    ]
    return trainer.compiled(lambda: keras.Sequential(parts), RECIPE)


@pytest.fixture(scope="module")
def uninterrupted():
    """Return a trained network, its history, and its states after every step."""
    watcher, network = Watcher(), network_with_chance(1)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(callbacks, "_KEPT_FOR", -1)  # no minute is that short
        history = fit(network, watcher)
    assert [state.step for state in watcher.states] == list(range(1, STEPS + 1))
    return network, history, watcher.states


@pytest.fixture(scope="module")
def other():
    return network_with_chance(2)


@pytest.mark.parametrize("last", [1, 4, EPOCH_STEPS, 10, STEPS])
def test_a_training_goes_on_to_the_same_weights_and_history_from_any_step(uninterrupted, other, last):
    whole, history, states = uninterrupted
    assert untimed(fit(other, start=states[last - 1])) == untimed(history)
    assert_weights(other, whole.get_weights())


@pytest.mark.parametrize("last", [1, 3, EPOCH_STEPS])
def test_a_training_that_is_asked_to_stop_does_so_after_the_step_and_its_state_is_kept(network, last):
    watcher = Watcher(last)
    with pytest.raises(stopping.Stopped):
        fit(network, watcher)
    assert int(network.optimizer.iterations) == watcher.states[-1].step == last
    assert len(watcher.states[-1].history) == last // EPOCH_STEPS
    for variable, values in zip(network.variables, watcher.states[-1].variables, strict=False):
        np.testing.assert_array_equal(variable, values)


def test_a_state_is_kept_after_every_epoch(network):
    watcher = Watcher()
    fit(network, watcher)
    assert [state.step for state in watcher.states] == [EPOCH_STEPS, STEPS]
    assert [len(state.history) for state in watcher.states] == [1, 2]


def test_the_state_of_another_network_is_refused(network, uninterrupted):
    *_, states = uninterrupted
    with pytest.raises(UserError, match="another network"):
        fit(network, start=states[0])


def test_a_loss_that_is_no_number_ends_it_and_the_last_good_state_stays(network):
    def spoiled(number, batch):
        grids, targets = batch
        return tf.where(number == EPOCH_STEPS + 3, np.nan, grids), targets

    watcher = Watcher()
    with pytest.raises(trainer.BrokenOffError, match="no number any more in epoch 2"):
        fit(network, watcher, lambda first: bars(first).enumerate().map(spoiled))
    assert [state.step for state in watcher.states] == [EPOCH_STEPS]


def test_a_weight_that_is_no_number_is_not_kept(network):
    class Spoiler(Watcher):
        def stop(self):
            network.trainable_variables[0].assign(np.full((784, 10), np.inf))
            return True

    watcher = Spoiler()
    with pytest.raises(trainer.BrokenOffError, match="no number any more in epoch 1"):
        fit(network, watcher)
    assert not watcher.states


def assert_weights(network, expected):
    for weight, other in zip(network.get_weights(), expected, strict=True):
        np.testing.assert_allclose(weight, other, atol=1e-5)


def test_what_is_no_digit_does_not_count_in_the_accuracy():
    accuracy = trainer.DigitAccuracy()
    targets = np.eye(12, dtype=np.float32)[[1, 2, 3, 4, 10, 11, 10, 11]]
    answers = np.eye(12, dtype=np.float32)[[1, 2, 3, 0, 0, 0, 10, 10]]
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
    accuracy.update_state(np.eye(12, dtype=np.float32)[10:], np.eye(12, dtype=np.float32)[:2])
    assert float(accuracy.result()) == 0


@pytest.fixture
def policy():
    before = keras.config.dtype_policy()
    yield
    keras.config.set_dtype_policy(before)


def test_a_network_trained_in_mixed_precision_is_saved_in_float32_with_the_same_weights(policy):
    recipe = replace(RECIPE, precision="mixed_bfloat16")
    mixed = trainer.prepare(recipe)
    plain = trainer.in_float32(mixed, recipe)
    assert any(layer.compute_dtype == "bfloat16" for layer in mixed.layers)
    assert all(layer.compute_dtype == "float32" for layer in plain.layers)
    assert all(weight.dtype == "float32" for weight in plain.weights)
    assert_weights(plain, [*mixed.get_weights(), plain.layers[-1].get_weights()[0]])
    assert networks.convolutional().layers[1].compute_dtype == "float32"  # and so is whatever is built next


RECIPES = [replace(RECIPE, precision=precision) for precision in ("float32", "mixed_bfloat16")]


@pytest.mark.parametrize("recipe", [*RECIPES, replace(RECIPES[0], in_halves=False)])
def test_a_network_is_prepared_as_the_recipe_says(policy, recipe):
    network = trainer.prepare(recipe)
    assert keras.config.dtype_policy().name == recipe.precision
    assert network.layers[1].dtype_policy.name == recipe.precision
    assert isinstance(network, fast_layers.Halved) == recipe.in_halves
    assert network.compiled and network.steps_per_execution == 1


def test_a_network_begins_with_the_weights_of_its_seed(policy):
    first, second, other = (trainer.prepare(replace(RECIPES[0], seed=seed)) for seed in (3, 3, 4))
    assert_weights(first, second.get_weights())
    assert np.abs(first.get_weights()[0] - other.get_weights()[0]).max() > 0.01


@pytest.mark.parametrize("fastest", RECIPES)
def test_the_precision_of_least_time_is_taken(monkeypatch, fastest):
    monkeypatch.setattr(trainer, "_gradient_seconds", lambda recipe, *_: 1.0 if recipe == fastest else 2.0)
    assert trainer.with_precision(RECIPE, lambda: (None, None)) == fastest


def test_for_a_precision_that_is_asked_for_no_batch_is_drawn():
    assert trainer.with_precision(RECIPES[1], pytest.fail) is RECIPES[1]


def test_every_precision_is_tried(policy, monkeypatch):
    tried = []
    monkeypatch.setattr(networks, "convolutional", lambda recipe, in_training: tried.append(recipe) or tiny_network())
    assert trainer.with_precision(RECIPE, lambda: next(iter(bars(steps=1)))) in RECIPES
    assert tried == RECIPES
