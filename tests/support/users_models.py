"""Models for MNIST as people make and save them: 36 that open, and four that cannot.

`OPEN` maps the name of each to a function that returns it, `AS_BYTES` names those that were trained on numbers from 0
to 255 and not from 0 to 1, `OLDER` those that are saved as .h5. `CLOSED` maps the others to (how to make it, words of
the sentence that refuses it).
"""

import keras
import numpy as np
from keras import layers as of

from digits.assets import MODEL

SHAPE = (28, 28, 1)
ACTIVATIONS = sorted(
    name
    for name in dir(keras.activations)
    if name not in ("get", "serialize", "deserialize", "glu", "threshold") and name[0] != "_"
)


def chain(*parts, shape=SHAPE, name=None):
    return keras.Sequential([keras.Input(shape), *parts], name=name)


def head(x, activation="softmax"):
    """End a functional network as most do."""
    return of.Dense(10, activation=activation)(of.Flatten()(x))


def graph(make, shape=SHAPE, activation="softmax", **entry):
    """Return a functional network; `make` gets what comes in and returns what goes into the last layer."""
    entered = keras.Input(shape, **entry)
    return keras.Model(entered, head(make(entered), activation))


def convnet(*before):
    """Return the network of Keras's own example."""
    return chain(
        *before,
        of.Conv2D(8, 3, activation="relu"),
        of.MaxPooling2D(2),
        of.Conv2D(8, (3, 3), activation="relu"),
        of.MaxPooling2D((2, 2)),
        of.Flatten(),
        of.Dropout(0.5),
        of.Dense(10, activation="softmax"),
    )


def quickstart(*end):
    return keras.Sequential(
        [of.Flatten(input_shape=(28, 28)), of.Dense(16, "relu"), of.Dropout(0.2), of.Dense(10, *end)]
    )


def lenet():
    return chain(
        of.ZeroPadding2D(2),
        of.Conv2D(6, 5, activation="tanh"),
        of.AveragePooling2D(2),
        of.Activation("sigmoid"),
        of.Conv2D(16, 5, activation="tanh", kernel_initializer="he_normal", kernel_regularizer="l2"),
        of.AveragePooling2D(2),
        of.Flatten(),
        of.Dense(12, activation="tanh", kernel_constraint="max_norm"),
        of.Dense(10, activation="softmax"),
    )


def residual(join):
    def make(x):
        x = of.ReLU()(of.BatchNormalization()(of.Conv2D(4, 3, padding="same", use_bias=False)(x)))
        return of.MaxPooling2D(4)(join(x, of.Conv2D(4, 3, padding="same")(x)))

    return graph(make)


def inception(x):
    ways = of.Conv2D(3, 1)(x), of.Conv2D(3, 3, padding="same")(x), of.MaxPooling2D(3, 1, padding="same")(x)
    return of.Concatenate()(ways)


def squeeze_and_excite(x):
    x = of.Conv2D(6, 3, 2)(x)
    weight = of.Reshape((1, 1, 6))(of.Dense(6, activation="sigmoid")(of.GlobalAveragePooling2D()(x)))
    return of.Multiply()([x, weight])


def mobile(x):
    x = of.DepthwiseConv2D(3, 2, depth_multiplier=2)(of.SeparableConv2D(4, 3, depth_multiplier=2)(x))
    return of.GlobalAveragePooling2D(keepdims=True)(of.ReLU(6.0)(x))


def rectified(x):
    x = of.LeakyReLU(0.1)(of.Conv2D(4, 3, 2)(x))
    return of.PReLU(shared_axes=[1, 2])(of.ELU(0.7)(of.PReLU()(x)))


def noisy(x):
    x = of.AlphaDropout(0.1)(of.GaussianDropout(0.1)(of.GaussianNoise(0.2)(x)))
    return of.GlobalMaxPooling2D()(of.SpatialDropout2D(0.2)(of.Conv2D(9, 3, activation="selu")(x)))


