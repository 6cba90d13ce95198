"""What goes along with Keras's `fit`: the state of a run, kept and brought back, and an end between two steps."""

import math
import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from digits import UserError
from digits.recipe import Recipe
from digits.training import devices, stopping
from digits.training.checkpoint import FIGURES, State

_KEPT_FOR = 60  # seconds of work at most, and one more execution, that an end without warning may cost


class BrokenOffError(UserError):
    """A training that cannot go on; its last state was kept before that."""


class Run(keras.callbacks.Callback):
    """A run from its state on: what Keras's own callbacks do for whole epochs and files, for any step and any keeper.

    `BackupAndRestore` goes back to the beginning of an epoch, and `TerminateOnNaN` keeps what is no number any more.
    """

    def __init__(
        self,
        recipe: Recipe,
        strategy: tf.distribute.Strategy,
        start: State,
        keep: Callable[[State], None],
        stop: Callable[[], bool],
    ):
        """Take the recipe, the devices, where the run begins, what keeps a state, and what says when to stop.

        keep: called after every epoch, once a minute, and before the run stops.  stop: asked between executions.
        """
        super().__init__()
        self.step, self.history, self._start = start.step, start.history, start
        self._recipe, self._strategy = recipe, strategy
        self._keep, self._stop = keep, stop
        self._begin = self._kept = time.monotonic()

    def restore(self) -> None:
        """Give the network, built and its metrics too, what the state holds; raises UserError if it is of another."""
        variables, values = self._variables(), self._start.variables
        kinds = [(tuple(variable.shape), np.dtype(variable.dtype)) for variable in variables]
        if kinds != [(value.shape, value.dtype) for value in values]:
            raise UserError(
                "The interrupted training is of another network; this version of the program has none such."
            )
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)

    def on_epoch_begin(self, epoch, logs=None):
        """Go on with the metrics of an epoch that was broken off: `fit` has reset them."""
        if self._start.variables and self.step == self._start.step and not self._is_between_epochs:
            self.restore()

    def on_train_batch_end(self, batch, logs=None):
        """Count the steps of an execution; raises BrokenOffError if the loss is no number."""
        self.step += self.model.steps_per_execution
        self._check(logs["loss"])
        if not self._is_between_epochs:  # then there is validation to come
            self._pause(is_due=time.monotonic() - self._kept > _KEPT_FOR)

    def on_epoch_end(self, epoch, logs=None):
        """Add a line to the history, and end this `fit` after the rest of an epoch: `fit` takes all for equally long.

        Raises BrokenOffError if the loss is no number.
        """
        self._check(logs["val_loss"])
        figures = {name: round(logs[name], 5) for name in FIGURES}
        seconds = round(self._seconds - sum(entry["seconds"] for entry in self.history), 1)
        self.history += ({"epoch": epoch + 1, **figures, "seconds": seconds},)
        self._pause(is_due=True)
        self.model.stop_training = self.params["steps"] < self._recipe.epoch_steps

    @property
    def _is_between_epochs(self):
        return self.step % self._recipe.epoch_steps == 0

    @property
    def _seconds(self):
        return self._start.seconds + time.monotonic() - self._begin

    def _pause(self, is_due):
        """Keep the state if it is time to, on any machine, and end the run if it was asked to stop."""
        should_stop, is_due = devices.any_of(self._strategy, self._stop(), is_due)
        if should_stop or is_due:
            self._keep(self._state())
        if should_stop:
            raise stopping.Stopped

    def _state(self):
        values = tuple(variable.numpy() for variable in self._variables())
        self._kept = time.monotonic()
        for array in values:
            self._check(array)
        return State(self.step, self._seconds, self.history, values)

    def _check(self, numbers):
        if not np.isfinite(numbers).all():
            epoch = math.ceil(self.step / self._recipe.epoch_steps)
            raise BrokenOffError(f"The loss is no number any more in epoch {epoch}")

    def _variables(self):
        return [*self.model.variables, *self.model.optimizer.variables, *self.model.metrics_variables]
