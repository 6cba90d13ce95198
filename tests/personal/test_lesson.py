"""When what was learnt is taken, and when nothing changes."""

import numpy as np
import pytest

from digits.files import unipen
from digits.ink.strokes import Drawing
from digits.personal import lesson
from digits.personal.learner import Course
from tests.support.fake_model import FakeModel

SEVEN = [np.array([[0.0, 0.0], [10.0, 0.0], [4.0, 20.0]])]


class FakeLearner:
    """Reads all as a 1 at first; the further it goes towards the new weights, the more as what it is told to."""

    def __init__(self, learns=7, forgets_from=2.0, forgets=lesson._CHECKED, sure_before=0.2):
        self.course = Course(steps=3)
        self.learns, self.forgets_from, self.forgets, self.sure_before = learns, forgets_from, forgets, sure_before
        self.share, self.taught = 0.0, []

    def learn(self, drawings, step_done):
        self.taught.append(drawings)
        for _ in range(self.course.steps):
            step_done()
        return [np.full(2, len(drawings))]

    def blend(self, learnt, share):
        self.learnt, self.share = learnt, share

    def read(self, grids):
        if len(grids) == lesson._CHECKED:  # what must not be forgotten: all of it 1, and right
            forgotten = np.arange(len(grids)) < self.forgets * (self.share >= self.forgets_from)
            return np.where(forgotten[:, None], FakeModel(0).predict(grids), FakeModel(1).predict(grids))
        sure = self.sure_before + 0.7 * self.share
        return FakeModel(self.learns, sure).predict(grids)


@pytest.fixture(autouse=True)
def ones(monkeypatch):
    """Let what must not be forgotten be ones."""
    grids = np.zeros((lesson._CHECKED, 28, 28), np.float32)
    checks = lesson._Checks(grids, np.ones(lesson._CHECKED), grids)
    monkeypatch.setattr(lesson, "_checks", lambda learner, images: checks)


def take(learner, count=12, **given):
    return lesson.take(learner, [Drawing("7", SEVEN)] * count, None, 0.5, **given)


def test_what_is_better_is_taken_as_far_as_it_helps():
    learner = FakeLearner()
    learnt = take(learner)
    assert learnt.share == learner.share == 1
    assert learnt[2:] == (12, 1, 1, True) and str(learnt) == "Of your drawings 100 % were read right, and now 100 %."


def test_no_drawing_is_judged_by_a_network_that_learnt_it():
    learner, drawings = FakeLearner(), [Drawing("7", SEVEN) for _ in range(11)]
    lesson.take(learner, drawings, None, 0.5)
    assert [len(fold) for fold in learner.taught] == [5, 6]
    assert not {id(drawing) for drawing in learner.taught[0]} & {id(drawing) for drawing in learner.taught[1]}


def test_each_half_has_every_digit_in_whatever_order_they_were_drawn():
    learner = FakeLearner()
    lesson.take(learner, [Drawing(label, SEVEN) for label in "717171717171"], None, 0.5)
    assert [sorted(drawing.label for drawing in half) for half in learner.taught] == [[*"111777"]] * 2


def test_what_is_taken_is_the_mean_of_what_was_learnt_from_the_halves():
    learner = FakeLearner()
    take(learner, count=11)
    np.testing.assert_array_equal(learner.learnt, [[5.5, 5.5]])


def test_of_what_forgets_too_much_only_a_part_is_taken():
    assert take(FakeLearner(forgets_from=0.7)).share == 0.6


@pytest.mark.parametrize(
    ("learner", "why"),
    [
        (FakeLearner(learns=3), "not read your drawings any better"),
        (FakeLearner(forgets_from=0.1, sure_before=0.05), "forget"),
    ],
)
@pytest.mark.parametrize("count", [3, 12])
def test_what_is_not_better_changes_nothing_and_says_so(learner, why, count):
    with pytest.raises(lesson.NotBetterError, match=why):
        take(learner, count)
    assert learner.share == 0


@pytest.mark.parametrize("count", [1, 9])
def test_few_drawings_that_are_misread_are_learnt_together_and_a_part_of_the_way(count):
    learner = FakeLearner(sure_before=0.05)
    learnt = take(learner, count)
    assert [len(taught) for taught in learner.taught] == [count] and learner.share == learnt.share == 0.6
    assert learnt[2:] == (count, 0, 1, False) and str(learnt).startswith(
        "Of your drawings, at other places and sizes, 0 % were read right"
    )


