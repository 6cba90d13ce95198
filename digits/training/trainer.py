"""Compile and fit: the fastest precision for a step, optimiser, schedule, and Keras's `fit` from any step on."""

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import keras
import numpy as np
import tensorflow as tf

from digits.ink import grid
from digits.recipe import PRECISIONS, Recipe
from digits.training import devices, muon, networks
from digits.training.callbacks import BrokenOffError, Run
from digits.training.checkpoint import BEGINNING, State

_OPTIMISERS = {"muon": muon.Muon, "adamw": keras.optimizers.AdamW}
_ALONE = tf.distribute.get_strategy()  # one device


def with_precision(
    recipe: Recipe, draw: Callable[[], tuple[np.ndarray, np.ndarray]], strategy: tf.distribute.Strategy = _ALONE
) -> Recipe:
    """Return a recipe with the precision in which the gradients of a batch of grids and targets take least time here.

    draw: returns the batch; nothing is drawn where the recipe has a precision already, which stays.
    Processors differ: one multiplies bfloat16 by itself in half the time, another has to imitate it. If machines
    differ, all take the same. Keras's policy is another one afterwards.
    """
    if recipe.precision:
        return recipe
    recipes = [replace(recipe, precision=precision) for precision in PRECISIONS]
    with _explained(strategy):
        batch = draw()
        seconds = [_gradient_seconds(each, *batch) for each in recipes]
    is_fastest = devices.any_of(strategy, *(least == min(seconds) for least in seconds))
    return recipes[is_fastest.index(True)]


def prepare(recipe: Recipe, strategy: tf.distribute.Strategy = _ALONE) -> keras.Model:
    """Return our network with start weights from the recipe's seed, compiled; Keras's policy is the recipe's.

    strategy: the devices that it is for (default: one).
    """
    keras.config.set_dtype_policy(recipe.precision)
    keras.utils.set_random_seed(recipe.seed)
    return compiled(lambda: networks.convolutional(recipe, in_training=True), recipe, strategy)


def compiled(
    build: Callable[[], keras.Model], recipe: Recipe, strategy: tf.distribute.Strategy = _ALONE
) -> keras.Model:
    """Return the network that `build` makes, compiled for a run: a warm-up, then a cosine."""
    steps = recipe.steps
    warm_up = round(steps * recipe.warm_up)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, recipe.final_rate, warmup_target=recipe.peak_rate, warmup_steps=warm_up
    )

    def how():
        return {
            "optimizer": _OPTIMISERS[recipe.optimiser](rate, weight_decay=recipe.weight_decay),
            "loss": "categorical_crossentropy",
            "metrics": [DigitAccuracy()],
            "steps_per_execution": next(n for n in range(recipe.steps_at_once, 0, -1) if recipe.epoch_steps % n == 0),
        }

    return devices.compiled(strategy, build, how)


class DigitAccuracy(keras.metrics.CategoricalAccuracy):
    """The share of digits read right; what is no digit does not count."""

    def __init__(self, name="accuracy"):
        super().__init__(name=name)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count a batch of targets and probabilities (n, 10 or more), those of digits first."""
        wanted, answered = (some[:, : grid.CLASSES] for some in (y_true, y_pred))
        is_digit = keras.ops.cast(keras.ops.max(wanted, axis=-1) > 0.5, "float32")
        super().update_state(wanted, answered, is_digit)


def fit(
    network: keras.Model,
    batches: Callable[[int], tf.data.Dataset],
    recipe: Recipe,
    validation: tf.data.Dataset,
    start: State = BEGINNING,
    keep: Callable[[State], None] = lambda state: None,
    stop: Callable[[], bool] = lambda: False,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    strategy: tf.distribute.Strategy = _ALONE,
) -> tuple[dict, ...]:
    """Train a compiled network for all that is left of a recipe's epochs, with Keras's progress bar.

    batches: given a number, returns all batches from that one on.
    start: where an earlier run was.
    keep: is given the state at the end of every epoch, once a minute, and when the run stops.
    stop: is asked every few steps; when it says so, the run ends with stopping.Stopped.
    Returns the history, the earlier run's included. Raises BrokenOffError if a loss or a weight is no number any more,
    another machine of the run is gone, or there is too little memory.
    """
    run = Run(recipe, strategy, start, keep, stop)
    shared = devices.distributed(strategy, validation)
    with _explained(strategy):
        if start.variables:
            _restore(network, run, shared)
        while run.step < recipe.steps:  # once, or for the rest of an epoch first
            epoch, done = divmod(run.step, recipe.epoch_steps)
            network.fit(
                devices.distributed(strategy, batches(run.step)),
                initial_epoch=epoch,
                epochs=recipe.epochs,
                steps_per_epoch=recipe.epoch_steps - done,
                validation_data=shared,
                callbacks=[run, *callbacks],
                shuffle=False,
                verbose=int(devices.is_chief(strategy)),
            )
    return run.history


@contextlib.contextmanager
def _explained(strategy):
    """Turn what TensorFlow raises where machines fail into BrokenOffError."""
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        raise BrokenOffError("There is not enough memory; a smaller --batch-size takes less") from error
    except devices.LOST as error:
        if devices.are_several(strategy):
            raise BrokenOffError("Another machine of this training does not answer any more") from error
        raise BrokenOffError("TensorFlow cannot go on, as a rule for lack of memory") from error


def _restore(network, run, validation):
    """Give a network what the state that a run begins with holds."""
    network.evaluate(validation, steps=1, verbose=0)  # there are no metrics before
    run.set_model(network)
    run.restore()


def in_float32(network: keras.Model, recipe: Recipe) -> keras.Model:
    """Return our network in float32, of Keras's own layers and to ten probabilities, from one as `prepare` makes it."""
    keras.config.set_dtype_policy("float32")
    plain = networks.convolutional(recipe)
    [folding] = plain.layers[-1].get_weights()
    plain.set_weights([*network.get_weights(), folding])
    return plain


def _gradient_seconds(recipe, grids, targets, steps=5):
    """Return how long the gradients of a batch take; what the optimiser does with them takes the same in all."""
    network = prepare(recipe)

    @tf.function
    def gradients(grids, targets):
        with tf.GradientTape() as tape:
            loss = network.compute_loss(y=targets, y_pred=network(grids, training=True))
        return tape.gradient(loss, network.trainable_variables)

    gradients(grids, targets)  # traces and compiles
    return min(_timed(gradients, grids, targets) for _ in range(steps))  # the least is the least disturbed


def _timed(function, *arguments):
    begin = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - begin
