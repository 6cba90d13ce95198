"""Learning a hand, from the command line to the saved file; what is learnt is told elsewhere."""

import shutil
import subprocess
import sys

import numpy as np
import pytest

import handwriting
from digits import UserError, modelfile
from digits.data import mnist
from digits.files import locking, unipen
from digits.ink.strokes import Drawing
from digits.personal import learner, lesson, run
from tests.support import fake_model
from tests.support.project import ROOT

LESSON = lesson.Lesson(share=0.6, threshold=0.7, drawings=30, before=0.8, after=0.95, are_unlearnt=True)


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Return a job whose lesson is learnt without a step."""
    fake_model.write_model(tmp_path / "old.keras")
    unipen.write(tmp_path / "kept.dat", [Drawing(label, [np.array([[0, 0], [9, 9]])]) for label in "771"])
    monkeypatch.setattr(learner, "Learner", lambda network, images: network)
    monkeypatch.setattr(lesson, "take", take)
    monkeypatch.setattr(run.conversion, "keep", lambda path, network: None)
    monkeypatch.setattr(mnist, "at_hand", lambda: None)
    return run.Job(tmp_path / "new.keras", tmp_path / "old.keras", (tmp_path / "kept.dat",))


def take(network, drawings, images, threshold, progress):
    for step in range(1, 31):
        progress(step / 30)
    network.set_weights([weights + 1 for weights in network.get_weights()])
    return LESSON


def test_the_new_model_is_saved_beside_the_old_one_with_what_was_learnt(job, capsys):
    old = job.source.read_bytes()
    assert run.run(job) == 0
    assert job.source.read_bytes() == old
    assert modelfile.read_threshold(job.target) == 0.7
    told = {"from": "old.keras", **LESSON._asdict(), "words": str(LESSON)}
    assert modelfile.read_notes(job.target)["learnt"] == told
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Learning from 3 drawings." and said[1:11] == [f"{tenth}0 %" for tenth in range(1, 11)]
    assert said[-1] == "Of your drawings 80 % were read right, and now 95 %."


def test_what_is_not_better_leaves_the_model_learnt_before(job, monkeypatch):
    def no_better(*_):
        raise lesson.NotBetterError("Nothing was changed.")

    shutil.copy(job.source, job.target)
    before = job.target.read_bytes()
    monkeypatch.setattr(lesson, "take", no_better)
    with pytest.raises(lesson.NotBetterError):
        run.run(job)
    assert job.target.read_bytes() == before
    assert sorted(path.name for path in job.target.parent.iterdir()) == ["kept.dat", "new.keras", "old.keras"]


def test_who_stops_it_when_the_model_is_saved_is_not_told_that_nothing_was_changed(job, monkeypatch, capsys):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(run.conversion, "keep", stopped)
    assert run.run(job) == 0
    assert "The new model is in" in capsys.readouterr().out and job.target.exists()


def test_ctrl_c_ends_it_as_shells_expect_and_changes_nothing(job, monkeypatch, capsys):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(lesson, "take", stopped)
    assert run.run(job) == 130
    assert "nothing was changed" in capsys.readouterr().err and not job.target.exists()


@pytest.mark.parametrize("heard", ["Learning from", "10 %"])
def test_a_kill_while_it_learns_leaves_everything_as_it_was(job, heard, tmp_path):
    before = contents(tmp_path)
    words = [sys.executable, ROOT / "handwriting.py", job.target, "--from", job.source, "--strokes", *job.strokes]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as learning:
        said = iter(learning.stdout.readline, "")
        assert any(line.startswith(heard) for line in said)
        learning.kill()
    assert contents(tmp_path) == before
    assert run.run(job) == 0  # whoever comes next has not to wait


def contents(folder):
    """Return what each file of a folder holds, but for the empty ones that locks are laid on."""
    return {path.name: held for path in folder.iterdir() if (held := path.read_bytes())}


def test_the_model_to_begin_with_is_never_written_over(job):
    with pytest.raises(UserError, match="over the model to begin with"):
        run.run(run.Job(job.source, job.source, job.strokes))


def test_two_do_not_learn_into_one_file(job):
    with locking.alone(job.target, ""), pytest.raises(UserError, match="being trained already"):
        run.run(job)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "old.keras"], "give them with --strokes"),
        (["--from", "old.keras", "--strokes", "a.dat", "--epochs", "3"], "--epochs is not for --from"),
        (["--from", "old.keras", "--strokes", "a.dat", "--resume"], "--resume is not for --from"),
    ],
    ids=["no strokes", "epochs", "resume"],
)
def test_what_does_not_go_with_learning_is_said(arguments, said, capsys):
    with pytest.raises(SystemExit) as end:
        handwriting.parse_arguments(["new.keras", *arguments])
    assert end.value.code == 2 and said in capsys.readouterr().err


def test_the_arguments_become_a_job(tmp_path):
    args = handwriting.parse_arguments(["new.keras", "--from", "old.keras", "--strokes", "a.dat", "b.dat"])
    asked = handwriting.learning_of(args)
    assert [asked.target.name, asked.source.name, [path.name for path in asked.strokes], asked.mnist] == [
        "new.keras",
        "old.keras",
        ["a.dat", "b.dat"],
        None,
    ]


def test_mnist_is_at_hand_only_where_keras_keeps_it(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert mnist.at_hand() is None
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").write_bytes(b"broken off")
    assert mnist.at_hand() is None
