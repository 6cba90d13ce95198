"""Models are loaded from files that fit, and from no others."""

import importlib.metadata
import importlib.util

import keras
import numpy as np
import pytest

from digits import UserError, modelfile
from digits.training import networks
from tests.modelfile.test_modelfile import GRIDS, assert_refused, small_model
from tests.support import model_files


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "model.keras"
    modelfile.save(small_model(), path, {})
    return path


def test_a_missing_file_is_refused_with_the_command_that_makes_one(tmp_path):
    for call in (modelfile.check_source, modelfile.load):
        assert_refused(call, tmp_path / "model.keras", "no such file", "python handwriting.py")


def test_without_tensorflow_a_model_is_checked_and_says_what_it_takes_to_load_it(saved, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    modelfile.check_source(saved)
    assert 0 <= modelfile.read_threshold(saved) <= 1
    assert_refused(modelfile.load, saved, "takes TensorFlow", "pip install")


def test_without_keras_nothing_is_said_of_its_version(tmp_path, monkeypatch):
    def refuse(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", refuse)
    path = model_files.write(tmp_path / "model.keras", config=b"{", metadata={"keras_version": "2.15.0"})
    with pytest.raises(UserError, match=r"cannot be loaded: [^;]*$"):
        modelfile.check_source(path)


def test_a_folder_is_refused(tmp_path):
    for call in (modelfile.check_source, modelfile.load):
        assert_refused(call, tmp_path, "is no file")


@pytest.mark.parametrize("content", [b"", b"hello\n", b"PK", bytes(range(256))])
def test_what_is_no_zip_is_refused_without_keras(tmp_path, content):
    path = tmp_path / "model.keras"
    path.write_bytes(content)
    for call in (modelfile.check_source, modelfile.load):
        assert_refused(call, path, "is no Keras model file")


@pytest.mark.parametrize("name", ["model.zip", "model.h5", "model"])
def test_a_model_is_known_by_what_it_holds_and_not_by_its_name(saved, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(saved.read_bytes())
    modelfile.check_source(path)


@pytest.mark.parametrize("member", ["config.json", "model.weights.h5"])
@pytest.mark.parametrize("damage", [b"", b"{", b"\x89HDF\r\n"])
def test_a_damaged_model_is_refused(tmp_path, member, damage):
    path = tmp_path / "model.keras"
    how = {"config": damage} if member == "config.json" else {"weights": damage}
    assert_refused(modelfile.load, model_files.write(path, **how), "cannot be loaded")


def test_a_truncated_model_is_refused(saved, tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(saved.read_bytes()[:-200])
    assert_refused(modelfile.load, path)


@pytest.mark.parametrize(("shape", "classes"), [((28, 28, 3), 10), ((32, 32, 1), 10), ((28, 28, 1), 26)])
def test_a_model_of_another_shape_is_refused(tmp_path, shape, classes):
    path = tmp_path / "model.keras"
    small_model(shape, classes).save(path)
    for call in (modelfile.check_source, modelfile.load):
        assert_refused(call, path, "does not fit", str((None, *shape)), str((None, classes)))


def assert_reads_as(path, original, grids=GRIDS):
    """Compare what a file's network says with what Keras's own says."""
    modelfile.check_source(path)
    loaded = modelfile.load(path)
    assert (loaded.input_shape, loaded.output_shape) == ((None, 28, 28, 1), (None, 10))
    np.testing.assert_allclose(loaded(GRIDS, training=False), original(grids, training=False), atol=1e-6)
    np.testing.assert_allclose(loaded.predict(GRIDS, verbose=0).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("shape", [(28, 28), (784,)])
def test_one_that_takes_images_in_another_shape_is_given_them_so(tmp_path, shape):
    model = small_model(shape)
    model.save(tmp_path / "model.keras")
    assert_reads_as(tmp_path / "model.keras", model, GRIDS.reshape(-1, *shape))


@pytest.mark.parametrize("shape", [(28, 28, 1), (28, 28)])
def test_one_that_gives_logits_is_given_a_softmax(tmp_path, shape):
    logits = keras.Sequential([keras.Input(shape), *small_model(shape).layers[:-1]])
    logits.save(tmp_path / "model.keras")
    whole = keras.Sequential([keras.Input(shape), logits, keras.layers.Softmax()])
    assert_reads_as(tmp_path / "model.keras", whole, GRIDS.reshape(-1, *shape))


def every_layer(dtype="float32"):
    """A network of all layers that a file may have, compiled, with weights that are none's first."""
    layers = keras.layers
    turned = keras.Sequential([layers.RandomRotation(0.1), layers.RandomZoom(0.1), layers.RandomTranslation(0.1, 0.1)])
    keras.config.set_dtype_policy(dtype)
    grids = keras.Input((28, 28, 1))
    x = layers.Rescaling(2.0)(turned(grids))
    x = layers.Conv2D(4, (3, 5), (2, 1), padding="same", use_bias=False, kernel_regularizer="l2")(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Add()([x, layers.Conv2D(4, 3, padding="same", groups=2, activation=keras.activations.tanh)(x)])
    x = layers.AveragePooling2D(2, padding="same")(layers.MaxPooling2D(3, 2)(x))
    x = layers.Conv2D(6, 2, dilation_rate=2, kernel_initializer=keras.initializers.HeNormal(seed=1))(x)
    pooled = layers.Reshape((3, 2))(layers.GlobalAveragePooling2D()(x))
    dense = layers.Dense(7, kernel_constraint=keras.constraints.MaxNorm(2))(layers.Activation("relu")(pooled))
    x = layers.Dense(10)(layers.Dropout(0.2)(layers.Flatten()(dense)))
    model = keras.Model(grids, layers.Softmax(dtype="float32")(x))
    keras.config.set_dtype_policy("float32")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    random = np.random.default_rng(0)
    model.set_weights([weights + random.uniform(0, 0.3, weights.shape) for weights in model.get_weights()])
    return model


def test_every_layer_that_is_let_in_reads_as_in_keras(tmp_path):
    model = every_layer()
    model.save(tmp_path / "model.keras")
    assert_reads_as(tmp_path / "model.keras", model)
    modelfile.save(modelfile.load(tmp_path / "model.keras"), tmp_path / "again.keras", {})
    assert_reads_as(tmp_path / "again.keras", model)


def test_one_trained_in_half_precision_is_read_in_full(tmp_path):
    model = every_layer("mixed_bfloat16")
    model.save(tmp_path / "model.keras")
    loaded, full = modelfile.load(tmp_path / "model.keras"), every_layer()
    full.set_weights(model.get_weights())
    np.testing.assert_allclose(loaded(GRIDS, training=False), full(GRIDS, training=False), atol=1e-6)


@pytest.mark.parametrize("name", networks.ANCESTORS)
def test_what_this_program_descends_from_is_let_in(tmp_path, name):
    model = networks.ANCESTORS[name]()
    modelfile.save(model, tmp_path / "model.keras", {})
    assert_reads_as(tmp_path / "model.keras", model)


@pytest.mark.parametrize(("notes", "threshold"), [({"threshold": 0.6}, 0.6), ({}, 0.5), ({"threshold": "high"}, 0.5)])
def test_the_threshold_of_doubt_is_the_files_own_or_one_half(tmp_path, notes, threshold):
    path = model_files.write(tmp_path / "model.keras", metadata={"digits": notes})
    assert modelfile.read_threshold(path) == threshold
