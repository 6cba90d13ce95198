"""The story of a training, from the command line to the saved file, in a few steps."""

import contextlib
import dataclasses
import importlib.util
import io
import itertools
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import handwriting
from digits import UserError, modelfile
from digits.data import dataset, negatives, pens
from digits.evaluation import testsets
from digits.files import locking, unipen
from digits.ink import strokes
from digits.reading import engine
from digits.recipe import DEFAULT, WIDE
from digits.training import callbacks, checkpoint, networks, ours, stopping
from tests.support import fake_mnist, interrupts, tiny_network

PROJECT = Path(handwriting.__file__).parent


# What needs no TensorFlow


def run_apart(folder, *arguments, first_on_path=PROJECT):
    """Run the program in a process of its own, in which TensorFlow must not be imported."""
    code = (
        "import sys, handwriting\n"
        "try: code = handwriting.main()\n"
        "except SystemExit as end: code = end.code\n"
        "slow = {'tensorflow', 'keras', 'pygame', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(f'imported {slow}' if slow else code)"
    )
    path = os.pathsep.join([str(first_on_path), str(PROJECT)])
    environment = {"PYTHONPATH": path, "PATH": "", "SYSTEMROOT": "C:\\Windows"}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_help_shows_every_default_and_imports_no_tensorflow(tmp_path):
    ended = run_apart(tmp_path, "--help")
    assert ended.returncode == 0, ended.stderr
    chosen = vars(handwriting.parse_arguments(["model.keras"]))
    for option in ("epochs", "batch_size", "seed"):
        said = ended.stdout.split(f"--{option.replace('_', '-')} {option.upper()}")[-1]
        assert f"(default: {chosen[option]})" in " ".join(said.split("--")[0].split())
    assert "--mnist FILE" in ended.stdout


@pytest.mark.skipif(os.name != "posix", reason="signals that a process sends itself")
@pytest.mark.parametrize("library", ["numpy", "numpy.linalg", "digits.training.run"])
def test_ctrl_c_ends_it_in_silence_whatever_it_is_loading(tmp_path, library):
    ended = run_apart(tmp_path, "model.keras", first_on_path=interrupts.where_it_loads(library, tmp_path))
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_what_is_not_said_is_as_in_the_recipe():
    asked = handwriting.job_of(handwriting.parse_arguments(["model.keras", "--epochs", "3", "--seed", "4"]))
    assert asked.recipe == dataclasses.replace(DEFAULT, epochs=3, seed=4)
    assert handwriting.job_of(handwriting.parse_arguments(["model.keras"])).recipe == DEFAULT


def test_a_wide_network_has_other_channels_and_else_the_same_recipe():
    wide = handwriting.job_of(handwriting.parse_arguments(["model.keras", "--wide"]))
    assert wide.recipe == dataclasses.replace(DEFAULT, channels=WIDE)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["model.keras", "--epochs", "0"],
        ["model.keras", "--epochs", "many"],
        ["model.keras", "--batch-size", "-5"],
        ["model.keras", "--batch-size", "1.5"],
        ["model.keras", "--seed", "-1"],
        ["model.keras", "--seed", "2147483648"],
        ["model.keras", "--strokes"],
        ["model.keras", "--mnist"],
        ["model.keras", "--teachers"],
        ["model.keras", "--from", "own.keras", "--strokes", "own.dat", "--teachers", "own.keras"],
        ["model.keras", "--from", "own.keras", "--strokes", "own.dat", "--wide"],
        ["model.keras", "--network", "cnn-32", "--wide"],
        ["model.keras", "another.keras"],
        ["model.keras", "--unknown"],
    ],
    ids=" ".join,
)
def test_a_usage_error_exits_2_with_a_sentence(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        handwriting.parse_arguments(arguments)
    assert end.value.code == 2
    assert "error:" in capsys.readouterr().err.splitlines()[-1]


def test_a_usage_error_imports_no_tensorflow(tmp_path):
    ended = run_apart(tmp_path, "model.keras", "--epochs", "0")
    assert ended.returncode == 2, ended.stderr
    assert "0 is too small; it must be at least 1" in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["model.h5"],
        ["no/such/folder/model.keras"],
        ["."],
        ["model.keras", "--strokes", "missing.dat"],
        ["model.keras", "--mnist", "missing.npz"],
        ["model.keras", "--log", "missing/log.csv"],
        ["model.keras", "--teachers", "missing.keras"],
    ],
    ids=" ".join,
)
def test_what_cannot_work_is_said_in_one_sentence_before_tensorflow_is_imported(tmp_path, arguments):
    ended = run_apart(tmp_path, *arguments)
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.count("\n") == 1 and arguments[-1] in ended.stderr
    assert not list(tmp_path.iterdir())


