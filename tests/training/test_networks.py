"""What a network is: small, whole, and of nothing but Keras's own layers."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from digits.data import dataset
from digits.recipe import DEFAULT
from digits.training import networks


@pytest.fixture(scope="module")
def network():
    return networks.convolutional()


def test_the_network_has_at_most_250_000_parameters(network):
    assert 10_000 < network.count_params() <= 250_000


def test_it_maps_grids_to_ten_probabilities(network):
    assert network.input_shape == (None, 28, 28, 1)
    assert network.output_shape == (None, 10)
    grids = np.random.default_rng(0).random((5, 28, 28, 1), np.float32)
    probabilities = network.predict(grids, verbose=0)
    assert probabilities.dtype == np.float32 and probabilities.min() >= 0
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_what_goes_to_no_digit_is_shared_out_evenly_among_ten(network):
    *_, logits, _, fold = network.layers
    assert logits.units == dataset.CLASSES and not fold.trainable_weights
    [shares] = fold.get_weights()
    np.testing.assert_array_equal(shares[:10], np.eye(10))
    np.testing.assert_allclose(shares[10:], 0.1)


def test_in_training_it_tells_other_things_apart_too():
    assert networks.convolutional(in_training=True).output_shape == (None, dataset.CLASSES)


def test_it_normalises_drops_out_and_convolves(network):
    kinds = {type(layer) for layer in network.layers}
    assert {keras.layers.Conv2D, keras.layers.BatchNormalization, keras.layers.Dropout} <= kinds


def test_all_of_its_layers_are_built_into_keras(network):
    for layer in network.layers:
        assert type(layer) is getattr(keras.layers, type(layer).__name__)
        assert not isinstance(layer, keras.layers.Lambda)


def test_nothing_in_it_is_left_to_chance_when_it_reads(network):
    grids = np.random.default_rng(0).random((5, 28, 28, 1), np.float32)
    np.testing.assert_array_equal(network(grids, training=False), network(grids, training=False))
    assert (np.array(network(grids, training=True)) != np.array(network(grids, training=True))).any()


def test_its_size_is_the_recipes():
    narrow = networks.convolutional(replace(DEFAULT, channels=(4, 6, 8), dropout=0.5))
    kernels = [layer.kernel.shape[-1] for layer in narrow.layers if isinstance(layer, keras.layers.Conv2D)]
    assert kernels == [4, 6, 6, 6, 6, 8, 8, 8]
    assert [layer.rate for layer in narrow.layers if isinstance(layer, keras.layers.Dropout)] == [0.5]


def test_without_normalisation_convolutions_have_biases():
    network = networks.convolutional(replace(DEFAULT, normalisation=False))
    convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    assert all(layer.use_bias for layer in convolutions)
    assert not any(isinstance(layer, keras.layers.BatchNormalization) for layer in network.layers)
    assert not any(
        layer.use_bias for layer in networks.convolutional().layers if isinstance(layer, keras.layers.Conv2D)
    )


def test_in_training_a_share_of_the_grids_goes_past_each_residual_convolution():
    shallow = replace(DEFAULT, stochastic_depth=0.5, dropout=0, normalisation=False, in_halves=False)
    network = networks.convolutional(shallow, in_training=True)
    skips = [layer for layer in network.layers if isinstance(layer, keras.layers.Dropout) and layer.rate]
    assert len(skips) == 5
    ink = np.ones((200, 7, 7, 3), np.float32)
    for given in (np.array(skip(ink, training=True)) for skip in skips):
        assert set(np.unique(given)) == {0, 2} and 60 < (given[:, 0, 0, 0] == 0).sum() < 140
        assert (given == given[:, :1, :1, :1]).all()  # all of a grid or nothing
    grids = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    plain = networks.convolutional(shallow)
    *_, shares = plain.get_weights()
    plain.set_weights([*network.get_weights(), shares])
    np.testing.assert_allclose(plain(grids), network(grids) @ shares, atol=1e-6)
    assert not [layer for layer in plain.layers if isinstance(layer, keras.layers.Dropout) and layer.rate]


def test_the_moments_of_halves_remember_as_many_grids_as_those_of_whole_batches():
    halved, whole = (
        networks.convolutional(replace(DEFAULT, in_halves=in_halves), in_training=True).layers[2].momentum
        for in_halves in (True, False)
    )
    assert halved**2 == pytest.approx(whole) == DEFAULT.moment_memory


def test_the_same_seed_gives_the_same_start():
    starts = []
    for seed in (0, 0, 1):
        keras.utils.set_random_seed(seed)
        starts.append(np.concatenate([weight.ravel() for weight in networks.convolutional().get_weights()]))
    np.testing.assert_array_equal(starts[0], starts[1])
    assert (starts[0] != starts[2]).any()


def test_percentages_are_computed_in_full_precision_whatever_the_policy():
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_bfloat16")
        network = networks.convolutional()
    finally:
        keras.config.set_dtype_policy(before)
    assert network.layers[-1].compute_dtype == "float32"
    assert network.layers[0].compute_dtype == "bfloat16"
