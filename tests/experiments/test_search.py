"""The search: with trainings that take no time, and once with a few steps of a real one."""

import json
from dataclasses import replace

import numpy as np
import optuna
import pytest
from PIL import Image

from digits import UserError
from digits.evaluation import charts
from digits.experiments import search, space, trials
from digits.recipe import DEFAULT
from digits.training import networks
from tests.support import recorded, tiny_network
from tests.support.sketches import sketches

FIGURES = {trials.MNIST: 99.4, trials.DRAWN: 98.0, trials.AUROC: 0.99, trials.FPR95: 0.05}


class Bowl:
    """Trainings that take no time: the less dropout the fewer mistakes, and more by an odd seed."""

    def __init__(self):
        self.recipes = []

    def __call__(self, recipe, report):
        self.recipes.append(recipe)
        figures = FIGURES | {trials.DRAWN: 98 - 10 * recipe.dropout - 0.1 * (recipe.seed % 2)}
        for epoch in range(recipe.epochs - 1):
            report(epoch, figures)
        return figures


@pytest.fixture
def bowl():
    return Bowl()


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "recipe.journal"


def reopened(journal, name="2 epochs"):
    return search.open_study(journal, name)


def enough(count):
    return lambda study: len(search._ended(study)) >= count


def test_the_score_weighs_mistakes_and_what_is_accepted_of_other_things():
    assert search.score(FIGURES) == pytest.approx((0.6 + 2) / 2 + 0.5)
    assert search.score(FIGURES | {trials.FPR95: 0.04}) < search.score(FIGURES)
    assert search.score(FIGURES | {trials.MNIST: 99.5}) < search.score(FIGURES)


# Trials


def test_the_recipe_as_it_is_is_tried_first(journal, bowl):
    study = reopened(journal)
    search.search(study, 2, bowl, enough(3))
    assert study.trials[0].params == space.as_it_is()
    assert [recipe.epochs for recipe in bowl.recipes] == [2, 2, 2] and {recipe.seed for recipe in bowl.recipes} == {0}
    assert len(set(bowl.recipes)) == 3


def test_a_search_goes_on_with_what_is_in_the_journal(journal, bowl):
    search.search(reopened(journal), 2, bowl, enough(3))
    search.search(reopened(journal), 2, bowl, enough(3))
    assert len(bowl.recipes) == 3
    search.search(reopened(journal), 2, bowl, enough(5))
    assert len(bowl.recipes) == 5
    assert sum(trial.params == space.as_it_is() for trial in reopened(journal).trials) == 1


def test_searches_are_kept_apart_by_name(journal, bowl):
    search.search(reopened(journal), 2, bowl, enough(2))
    assert not reopened(journal, "3 epochs").trials


def test_the_same_drawings_have_the_same_fingerprint_and_no_others():
    taught, apart = trials.set_aside()
    same = [search._fingerprint(taught, apart, None), search._fingerprint(*trials.set_aside(), None)]
    fewer = search._fingerprint(taught._replace(digits=taught.digits[1:]), apart, None)
    assert same[0] == same[1] != fewer


def test_an_interrupted_trial_does_not_count_and_is_tried_again(journal, bowl):
    def interrupted(recipe, report):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search.search(reopened(journal), 2, interrupted, enough(1))
    search.search(reopened(journal), 2, bowl, enough(1))
    assert bowl.recipes == [replace(space.recipe_of(space.as_it_is()), epochs=2)]


def test_a_trial_that_does_worse_than_most_is_given_up(journal, bowl):
    study = reopened(journal)
    search.search(study, 2, bowl, enough(5))  # the first five are never given up

    def worst(recipe, report):
        report(0, FIGURES | {trials.DRAWN: 10})
        pytest.fail("it went on")

    search.search(study, 2, worst, enough(6))
    assert [trial.state.name for trial in study.trials] == ["COMPLETE"] * 5 + ["PRUNED"]


def test_a_loss_that_is_no_number_ends_a_trial():
    watch = search._watch(DEFAULT, measure=pytest.fail, report=pytest.fail)
    with pytest.raises(optuna.TrialPruned):
        watch.on_epoch_end(0, {"loss": np.nan})


def test_all_epochs_but_the_last_are_reported():
    reported = []
    watch = search._watch(replace(DEFAULT, epochs=3), lambda model: FIGURES, lambda *report: reported.append(report))
    for epoch in range(3):
        watch.on_epoch_end(epoch, {"loss": 1.0})
    assert reported == [(0, FIGURES), (1, FIGURES)]


def test_time_is_up_after_so_many_minutes(monkeypatch):
    now = iter([0.0, 119.0, 120.0])
    monkeypatch.setattr(search.time, "monotonic", lambda: next(now))
    is_enough = search.until(arguments("--minutes", "2"))
    assert [is_enough(None), is_enough(None)] == [False, True]


# What was found


@pytest.fixture
def study(journal, bowl):
    study = reopened(journal)
    search.search(study, 2, bowl, enough(5))
    bowl.recipes.clear()
    return study


def test_the_best_three_and_the_recipe_as_it_is_are_confirmed_with_seeds_of_their_own(study, bowl):
    confirmed = search.confirm(study, search.best(study), 2, 2, bowl)
    best = sorted((trial for trial in study.trials[1:]), key=lambda trial: trial.value)[:3]
    assert list(confirmed) == ["as it is", *(f"trial {trial.number}" for trial in best)]
    assert [recipe.seed for recipe in bowl.recipes] == [1, 2] * 4
    assert [recipe.dropout for recipe in bowl.recipes[2::2]] == [trial.params["dropout"] for trial in best]
    assert all(runs[1][trials.DRAWN] - runs[0][trials.DRAWN] == pytest.approx(0.1) for runs in confirmed.values())