def test_a_second_training_of_the_same_file_is_told_of_the_first(tmp_path):
    with locking.alone(tmp_path / "model.keras", ""):
        ended = run_apart(tmp_path, "model.keras")
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1
    assert "Another training is at work on model.keras; wait" in ended.stderr
    assert not list(tmp_path.iterdir())


# Whole runs


def a_few_digits(images, held_out):
    grids, labels = dataset.pen_grids(pens.Bank(held_out), 60, np.random.default_rng(0))
    return dataset.Validation(grids, labels, np.ones(60, bool))


SHORT = dataclasses.replace(DEFAULT, epoch_size=48, precision="float32", steps_at_once=1)


def shorten(monkeypatch, folder, recipe=SHORT):
    """Make a training a matter of a few steps, and a download impossible."""
    few_others = folder / "few-others.dat"
    unipen.write(few_others, unipen.read(negatives.PEN_OTHERS)[::40])
    monkeypatch.setattr(negatives, "PEN_OTHERS", few_others)
    monkeypatch.setattr(handwriting, "DEFAULT", recipe)
    monkeypatch.setattr(dataset, "validation", a_few_digits)
    monkeypatch.setattr(networks, "convolutional", tiny_network.convolutional)
    monkeypatch.setattr(keras.utils, "get_file", no_network)


def no_network(*_, **__):
    raise OSError("no route to host")


@pytest.fixture
def briefly(monkeypatch, tmp_path_factory):
    shorten(monkeypatch, tmp_path_factory.mktemp("brief"))


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return fake_mnist.write(tmp_path_factory.mktemp("images") / "mnist.npz")


@pytest.fixture
def target(tmp_path):
    return tmp_path / "model.keras"


def run(monkeypatch, target, *arguments):
    command = ["handwriting.py", target, "--epochs", 2, "--batch-size", 16, *arguments]
    monkeypatch.setattr(sys, "argv", [str(part) for part in command])
    return handwriting.main()


@pytest.fixture(scope="module")
def trained(tmp_path_factory, images):
    """Return the file of a training with recordings, the digits and others that it took, and its complaints."""
    folder = tmp_path_factory.mktemp("trained")
    more, letters, taken = folder / "more.dat", folder / "letters.dat", []

    def source(images, digits, others, recipe, inner=dataset.Source):
        taken.extend((digits, others))
        return inner(images, digits, others, recipe)

    unipen.write(more, [strokes.Drawing("4", [np.array([(1, 2), (3, 4)])], "ours")])
    text = "".join(f'.SEGMENT CHARACTER 0 ? "{label}"\n.PEN_DOWN\n 1 2\n 3 9\n.PEN_UP\n' for label in "KOR")
    letters.write_text(text + '.SEGMENT CHARACTER 0 ? "K"\n')  # without ink
    with pytest.MonkeyPatch.context() as monkeypatch:
        shorten(monkeypatch, folder)
        monkeypatch.setattr(dataset, "Source", source)
        target = folder / "model.keras"
        told = io.StringIO()
        with contextlib.redirect_stderr(told):
            assert run(monkeypatch, target, *recorded(folder, images)) == 0
    return target, *taken, told.getvalue()


def recorded(folder, images):
    """Return the arguments of a training with a seed and with recordings in a folder."""
    return "--mnist", images, "--seed", 5, "--strokes", folder / "more.dat", "--not-digits", folder / "letters.dat"


