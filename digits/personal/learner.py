"""A trained network learns how one person writes: a short training on top of it, and what keeps all else as it was.

The whole network is trained, in each batch on the person's drawings, varied as other drawings are in training, and on
replay: what the network was trained on, as far as that comes with the program, with its own earlier answers as targets
(learning without forgetting, Li and Hoiem 2016, arXiv 1606.09282). Afterwards the weights are put somewhere between the
old and the new ones (WiSE-FT, Wortsman et al. 2022, arXiv 2109.01903), which costs nothing to choose.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from digits.data import dataset, negatives, pens, recordings
from digits.data.mnist import Mnist
from digits.files import unipen
from digits.ink import grid, strokes
from digits.recipe import DEFAULT

Weights = list[np.ndarray]
_VARIATIONS = (  # of the recipe
    *("overshoot", "loosened", "swollen", "bent", "trembling", "slanted", "stretched", "turned"),
    *("polygons", "staircases", "hooks", "cut_short"),
)
_SMALLEST = 1e-7  # of a probability, as Keras has it


@dataclass(frozen=True)
class Course:
    """How a hand is learnt."""

    steps: int = 60
    own: int = 32  # of a batch: the person's drawings, varied
    replayed: int = 32  # of a batch: everything else
    rate: float = 1e-3  # of Adam, falling to 0
    varied: float = 0.5  # of how much drawings vary in training: these shall not become those of other hands
    seed: int = 0


DEFAULT_COURSE = Course()


class Rehearsal(NamedTuple):
    """What a network is shown again so that it does not forget."""

    grids: np.ndarray  # (steps, n, 28, 28, 1)
    answers: np.ndarray  # (steps, n, 10), its own before it learns


class Learner:
    """A network and a training on top of it, which can be repeated from where the network was."""

    def __init__(self, network: keras.Model, images: Mnist | None, course: Course = DEFAULT_COURSE):
        """Take a network, MNIST where it is at hand, and how to learn."""
        self.network, self.before = network, network.get_weights()
        self.course = course
        self._rehearsal = _rehearsal(network, images, course)
        self._optimiser = keras.optimizers.Adam(course.rate)
        self._optimiser.build(network.trainable_variables)
        self._unused = [variable.numpy() for variable in self._optimiser.variables]
        self._step = tf.function(self._descend)

    def learn(
        self,
        drawings: list[strokes.Drawing],
        steps: int | None = None,
        step_done: Callable[[], None] = lambda: None,
    ) -> Weights:
        """Return the weights that a training on a person's drawings leads to; the network has them.

        drawings: labelled 0 to 9, or otherwise for what is no digit.  steps: at most those of the course (default).
        step_done: is called after each.
        """
        steps = steps or self.course.steps
        self.network.set_weights(self.before)
        for variable, value in zip(self._optimiser.variables, self._unused, strict=True):
            variable.assign(value)
        for step, own, *replayed in zip(range(steps), self._own_batches(drawings), *self._rehearsal, strict=False):
            self._optimiser.learning_rate.assign(self.course.rate * (1 + math.cos(math.pi * step / steps)) / 2)
            self._step(*(tf.constant(np.concatenate(both)) for both in zip(own, replayed, strict=True)))
            step_done()
        return self.network.get_weights()

    def blend(self, learnt: Weights, share: float) -> None:
        """Give the network weights between those before, share 0, and learnt ones, share 1."""
        self.network.set_weights(
            [(1 - share) * old + share * new for old, new in zip(self.before, learnt, strict=True)]
        )

    def _own_batches(self, drawings) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield grids (own, 28, 28, 1) and targets (own, 10) without end."""
        rng, bank, recipe = np.random.default_rng(self.course.seed), pens.Bank(drawings), _varied(self.course.varied)
        while True:
            picked, points, exists = bank.sample(self.course.own, rng)
            grids = pens.ink(pens.vary(points, rng, recipe), exists, rng, recipe)
            yield grids[..., None], targets(bank.labels[picked])

    def _descend(self, grids, wanted):
        with tf.GradientTape() as tape:
            probabilities = self.network(grids, training=True)
            loss = -tf.reduce_mean(tf.reduce_sum(wanted * tf.math.log(probabilities + _SMALLEST), axis=1))
        gradients = tape.gradient(loss, self.network.trainable_variables)
        self._optimiser.apply_gradients(zip(gradients, self.network.trainable_variables, strict=True))


def _varied(share):
    """Return the recipe with less variation of pen drawings, by hands and devices."""
    return replace(DEFAULT, **{name: share * getattr(DEFAULT, name) for name in _VARIATIONS})


def targets(labels: np.ndarray) -> np.ndarray:
    """Return the probabilities (n, 10) wanted for labels (n,): what is no digit is wanted as none more than another."""
    known = np.eye(grid.CLASSES, dtype=np.float32)
    unknown = np.full(grid.CLASSES, 1 / grid.CLASSES, np.float32)
    return np.stack([known[int(label)] if is_digit(label) else unknown for label in labels])


def is_digit(label: str) -> bool:
    """Whether a label is one of the digits 0 to 9."""
    return len(label) == 1 and label in "0123456789"


def _rehearsal(network, images, course):
    """Return what comes with the program, as it is mixed in training, and what a network answers to it."""
    digits, _ = recordings.split(unipen.read(pens.PEN_DIGITS))
    others = recordings.teachable(unipen.read(negatives.PEN_OTHERS))
    recipe = replace(DEFAULT, batch_size=course.replayed, seed=course.seed)
    stream = dataset.Source(images, digits, others, recipe).stream(course.steps)
    grids = np.stack([batch.numpy() for batch, _ in stream])
    answers = network.predict(grids.reshape(-1, *grid.SHAPE, 1), batch_size=500, verbose=0)
    return Rehearsal(grids, answers.reshape(course.steps, course.replayed, grid.CLASSES))
