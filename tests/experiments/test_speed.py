"""How fast a training is, with a network that takes no time."""

import os

import keras
import pytest

from digits.data import mnist
from digits.experiments import speed
from digits.training import networks, trainer
from tests.support import fake_mnist


@pytest.fixture
def tiny(monkeypatch):
    """Let the network be tiny; returns what parts it was asked to have."""
    asked = []

    def convolutional(parts):
        asked.append(parts)
        layers = keras.layers
        return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")])

    monkeypatch.setattr(networks, "convolutional", convolutional)
    yield asked
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize(
    ("way", "parts"),
    [
        (speed.Way("float32", fused=False, at_once=1), networks.PLAIN),
        (speed.Way("float32", halves=False, made=True), trainer.Way("float32", products=True).parts()),
        (speed.Way("float32", products=False, orthogonal=False), trainer.Way("float32").parts()),
    ],
    ids=["grids at hand", "grids made meanwhile", "AdamW"],
)
def test_a_way_to_train_has_a_speed(tiny, tmp_path, monkeypatch, capsys, way, parts):
    monkeypatch.setattr(speed, "_STEPS", 16)
    monkeypatch.setattr(speed, "BATCH", 32)
    assert speed.grids_per_second(way, mnist.load(fake_mnist.write(tmp_path / "mnist.npz"))) > 0
    assert tiny == [parts]
    assert capsys.readouterr().out == ""


def test_every_way_has_a_row_with_median_and_range(tmp_path, monkeypatch, capsys):
    speeds = iter([3.0, 1.0, 2000.0] * len(speed.WAYS))
    monkeypatch.setattr(speed, "apart", lambda function, way, images: next(speeds))
    monkeypatch.setattr("sys.argv", ["speed", "--mnist", str(fake_mnist.write(tmp_path / "mnist.npz"))])
    assert speed.main() == 0
    _, *rows = capsys.readouterr().out.splitlines()
    assert [row[:32].strip() for row in rows] == list(speed.WAYS)
    assert all(row.split()[-4:] == ["3", "1", "to", "2,000"] for row in rows)


def test_each_run_is_a_process_of_its_own():
    assert speed.apart(os.getpid) != speed.apart(os.getpid) != os.getpid()


def test_a_missing_file_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["speed", "--mnist", str(tmp_path / "none.npz")])
    assert speed.main() == 1
    assert "there is no such file" in capsys.readouterr().err
