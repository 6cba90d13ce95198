"""What becomes of a model file on its way into the page."""

from pathlib import Path

import numpy as np
import pytest

from digits import UserError, modelfile
from digits.assets import MODEL
from digits.modelfile import blueprint
from digits.web import network
from tests.support import model_files
from tests.support.model_files import functional, part, placed, sequential

CONVOLUTION = {
    "filters": 4,
    "kernel_size": [3, 3],
    "strides": [1, 1],
    "padding": "same",
    "data_format": "channels_last",
    "dilation_rate": [1, 1],
    "groups": 1,
    "activation": "linear",
    "use_bias": True,
}


def ours(tmp_path, config=None, weights=None):
    """Write a model file that says that this program has saved it."""
    metadata = {"keras_version": "3.12.4", "digits": {"threshold": 0.75}}
    return model_files.write(tmp_path / "model.keras", config, weights, metadata)


def test_the_smallest_network_comes_to_two_steps(tmp_path):
    made = network.read(ours(tmp_path))
    assert [step["do"] for step in made.steps] == ["convolve", "softmax"]
    assert [step["takes"] for step in made.steps] == [[0], [1]]
    assert len(made.weights) == 7840 + 10 and made.weights.dtype == np.float32
    assert made.threshold == 0.75


def test_of_the_shipped_network_nothing_is_left_that_only_scales_or_rectifies():
    made = network.read(MODEL)
    assert not {"scale", "relu"} & {step["do"] for step in made.steps}
    assert len(made.weights) < sum(array.size for arrays in modelfile.read(MODEL)[1] for array in arrays)


def test_what_two_layers_take_is_not_changed_for_one_of_them():
    convolution = {
        "do": "convolve",
        "rectify": False,
        "takes": [0],
        "shape": [1, 1, 2],
        "weights": [np.ones((1, 2))] * 2,
    }
    relu = {"do": "relu", "takes": [1], "shape": [1, 1, 2], "weights": []}
    both = [convolution, relu, {"do": "add", "takes": [1, 2], "shape": [1, 1, 2], "weights": []}]
    assert [step["do"] for step in network._folded(both)] == ["convolve", "relu", "add"]
    alone = [convolution, relu, {"do": "softmax", "takes": [2], "shape": [1, 1, 2], "weights": []}]
    folded = network._folded(alone)
    assert [step["do"] for step in folded] == ["convolve", "softmax"] and folded[0]["rectify"]
    assert folded[1]["takes"] == [1]


def refusal(monkeypatch, config):
    """Return why a network of a description cannot run in a page; its weights are zeros."""
    plan = blueprint.read(model_files.members(config)["config.json"])
    arrays = [[np.zeros(shape, np.float32) for shape in layer.weights] for layer in plan.layers]
    monkeypatch.setattr(modelfile, "read", lambda path: (plan, arrays))
    with pytest.raises(UserError) as refused:
        network.read(Path("model.keras"))
    return str(refused.value)


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (part("LeakyReLU", name="leaky", negative_slope=0.3), "leaky is a LeakyReLU"),
        (part("Activation", name="bent", activation="gelu"), "bent has activation gelu"),
        (part("ReLU", name="cut", max_value=6.0, negative_slope=0.0, threshold=0.0), "cut has max_value 6.0"),
        (part("Conv2D", name="wide", **CONVOLUTION | {"dilation_rate": [2, 2]}), "wide has dilation_rate [2, 2]"),
    ],
)
def test_a_layer_that_the_page_does_not_know_is_refused_by_its_name(monkeypatch, layer, why):
    expected = f"model.keras cannot run in a page: its layer {why}, which the page has no steps for."
    assert refusal(monkeypatch, sequential(layer)) == expected


def test_what_is_added_must_be_of_one_shape(monkeypatch):
    cut = placed(part("GlobalMaxPooling2D", name="cut", keepdims=True, data_format="channels_last"), "input")
    both = placed(part("Add", name="both"), "input", "cut")
    assert "its layer both has inputs of the shapes" in refusal(monkeypatch, functional(cut, both, end="both"))


def test_a_file_that_is_no_model_is_refused_as_everywhere(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"none")
    with pytest.raises(UserError, match="is no Keras model file"):
        network.read(tmp_path / "model.keras")
