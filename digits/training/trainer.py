"""Compile and fit: the fastest way for a step, optimiser, schedule and weight averaging."""

import contextlib
import math
import time
from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from digits import UserError
from digits.evaluation import metrics
from digits.training import devices, fast_layers, muon, networks, stopping
from digits.training.checkpoint import BEGINNING, State

_PEAK_RATE = 5e-3
_WARM_UP = 0.1  # share of the steps in which the learning rate rises to its peak
_AVERAGING = 0.02  # share of the steps over which the weights are averaged
_REFUSED = 0.02  # share of drawn digits that may be taken for no digit
_AT_ONCE = 16  # steps at most between two looks at Python: its lock is busy drawing pen digits
_FIGURES = ("loss", "accuracy")  # of each epoch
_KEPT_FOR = 60  # seconds of work at most, and one more execution, that an end without warning may cost


class Way(NamedTuple):
    """A way to compute a training step: what comes of it differs by rounding, and by what halves are normalised by."""

    precision: str  # float32 or mixed_bfloat16, Keras's policy
    products: bool = False  # see `fast_layers.Convolution`
    halves: bool = False  # see `fast_layers.Halved`

    def parts(self) -> networks.Parts:
        """Return what a network is made of that is trained in this way."""
        return networks.Parts(
            fast_layers.Halved if self.halves else networks.PLAIN.network,
            fast_layers.Convolution if self.products else networks.PLAIN.convolution,
            fast_layers.Normalization,
            0.95 if self.halves else networks.PLAIN.memory,  # as many grids, in halves of batches
        )


def fastest_way(
    grids: np.ndarray, targets: np.ndarray, halves: bool, spread: tf.distribute.Strategy | None = None
) -> Way:
    """Return the way in which the gradients of a batch of grids and targets take least time on this machine.

    halves: as `devices.side_by_side` says.  spread: the devices; if machines differ, all take the same way of theirs.
    Keras's policy is another one afterwards.
    """
    precisions = ("float32", False), ("mixed_bfloat16", False), ("mixed_bfloat16", True)
    ways = [Way(precision, products, halves) for precision, products in precisions]
    seconds = [_gradient_seconds(way, grids, targets) for way in ways]
    numbers = devices.any_of(spread or tf.distribute.get_strategy(), *(least == min(seconds) for least in seconds))
    return ways[numbers.index(True)]


def prepare(
    way: Way, epochs: int, epoch_steps: int, seed: int, spread: tf.distribute.Strategy | None = None
) -> keras.Model:
    """Return our network with start weights from a seed, compiled for so many epochs; Keras's policy is the way's.

    spread: the devices that it is for (default: one).
    """
    keras.config.set_dtype_policy(way.precision)
    keras.utils.set_random_seed(seed)
    with (spread or tf.distribute.get_strategy()).scope():
        network = networks.convolutional(way.parts())
        compile_for(network, epochs, epoch_steps)
    return network


def compile_for(network: keras.Model, epochs: int, epoch_steps: int, optimiser=muon.Muon) -> None:
    """Compile a network for a run: a warm-up and a cosine down to zero, averaged weights."""
    steps = epochs * epoch_steps
    warm_up = round(steps * _WARM_UP)
    rate = keras.optimizers.schedules.CosineDecay(0.0, steps - warm_up, warmup_target=_PEAK_RATE, warmup_steps=warm_up)
    network.compile(
        optimiser(rate, weight_decay=0.04, use_ema=True, ema_momentum=1 - 1 / max(1, steps * _AVERAGING)),
        loss="categorical_crossentropy",
        metrics=[DigitAccuracy()],
        steps_per_execution=next(n for n in range(_AT_ONCE, 0, -1) if epoch_steps % n == 0),
    )