def test_a_training_saves_a_model_that_loads_and_reports_how_well_it_reads(
    briefly, monkeypatch, target, images, capsys, real_network=networks.convolutional
):
    monkeypatch.setattr(networks, "convolutional", real_network)
    monkeypatch.setattr(handwriting, "DEFAULT", dataclasses.replace(SHORT, precision="mixed_bfloat16"))
    assert run(monkeypatch, target, "--mnist", images) == 0
    printed = capsys.readouterr().out
    for words in ("Epoch 2/2", "MNIST test, 60 images", "loss ", "95 % interval", "<- read as", "seconds", str(target)):
        assert words in printed
    model = keras.saving.load_model(target)
    assert model.count_params() <= 250_000
    assert all(layer.compute_dtype == "float32" for layer in model.layers)
    probabilities = modelfile.load(target).predict(np.zeros((3, 28, 28, 1), np.float32), verbose=0)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_the_file_says_what_it_was_trained_on(trained):
    notes = modelfile.read_notes(trained[0])
    assert notes["trained on"] == ["MNIST", "few-others.dat", "letters.dat", "more.dat", "pen-digits.dat"]
    told = dataclasses.replace(SHORT, epochs=2, batch_size=16, seed=5, in_halves=False)
    assert notes["recipe"] == dataclasses.asdict(told) | {"channels": list(told.channels)}
    assert 0 < notes["threshold"] < 1


def test_a_window_finds_it_ready_to_answer_at_once(trained):
    assert isinstance(engine.load(trained[0]), engine.LiteRT)


def test_recordings_are_trained_on_beside_the_built_in_pen_digits(trained):
    assert len(trained[1]) > 150
    assert [drawing.comment for drawing in trained[1]].count("ours") == 1


def test_who_is_taught_by_one_network_alone_begins_with_it_and_stays_as_it_is(
    trained, briefly, monkeypatch, target, images
):
    taught = ["--mnist", images, "--teachers", trained[0], "--epochs", 1]
    assert run(monkeypatch, target, *taught) == 0
    notes = modelfile.read_notes(target)
    assert notes["teachers"] == ["model.keras"] and "letters.dat" in notes["trained on"]
    assert notes["recipe"]["peak_rate"] == DEFAULT.taught_rate
    grids = np.random.default_rng(0).random((20, 28, 28, 1), np.float32)
    teacher, pupil = (modelfile.load(path)(grids).numpy() for path in (trained[0], target))
    np.testing.assert_allclose(pupil, teacher, atol=0.02)


def test_a_teacher_is_not_saved_over(trained, briefly, monkeypatch, images, capsys):
    before = trained[0].read_bytes()
    assert run(monkeypatch, trained[0], "--mnist", images, "--teachers", trained[0]) == 1
    assert "would be saved over a teacher; give another name" in capsys.readouterr().err
    assert trained[0].read_bytes() == before


def weights_in(path):
    return np.concatenate([weight.ravel() for weight in modelfile.load(path).get_weights()])


def test_recordings_of_letters_are_refused(briefly, monkeypatch, target, images, tmp_path, capsys):
    letters = tmp_path / "letters.dat"
    unipen.write(letters, [strokes.Drawing("K", [np.array([(1, 2), (3, 4)])])])
    assert run(monkeypatch, target, "--mnist", images, "--strokes", letters) == 1
    assert "the label 'K' is no digit" in capsys.readouterr().err
    assert not target.exists()


def test_recorded_letters_are_trained_on_as_no_digits_and_what_looks_like_a_digit_is_not(trained):
    _, _, others, told = trained
    assert sorted(drawing.label for drawing in others if drawing.source == "letters.dat") == ["K", "R"]
    assert "1 drawing lacks its ink and is left out" in told


@dataclasses.dataclass
class Ended:
    """A training that has ended, with what it printed."""

    target: Path
    out: str
    err: str


@pytest.fixture(scope="module")
def unlucky(tmp_path_factory):
    """Return a training that finds no network, and no room for its state."""

    def full(*_):
        raise UserError("no room")

    folder, out, err = tmp_path_factory.mktemp("unlucky"), io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as monkeypatch:
        shorten(monkeypatch, folder)
        monkeypatch.setattr(checkpoint, "write", full)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            assert run(monkeypatch, folder / "model.keras") == 0
    return Ended(folder / "model.keras", out.getvalue(), err.getvalue())


