"""The comparison: what is trained and what is only loaded, and that every figure stands where it belongs."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from digits import modelfile
from digits.evaluation import predictions, testsets
from digits.experiments import comparison
from digits.files import unipen
from digits.ink import strokes
from digits.training import ancestors
from tests.support import fake_mnist
from tests.support.fake_model import write_model

SEVEN, ONE = np.array([(0, 0), (60, 0), (20, 100)]), np.array([(0, 0), (0, 100)])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the folder of MNIST, of recorded digits and of other things."""
    folder = tmp_path_factory.mktemp("measures")
    fake_mnist.write(folder / "mnist.npz")
    digits = [strokes.Drawing("7", [SEVEN]), strokes.Drawing("1", [ONE]), strokes.Drawing("3", [ONE])]
    unipen.write(folder / "digits.dat", digits)
    unipen.write(folder / "others.dat", [strokes.Drawing("K", [ONE, SEVEN])] * 4)
    return folder


@pytest.fixture
def options(files, tmp_path):
    named = {"--mnist": "mnist.npz", "--strokes": "digits.dat", "--not-digits": "others.dat"}
    paths = [part for option, name in named.items() for part in (option, files / name)]
    return [*paths, "--folder", tmp_path / "models", "--networks", "cnn-32", "ours", "--seeds", 2]


@pytest.fixture(autouse=True)
def in_short(monkeypatch):
    monkeypatch.setattr(comparison, "_ASKED", 3)


@pytest.fixture
def trained(monkeypatch):
    """Write a model that reads little instead of a training, and note what was to be trained."""
    names = []

    def train(name, seed, path, images):
        names.append(f"{name}-{seed}")
        write_model(path)

    monkeypatch.setattr(comparison, "train", train)
    return names


def run(monkeypatch, options):
    monkeypatch.setattr(sys, "argv", ["compare", *map(str, options)])
    return comparison.main()


# What is trained


def test_what_is_missing_is_trained_and_what_is_there_is_loaded(trained, monkeypatch, options, tmp_path):
    monkeypatch.setattr(comparison, "measure", lambda path, shown: figures())
    assert run(monkeypatch, options) == 0
    assert trained == ["cnn-32-0", "cnn-32-1", "ours-0", "ours-1"]
    (tmp_path / "models" / "ours-0.keras").unlink()
    assert run(monkeypatch, options) == 0
    assert trained[4:] == ["ours-0"]


class Program:
    """A training that ends with an exit code."""

    def __init__(self, code):
        self.code, self.command = code, None

    def __call__(self, command, **how):
        self.command = command
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def wait(self):
        return self.code


def test_a_training_is_the_command_that_a_user_would_give(monkeypatch, tmp_path):
    program = Program(0)
    monkeypatch.setattr(subprocess, "Popen", program)
    comparison.train("cnn-32", 2, tmp_path / "cnn-32-2.keras", tmp_path / "mnist.npz")
    arguments = program.command[3:]
    assert program.command[:3] == [sys.executable, "-m", "handwriting"]
    from handwriting import parse_arguments

    args = parse_arguments(arguments)
    assert (args.network, args.seed, args.model.name, args.mnist.name) == ("cnn-32", 2, "cnn-32-2.keras", "mnist.npz")


def test_a_training_that_was_interrupted_goes_on(monkeypatch, tmp_path):
    path, commands = tmp_path / "ours-0.keras", []
    for name in (None, "ours-0.training"):
        if name:
            (tmp_path / name).touch()
        program = Program(0)
        monkeypatch.setattr(subprocess, "Popen", program)
        comparison.train("ours", 0, path, None)
        commands.append(program.command)
    assert commands[1] == commands[0] + ["--resume"]


def test_a_training_that_fails_is_one_sentence_and_exit_code_1(monkeypatch, options, capsys):
    monkeypatch.setattr(subprocess, "Popen", Program(1))
    assert run(monkeypatch, options) == 1
    out, err = capsys.readouterr()
    assert not out and "cnn-32-0.keras could not be trained" in err.splitlines()[-1]


def test_a_training_that_was_stopped_stops_the_comparison(monkeypatch, options, capsys):
    monkeypatch.setattr(subprocess, "Popen", Program(130))
    assert run(monkeypatch, options) == 130
    assert "goes on" in capsys.readouterr().err


def test_what_cannot_be_measured_is_said_before_anything_is_trained(trained, monkeypatch, options, tmp_path, capsys):
    options[options.index("--strokes") + 1] = tmp_path / "missing.dat"
    assert run(monkeypatch, options) == 1
    assert "missing.dat" in capsys.readouterr().err
    assert not trained


def test_a_folder_that_cannot_be_is_one_sentence(trained, monkeypatch, options, files, capsys):
    options[options.index("--folder") + 1] = files / "mnist.npz"
    assert run(monkeypatch, options) == 1
    assert "give another --folder" in capsys.readouterr().err


