"""Model files: whole or not at all, and nothing loaded that does not fit."""

import errno
import importlib.metadata
import importlib.util
import json
import os
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from digits import UserError, modelfile
from digits.modelfile import blueprint, layers, weights
from digits.training import networks
from tests.support import model_files

NOTES = {"trained on": ["MNIST", "pen digits"], "seed": 3, "precision": "float32"}
read = weights.read
GRIDS = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)


def small_model(shape=(28, 28, 1), classes=10):
    layers = keras.layers
    return keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(classes), layers.Softmax()])


@pytest.fixture(scope="module")
def model():
    return small_model()


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "model.keras"
    modelfile.save(model, path, NOTES)
    return path


def assert_refused(call, path, *words):
    with pytest.raises(UserError) as refusal:
        call(path)
    sentence = str(refusal.value)
    assert str(path) in sentence and "\n" not in sentence
    for word in words:
        assert word in sentence


# Saving


def test_a_saved_model_loads_and_reads_the_same(model, saved):
    loaded = modelfile.load(saved)
    np.testing.assert_allclose(loaded(GRIDS), model(GRIDS), atol=1e-6)


def test_it_loads_with_plain_keras_and_without_custom_objects(model, saved):
    np.testing.assert_allclose(keras.saving.load_model(saved)(GRIDS), model(GRIDS), atol=1e-6)


def test_it_names_no_setting_that_another_version_of_keras_may_not_know(saved):
    config = zipfile.ZipFile(saved).read("config.json")
    assert blueprint.read(config).described == json.loads(config)  # which leaves out what is at its default
    assert b"initializer" not in config


def test_its_notes_come_back(saved):
    assert modelfile.read_notes(saved) == NOTES


def test_a_training_of_ten_thousand_epochs_is_saved_with_its_history(model, tmp_path):
    epoch = {"loss": 0.47301, "accuracy": 0.99192, "val_loss": 0.07142, "val_accuracy": 0.97841, "seconds": 41.7}
    notes = {"history": [{"epoch": number + 1, **epoch} for number in range(10_000)]}
    modelfile.save(model, tmp_path / "model.keras", notes)
    assert modelfile.read_notes(tmp_path / "model.keras") == notes
    modelfile.check_source(tmp_path / "model.keras")


def test_a_file_of_another_program_has_no_notes(model, tmp_path):
    model.save(tmp_path / "plain.keras")
    assert modelfile.read_notes(tmp_path / "plain.keras") == {}


def test_a_new_model_takes_the_old_ones_place_and_nothing_else_is_left(model, tmp_path):
    path = tmp_path / "model.keras"
    for seed in (1, 2):
        modelfile.save(model, path, {"seed": seed})
    assert modelfile.read_notes(path) == {"seed": 2}
    assert [file.name for file in tmp_path.iterdir()] == ["model.keras"]


class TornModel:
    """Stops midway: some of the file is written when the trouble comes."""

    def __init__(self, trouble):
        self.trouble = trouble

    def save(self, path):
        path.write_bytes(b"PK half a model")
        raise self.trouble


def fsync_fails(trouble):
    def fsync(descriptor):
        raise trouble

    return fsync


FULL = OSError(errno.ENOSPC, "No space left on device")
TROUBLES = [(FULL, UserError), (KeyboardInterrupt(), KeyboardInterrupt), (ValueError("a bug"), ValueError)]


@pytest.mark.parametrize("has_old_file", [True, False])
@pytest.mark.parametrize(("trouble", "raised"), TROUBLES)
def test_a_save_that_stops_midway_leaves_the_old_file_bit_for_bit_and_no_litter(
    tmp_path, trouble, raised, has_old_file
):
    path = tmp_path / "model.keras"
    if has_old_file:
        path.write_bytes(b"the old model")
    with pytest.raises(raised):
        modelfile.save(TornModel(trouble), path, NOTES)
    assert_untouched(tmp_path, has_old_file)


@pytest.mark.parametrize("has_old_file", [True, False])
@pytest.mark.parametrize(("trouble", "raised"), TROUBLES)
def test_so_does_one_that_stops_at_the_very_end(model, tmp_path, monkeypatch, trouble, raised, has_old_file):
    path = tmp_path / "model.keras"
    if has_old_file:
        path.write_bytes(b"the old model")
    monkeypatch.setattr(os, "fsync", fsync_fails(trouble))
    with pytest.raises(raised):
        modelfile.save(model, path, NOTES)
    assert_untouched(tmp_path, has_old_file)


def assert_untouched(folder, has_old_file):
    left = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert left == ({"model.keras": b"the old model"} if has_old_file else {})


