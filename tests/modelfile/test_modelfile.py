"""Model files are saved whole or not at all, and nothing that could not be loaded again."""

import errno
import json
import os
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from digits import UserError, modelfile
from digits.modelfile import blueprint, weights

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
