"""Model files: whole or not at all, and nothing loaded that does not fit."""

import errno
import json
import os
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from digits import UserError, modelfile

NOTES = {"trained on": ["MNIST", "pen digits"], "seed": 3, "precision": "float32"}
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


def test_its_notes_come_back(saved):
    assert modelfile.read_notes(saved) == NOTES


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
    assert order == [b"the old model"]


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


def test_a_zip_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "Dear model,")
    assert_refused(modelfile.load, path, "cannot be loaded")


@pytest.mark.parametrize("member", ["config.json", "model.weights.h5"])
@pytest.mark.parametrize("damage", [None, b"", b"{", b"\x89HDF\r\n"])
def test_a_damaged_model_is_refused(saved, tmp_path, member, damage):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(saved) as whole, zipfile.ZipFile(path, "w") as archive:
        for name in whole.namelist():
            content = damage if name == member else whole.read(name)
            if content is not None:
                archive.writestr(name, content)
    assert_refused(modelfile.load, path, "cannot be loaded")


def test_a_truncated_model_is_refused(saved, tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(saved.read_bytes()[:-200])
    assert_refused(modelfile.load, path)


@pytest.mark.parametrize(
    ("shape", "classes"), [((28, 28), 10), ((784,), 10), ((28, 28, 3), 10), ((32, 32, 1), 10), ((28, 28, 1), 26)]
)
def test_a_model_of_another_shape_is_refused(tmp_path, shape, classes):
    path = tmp_path / "model.keras"
    small_model(shape, classes).save(path)
    assert_refused(modelfile.load, path, "does not fit", str((None, *shape)), str((None, classes)))


def test_a_model_with_code_in_it_is_refused_and_its_code_not_run(tmp_path):
    path = tmp_path / "model.keras"
    layers = [keras.Input((28, 28, 1)), keras.layers.Lambda(lambda x: x), *small_model().layers]
    keras.Sequential(layers).save(path)
    assert_refused(modelfile.load, path, "cannot be loaded")


@pytest.mark.parametrize(("notes", "threshold"), [({"threshold": 0.6}, 0.6), ({}, 0.5), ({"threshold": "high"}, 0.5)])
def test_the_threshold_of_doubt_is_the_files_own_or_one_half(tmp_path, notes, threshold):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"digits": notes}))
    assert modelfile.read_threshold(path) == threshold
