"""The model that comes with the program."""

import json
import zipfile

import keras
import numpy as np
import pytest

from digits import modelfile
from digits.assets import MODEL
from digits.data import pens, recordings
from digits.evaluation import testsets
from digits.files import unipen
from digits.ink import grid, strokes
from digits.modelfile import blueprint
from digits.reading import converted, engine
from tests.support.project import ROOT

STYLES = ROOT / "tests" / "support" / "unseen-styles.dat"

if not MODEL.exists():
    pytest.skip("assets/model.keras has not been trained yet", allow_module_level=True)


@pytest.fixture(scope="module")
def model():
    return keras.saving.load_model(MODEL)  # as any program would, and without custom objects


def read(model, grids):
    return model.predict(grids[..., None], verbose=0)


def test_it_is_small(model):
    assert MODEL.stat().st_size <= 3_000_000
    assert model.count_params() <= 250_000


def test_the_program_itself_accepts_it():
    assert modelfile.load(MODEL)


def test_its_converted_form_answers_as_it_does(model):
    content = converted.read(converted.SHIPPED, converted.digest(MODEL))
    assert content, "assets/model.tflite is not of this model; make it with: python -m digits.reading.conversion"
    drawings = [strokes.smoothed(drawing) for drawing in unipen.read(pens.PEN_DIGITS)]
    noise = np.random.default_rng(0).random((100, 28, 28), np.float32)
    grids = np.concatenate([strokes.draw(drawings, testsets.PLACEMENTS["anywhere"]), noise, grid.empty(1)])
    np.testing.assert_allclose(engine.LiteRT(content).probabilities(grids), read(model, grids), atol=1e-5)


def test_its_converted_form_is_a_file_that_other_programs_run():
    from ai_edge_litert.interpreter import Interpreter

    assert Interpreter(model_path=str(converted.SHIPPED)).get_input_details()[0]["dtype"] is np.float32


def test_it_names_no_setting_that_another_version_of_keras_may_not_know():
    config = zipfile.ZipFile(MODEL).read("config.json")
    assert blueprint.read(config).described == json.loads(config)


def test_it_says_what_it_was_trained_on():
    assert {"MNIST", "pen-digits.dat", "pendigits-orig.tra", "syn", "ced", "imp", "gmd"} <= set(
        modelfile.read_notes(MODEL)["trained on"]
    )


def test_it_reads_pen_digits_that_it_was_not_trained_on(model):
    _, held_out = recordings.split(unipen.read(pens.PEN_DIGITS))
    curves = [strokes.smoothed(drawing) for drawing in held_out]
    answers = read(model, strokes.draw(curves, testsets.PLACEMENTS["centred"])).argmax(axis=1)
    assert (answers == unipen.labels(held_out, pens.PEN_DIGITS)).mean() >= 0.95


@pytest.mark.parametrize("placement", testsets.PLACEMENTS)
def test_it_reads_pen_digits_of_every_size_and_place(model, placement):
    drawings = unipen.read(pens.PEN_DIGITS)
    curves = [strokes.smoothed(drawing) for drawing in drawings]
    answers = read(model, strokes.draw(curves, testsets.PLACEMENTS[placement])).argmax(axis=1)
    assert (answers == unipen.labels(drawings, pens.PEN_DIGITS)).mean() >= 0.97


@pytest.mark.parametrize("placement", testsets.PLACEMENTS)
def test_it_reads_digits_in_styles_that_no_training_has_seen(model, placement):
    drawings = unipen.read(STYLES)
    answers = read(model, strokes.draw(drawings, testsets.PLACEMENTS[placement])).argmax(axis=1)
    assert (answers == unipen.labels(drawings, STYLES)).mean() >= 0.95


def test_it_has_no_idea_of_an_empty_sheet(model):
    assert read(model, grid.empty(1)).max() < 0.5


def test_it_has_no_idea_of_noise(model):
    noise = np.random.default_rng(0).random((50, 28, 28), np.float32)
    assert np.median(read(model, noise).max(axis=1)) < 0.5