def normalised(x):
    x = of.LayerNormalization()(of.Conv2D(6, 3, 2)(x))
    x = of.LayerNormalization([1, 2])(of.GroupNormalization(3)(x))
    return of.UnitNormalization()(of.GroupNormalization(-1)(x))


def adapted():
    layer = of.Normalization(axis=None)
    layer.adapt(np.random.default_rng(0).integers(0, 256, (50, *SHAPE)))
    return convnet(layer)


def first_batch_normalised():
    model = convnet(of.BatchNormalization())
    model.layers[0].set_weights([np.float32([size]) for size in (1, 0.1, 33.3, 6172)])
    return model


def nested():
    backbone = chain(of.Conv2D(4, 3, 2), of.BatchNormalization(), of.Dense(3), name="back bone")
    entered = keras.Input((13, 13, 3))
    neck = keras.Model(entered, of.BatchNormalization()(of.GlobalAveragePooling2D()(entered)))
    return chain(backbone, neck, of.Dense(10, activation="softmax"))


def ends_in_a_network():
    entered = keras.Input((5,))
    last = keras.Model(entered, of.Softmax()(of.Dense(10)(entered)), name="head")
    begun = keras.Input(SHAPE)
    return keras.Model(begun, last(of.Dense(5)(of.Flatten()(begun))))


def used_twice(x):
    again, relu = of.Conv2D(4, 3, padding="same"), of.ReLU()
    x = relu(again(of.Conv2D(4, 3, 2)(x)))
    return relu(again(x))


def network_used_twice(x):
    inner = chain(of.Conv2D(4, 3, padding="same", activation="relu"), shape=(13, 13, 4))
    return inner(inner(of.Conv2D(4, 3, 2)(x)))


def merged(x):
    x = of.Conv2D(4, 3, 4)(x)
    y = of.Maximum()([x, of.Average()([x, of.Conv2D(4, 1)(x)])])
    y = of.Subtract()([y, of.Minimum()([x, of.Conv2D(4, 1)(y)])])
    pooled = of.GlobalMaxPooling2D()(x), of.GlobalAveragePooling2D()(y)
    return of.Concatenate()([of.Dot(1)(pooled), of.Flatten()(y)])


def operated(x):
    x = of.Conv2D(4, 3, 4)(1.0 - x)
    return (x - of.Conv2D(4, 1)(x)) * x / 2.0 + 0.5 - -x


def ensemble():
    entered = keras.Input(SHAPE)
    return keras.Model(entered, of.Average()([chain(of.Flatten(), of.Dense(10, "softmax"))(entered) for _ in range(3)]))


def all_activations(x):
    x = of.Dense(4)(of.Flatten()(x))
    return of.Concatenate()([of.Dense(2, activation=name)(x) for name in ACTIVATIONS])


def oddly_named():
    return keras.Sequential(
        [
            keras.Input(SHAPE, name="Bild (28 x 28)"),
            of.Conv2D(3, 3, 3, name="1. Faltung: größer!"),
            of.Flatten(name="平ら"),
            of.Dense(10, "softmax", name="layer_1"),
        ],
        name="mein Netz",
    )


def mixed():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return residual(lambda a, b: of.Add()([a, b]))
    finally:
        keras.config.set_dtype_policy("float32")


def built_late():
    model = keras.Sequential([of.Flatten(), of.Dense(12, activation="relu"), of.Dense(10)])
    model(np.zeros((32, 28, 28), np.float32))
    return model


def of_rows():
    return chain(
        of.Conv1D(6, 3, activation="relu"),
        of.MaxPooling1D(),
        of.Conv1D(6, 3, padding="causal"),
        of.GlobalMaxPooling1D(),
        of.Dense(10, activation="softmax"),
        shape=(28, 28),
    )


def reshaped(x):
    x = of.UpSampling2D(2, interpolation="bilinear")(of.Cropping2D(((1, 0), (2, 3)))(of.Resizing(32, 32)(x)))
    return of.Conv2D(3, 3, 5)(of.Permute((2, 1, 3))(x))


