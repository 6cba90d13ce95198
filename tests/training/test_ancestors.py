"""The networks that ours descends from: built and trained as their authors say, and the brush of their window."""

import sys

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import handwriting
from digits import modelfile
from digits.data import mnist
from digits.evaluation import predictions, testsets
from digits.ink import grid, strokes
from digits.training import ancestors, networks
from tests.support import fake_mnist

PARAMETERS = {  # counted by hand: (inputs + 1) x outputs of each layer, batch normalisation four of each channel
    "mlp-256-128": 785 * 256 + 257 * 128 + 129 * 10,
    "mlp-64-64": 785 * 64 + 65 * 64 + 65 * 10,
    "mlp-128-128": 785 * 128 + 129 * 128 + 129 * 10,
    "cnn-32-64": 10 * 32 + 289 * 64 + (5 * 5 * 64 + 1) * 128 + 129 * 10,
    "cnn-32": 10 * 32 + (13 * 13 * 32 + 1) * 128 + 129 * 10,
    "cnn-64-64": 10 * 64 + 577 * 64 + 2 * 4 * 64 + (5 * 5 * 64 + 1) * 128 + 129 * 10,
    "mnist-convnet": 34_826,  # as Keras's example prints it
}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return fake_mnist.write(tmp_path_factory.mktemp("images") / "mnist.npz")


# The networks


def test_every_recipe_has_its_network():
    assert list(ancestors.RECIPES) == list(networks.ANCESTORS)


@pytest.mark.parametrize("name", ancestors.RECIPES)
def test_a_network_maps_grids_to_ten_probabilities_and_has_its_parameters(name):
    network = networks.ANCESTORS[name]()
    assert (network.input_shape, network.output_shape) == ((None, 28, 28, 1), (None, 10))
    count = sum(np.prod(weight.shape) for weight in network.weights if weight.dtype == "float32")  # no random states
    assert count == PARAMETERS[name]
    probabilities = network(np.random.default_rng(0).random((5, 28, 28, 1), np.float32))
    np.testing.assert_allclose(np.sum(probabilities, axis=1), 1, atol=1e-5)


def test_random_changes_are_made_in_training_only():
    network = networks.ANCESTORS["cnn-64-64"]()
    grids = np.random.default_rng(0).random((5, 28, 28, 1), np.float32)
    np.testing.assert_array_equal(network(grids, training=False), network(grids, training=False))
    changed = grids
    for layer in network.layers[:3]:
        changed = layer(changed, training=True)
    assert np.abs(changed - grids).mean() > 0.05


# Their training


@pytest.fixture
def fitted(monkeypatch):
    """Let nothing be trained, and note what `fit` was called with, by whom."""
    calls = []
    monkeypatch.setattr(
        keras.Sequential, "fit", lambda network, *data, **how: calls.append((network.optimizer, data, how))
    )
    return calls


@pytest.mark.parametrize(
    ("name", "optimizer", "epochs", "batch_size", "held_out"),
    [
        ("mlp-256-128", "Adam", 5, 64, 0),
        ("mlp-64-64", "Adam", 5, 32, 0),
        ("mlp-128-128", "SGD", 3, 32, 0),
        ("cnn-32-64", "Adam", 5, 32, 0),
        ("cnn-32", "Adam", 10, 32, 0),
        ("cnn-64-64", "Adam", 10, 32, 0),
        ("mnist-convnet", "Adam", 15, 128, 0.1),
    ],
)
def test_each_is_trained_as_its_authors_do_on_all_of_mnist(fitted, file, name, optimizer, epochs, batch_size, held_out):
    ancestors.train(name, mnist.load(file), seed=0)
    [(used, (grids, labels), how)] = fitted
    assert type(used).__name__ == optimizer
    assert how == {"epochs": epochs, "batch_size": batch_size, "validation_split": held_out}
    arrays = fake_mnist.arrays()
    order = np.argsort(fake_mnist.numbers(np.rint(grids[..., 0] * 255)))
    np.testing.assert_allclose(grids[order, ..., 0], arrays["x_train"] / 255, atol=1e-6)
    np.testing.assert_array_equal(labels[order], arrays["y_train"])


