"""Short trainings that are compared: what they are trained on, and what they are measured on."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from digits import UserError
from digits.data import mnist
from digits.experiments import trials
from digits.recipe import DEFAULT
from digits.training import networks, trainer
from tests.support import recorded, tiny_network


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return recorded.write(tmp_path_factory.mktemp("recorded"))


@pytest.fixture(scope="module")
def images(files):
    return mnist.load(files[1])


def writers(drawings):
    return {drawing.writer for drawing in drawings if drawing.writer}


def test_of_recordings_the_writers_who_are_left_out_are_measured_on(files):
    taught, apart = trials.gather([files[3]], [files[5]])
    left_out = {"writer 2", "writer 6"}
    assert writers(apart.digits) == writers(apart.others) == left_out
    assert writers(taught.digits) == writers(taught.others) == {f"writer {n}" for n in range(8)} - left_out
    assert all(drawing.writer for drawing in apart.digits + apart.others)  # built-in drawings are for training


def test_of_too_few_writers_nobody_can_be_left_out(tmp_path):
    files = recorded.write(tmp_path, writers=2)
    with pytest.raises(UserError, match="too few writers"):
        trials.gather([files[3]], [files[5]])


def test_what_is_no_digit_is_said(files):
    with pytest.raises(UserError, match="is no digit"):
        trials.gather([files[5]], [files[5]])


def test_without_recordings_styles_are_left_out():
    taught, apart = trials.gather([], [])
    assert not {digit.comment for digit in taught.digits} & {digit.comment for digit in apart.digits}
    assert not {id(other) for other in taught.others} & {id(other) for other in apart.others}
    assert {digit.label for digit in taught.digits} == {digit.label for digit in apart.digits} == set("0123456789")


@pytest.mark.parametrize("are_recorded", [True, False], ids=["people", "styles"])
def test_a_network_is_measured_on_digits_and_told_from_other_things(files, images, are_recorded, monkeypatch):
    monkeypatch.setattr(trials, "VARIED", 50)
    _, apart = trials.gather([files[3]], [files[5]]) if are_recorded else trials.gather([], [])
    figures = trials.measuring(apart, images)(recorded.Oracle())
    threes = 100 * (images.validation_labels == 3).mean()
    assert figures[trials.MNIST] == pytest.approx(threes) and 0 < figures[trials.DRAWN] < 30
    assert (figures[trials.AUROC], figures[trials.FPR95]) == (0.5, 1)  # all are read alike
    if are_recorded:
        assert figures[trials.DRAWN] == 10


def test_a_network_is_trained_by_the_recipe_as_its_machine_computes_best(images, monkeypatch):
    recipe = replace(DEFAULT, epochs=2, batch_size=16, epoch_size=32)
    monkeypatch.setattr(networks, "convolutional", tiny_network.convolutional)
    monkeypatch.setattr(trials, "_computed", lambda: {"precision": "mixed_bfloat16", "in_halves": True})
    prepared, prepare, epochs = [], trainer.prepare, []
    monkeypatch.setattr(trainer, "prepare", lambda recipe: prepared.append(prepare(recipe)) or prepared[0])
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: epochs.append(epoch))
    network = trials.train(recipe, trials.set_aside()[0], images, [watch])
    assert int(prepared[0].optimizer.iterations) == 4 and epochs == [0, 1]
    assert prepared[0].layers[1].compute_dtype == "bfloat16" and network.layers[1].compute_dtype == "float32"
    np.testing.assert_array_equal(network.get_weights()[0], prepared[0].get_weights()[0])


def test_runs_are_shown_by_mean_and_sample_standard_deviation():
    assert trials.spread([1.0, 2.0, 3.0]) == "2 +- 1"
    assert trials.spread([2.0]) == "2 +- nan"
