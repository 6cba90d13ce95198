"""A trained network learns how one person writes: a short training on top of it, and what keeps all else as it was.

The whole network is trained, in each batch on the person's drawings, varied as other drawings are in training, and on
replay: what the network was trained on, as far as that comes with the program, with its own earlier answers as targets
(learning without forgetting, Li and Hoiem 2016, arXiv 1606.09282). Afterwards the weights are put somewhere between the
old and the new ones (WiSE-FT, Wortsman et al. 2022, arXiv 2109.01903), which costs nothing to choose.
"""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from digits.data import dataset, negatives, pens, recordings
from digits.data.mnist import Mnist
from digits.files import unipen
from digits.ink import grid, strokes
from digits.reading import engine
from digits.recipe import DEFAULT

Weights = list[np.ndarray]
_VARIATIONS = (  # of the recipe
    *("overshoot", "loosened", "swollen", "bent", "trembling", "slanted", "stretched", "turned"),
    *("polygons", "staircases", "hooks", "cut_short"),
)
_SMALLEST = 1e-7  # of a probability, and of a step's divisor, as Keras has it
_AT_ONCE = 250  # grids that are read


@dataclass(frozen=True)
class Course:
    """How a hand is learnt."""

    steps: int = 40
    own: int = 32  # of a batch: the person's drawings, varied
    each: int = 8  # of a batch, at most: variations of one drawing, for few drawings say little and forget much
    replayed: int = 32  # of a batch: everything else
    rate: float = 1.5e-3  # of Adam, falling to 0
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
        digits, self.unseen = recordings.split(unipen.read(pens.PEN_DIGITS))  # of what comes with the program
        others = recordings.teachable(unipen.read(negatives.PEN_OTHERS))
        recipe = replace(DEFAULT, batch_size=course.steps * course.replayed, seed=course.seed)
        self.source = dataset.Source(images, digits, others, recipe)
        grids, wanted, rate = (tf.TensorSpec(shape) for shape in ((None, *grid.SHAPE, 1), (None, grid.CLASSES), ()))
        self._run = tf.function(lambda grids: network(grids, training=False), input_signature=[grids])
        self._rehearsal = self._rehearsed()
        self._adam = _Adam(network.trainable_variables)
        self._step = tf.function(self._descend, input_signature=[grids, wanted, rate])

    def learn(self, drawings: list[strokes.Drawing], step_done: Callable[[], None] = lambda: None) -> Weights:
        """Return the weights that a training on a person's drawings leads to; the network has them.

        drawings: labelled 0 to 9, or otherwise for what is no digit.  step_done: is called after each step.
        """
        self.network.set_weights(self.before)
        self._adam.begin()
        batches = zip(*self._rehearsal, _ahead(self._own_batches(drawings)), strict=False)
        for step, (*replayed, own) in enumerate(batches):
            rate = self.course.rate * (1 + math.cos(math.pi * step / self.course.steps)) / 2
            batch = (tf.constant(np.concatenate(both)) for both in zip(own, replayed, strict=True))
            self._step(*batch, tf.constant(rate, tf.float32))
            step_done()
        return self.network.get_weights()

    def blend(self, learnt: Weights, share: float) -> None:
        """Give the network weights between those before, share 0, and learnt ones, share 1."""
        self.network.set_weights(
            [(1 - share) * old + share * new for old, new in zip(self.before, learnt, strict=True)]
        )

    def read(self, grids: np.ndarray) -> np.ndarray:
        """Return the network's probabilities (n, 10) for grids (n, 28, 28); raises UserError where they are none."""
        return engine.answers(self._run, grids, _AT_ONCE)

    def _rehearsed(self):
        """Return what comes with the program, as it is mixed in training, and what the network answers to it."""
        grids = self.source.sample()
        shape = self.course.steps, self.course.replayed
        answers = self.read(grids)
        return Rehearsal(grids.reshape(*shape, *grid.SHAPE, 1), answers.reshape(*shape, grid.CLASSES))

    def _own_batches(self, drawings) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield grids (n, 28, 28, 1) and targets (n, 10) without end."""
        rng, bank, recipe = np.random.default_rng(self.course.seed), pens.Bank(drawings), _varied(self.course.varied)
        while True:
            picked, points, exists = bank.sample(min(self.course.own, self.course.each * len(drawings)), rng)
            grids = pens.ink(pens.vary(points, rng, recipe), exists, rng, recipe)
            yield grids[..., None], targets(bank.labels[picked])

    def _descend(self, grids, wanted, rate):
        with tf.GradientTape() as tape:
            probabilities = self.network(grids, training=True)
            loss = -tf.reduce_mean(tf.reduce_sum(wanted * tf.math.log(probabilities + _SMALLEST), axis=1))
        weights = self.network.trainable_variables
        self._adam.step(tape.gradient(loss, weights, unconnected_gradients=tf.UnconnectedGradients.ZERO), rate)


def _ahead(items):
    """Yield what an iterator without end gives, each made on a thread while the one before it is in use."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, items)
        while True:
            now, coming = coming.result(), beside.submit(next, items)
            yield now


class _Adam:
    """Adam (Kingma and Ba 2015, arXiv 1412.6980) on all weights as one row: made ready in half the time of Keras's."""

    _MEMORY = 0.9, 0.999  # of the moments, as Keras has them

    def __init__(self, variables):
        self._variables = variables
        self._sizes = [math.prod(variable.shape) for variable in variables]
        self._moments = [tf.Variable(tf.zeros(sum(self._sizes))) for _ in self._MEMORY]
        self._kept = [tf.Variable(1.0) for _ in self._MEMORY]  # of the zeros that the moments began with

    def begin(self):
        """Forget all steps."""
        for moment in self._moments:
            moment.assign(tf.zeros_like(moment))
        for kept in self._kept:
            kept.assign(1.0)

    def step(self, gradients, rate):
        """Move the weights by a step of a rate against their gradients."""
        if not gradients:  # all layers of a network may be frozen
            return
        row = tf.concat([tf.reshape(gradient, [-1]) for gradient in gradients], axis=0)
        for moment, kept, memory, value in zip(self._moments, self._kept, self._MEMORY, (row, row**2), strict=True):
            moment.assign(memory * moment + (1 - memory) * value)
            kept.assign(memory * kept)
        mean, square = (moment / (1 - kept) for moment, kept in zip(self._moments, self._kept, strict=True))
        change = rate * mean / (tf.sqrt(square) + _SMALLEST)
        for variable, part in zip(self._variables, tf.split(change, self._sizes), strict=True):
            variable.assign_sub(tf.reshape(part, variable.shape))


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
