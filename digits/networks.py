"""The networks by name, each a list of layers read downwards."""

import keras
from keras import layers

from digits import grid


def convolutional(dropout: float = 0.3) -> keras.Model:
    """Return our network, 187,000 parameters: grids (n, 28, 28, 1) in [0, 1] to ten probabilities.

    A strided convolution first: at full size a layer of few channels costs more time than it earns.  Three in a row at
    7 x 7, two of them residual (He et al. 2016), so that one unit sees a digit as large as the sheet.  Global pooling
    last: a digit is the same digit wherever on the sheet it stands.
    """
    grids = keras.Input((*grid.SHAPE, 1))
    x = _convolution(grids, 32, kernel=5, strides=2)
    x = _convolution(x, 48)
    x = _convolution(x, 48)
    x = layers.MaxPooling2D()(x)
    x = _convolution(x, 80)
    x = layers.Add()([x, _convolution(x, 80)])
    x = layers.Add()([x, _convolution(x, 80)])
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(dropout)(x)
    x = layers.Dense(grid.CLASSES)(x)
    return keras.Model(grids, layers.Softmax(dtype="float32")(x), name="digits")


def _convolution(x, channels, kernel=3, strides=1):
    """Return convolution, batch normalisation and ReLU of x; the normalisation's offset serves as the bias."""
    x = layers.Conv2D(channels, kernel, strides, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.ReLU()(x)
