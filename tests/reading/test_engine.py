"""Both engines answer alike, any number of grids at once, and nothing but probabilities; LiteRT goes first."""

import numpy as np
import pytest

from digits import UserError
from digits.ink import grid
from digits.reading import conversion, converted, engine
from tests.support.fake_model import write_model


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "model.keras"
    write_model(path)
    return path


@pytest.fixture(scope="module")
def keras(path):
    return engine.Keras(path)


@pytest.fixture(scope="module")
def both(keras):
    return {"LiteRT": engine.LiteRT(conversion.convert(keras.model)), "Keras": keras}


def noise(count):
    return np.random.default_rng(0).random((count, *grid.SHAPE), np.float32)


@pytest.mark.parametrize("name", ["LiteRT", "Keras"])
@pytest.mark.parametrize("count", [0, 1, 2, 32, 33, 100])
def test_as_many_grids_as_one_likes_get_the_answers_that_each_gets_alone(both, name, count):
    grids = noise(count)
    probabilities = both[name].probabilities(grids)
    assert probabilities.shape == (count, 10) and probabilities.dtype == np.float32
    alone = [both[name].probabilities(one[None])[0] for one in grids]
    np.testing.assert_allclose(probabilities, np.reshape(alone, (count, 10)), atol=1e-6)


def test_both_say_the_same(both):
    grids = noise(50) * np.linspace(0, 0.3, 50, dtype=np.float32)[:, None, None]
    litert, keras = (one.probabilities(grids) for one in both.values())
    np.testing.assert_allclose(litert, keras, atol=1e-6)
    assert {3, 5} <= set(litert.argmax(axis=1)) and litert.max(axis=1).std() > 0.1


@pytest.mark.parametrize("name", ["LiteRT", "Keras"])
def test_an_answer_stays_as_it_was_when_the_next_one_is_given(both, name):
    first = both[name].probabilities(grid.empty(1))
    kept = first.copy()
    both[name].probabilities(noise(1))
    np.testing.assert_array_equal(first, kept)


@pytest.fixture(scope="module")
def with_pictures(tmp_path_factory):
    """Both engines of a network with one filter that copies the ink, and one that turns it round."""
    import keras

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(2, 1, bias_initializer="zeros"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.layers[0].set_weights([np.float32([[[[1, -1]]]]), np.zeros(2, np.float32)])
    path = tmp_path_factory.mktemp("models") / "pictures.keras"
    model.save(path)
    keras_engine = engine.Keras(path)
    return {"LiteRT": engine.LiteRT(conversion.convert(keras_engine.model)), "Keras": keras_engine}


@pytest.mark.parametrize("name", ["LiteRT", "Keras"])
@pytest.mark.parametrize("count", [1, 3])
def test_layers_that_make_pictures_show_them_in_their_order(with_pictures, name, count):
    grids = noise(count)
    first, second = with_pictures[name].layers(grids)
    np.testing.assert_allclose(first, np.stack([grids, -grids], axis=-1), atol=1e-6)
    np.testing.assert_allclose(second, first.reshape(count, 14, 2, 14, 2, 2).max(axis=(2, 4)), atol=1e-6)


@pytest.mark.parametrize("name", ["LiteRT", "Keras"])
def test_a_network_without_pictures_shows_none(both, name):
    assert both[name].layers(noise(1)) == []


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -0.1, 1.1, 45036653.0])
def test_an_answer_that_is_no_probabilities_is_said_to_be_none(wrong):
    probabilities = np.full((3, 10), 0.1, np.float32)
    assert engine.checked(probabilities) is probabilities
    probabilities[1, 4] = wrong
    with pytest.raises(UserError, match="no probabilities"):
        engine.checked(probabilities)


def test_the_converted_form_answers_where_there_is_one(path, keras):
    assert isinstance(engine.load(path), engine.Keras)
    conversion.keep(path, keras.model)
    assert isinstance(engine.load(path), engine.LiteRT)


def test_a_converted_form_that_litert_cannot_run_leaves_it_to_keras(path):
    converted.keep(b"what no program can run", converted.digest(path))
    assert isinstance(engine.load(path), engine.Keras)