def test_without_network_it_trains_on_the_pen_digits_alone_and_says_so(unlucky):
    assert "pen digits alone" in unlucky.err and "--mnist FILE" in unlucky.err and "expect about" in unlucky.err
    assert "MNIST test" not in unlucky.out
    assert f"{testsets.HELD_OUT}, 20 drawn anywhere" in unlucky.out and "95 % interval" in unlucky.out
    assert modelfile.read_notes(unlucky.target)["trained on"] == ["few-others.dat", "pen-digits.dat"]
    assert modelfile.load(unlucky.target)


def test_a_full_disk_ends_no_training(unlucky):
    assert unlucky.err.count("no room") == 2  # after each epoch
    assert unlucky.target.exists()


def test_a_bad_mnist_file_never_falls_back(briefly, monkeypatch, target, tmp_path, capsys):
    bad = tmp_path / "mnist.npz"
    for content in (None, b"", b"no zip"):
        if content is not None:
            bad.write_bytes(content)
        assert run(monkeypatch, target, "--mnist", bad) == 1
        out, err = capsys.readouterr()
        assert str(bad) in err and err.count("\n") == 1
        assert "pen digits alone" not in err and not out
    assert not target.exists()


# An end before the end


class Killed(BaseException):
    """The end without a warning: nobody catches it."""


def after(steps, deed):
    """Return what is asked whether to stop after every few steps, and does a deed once so many have been asked for."""
    asked = itertools.count(1)

    def is_up(sign):
        if next(asked) == steps:
            deed()
        return sign._number is not None

    return property(is_up)


def kill():
    raise Killed


EPOCH_STEPS = 7
LONGER = dataclasses.replace(SHORT, epoch_size=16 * EPOCH_STEPS)


@pytest.fixture(scope="module")
def run_until(images, tmp_path_factory):
    """Return what runs a training of 2 x 7 steps, with a deed after some of them."""

    def run_until(target, *arguments, steps=None, deed=None):
        with pytest.MonkeyPatch.context() as patch:
            shorten(patch, tmp_path_factory.mktemp("brief"), LONGER)
            patch.setattr(stopping.StopSign, "is_up", after(steps, deed))
            return run(patch, target, "--mnist", images, *arguments)

    return run_until


@pytest.fixture(scope="module")
def whole(run_until, tmp_path_factory):
    """Return the file of an uninterrupted training, with a table and TensorBoard's folder beside it."""
    target = tmp_path_factory.mktemp("whole") / "model.keras"
    board = ["--tensorboard", target.with_name("board")] if importlib.util.find_spec("tensorboard") else []
    assert run_until(target, "--log", target.with_name("log.csv"), *board) == 0
    return target


def files_beside(target):
    return sorted(file.name for file in target.parent.iterdir())


OLD = b"the old model"


@pytest.fixture(scope="module")
def killed(run_until, tmp_path_factory):
    """Return the file of an earlier model, beside which lies what is left of a training that was killed."""
    target = tmp_path_factory.mktemp("killed") / "model.keras"
    target.write_bytes(OLD)
    with pytest.raises(Killed):
        run_until(target, steps=12, deed=kill)
    assert files_beside(target) == ["model.keras", "model.training"]
    return target


