"""The networks by name, each a list of layers read downwards."""

import keras
from keras import layers

from digits import grid


def convolutional(dropout: float = 0.3) -> keras.Sequential:
    """Return our network, 158,000 parameters: grids (n, 28, 28, 1) in [0, 1] to ten probabilities.

    Strided convolution first: at full size a layer of few channels costs more time than it earns.  Global pooling last:
    a digit is the same digit wherever on the sheet it stands.
    """
    return keras.Sequential(
        [
            keras.Input((*grid.SHAPE, 1)),
            *_convolution(32, kernel=5, strides=2),
            *_convolution(48),
            *_convolution(48),
            layers.MaxPooling2D(),
            *_convolution(96),
            *_convolution(96),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(dropout),
            layers.Dense(grid.CLASSES),
            layers.Softmax(dtype="float32"),
        ],
        name="digits",
    )


def _convolution(channels, kernel=3, strides=1):
    """Return convolution, batch normalisation and ReLU; the normalisation's offset serves as the bias."""
    return [
        layers.Conv2D(channels, kernel, strides, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]
