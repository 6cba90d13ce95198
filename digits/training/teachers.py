"""Networks that teach another one: what they answer on average takes the place of the labels.

Trainings with different seeds disagree about what is no digit, and their mean is mistaken for a digit less often than
any of them. A network that learns these answers keeps a part of that and costs no more to ask (distillation: Hinton,
Vinyals and Dean 2015, arXiv 1503.02531). It begins with the weights of the first teacher, not with random ones, which
takes a third of the epochs.
"""

from pathlib import Path

import keras
import tensorflow as tf

from digits import UserError, modelfile
from digits.recipe import Recipe
from digits.training import networks

Weights = list  # of arrays, as Keras has them


def read(paths: tuple[Path, ...], recipe: Recipe) -> list[Weights]:
    """Return the weights of trained networks, without those that fold all classes into ten.

    Raises UserError where a file cannot be opened or holds another network than ours.
    """
    wanted = [weights.shape for weights in networks.convolutional(recipe).get_weights()]
    found = [modelfile.load(path).get_weights() for path in paths]
    for path, weights in zip(paths, found, strict=True):
        if [array.shape for array in weights] != wanted:
            raise UserError(f"{path} cannot teach, for its network is not the one that learns; train it anew.")
    return [weights[:-1] for weights in found]


def taught(batches: tf.data.Dataset, teachers: list[Weights], recipe: Recipe) -> tf.data.Dataset:
    """Return batches of grids with what teachers answer to them on average, (batch size, CLASSES), as targets."""
    models = [_of_all_classes(weights, recipe) for weights in teachers]

    def answered(grids, targets):
        mean = tf.add_n([model(grids, training=False) for model in models]) / len(models)
        return grids, tf.ensure_shape(mean, targets.shape)

    return batches.map(answered).prefetch(2)


def _of_all_classes(weights, recipe):
    """Return a network to the probabilities of all classes, in the precision that Keras's policy says."""
    network = networks.convolutional(recipe)
    network.set_weights([*weights, network.get_weights()[-1]])
    *_, classes, _ = network.layers
    return keras.Model(network.inputs, classes.output)