class DigitAccuracy(keras.metrics.CategoricalAccuracy):
    """The share of digits read right; what is no digit, and wanted as no class more than another, does not count."""

    def __init__(self, name="accuracy"):
        super().__init__(name=name)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count a batch of targets (n, 10) and probabilities (n, 10)."""
        is_digit = keras.ops.cast(keras.ops.max(y_true, axis=-1) > 0.5, "float32")
        super().update_state(y_true, y_pred, is_digit)


class BrokenOffError(UserError):
    """A training that cannot go on; its last state was kept before that."""


def fit(
    network: keras.Model,
    batches: tf.data.Dataset,
    epochs: int,
    validation: tf.data.Dataset,
    start: State = BEGINNING,
    keep: Callable[[State], None] = lambda state: None,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[dict, ...]:
    """Train a compiled network on all of `batches`, what is left of so many equal epochs, with Keras's progress bar.

    start: where an earlier run was.
    keep: is given the state at the end of every epoch, once a minute, and when the run stops.
    stop: is asked every few steps; when it says so, the run ends with stopping.Stopped.
    Returns the history, the earlier run's included. In the end the network has the averaged weights; so it has when it
    stops. Raises BrokenOffError if a loss or a weight is no number any more, or another machine of the run is gone.
    """
    loop = _Loop(network, batches, epochs, validation, start)
    try:
        while not loop.is_over:
            loop.advance()
            should_stop, is_due = devices.any_of(loop.spread, stop(), loop.is_due)
            if should_stop or is_due or loop.is_between_epochs:
                keep(loop.state())
            if should_stop:
                _average(network)
                raise stopping.Stopped
    except devices.LOST as error:
        raise BrokenOffError("Another machine of this training does not answer any more") from error
    _average(network)
    return loop.history


class _Loop:
    """A training under way, a few steps at a time."""

    def __init__(self, network, batches, epochs, validation, start):
        self.spread = network.distribute_strategy
        self.step, self.seconds, self.history, _ = start
        self._epochs, self._epoch_steps = epochs, (start.step + len(batches)) // epochs
        self._kept = time.monotonic()
        self._network, self._validation = network, validation
        self._train, self._test = _training(network), _testing(network)
        self._batches = iter(devices.share(self.spread, batches))
        with self.spread.scope():
            network.optimizer.build(network.trainable_variables)
        if start.variables:
            self._restore(start.variables)
        self._bar = None

    @property
    def is_over(self):
        return self.step == self._epochs * self._epoch_steps

    @property
    def is_between_epochs(self):
        return self.step % self._epoch_steps == 0

    @property
    def is_due(self):
        return time.monotonic() - self._kept > _KEPT_FOR

    def advance(self):
        """Train on a few batches, and at the end of an epoch look how well the averaged weights do."""
        begin = time.monotonic()
        if self.is_between_epochs:
            self._network.reset_metrics()
        if self._bar is None or self.is_between_epochs:
            self._bar = self._new_bar()
        self._train(self._batches)
        self.step += self._network.steps_per_execution
        results = self._results()
        if self.is_between_epochs:
            results |= self._validated()
        self.seconds += time.monotonic() - begin
        if self.is_between_epochs:
            self._add_to_history(results)
        self._bar.update((self.step - 1) % self._epoch_steps + 1, results.items())

    def state(self):
        """Return all that the rest of the run depends on; raises BrokenOffError if a weight is no number."""
        values = tuple(variable.numpy() for variable in self._variables())
        self._kept = time.monotonic()
        if not all(np.isfinite(array).all() for array in values):
            raise self._no_number()
        return State(self.step, self.seconds, self.history, values)

    def _variables(self):
        return [*self._network.variables, *self._network.optimizer.variables, *self._network.metrics_variables]

    def _restore(self, values):
        self._test(next(iter(self._validation)))  # there are no metrics before
        variables = self._variables()
        if [variable.shape for variable in variables] != [array.shape for array in values]:
            raise UserError(
                "The interrupted training is of another network; this version of the program has none such."
            )
        for variable, array in zip(variables, values, strict=True):
            variable.assign(array)

    def _results(self):
        results = self._network.get_metrics_result()
        results = {name: float(results[name]) for name in _FIGURES}  # in whatever order Keras has them
        if not math.isfinite(results["loss"]):
            raise self._no_number()
        return results

    def _no_number(self):
        return BrokenOffError(f"The loss is no number any more in epoch {(self.step - 1) // self._epoch_steps + 1}")

    def _validated(self):
        with _averaged(self._network):
            self._network.reset_metrics()
            for batch in self._validation:
                self._test(batch)
            return {f"val_{name}": value for name, value in self._results().items()}

    def _add_to_history(self, results):
        figures = {name: round(value, 5) for name, value in results.items()}
        seconds = round(self.seconds - sum(entry["seconds"] for entry in self.history), 1)
        self.history += ({"epoch": self.step // self._epoch_steps, **figures, "seconds": seconds},)

    def _new_bar(self):
        chief = devices.is_chief(self.spread)
        if chief:
            print(f"Epoch {self.step // self._epoch_steps + 1}/{self._epochs}", flush=True)
        names = [prefix + name for prefix in ("", "val_") for name in _FIGURES]
        return keras.utils.Progbar(self._epoch_steps, verbose=int(chief), stateful_metrics=names)


def _training(network):
    """Return what trains a network on the next few batches of an iterator, on every device its part of each."""
    step = tf.function(network.train_step, autograph=False, jit_compile=network.jit_compile)

    @tf.function
    def train(batches):
        for _ in tf.range(network.steps_per_execution):
            network.distribute_strategy.run(step, args=(next(batches),))

    return train


def _testing(network):
    """Return what adds a batch to a network's metrics; every device has all of it, which changes no mean."""

    @tf.function(autograph=False)
    def test(batch):
        network.distribute_strategy.run(network.test_step, args=(batch,))

    return test


def _average(network):
    network.optimizer.finalize_variable_values(network.trainable_variables)


@contextlib.contextmanager
def _averaged(network):
    """Lend a network its averaged weights."""
    weights = [variable.numpy() for variable in network.trainable_variables]
    _average(network)
    yield
    for variable, values in zip(network.trainable_variables, weights, strict=True):
        variable.assign(values)


def in_float32(network: keras.Model) -> keras.Model:
    """Return our network in float32 and of Keras's own layers, with the weights of one as `prepare` makes it."""
    keras.config.set_dtype_policy("float32")
    plain = networks.convolutional()
    plain.set_weights(network.get_weights())
    return plain


def calibrate(network: keras.Model, labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Make a network's percentages mean what they say on validation digits; returns the temperature.

    labels: (n,).  probabilities: (n, 10), the network's answers.  The temperature divides the logits and so changes no
    answer; here it divides the weights of the layer before the softmax, so that the file needs nothing new.
    """
    temperature = metrics.honest_temperature(labels, probabilities)
    logits = network.layers[-2]
    logits.set_weights([weights / temperature for weights in logits.get_weights()])
    return temperature


def refusal_threshold(probabilities: np.ndarray) -> float:
    """Return the confidence that all but 2 % of the answers (n, 10) to validation digits reach."""
    return float(np.quantile(probabilities.max(axis=1), _REFUSED))


def _gradient_seconds(way, grids, targets, steps=5):
    """Return how long the gradients of a batch take; what the optimiser does with them is the same in every way."""
    network = prepare(way, 1, 1, seed=0)

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