def test_a_full_disk_is_said_in_one_sentence(model, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", fsync_fails(FULL))
    path = tmp_path / "model.keras"
    assert_refused(lambda path: modelfile.save(model, path, NOTES), path, "No space left", "free some space")


def test_the_new_file_is_on_the_disk_before_it_takes_the_old_ones_place(model, tmp_path, monkeypatch):
    path, order = tmp_path / "model.keras", []
    path.write_bytes(b"the old model")
    monkeypatch.setattr(os, "fsync", lambda descriptor: order.append(path.read_bytes()))
    modelfile.save(model, path, NOTES)
    assert order == [b"the old model", path.read_bytes()]  # the file, then the folder with its new name


def test_whoever_reads_the_old_file_meanwhile_goes_on_reading_it_whole(model, tmp_path):
    path, same = tmp_path / "model.keras", tmp_path / "same"
    path.write_bytes(b"the old model")
    same.hardlink_to(path)
    modelfile.save(model, path, NOTES)
    assert same.read_bytes() == b"the old model"  # put aside, not written over


def test_a_folder_that_vanished_while_training_is_said_in_one_sentence(model, tmp_path):
    path = tmp_path / "gone" / "model.keras"
    assert_refused(lambda path: modelfile.save(model, path, NOTES), path, "could not be saved")


def test_a_saved_model_may_be_read_by_whoever_may_read_a_new_file(saved, tmp_path):
    (tmp_path / "new").write_text("")
    assert saved.stat().st_mode == (tmp_path / "new").stat().st_mode


# Where to save


def test_a_good_target_is_accepted_and_not_made(tmp_path):
    modelfile.check_target(tmp_path / "model.keras")
    (tmp_path / "old.keras").write_bytes(b"old")
    modelfile.check_target(tmp_path / "old.keras")
    assert [file.name for file in tmp_path.iterdir()] == ["old.keras"]


@pytest.mark.parametrize("name", ["model", "model.h5", "model.keras.txt", "model.KERAS", "keras", ".keras"])
def test_a_target_must_end_as_keras_files_do(tmp_path, name):
    assert_refused(modelfile.check_target, tmp_path / name, ".keras", "try ")


def test_a_folder_is_no_target(tmp_path):
    (tmp_path / "folder.keras").mkdir()
    assert_refused(modelfile.check_target, tmp_path / "folder.keras", "is a folder")


@pytest.mark.parametrize("name", ["", ".", "..", "/"])
def test_nor_is_one_without_a_name(name):
    assert_refused(modelfile.check_target, Path(name), "is a folder")


def test_a_name_too_long_is_refused():
    for call in (modelfile.check_target, modelfile.check_source):
        assert_refused(call, Path("m" * 300 + ".keras"))


def test_the_folder_of_a_target_must_exist(tmp_path):
    assert_refused(modelfile.check_target, tmp_path / "no" / "model.keras", "there is no folder", "make it first")


def test_a_file_is_no_folder_for_a_target(tmp_path):
    (tmp_path / "file").write_text("")
    assert_refused(modelfile.check_target, tmp_path / "file" / "model.keras", "there is no folder")


def test_a_folder_that_cannot_be_written_in_is_refused(tmp_path, monkeypatch):
    def no(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(modelfile.tempfile, "TemporaryFile", no)
    assert_refused(modelfile.check_target, tmp_path / "model.keras", "Permission denied")


# Loading


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


def test_a_model_under_another_name_is_refused(saved, tmp_path):
    path = tmp_path / "model.zip"
    path.write_bytes(saved.read_bytes())
    assert_refused(modelfile.check_source, path, "is no Keras model file")


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


def test_all_layers_in_the_list_are_in_that_network():
    model = every_layer()
    used = {type(layer).__name__ for layer in [*model.layers, *model.layers[1].layers]}
    assert used == {*layers._LAYERS, "Sequential"}


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


def test_what_could_not_be_loaded_is_not_saved(tmp_path):
    layers = [keras.Input((28, 28, 1)), keras.layers.Lambda(lambda x: x), *small_model().layers]
    path = tmp_path / "model.keras"
    assert_refused(lambda path: modelfile.save(keras.Sequential(layers), path, NOTES), path, "was not saved", "Lambda")
    assert not [*tmp_path.iterdir()]


def test_what_is_not_on_the_disk_as_it_was_written_is_not_put_in_place(model, tmp_path, monkeypatch):
    path = tmp_path / "model.keras"
    path.write_bytes(b"the old model")
    monkeypatch.setattr(modelfile.weights, "read", lambda content: {place: a + 1 for place, a in read(content).items()})
    assert_refused(lambda path: modelfile.save(model, path, NOTES), path, "was not saved", "other weights")
    assert_untouched(tmp_path, has_old_file=True)


@pytest.mark.parametrize(("notes", "threshold"), [({"threshold": 0.6}, 0.6), ({}, 0.5), ({"threshold": "high"}, 0.5)])
def test_the_threshold_of_doubt_is_the_files_own_or_one_half(tmp_path, notes, threshold):
    path = model_files.write(tmp_path / "model.keras", metadata={"digits": notes})
    assert modelfile.read_threshold(path) == threshold
