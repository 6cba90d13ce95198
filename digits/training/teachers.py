"""Networks that teach another one: what they answer on average takes the place of the labels.

Trainings with different seeds disagree about what is no digit, and their mean is mistaken for a digit less often than
any of them. A wide network reads people better whose hands were not trained on. A network that learns these answers
keeps most of that and costs no more to ask (distillation: Hinton, Vinyals and Dean 2015, arXiv 1503.02531). It begins
with the weights of the first teacher, not with random ones, which takes a third of the epochs.
"""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from digits import UserError, modelfile
from digits.recipe import DEFAULT, WIDE, Recipe
from digits.training import networks


class Teacher(NamedTuple):
    """A trained network of ours."""

    channels: tuple[int, int, int]  # as in the recipe
    weights: list[np.ndarray]  # without those that fold all classes into ten


def read(paths: tuple[Path, ...], recipe: Recipe) -> list[Teacher]:
    """Return trained networks, the first as wide as the recipe has it.

    Raises UserError where a file cannot be opened or holds another network than ours, or where the first is of another
    width.
    """
    widths = {
        channels: _shapes(networks.convolutional(replace(recipe, channels=channels)))
        for channels in (DEFAULT.channels, WIDE)
    }
    found = [_teacher(path, widths) for path in paths]
    if found[0].channels != recipe.channels:
        raise UserError(f"{paths[0]} is not as wide as what is to go on with it; name one that is first.")
    return found


def _teacher(path, widths):
    """Return the teacher in a file; widths: the shapes of weights by the channels that make them."""
    network = modelfile.load(path)
    for channels, shapes in widths.items():
        if _shapes(network) == shapes:
            return Teacher(channels, network.get_weights()[:-1])
    raise UserError(f"{path} cannot teach, for its network is not ours; train it anew.")


def _shapes(network):
    return [weights.shape for weights in network.get_weights()]


def taught(batches: tf.data.Dataset, teachers: list[Teacher], recipe: Recipe) -> tf.data.Dataset:
    """Return batches of grids with what teachers answer to them on average, (batch size, CLASSES), as targets."""
    models = [_of_all_classes(teacher, recipe) for teacher in teachers]

    def answered(grids, targets):
        mean = tf.add_n([model(grids, training=False) for model in models]) / len(models)
        return grids, tf.ensure_shape(mean, targets.shape)

    return batches.map(answered).prefetch(2)


def _of_all_classes(teacher, recipe):
    """Return a network to the probabilities of all classes, in the precision that Keras's policy says."""
    network = networks.convolutional(replace(recipe, channels=teacher.channels))
    network.set_weights([*teacher.weights, network.get_weights()[-1]])
    *_, classes, _ = network.layers
    return keras.Model(network.inputs, classes.output)
