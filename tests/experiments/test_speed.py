"""How fast a training is, with a network that takes no time."""

import os
from dataclasses import replace

import keras
import pytest

from digits.data import mnist
from digits.experiments import speed
from digits.files import unipen
from digits.training import networks
from tests.support import fake_mnist, tiny_network


@pytest.fixture
def tiny(monkeypatch):
    """Let the network be tiny; returns by what recipes it was asked for."""
    asked = []

    def convolutional(recipe, in_training):
        asked.append(recipe)
        return tiny_network.convolutional(recipe, in_training)

    monkeypatch.setattr(networks, "convolutional", convolutional)
    yield asked
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("made", [False, True], ids=["grids at hand", "grids made meanwhile"])
def test_a_recipe_has_a_speed(tiny, tmp_path, monkeypatch, capsys, made):
    monkeypatch.setattr(speed, "_STEPS", 16)
    monkeypatch.setattr(unipen, "read", lambda path, read=unipen.read: read(path)[::20])
    recipe = replace(speed.RECIPES["+ halves side by side"], batch_size=64)
    assert speed.grids_per_second(recipe, mnist.load(fake_mnist.write(tmp_path / "mnist.npz")), made) > 0
    assert tiny == [replace(recipe, epochs=2, epoch_size=16 * 64)]
    assert capsys.readouterr().out == ""


def test_every_row_is_another_recipe():
    assert len(set(speed.RECIPES.values())) == len(speed.RECIPES)


def test_every_recipe_has_a_row_with_median_and_range(tmp_path, monkeypatch, capsys):
    speeds = iter([3.0, 1.0, 2000.0] * (len(speed.RECIPES) + 1))
    monkeypatch.setattr(speed, "apart", lambda *_: next(speeds))
    monkeypatch.setattr("sys.argv", ["speed", "--mnist", str(fake_mnist.write(tmp_path / "mnist.npz"))])
    assert speed.main() == 0
    _, *rows = capsys.readouterr().out.splitlines()
    assert [row[:32].strip() for row in rows] == [*speed.RECIPES, speed.MADE]
    assert all(row.split()[-4:] == ["3", "1", "to", "2,000"] for row in rows)


def test_each_run_is_a_process_of_its_own():
    assert speed.apart(os.getpid) != speed.apart(os.getpid) != os.getpid()


def test_a_missing_file_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["speed", "--mnist", str(tmp_path / "none.npz")])
    assert speed.main() == 1
    assert "there is no such file" in capsys.readouterr().err