@pytest.fixture
def briefly(monkeypatch):
    monkeypatch.setitem(ancestors.RECIPES, "mlp-64-64", ancestors.Ancestor("in short", 1, 64))


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["handwriting.py", *map(str, arguments)])
    return handwriting.main()


def test_handwriting_trains_one_by_its_name_and_says_so_in_the_file(briefly, monkeypatch, tmp_path, file, capsys):
    target = tmp_path / "old.keras"
    assert run(monkeypatch, target, "--network", "mlp-64-64", "--mnist", file, "--seed", 3) == 0
    assert "MNIST test, 60 images" in capsys.readouterr().out
    arrays, network = fake_mnist.arrays(), modelfile.load(target)
    answers = predictions.read(network, grid.from_bytes(arrays["x_test"])).argmax(1)
    assert (answers == arrays["y_test"]).mean() > 0.9
    notes = modelfile.read_notes(target)
    assert notes.pop("seconds") > 0
    assert notes == {"network": "mlp-64-64", "trained on": ["MNIST"], "epochs": 1, "batch size": 64, "seed": 3}


def test_the_same_seed_trains_the_same_network(briefly, file):
    images = mnist.load(file)
    few = images._replace(validation_images=images.test_images, validation_labels=images.test_labels)
    first, same, other = (ancestors.train("mlp-64-64", few, seed).get_weights()[0] for seed in (1, 1, 2))
    np.testing.assert_allclose(first, same, atol=1e-5)
    assert np.abs(first - other).max() > 0.01


def test_without_mnist_nothing_is_trained(monkeypatch, tmp_path, capsys):
    missing = tmp_path / "missing.npz"
    assert run(monkeypatch, tmp_path / "old.keras", "--network", "cnn-32", "--mnist", missing) == 1
    assert str(missing) in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("option", [("--epochs", "3"), ("--batch-size", "8"), ("--strokes", "pen.dat")])
def test_what_would_change_the_recipe_is_a_usage_error(option, capsys):
    with pytest.raises(SystemExit) as end:
        handwriting.parse_arguments(["model.keras", "--network", "cnn-32", *option])
    assert end.value.code == 2
    assert f"{option[0]} is not for cnn-32" in capsys.readouterr().err


def test_help_has_a_line_for_every_network(capsys):
    with pytest.raises(SystemExit):
        handwriting.parse_arguments(["--help"])
    lines = capsys.readouterr().out.splitlines()
    for name in ancestors.NAMES:
        assert any(line.split()[:1] == [name] for line in lines)


# Their brush


def test_a_stamp_is_a_cell_and_three_neighbours():
    ink = ancestors.stamp(np.array([(5.9, 7.2)]))
    np.testing.assert_allclose(ink[7:9, 5:7] * 255, [[250, 220], [220, 190]])
    assert np.count_nonzero(ink) == 4


def test_later_stamps_overwrite_earlier_ones():
    ink = ancestors.stamp(np.array([(5.5, 5.5), (4.5, 4.5)])) * 255
    assert ink[5, 5] == pytest.approx(190)  # and not the 250 of before
    assert ink[5, 6] == pytest.approx(220)


def test_nothing_lies_between_two_samples():
    assert np.count_nonzero(ancestors.stamp(np.array([(2, 2), (20, 2)]))) == 8


@given(st.lists(st.tuples(st.floats(-40, 60), st.floats(-40, 60)), min_size=1, max_size=20))
def test_samples_off_the_sheet_leave_nothing_and_all_others_a_mark(samples):
    ink = ancestors.stamp(np.array(samples))
    assert ink.shape == grid.SHAPE and ink.dtype == np.float32
    inside = [(x, y) for x, y in samples if 0 <= x < 28 and 0 <= y < 28]
    assert (ink.max() > 0) == bool(inside)
    for x, y in inside:
        assert ink[int(y), int(x)] > 0.7


def test_digits_lie_where_ours_lie():
    seven = strokes.Drawing("7", [np.array([(x, 0) for x in range(60)] + [(60 - y / 2, y) for y in range(100)])])
    for placement in testsets.PLACEMENTS.values():
        theirs, ours = ancestors.draw([seven] * 5, placement), strokes.draw([seven] * 5, placement)
        assert (theirs[ours > 0.99] > 0).mean() > 0.5
        assert (ours[theirs > 0.9] > 0).mean() > 0.95