@pytest.mark.parametrize("change", [["--seeds", "0"], ["--networks", "mlp"], ["--networks"]], ids=" ".join)
def test_a_usage_error_exits_2(change):
    with pytest.raises(SystemExit) as end:
        comparison.parse_arguments(["--strokes", "a", "--not-digits", "b", *change])
    assert end.value.code == 2


# What is measured


def test_the_figures_of_a_model_are_those_of_its_answers(trained, monkeypatch, options, files, tmp_path, capsys):
    path = tmp_path / "models" / "ours-0.keras"
    assert run(monkeypatch, [*options, "--json", "--networks", "ours", "--seeds", 1]) == 0
    [figures], model = json.loads(capsys.readouterr().out)["ours"], modelfile.load(path)
    recorded, labels = unipen.read(files / "digits.dat"), np.array([7, 1, 3])
    for placement, where in testsets.PLACEMENTS.items():
        for brush, draw in (("the window's brush", strokes.draw), ("the parent's brush", ancestors.draw)):
            answers = predictions.read(model, draw(recorded, where)).argmax(1)
            assert figures[f"{brush}, {placement}"] == (answers == labels).mean()
    arrays = fake_mnist.arrays()
    answers = predictions.read(model, arrays["x_test"] / np.float32(255)).argmax(1)
    assert figures["mnist"] == pytest.approx((answers == arrays["y_test"]).mean())
    assert (figures["parameters"], figures["bytes"]) == (7850, path.stat().st_size)
    assert figures["seconds"] is None and figures["microseconds"] > 0


class Unsure:
    """Reads everything as 7, and is as sure of digits and of other things as it was told."""

    def __init__(self, digits, others):
        self.sure = {3: digits, 4: others, 60: 1}  # there are so many of each

    def __call__(self, grids, training):
        return np.zeros((1, 10))

    def predict(self, grids, **_):
        sure = self.sure[len(grids)]
        return np.tile(np.where(np.arange(10) == 7, sure, (1 - sure) / 9), (len(grids), 1))

    def count_params(self):
        return 5


@pytest.mark.parametrize(("sure", "refused", "certain"), [((0.9, 0.3), 1, 0), ((0.95, 0.95), 0, 1), ((0.5, 0.8), 0, 0)])
def test_what_is_no_digit_is_refused_below_the_confidence_of_digits(
    monkeypatch, files, tmp_path, options, sure, refused, certain
):
    path = tmp_path / "model.keras"
    write_model(path)
    monkeypatch.setattr(modelfile, "load", lambda path: Unsure(*sure))
    monkeypatch.setattr(comparison, "seconds_for_one", lambda model, ink: 0)
    figures = comparison.measure(path, comparison._shown(comparison.parse_arguments(list(map(str, options)))))
    assert (figures["refused"], figures["sure of no digit"]) == (refused, certain)


def test_seconds_of_training_are_those_that_the_file_tells(monkeypatch, files, tmp_path, options):
    path = tmp_path / "model.keras"
    write_model(path)
    modelfile.save(keras.saving.load_model(path), path, {"seconds": 12.5})
    monkeypatch.setattr(modelfile, "load", lambda path: Unsure(1, 1))
    monkeypatch.setattr(comparison, "seconds_for_one", lambda model, ink: 0)
    figures = comparison.measure(path, comparison._shown(comparison.parse_arguments(list(map(str, options)))))
    assert figures["seconds"] == 12.5


# The tables


def figures(**some):
    keys = [key for columns in comparison.TABLES.values() for key, *_ in columns.values()]
    return dict.fromkeys(keys, 0.5) | some


def test_the_tables_say_mean_and_sample_standard_deviation_in_the_right_column():
    models = [figures(mnist=share, seconds=None) for share in (0.99, 0.98, 0.97)]
    page = comparison.as_markdown({"cnn-32": models, "ours": [figures(parameters=245_000)]})
    first, _, last = page.split("\n\n")
    head, line, row, single = first.splitlines()
    assert cells(head)[:4] == ["percent read right", "n", "MNIST test", "centred"]
    assert set(line) <= set("|-") and len(cells(line)) == len(cells(head))
    assert cells(row)[:4] == ["cnn-32", "3", "98.00 +- 1.00", "50.0"]
    assert cells(single)[:3] == ["ours", "1", "50.00"]
    head, _, row, single = map(cells, last.splitlines())
    assert row[head.index("training, s")] == "-"
    assert single[head.index("parameters")] == "245,000"


def cells(row):
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_all_four_placements_are_shown_with_both_brushes():
    everywhere = {
        f"{brush}, {placement}": 0.1 * i
        for i, placement in enumerate(testsets.PLACEMENTS)
        for brush in ("the window's brush", "the parent's brush")
    }
    first, second, _ = comparison.as_markdown({"ours": [figures(**everywhere)]}).split("\n\n")
    for table in (first, second):
        assert cells(table.splitlines()[0])[-4:] == list(testsets.PLACEMENTS)
        assert cells(table.splitlines()[2])[-4:] == ["0.0", "10.0", "20.0", "30.0"]