@pytest.fixture(scope="module")
def stopped(run_until, killed):
    """Return the same and what it printed: it went on, and was stopped three steps later."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert run_until(killed, "--resume", steps=3, deed=lambda: signal.raise_signal(signal.SIGINT)) == 130
    return Ended(killed, out.getvalue(), err.getvalue())


def test_a_killed_training_goes_on_from_its_last_epoch(stopped):
    assert "Going on after 7 steps" in stopped.out


def test_a_stopped_training_leaves_the_old_model_and_saves_what_there_is_beside_it(stopped):
    assert files_beside(stopped.target) == ["model-stopped.keras", "model.keras", "model.training"]
    assert stopped.target.read_bytes() == OLD
    beside = stopped.target.with_name("model-stopped.keras")
    assert modelfile.load(beside)
    assert modelfile.read_notes(beside)["stopped"] is True
    assert f"go on with: python handwriting.py {stopped.target} --epochs 2" in stopped.err


@pytest.fixture
def interrupted(stopped, target):
    """Return the state of a training that was stopped after ten steps, beside a file that is still to come."""
    shutil.copy(stopped.target.with_name("model-stopped.keras"), target.parent)
    return Path(shutil.copy(checkpoint.path_beside(stopped.target), target.parent))


def test_a_training_killed_and_stopped_comes_to_the_network_of_an_uninterrupted_one(
    interrupted, run_until, whole, target, capsys
):
    assert run_until(target, "--resume", "--log", target.with_name("log.csv")) == 0
    printed = capsys.readouterr().out
    assert "Going on after 10 steps" in printed and printed.count("Epoch ") == printed.count("Epoch 2/2") == 1
    assert files_beside(target) == ["log.csv", "model.keras"]
    np.testing.assert_allclose(weights_in(target), weights_in(whole), atol=1e-5)
    assert [epoch["epoch"] for epoch in modelfile.read_notes(target)["history"]] == [1, 2]
    logs = [path.with_name("log.csv").read_text().splitlines() for path in (whole, target)]
    untimed, same = ([line.rsplit(",", 1)[0] for line in log] for log in logs)
    assert untimed == same and len(same) == 3  # a line of names and two epochs


def test_what_no_stopped_training_saved_stays_when_one_goes_on(target):
    mine = target.with_name("model-stopped.keras")
    mine.write_bytes(b"mine")
    asked = handwriting.job_of(handwriting.parse_arguments([str(target), "--resume"]))
    ours._remove_what_was_kept(asked)
    assert mine.read_bytes() == b"mine"


def test_an_interrupted_training_is_not_begun_anew_by_accident(interrupted, run_until, target, capsys):
    before = interrupted.read_bytes()
    assert run_until(target) == 1
    assert "--resume, or delete that file" in capsys.readouterr().err
    assert interrupted.read_bytes() == before


def test_it_goes_on_with_its_own_settings_only(interrupted, run_until, target, capsys):
    before = interrupted.read_bytes()
    others = ["--strokes", pens.PEN_DIGITS], ["--teachers", interrupted.with_name("model-stopped.keras")]
    for changed in (["--seed", 1], ["--batch-size", 8], ["--epochs", 3], *others):
        assert run_until(target, "--resume", *changed) == 1
        err = capsys.readouterr().err
        assert "begun with other settings" in err and "--batch-size 16 --mnist" in err and err.count("\n") == 1
    assert interrupted.read_bytes() == before


def test_a_damaged_state_is_a_sentence(interrupted, run_until, target, capsys):
    interrupted.write_bytes(interrupted.read_bytes()[:-1])
    capsys.readouterr()
    assert run_until(target, "--resume") == 1
    err = capsys.readouterr().err
    assert "damaged" in err and err.count("\n") == 1


def test_a_training_that_breaks_off_says_how_to_go_on_in_a_sentence(run_until, monkeypatch, target, capsys):
    def break_off():
        raise callbacks.BrokenOffError("The loss is no number any more")

    assert run_until(target, steps=10, deed=break_off) == 1
    assert "no number any more; go on with: python handwriting.py" in capsys.readouterr().err
    assert files_beside(target) == ["model.training"]


def test_tensorboard_gets_the_curves(whole):
    pytest.importorskip("tensorboard")
    folders = [*whole.with_name("board").iterdir()]
    written = {path.name: next(path.iterdir()).read_bytes() for path in folders}
    assert [name for name, events in written.items() if events.count(b"epoch_accuracy") == 2] == [*written]
    assert sorted(written) == ["train", "validation"]


def test_ctrl_c_while_mnist_is_fetched_says_that_nothing_was_saved(briefly, monkeypatch, target, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(keras.utils, "get_file", stop)
    assert run(monkeypatch, target) == 130
    assert "nothing was saved" in capsys.readouterr().err
    assert not list(target.parent.iterdir())
