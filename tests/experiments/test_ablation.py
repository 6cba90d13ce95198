"""What each part of a training is worth: every table, with a network that needs no training."""

import keras
import numpy as np
import pytest

from digits.data import negatives
from digits.experiments import ablation
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
    others.write_text('.SEGMENT LETTER 0 ? "A"\n.PEN_DOWN\n0 0\n9 50\n.PEN_UP\n', encoding="utf-8")
    images = fake_mnist.write(tmp_path / "mnist.npz")
    return ["--mnist", images, "--strokes", recorded, "--not-digits", others]


@pytest.fixture
def trained(monkeypatch):
    """Return the settings that networks were trained with, none of them really."""
    settings = []
    monkeypatch.setattr(ablation, "_VARIED", 50)

    def train(setting, epochs, seed, taught, images):
        settings.append((setting, epochs, seed))
        return Oracle()

    monkeypatch.setattr(ablation, "train", train)
    return settings


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["ablation", *map(str, arguments)])
    return ablation.main()


@pytest.mark.parametrize("table", ablation.SETTINGS)
def test_a_table_has_a_row_for_each_setting_from_all_seeds(table, files, trained, monkeypatch, capsys):
    assert run(monkeypatch, table, *files, "--epochs", 1, "--seeds", 2) == 0
    lines = capsys.readouterr().out.splitlines()
    names = ablation.SETTINGS[table]
    assert [line[:28].strip() for line in lines[1:]] == list(names)
    assert [seed for _, _, seed in trained] == [0, 1] * len(names)
    assert all("AUROC 0.5 +- 0 " in line for line in lines[1:])  # all are read alike, with every seed


def test_the_brushes_are_compared_on_one_network_for_each_seed(files, trained, monkeypatch, capsys):
    assert run(monkeypatch, "brush", *files[:2], "--seeds", 2) == 0
    assert len(trained) == 2
    lines = capsys.readouterr().out.splitlines()[1:]
    assert len(lines) == len(ablation.BRUSHES)
    assert "radius 1, softness 1 " in "".join(lines)


@pytest.mark.parametrize("settings", ablation.SETTINGS.values(), ids=ablation.SETTINGS)
def test_shares_add_up_to_the_whole(settings):
    for setting in settings.values():
        assert setting.shares is None or sum(setting.shares) == pytest.approx(1)


def test_a_kind_of_no_digit_is_left_out():
    assert set(negatives.KINDS) - set(ablation.without("marks", "filled").kinds) == {"marks", "filled"}


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


RUN = 1, 16  # epochs, steps in each


@pytest.fixture
def compiled():
    network = networks.convolutional()
    trainer.compile_for(network, *RUN)
    return network


def test_the_last_weights_can_be_kept_instead_of_averaged_ones(compiled):
    ablation.forget_averaging(compiled, *RUN)
    assert not compiled.optimizer.use_ema


def test_a_network_can_learn_at_one_rate(compiled):
    averaging = compiled.optimizer.ema_momentum
    ablation.keep_rate(compiled, *RUN)
    assert float(compiled.optimizer.learning_rate) == pytest.approx(1e-3)
    assert compiled.optimizer.ema_momentum == averaging


def test_kernels_can_learn_as_other_weights_do(compiled):
    rate = compiled.optimizer._learning_rate
    ablation.use_adamw(compiled, *RUN)
    assert type(compiled.optimizer) is keras.optimizers.AdamW
    assert compiled.optimizer._learning_rate.get_config() == rate.get_config()


def test_a_network_can_keep_all_units(compiled):
    ablation.keep_all_units(compiled, *RUN)
    grids = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    for layer in compiled.layers:
        if isinstance(layer, keras.layers.Dropout):
            features = np.ones((4, 96), np.float32)
            np.testing.assert_array_equal(layer(features, training=True), features)
    assert np.isfinite(compiled(grids)).all()