def turned(x):
    x = of.RandomZoom(0.1)(of.RandomRotation(0.1)(of.RandomFlip("horizontal")(x)))
    return of.Conv2D(4, 5, 2)(of.Rescaling(1 / 255)(of.RandomContrast(0.1)(x)))


def trained_on_bytes():
    """A network that reads digits, given numbers up to 255, and does not show it in any layer."""
    model = keras.saving.load_model(MODEL)
    first = next(layer for layer in model.layers if layer.weights)
    kernel, *rest = first.get_weights()
    first.set_weights([kernel / 255, *rest])
    return model


OPEN = {
    "Keras's example": convnet,
    "a beginner's": lambda: quickstart("softmax"),
    "logits": quickstart,
    "ten sigmoids": lambda: quickstart("sigmoid"),
    "LeNet": lenet,
    "flat images": lambda: chain(of.Dense(16, "tanh"), of.Dense(10, "softmax"), shape=(784,)),
    "residual": lambda: residual(lambda a, b: of.Add()([a, b])),
    "a + b": lambda: residual(lambda a, b: a + b),
    "operators": lambda: graph(operated),
    "x / 255": lambda: graph(lambda x: of.Conv2D(4, 3, 2)(x / 255.0)),
    "rescaled from 0 to 1": lambda: convnet(of.Rescaling(1 / 255)),
    "rescaled from -1 to 1": lambda: convnet(of.Rescaling(1 / 127.5, -1)),
    "augmented first": lambda: graph(turned),
    "bytes": lambda: graph(lambda x: of.Conv2D(4, 3, 2)(of.Rescaling(1 / 255)(x)), dtype="uint8"),
    "normalised to what it has seen": adapted,
    "normalised by MNIST's mean": lambda: convnet(of.Normalization(mean=33.3, variance=6172.0)),
    "batch-normalised first": first_batch_normalised,
    "trained on bytes, and not saying so": trained_on_bytes,
    "a fixed batch": lambda: graph(mobile, batch_size=32),
    "mixed precision": mixed,
    "inception": lambda: graph(inception),
    "squeeze and excite": lambda: graph(squeeze_and_excite),
    "rectifiers": lambda: graph(rectified),
    "noise": lambda: graph(noisy, activation="linear"),
    "normalisations": lambda: graph(normalised),
    "networks in a network": nested,
    "ends in a network": ends_in_a_network,
    "a layer used twice": lambda: graph(used_twice),
    "a network used twice": lambda: graph(network_used_twice),
    "merging layers": lambda: graph(merged),
    "an ensemble": ensemble,
    "all activations": lambda: graph(all_activations),
    "odd names": oddly_named,
    "built late": built_late,
    "rows": of_rows,
    "shapes": lambda: graph(reshaped),
}
OLDER = {"a beginner's", "LeNet", "a + b", "networks in a network", "a network used twice", "odd names"}
AS_BYTES = {
    *("x / 255", "rescaled from 0 to 1", "rescaled from -1 to 1", "augmented first", "bytes"),
    *("normalised to what it has seen", "normalised by MNIST's mean", "batch-normalised first"),
    "trained on bytes, and not saying so",
}


@keras.saving.register_keras_serializable("mine")
class Mine(of.Layer):
    """A layer of some program's own."""

    def call(self, x):
        return x * 2


CLOSED = {
    "code": (lambda: graph(of.Lambda(lambda x: x * 2)), "Lambda", "code"),
    "recurrent": (lambda: chain(of.LSTM(4), of.Dense(10), shape=(28, 28)), "LSTM", "recurrent"),
    "a layer of its own": (lambda: graph(Mine()), "Mine", "some program's own"),
    "an operation": (lambda: graph(lambda x: keras.ops.mean(x, axis=-1)), "Mean", "only + - * and /"),
}


def shaken(model):
    """Return a model with weights that are nobody's first."""
    random = np.random.default_rng(0)
    model.set_weights([weights + random.uniform(-0.05, 0.05, weights.shape) for weights in model.get_weights()])
    return model