class AfterAll(FakeLearner):
    """Learns nothing by halves, and all of it together."""

    def __init__(self, alone=0.0, **given):
        super().__init__(**given)
        self.alone, self.sure = alone, self.sure_before

    def learn(self, drawings, step_done):
        self.count = len(drawings)
        return super().learn(drawings, step_done)

    def read(self, grids):
        self.sure_before = self.sure - (0.7 - self.alone) * self.share if self.count < 12 else self.sure
        return super().read(grids)


def test_what_halves_cannot_teach_each_other_is_learnt_as_few_drawings_are():
    learner = AfterAll(sure_before=0.05)
    learnt = take(learner)
    assert [len(taught) for taught in learner.taught] == [6, 6, 12] and learner.share == learnt.share == 0.6
    assert not learnt.are_unlearnt


class AlmostNothing(FakeLearner):
    """Reads one sheet of all better when it has learnt."""

    def read(self, grids):
        answers = FakeModel(7, 0.05).predict(grids)
        if self.share and self.taught[-1:] and len(self.taught[-1]) == 12:
            answers[:1] = FakeModel(7, 0.9).predict(grids[:1])
        return answers


def test_what_comes_by_chance_is_not_learnt_among_many_drawings():
    learner = AlmostNothing()
    with pytest.raises(lesson.NotBetterError, match="not read your drawings any better"):
        take(learner)
    assert [len(taught) for taught in learner.taught] == [6, 6, 12]


def test_what_makes_unlearnt_drawings_worse_is_not_learnt_in_another_way():
    learner = AfterAll(alone=-0.04, sure_before=0.15)
    with pytest.raises(lesson.NotBetterError, match="read right already"):
        take(learner)
    assert [len(taught) for taught in learner.taught] == [6, 6]


def test_few_drawings_may_cost_less_than_many():
    costly = {"forgets_from": 0.1, "forgets": 4, "sure_before": 0.05}
    assert take(FakeLearner(**costly), count=12).share == 1
    with pytest.raises(lesson.NotBetterError, match="forget"):
        take(FakeLearner(**costly), count=9)


def test_few_drawings_that_are_read_right_have_nothing_to_teach():
    learner = FakeLearner()
    with pytest.raises(lesson.NotBetterError, match="read right already"):
        take(learner, count=9)
    assert learner.share == 0


@pytest.mark.parametrize(("count", "parts"), [(3, 1), (12, 2)])
def test_how_far_it_is_is_told(count, parts):
    told = []
    take(FakeLearner(sure_before=0.05), count, progress=told.append)
    assert told == pytest.approx(np.arange(1, 3 * parts + 1) / (3 * parts))


def test_no_digit_is_read_right_where_no_digit_is_seen():
    answers = np.concatenate([FakeModel(7, 0.9).predict(np.zeros((2, 28, 28))), np.full((2, 10), 0.1)])
    assert lesson._reading(["7", "none"], answers[[0, 2, 1, 3]], 0.5).right.tolist() == [[True, False], [False, True]]


def reading(*right):
    """Return how sevens are read, with this probability of a 7 each time, and the rest a 1."""
    answers = np.zeros((len(right), 10))
    answers[:, 7], answers[:, 1] = right, 1 - np.array(right)
    return lesson._reading(["7"] * len(right), np.repeat(answers, 4, axis=0), 0.5)


@pytest.mark.parametrize(
    ("now", "better"),
    [
        ((0.01, 0.95, 0.95, 0.95), True),
        ((0.05, 0.85, 0.85, 0.85), False),
        ((0.05, 0.99, 0.99, 0.45), False),
        ((0.05, 0.97, 0.9, 0.86), False),
        ((0.05, 0.9, 0.9, 0.9), False),
    ],
    ids=["a slip read still worse", "all less sure", "another one wrong", "by chance", "nothing new"],
)
def test_better_is_what_most_drawings_say_and_no_more_of_them_wrong(now, better):
    assert lesson._is_better(reading(*now), reading(0.05, 0.9, 0.9, 0.9)) == better


def test_no_digit_is_read_better_where_less_of_it_is_taken_for_a_digit():
    before, after = np.full((8, 10), 0.05), np.full((8, 10), 0.09)
    before[:, 3], after[:, 3] = 0.55, 0.19
    before, after = (lesson._reading(["none"] * 2, answers, 0.5) for answers in (before, after))
    assert lesson._is_better(after, before) and not lesson._is_better(before, after)


def test_drawings_may_be_of_any_size(tmp_path):
    unipen.write(tmp_path / "kept.dat", [Drawing("7", [100 * path for path in SEVEN])] * 10)
    assert lesson.take(FakeLearner(), unipen.read(tmp_path / "kept.dat"), None, 0.5).share == 1
