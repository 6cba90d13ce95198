"""The networks by name, each a list of layers read downwards."""

import keras
import numpy as np
from keras import layers

from digits.data import dataset
from digits.ink import grid
from digits.recipe import DEFAULT, Recipe
from digits.training import fast_layers


def convolutional(recipe: Recipe = DEFAULT, in_training: bool = False) -> keras.Model:
    """Return our network: grids (n, 28, 28, 1) in [0, 1] to ten probabilities; 245,000 parameters, or 940,000 if wide.

    in_training: as it is trained, to the probabilities of all classes, not of digits alone, and of such layers as the
    recipe says; otherwise, to be saved, of Keras's own.

    A strided convolution first: at full size a layer of few channels costs more time than it earns.  Depth at 14 x 14,
    where strokes meet and end, and then three convolutions at 7 x 7, so that one unit sees a digit as large as the
    sheet; most are residual (He et al. 2016).  Global pooling last: a digit is the same digit wherever on the sheet it
    stands.  Channels in sixteens, as matrix units have it: with 36, 56 and 88 of them, and fewer parameters, a step
    takes more than twice as long.
    """
    network, normalise, skip = _parts(recipe, in_training)

    def convolution(x, channels, kernel=3, strides=1):  # normalisation has a bias itself
        x = layers.Conv2D(channels, kernel, strides, padding="same", use_bias=not recipe.normalisation)(x)
        return layers.ReLU()(normalise(x))

    def residual(x):
        return layers.Add()([x, skip(convolution(x, x.shape[-1]))])

    stem, middle, last = recipe.channels
    grids = keras.Input((*grid.SHAPE, 1))
    x = convolution(grids, stem, kernel=5, strides=2)
    x = convolution(x, middle)
    x = residual(residual(residual(x)))
    x = layers.MaxPooling2D()(x)
    x = convolution(x, last)
    x = residual(residual(x))
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(recipe.dropout)(x)
    x = classified(x)
    return network(grids, x if in_training else fold(x), name="digits")


def classified(features):
    """Return the probabilities (n, dataset.CLASSES) of digits and of all else that there is for features (n, k)."""
    return layers.Softmax(dtype="float32")(layers.Dense(dataset.CLASSES)(features))


def fold(probabilities):
    """Return ten probabilities (n, 10) for those of all classes: what is no digit is shared out evenly among ten."""
    shares = np.full((dataset.CLASSES, grid.CLASSES), 1 / grid.CLASSES)
    shares[: grid.CLASSES] = np.eye(grid.CLASSES)
    folding = layers.Dense(grid.CLASSES, use_bias=False, trainable=False, dtype="float32", name="fold")
    folded = folding(probabilities)
    folding.set_weights([shares])
    return folded


def _parts(recipe, in_training):
    """Return the class of the network, what normalises a convolution, and what skips it for some of the grids."""
    halves = in_training and recipe.in_halves
    memory = recipe.moment_memory ** (0.5 if halves else 1)  # two halves leave as much as one batch
    normalisation = fast_layers.Normalization if in_training and recipe.fused else layers.BatchNormalization

    def normalise(x):
        return normalisation(momentum=memory)(x) if recipe.normalisation else x

    def skip(x):  # stochastic depth (Huang et al. 2016, arXiv 1603.09382), all depths alike; nothing once it is trained
        rate = recipe.stochastic_depth if in_training else 0
        return layers.Dropout(rate, noise_shape=(None, 1, 1, 1))(x) if rate else x

    return fast_layers.Halved if halves else keras.Model, normalise, skip


def _stack(*middle):
    """Return a network of layers one after the other: grids (n, 28, 28, 1) in [0, 1] to ten probabilities."""
    return keras.Sequential([keras.Input((*grid.SHAPE, 1)), *middle, layers.Dense(grid.CLASSES, activation="softmax")])


def perceptron(*widths: int) -> keras.Model:
    """Return a perceptron of hidden layers of these widths, the sheet as one row of 784 numbers."""
    return _stack(layers.Flatten(), *(layers.Dense(width, activation="relu") for width in widths))


def cnn_32_64() -> keras.Model:
    """Return two convolutions, each halved, and a dense layer."""
    return _stack(
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
    )


def cnn_32() -> keras.Model:
    """Return the parent's network: one convolution, halved, and a dense layer of which half drops out."""
    return _stack(
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
    )


def cnn_64_64() -> keras.Model:
    """Return two normalised convolutions behind random changes, which are at work in training only."""
    return _stack(
        layers.RandomRotation(10 / 360),  # ten degrees
        layers.RandomZoom(0.1),
        layers.RandomTranslation(0.1, 0.1),
        layers.Conv2D(64, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
    )


def mnist_convnet() -> keras.Model:
    """Return the network of Keras's example "Simple MNIST convnet" (F. Chollet, 2015), 34,826 parameters."""
    return _stack(
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.5),
    )


# Whom this program descends from, and the usual references: what builds each by name.
ANCESTORS = {
    "mlp-256-128": lambda: perceptron(256, 128),
    "mlp-64-64": lambda: perceptron(64, 64),
    "mlp-128-128": lambda: perceptron(128, 128),
    "cnn-32-64": cnn_32_64,
    "cnn-32": cnn_32,
    "cnn-64-64": cnn_64_64,
    "mnist-convnet": mnist_convnet,
}
