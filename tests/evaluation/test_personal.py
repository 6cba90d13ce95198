"""What it is worth to learn a hand, with a model that learns whatever it is told to."""

import json

import numpy as np
import pytest

from digits import UserError, modelfile
from digits.evaluation import __main__ as program
from digits.evaluation import personal
from digits.personal import learner, lesson
from tests.support import fake_mnist, fake_model, recorded


class FakeLearner:
    """Reads all as a 7 at first, and once it has learnt something, as what it learns."""

    def __init__(self, network, images):
        self.network, self.before, self.answer = self, None, 7

    def blend(self, learnt, share):
        self.answer = 7

    def predict(self, grids, **_):
        return fake_model.FakeModel(self.answer).predict(grids)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Return options for two people who draw each digit seven times, and one who draws ten digits."""
    fake_model.install(monkeypatch, fake_model.FakeModel())
    monkeypatch.setattr(learner, "Learner", FakeLearner)
    monkeypatch.setattr(lesson, "take", learn(3))
    monkeypatch.setattr(personal, "EACH", 4)
    recorded._write(tmp_path / "people.dat", "0123456789" * 7, ["a", "b"])
    recorded._write(tmp_path / "few.dat", "0123456789", ["c"])
    return [tmp_path / "people.dat", tmp_path / "few.dat"]


def learn(digit, share=0.6):
    def take(learner, drawings, images, threshold):
        learner.answer = digit
        return lesson.Lesson(share, 0.95, len(drawings), before=0, after=1, are_unlearnt=True)

    return take


def measure(files, mnist_file=None):
    return personal.measure("model.keras", files, mnist_file, [])


def test_people_are_measured_on_what_they_drew_besides_what_was_learnt(files):
    found = measure(files)
    five, corrections = found.values()
    assert [figures.writer for figures in five] == ["people.dat/a", "people.dat/b"]
    assert {(figures.learnt, figures.count) for figures in five} == {(40, 4 * 30)}
    assert {(figures.learnt, figures.count) for figures in corrections} == {(45, 4 * 20)}
    assert {(figures.before, figures.after, figures.removed) for figures in five} == {(4 * 27, 4 * 27, 0)}


def test_what_the_others_lose_is_counted_without_the_person(files, tmp_path, monkeypatch):
    monkeypatch.setattr(lesson, "take", learn(3))
    lost = measure(files, fake_mnist.write(tmp_path / "mnist.npz"))[personal.FIVE][0].lost
    assert lost["others"] == pytest.approx(0) and set(lost) == {"others", "MNIST"}


def test_where_nothing_is_better_nothing_is_lost(files, monkeypatch):
    def no_better(*_):
        raise lesson.NotBetterError("Nothing was changed.")

    monkeypatch.setattr(lesson, "take", no_better)
    figures = measure(files)[personal.FIVE][0]
    assert figures.taken == 0 and figures.before == figures.after and figures.lost == {}


def test_people_whom_the_model_was_trained_on_are_left_out(files, monkeypatch):
    monkeypatch.setattr(modelfile, "read_notes", lambda path: {"trained on": ["people.dat"]})
    with pytest.raises(UserError, match="new to the model"):
        measure(files)


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [([0] * 9, [1] * 5 + [0] * 4, True), ([0] * 9, [1] * 4 + [0] * 5, False), ([1] * 9, [0] * 9, False)],
    ids=["five worse", "four worse", "all better"],
)
def test_worse_is_what_chance_rarely_does(before, after, worse):
    assert personal.is_worse(np.array(before), np.array(after)) == worse


def test_the_program_prints_a_table_and_the_same_as_data(files, monkeypatch, capsys):
    arguments = ["digits.evaluation", "model.keras", "--personal", *map(str, files)]
    monkeypatch.setattr("sys.argv", arguments)
    assert program.main() == 0
    table = capsys.readouterr().out
    assert "2 people, 2 with errors" in table and "errors removed" in table and "people.dat/b" in table
    monkeypatch.setattr("sys.argv", [*arguments, "--json"])
    assert program.main() == 0
    data = json.loads(capsys.readouterr().out)
    assert data[personal.FIVE]["together"]["removed of all"] == 0
    assert data[personal.CORRECTIONS]["people"][0]["learnt"] == 45


def test_what_does_not_go_with_it_is_said(files, capsys):
    with pytest.raises(SystemExit):
        program.parse_arguments(["model.keras", "--personal", "a.dat", "--strokes", "b.dat"])
    assert "--strokes does not go with --personal" in capsys.readouterr().err