def test_what_is_confirmed_is_in_the_journal(study, bowl, journal):
    first = search.confirm(study, search.best(study), 2, 2, bowl)
    study = reopened(journal)
    assert search.confirm(study, search.best(study), 2, 2, pytest.fail) == first
    search.confirm(study, search.best(study), 2, 3, bowl)
    assert [recipe.seed for recipe in bowl.recipes[8:]] == [3] * 4


def test_the_tables_have_a_row_for_each_recipe_and_one_for_each_number(study, bowl):
    confirmed = search.confirm(study, search.best(study), 2, 2, bowl)
    figures, numbers = search.as_markdown(study, search.best(study), confirmed).split("\n\n")
    assert figures.startswith("| 5 trials, 5 to their end; 2 seeds | score | ")
    assert [row.split(" | ")[0][2:] for row in figures.splitlines()[2:]] == list(confirmed)
    assert f"| {trials.spread([97.4, 97.5])} |" in figures  # of the recipe as it is, dropout 0.05
    assert [row.split(" | ")[0][2:] for row in numbers.splitlines()[2:]] == list(space.as_it_is())
    assert "| channels | 32-48-80 |" in numbers and f"| peak_rate | {DEFAULT.peak_rate:.3g} |" in numbers


def test_the_picture_has_a_panel_for_each_number_and_a_point_for_each_trial(study):
    figure = search.slices(study)
    assert {axis.get_title().split(",")[0] for axis in figure.axes} == set(space.as_it_is())
    for axis in figure.axes:
        [points] = axis.lines
        assert sorted(points.get_ydata()) == sorted(trial.value for trial in study.trials)
    shares = [float(axis.get_title().split(", ")[1].strip(" %")) for axis in figure.axes]
    assert shares == sorted(shares, reverse=True)


def test_what_alone_matters_comes_first(journal, bowl):
    study = reopened(journal)
    study.sampler = optuna.samplers.RandomSampler(seed=0)
    search.search(study, 2, bowl, enough(40))
    assert search.slices(study).axes[0].get_title().startswith("dropout, ")


def test_where_no_trial_comes_to_its_end_it_is_said(journal, tmp_path):
    def without_number(recipe, report):
        raise optuna.TrialPruned

    study = reopened(journal)
    search.search(study, 2, without_number, enough(2))
    with pytest.raises(UserError, match="No trial has come to its end"):
        search.show(study, search.best(study), {}, tmp_path / "recipe.png")


def test_a_loss_that_is_no_number_with_another_seed_is_shown_as_such(study):
    def without_number(recipe, report):
        raise optuna.TrialPruned

    confirmed = search.confirm(study, search.best(study), 2, 2, without_number)
    assert "| as it is | nan +- nan |" in search.as_markdown(study, search.best(study), confirmed)


# The command


@pytest.fixture
def files(tmp_path):
    return recorded.write(tmp_path)


def arguments(*more):
    return search.parse_arguments(["a.journal", "--strokes", "a.dat", "--not-digits", "b.dat", *more])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["a.journal", "--trials", "3"], "--strokes"),
        (["a.journal", "--strokes", "a", "--not-digits", "b"], "--minutes"),
        (["a.keras", "--trials", "3", "--strokes", "a", "--not-digits", "b"], "ends in .journal"),
        (["a.journal", "--trials", "3", "--minutes", "3", "--strokes", "a", "--not-digits", "b"], "not allowed with"),
    ],
)
def test_wrong_arguments_are_said(given, said, capsys):
    with pytest.raises(SystemExit) as end:
        search.parse_arguments(given)
    assert end.value.code == 2 and said in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"hello\nworld\n", b"[1]\n", b'{"a": 1}\n', bytes(range(256)), b"no line"])
def test_a_file_that_is_no_journal_is_said(journal, content):
    journal.write_bytes(content)
    with pytest.raises(UserError, match="is no journal of a search"):
        reopened(journal)


def test_a_journal_that_cannot_be_kept_is_said(tmp_path):
    with pytest.raises(UserError, match="cannot be kept as a journal"):
        reopened(tmp_path / "none" / "recipe.journal")
    with pytest.raises(UserError, match="could be a journal"):
        reopened(tmp_path)


@pytest.mark.filterwarnings("ignore:The number of trials is too small")
def test_a_search_from_end_to_end(files, journal, monkeypatch, capsys):
    tiny = replace(DEFAULT, batch_size=16, epoch_size=16)
    monkeypatch.setattr(space, "DEFAULT", tiny)
    monkeypatch.setattr(networks, "convolutional", tiny_network.convolutional)
    monkeypatch.setattr(trials, "_computed", lambda: {"precision": "float32", "in_halves": False})
    monkeypatch.setattr(charts, "DPI", 40)
    command = ["search", journal, "--trials", 1, "--epochs", 2, "--seeds", 1, *files]
    monkeypatch.setattr("sys.argv", list(map(str, command)))
    assert search.main() == 0
    first = capsys.readouterr().out
    assert first.startswith("trial 0: ") and "| as it is | " in first
    assert Image.open(journal.with_suffix(".png")).width == 384
    monkeypatch.setattr(charts, "png", sketches())
    assert search.main() == 0  # nothing is left to do, and it is shown again
    again = capsys.readouterr().out
    assert again.strip() == first[first.index("| 1 trials") :].strip()
    assert all(json.loads(line) for line in journal.read_text("utf-8").splitlines())
