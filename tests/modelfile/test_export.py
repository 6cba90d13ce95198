"""The model elsewhere: what Keras exports, as the README says it, answers as the model itself does."""

import importlib.util

import keras
import numpy as np
import pytest

from digits.assets import MODEL
from digits.data import pens
from digits.evaluation import testsets
from digits.files import unipen
from digits.ink import strokes

if not MODEL.exists():
    pytest.skip("assets/model.keras has not been trained yet", allow_module_level=True)


@pytest.fixture(scope="module")
def model():
    return keras.saving.load_model(MODEL)


@pytest.fixture(scope="module")
def grids():
    drawn = strokes.draw(unipen.read(pens.PEN_DIGITS)[::20], testsets.PLACEMENTS["centred"])
    return np.concatenate([drawn, np.random.default_rng(0).random((5, 28, 28), np.float32)])[..., None]


def assert_same(answers, model, grids):
    expected = model(grids, training=False)
    assert len(set(np.argmax(expected, axis=1))) > 5  # a file that always answers the same would not do
    np.testing.assert_allclose(answers, expected, atol=1e-4)


def test_a_saved_model_answers_the_same(model, grids, tmp_path):
    import tensorflow as tf

    model.export(tmp_path / "digits", format="tf_saved_model", verbose=False)
    loaded = tf.saved_model.load(tmp_path / "digits")
    assert_same(loaded.serve(grids), model, grids)


@pytest.mark.filterwarnings("ignore:In the future `np.object`:FutureWarning")  # Keras asks NumPy for it
def test_onnx_answers_the_same(model, grids, tmp_path):
    pytest.importorskip("tf2onnx")
    runtime = pytest.importorskip("onnxruntime")
    path = tmp_path / "digits.onnx"
    model.export(path, format="onnx", verbose=False)
    session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
    [answers] = session.run(None, {session.get_inputs()[0].name: grids})
    assert_same(answers, model, grids)


@pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated")
def test_litert_answers_the_same(model, grids, tmp_path):
    if tuple(map(int, keras.__version__.split(".")[:2])) < (3, 13):
        pytest.skip("Keras exports LiteRT from 3.13 on")
    path = tmp_path / "digits.tflite"
    model.export(path, format="litert", verbose=False)
    interpreter = litert()(model_path=str(path))
    put, get = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    interpreter.resize_tensor_input(put, grids.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(put, grids)
    interpreter.invoke()
    assert_same(interpreter.get_tensor(get), model, grids)


def litert():
    """Return LiteRT's interpreter, or TensorFlow's own copy of it as long as it has one."""
    if importlib.util.find_spec("ai_edge_litert"):
        from ai_edge_litert.interpreter import Interpreter

        return Interpreter
    import tensorflow as tf

    if not hasattr(tf, "lite"):
        pytest.skip("LiteRT is not installed")
    return tf.lite.Interpreter
