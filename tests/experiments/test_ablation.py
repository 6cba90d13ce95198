"""What each part of a training is worth: every table, with a network that needs no training."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from digits.data import mnist
from digits.experiments import ablation
from digits.recipe import DEFAULT
from digits.training import networks, trainer
from tests.support import fake_mnist


class Oracle:
    """A network that answers "3" to everything, with the confidence that a test gives it."""

    def predict(self, grids, **_):
        probabilities = np.full((len(grids), 10), 0.05, np.float32)
        probabilities[:, 3] = 0.55
        return probabilities


@pytest.fixture
def files(tmp_path):
    recorded = tmp_path / "recorded.dat"
    recorded.write_text(
        "".join(f'.SEGMENT DIGIT {n} ? "{n}"\n.PEN_DOWN\n0 0\n{n} 50\n.PEN_UP\n' for n in range(10)), encoding="utf-8"
    )
    others = tmp_path / "others.dat"
    others.write_text('.SEGMENT CHARACTER 0 ? "A"\n.PEN_DOWN\n0 0\n9 50\n.PEN_UP\n', encoding="utf-8")
    images = fake_mnist.write(tmp_path / "mnist.npz")
    return ["--mnist", images, "--strokes", recorded, "--not-digits", others]


@pytest.fixture
def trained(monkeypatch):
    """Return the recipes that networks were trained by, none of them really."""
    recipes = []
    monkeypatch.setattr(ablation, "_VARIED", 50)

    def train(recipe, taught, images):
        recipes.append(recipe)
        return Oracle()

    monkeypatch.setattr(ablation, "train", train)
    return recipes


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["ablation", *map(str, arguments)])
    return ablation.main()


@pytest.mark.parametrize("table", ablation.RECIPES)
def test_a_table_has_a_row_for_each_recipe_from_all_seeds(table, files, trained, monkeypatch, capsys):
    assert run(monkeypatch, table, *files, "--epochs", 1, "--seeds", 2) == 0
    lines = capsys.readouterr().out.splitlines()
    names = ablation.RECIPES[table]
    assert [line[:28].strip() for line in lines[1:]] == list(names)
    assert [(recipe.epochs, recipe.seed) for recipe in trained] == [(1, 0), (1, 1)] * len(names)
    assert all("AUROC 0.5 +- 0 " in line for line in lines[1:])  # all are read alike, with every seed


def test_the_brushes_are_compared_on_one_network_for_each_seed(files, trained, monkeypatch, capsys):
    assert run(monkeypatch, "brush", *files[:2], "--seeds", 2) == 0
    assert len(trained) == 2
    lines = capsys.readouterr().out.splitlines()[1:]
    assert len(lines) == len(ablation.BRUSHES)
    assert "radius 1, softness 1 " in "".join(lines)


@pytest.mark.parametrize("recipes", ablation.RECIPES.values(), ids=ablation.RECIPES)
def test_shares_add_up_to_the_whole(recipes):
    for recipe in recipes.values():
        assert recipe.nudged + recipe.spread + recipe.drawn + recipe.negatives == pytest.approx(1)


@pytest.mark.parametrize("recipes", ablation.RECIPES.values(), ids=ablation.RECIPES)
def test_every_row_is_another_recipe(recipes):
    assert len(set(recipes.values())) == len(recipes)


def test_a_kind_of_no_digit_is_left_out():
    recipe = ablation.without("marks", "filled")
    assert (recipe.marks, recipe.filled, recipe.others) == (0, 0, DEFAULT.others)


def test_what_is_chosen_on_was_never_trained_on():
    taught, apart = ablation.set_aside()
    assert not {digit.comment for digit in taught.digits} & {digit.comment for digit in apart.digits}
    assert not {id(other) for other in taught.others} & {id(other) for other in apart.others}
    assert {digit.label for digit in taught.digits} == {digit.label for digit in apart.digits} == set("0123456789")


@pytest.mark.parametrize("table", ["mixture", "brush"])
def test_what_is_chosen_needs_no_recordings(table):
    assert ablation.parse_arguments([table]).table == table


def test_what_is_measured_on_recordings_asks_for_them(capsys):
    with pytest.raises(SystemExit) as end:
        ablation.parse_arguments(["sources"])
    assert end.value.code == 2
    assert "--strokes" in capsys.readouterr().err


def test_a_missing_file_is_said(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "mixture", "--mnist", tmp_path / "none.npz") == 1
    assert "there is no such file" in capsys.readouterr().err


def tiny_network(recipe, fast=False):
    layers = keras.layers
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10), layers.Softmax()])


def test_a_network_is_trained_by_the_recipe_as_its_machine_computes_best(files, monkeypatch):
    recipe = replace(DEFAULT, epochs=1, batch_size=16, epoch_size=32)
    monkeypatch.setattr(networks, "convolutional", tiny_network)
    monkeypatch.setattr(ablation, "_computed", lambda: {"precision": "mixed_bfloat16", "in_halves": True})
    prepared, prepare = [], trainer.prepare
    monkeypatch.setattr(trainer, "prepare", lambda recipe: prepared.append(prepare(recipe)) or prepared[0])
    network = ablation.train(recipe, ablation.everything(), mnist.load(files[1]))
    assert int(prepared[0].optimizer.iterations) == 2
    assert prepared[0].layers[1].compute_dtype == "bfloat16" and network.layers[1].compute_dtype == "float32"
    np.testing.assert_array_equal(network.get_weights()[0], prepared[0].get_weights()[0])
