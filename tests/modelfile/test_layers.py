"""The layers that a file may have: what is said of their shapes and weights is what Keras makes of them."""

import math

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits import UserError
from digits.modelfile import blueprint, layers, parts
from tests.support.layer_examples import EXAMPLES, MAPS

KERASES_OWN = {"data_format": "channels_last"}


def built(kind, settings, shapes):
    """Return a layer as Keras builds it, and what it gives."""
    layer = keras.saving.deserialize_keras_object(parts.described("keras.layers", kind, settings))
    entered = [keras.Input(shape) for shape in shapes]
    given = layer(entered[0] if len(entered) == 1 else entered)
    random = np.random.default_rng(0)
    grids = [random.random((2, *shape), np.float32) for shape in shapes]
    answer = layer(grids[0] if len(grids) == 1 else grids, training=False) if kind != "InputLayer" else grids[0]
    return layer, given.shape[1:], answer.shape[1:]


def assert_as_keras_has_it(kind, settings, shapes):
    made = parts.layer(kind, {"name": "layer"} | settings, shapes)
    layer, symbolic, actual = built(kind, made.settings, shapes)
    assert made.shape == symbolic == actual
    assert made.weights == [weights.shape for weights in layer.weights]
    assert made.fixed == len(layer.non_trainable_weights)
    assert made.work > 0


def test_there_is_an_example_of_every_layer():
    assert EXAMPLES.keys() == layers.LAYERS.keys()


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if kind != "InputLayer"])
def test_shapes_and_weights_are_foreseen(kind):
    settings, *shapes = EXAMPLES[kind]
    assert_as_keras_has_it(kind, settings, shapes)


def test_a_class_is_named_in_the_weights_as_keras_names_it():
    from keras.src.utils import naming

    for kind in (*layers.LAYERS, *parts.NETWORKS):
        assert blueprint._snake_case(kind) == naming.to_snake_case(kind)


sides = st.one_of(st.integers(1, 9), st.tuples(st.integers(1, 9), st.integers(1, 9)).map(list))
small = st.integers(1, 4)
WINDOWS = {
    "kernel_size": sides,
    "strides": sides,
    "dilation_rate": st.one_of(st.just(1), sides),
    "padding": st.sampled_from(["valid", "same"]),
    "use_bias": st.booleans(),
    "filters": small,
    "groups": small,
    "depth_multiplier": small,
}
USED = {
    "Conv2D": WINDOWS.keys() - {"depth_multiplier"},
    "DepthwiseConv2D": WINDOWS.keys() - {"filters", "groups"},
    "SeparableConv2D": WINDOWS.keys() - {"groups"},
    "MaxPooling2D": {"strides", "padding", "pool_size"},
    "AveragePooling2D": {"strides", "padding", "pool_size"},
}


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([*USED]), st.fixed_dictionaries(WINDOWS | {"pool_size": sides}))
def test_every_window_is_refused_or_built_as_foreseen(kind, chosen):
    chosen = {key: value for key, value in chosen.items() if key in USED[kind]} | KERASES_OWN
    try:
        made = parts.layer(kind, {"name": "window"} | chosen, [MAPS])
    except UserError as error:
        assert "cannot take" in str(error)
    else:
        if min(made.shape) > 0:
            assert_as_keras_has_it(kind, chosen, [MAPS])


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["Add", "Multiply", "Maximum", "Concatenate"]),
    st.lists(st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=3).map(tuple), min_size=1, max_size=3),
    st.integers(-4, 4),
)
def test_what_is_merged_is_refused_or_built_as_foreseen(kind, shapes, axis):
    chosen = {"name": "merge"} | ({"axis": axis} if kind == "Concatenate" else {})
    try:
        parts.layer(kind, chosen, shapes)
    except UserError as error:
        assert "cannot take" in str(error)
    else:
        assert_as_keras_has_it(kind, chosen, shapes)


def test_what_a_convolution_computes_is_counted():
    settings, shape = EXAMPLES["Conv2D"]
    made = parts.layer("Conv2D", {"name": "conv"} | settings, [shape])
    assert made.work == math.prod(made.shape) * 3 * 3 * 2
