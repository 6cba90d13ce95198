"""Models as people save them open, and read what they were trained to read."""

import keras
import numpy as np
import pytest
from keras import layers as of

from digits import UserError, modelfile
from digits.assets import MODEL
from digits.modelfile import adaptation
from tests.support import users_models

rng = np.random.default_rng(0)
NOISE = rng.integers(0, 256, (6, 28, 28), np.uint8) * (rng.random((6, 28, 28)) < np.linspace(0, 1, 6)[:, None, None])
BYTES = np.concatenate([NOISE, (255 * adaptation.plain_digits()[1][:2]).astype(np.uint8)])  # of which all are sure


def probabilities(answers):
    """Return answers as probabilities, as their maker would: logits through a softmax, sigmoids by their sum."""
    if (answers < 0).any():
        return np.asarray(keras.ops.softmax(answers))
    return answers / answers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("name", users_models.OPEN)
def test_it_reads_as_it_was_trained(name, tmp_path):
    keras.utils.set_random_seed(0)
    model = users_models.OPEN[name]()
    if name not in users_models.AS_BYTES:
        users_models.shaken(model)
    path = tmp_path / f"model{'.h5' if name in users_models.OLDER else '.keras'}"
    model.save(path)
    given = BYTES.reshape(-1, *model.input_shape[1:]) * (1.0 if name in users_models.AS_BYTES else 1 / 255)
    expected = probabilities(np.asarray(model(given.astype(np.float32), training=False), np.float32))
    modelfile.check_source(path)
    read = modelfile.load(path)(BYTES[..., None] / np.float32(255), training=False)
    np.testing.assert_allclose(read, expected, atol=2e-3 if name == "mixed precision" else 2e-5)
    assert np.ptp(expected, axis=0).max() > 1e-3, "all grids alike"


@pytest.mark.parametrize("name", users_models.CLOSED)
def test_what_cannot_be_opened_says_which_layer_and_why(name, tmp_path):
    make, *words = users_models.CLOSED[name]
    make().save(tmp_path / "model.keras")
    with pytest.raises(UserError) as refused:
        modelfile.check_source(tmp_path / "model.keras")
    assert "its layer" in str(refused.value) and all(word in str(refused.value) for word in words)


@pytest.mark.parametrize("name", ["rescaled from -1 to 1", "a layer used twice", "networks in a network", "odd names"])
def test_what_was_loaded_can_be_saved_again(name, tmp_path):
    users_models.OPEN[name]().save(tmp_path / "model.keras")
    loaded = modelfile.load(tmp_path / "model.keras")
    modelfile.save(loaded, tmp_path / "again.keras", {})
    grids = BYTES[..., None] / np.float32(255)
    np.testing.assert_array_equal(modelfile.load(tmp_path / "again.keras")(grids), loaded(grids))


def remarks(model, path):
    model.save(path)
    said = []
    modelfile.load(path, said.append)
    return said


def test_what_was_guessed_is_said_once(tmp_path):
    path = tmp_path / "model.keras"
    (sentence,) = remarks(users_models.trained_on_bytes(), path)
    assert str(path) in sentence and "from 0 to 255" in sentence
    (sentence,) = remarks(users_models.quickstart("sigmoid"), path)
    assert "divided by their sum" in sentence


@pytest.mark.parametrize(
    "name", ["Keras's example", "logits", "rescaled from 0 to 1", "bytes", "normalised to what it has seen"]
)
def test_what_is_certain_is_not_said(name, tmp_path):
    assert not remarks(users_models.OPEN[name](), tmp_path / "model.keras")


def test_ten_answers_of_nothing_are_still_probabilities(tmp_path):
    model = users_models.quickstart("relu6")
    model.set_weights([np.zeros_like(weights) for weights in model.get_weights()])
    model.layers[-1].bias.assign([0.5] * 9 + [0])
    model.layers[-1].kernel.assign(np.full((16, 10), -1))
    model.layers[1].bias.assign(np.full(16, 0.01))
    model.save(tmp_path / "model.keras")
    read = modelfile.load(tmp_path / "model.keras")
    np.testing.assert_allclose(read(BYTES[..., None]).numpy().sum(1), 1, atol=1e-5)


def test_the_digits_that_are_tried_are_ten(tmp_path):
    labels, grids = adaptation.plain_digits()
    assert sorted(labels) == [*range(10)] and grids.shape == (10, 28, 28)
    assert grids.min() >= 0 and grids.max() <= 1


def test_the_shipped_model_reads_the_digits_that_are_tried():
    labels, grids = adaptation.plain_digits()
    assert (modelfile.load(MODEL)(grids[..., None]).numpy().argmax(1) == labels).all()


def test_a_network_of_large_layers_is_given_few_grids_at_once(tmp_path):
    users_models.convnet().save(tmp_path / "small.keras")
    users_models.chain(of.UpSampling2D(30), of.GlobalMaxPooling2D(), of.Dense(10)).save(tmp_path / "large.keras")
    assert modelfile.batch_size(tmp_path / "small.keras") == 500
    assert 1 < modelfile.batch_size(tmp_path / "large.keras") < 50
