"""What each part of a training is worth: every table, with a network that needs no training."""

import pytest

from digits.experiments import ablation, trials
from digits.recipe import DEFAULT
from tests.support import recorded
from tests.support.recorded import Oracle


@pytest.fixture
def files(tmp_path):
    return recorded.write(tmp_path)


@pytest.fixture
def trained(monkeypatch):
    """Return the recipes that networks were trained by, none of them really."""
    recipes = []
    monkeypatch.setattr(trials, "VARIED", 50)

    def train(recipe, taught, images):
        recipes.append(recipe)
        return Oracle()

    monkeypatch.setattr(trials, "train", train)
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


def test_each_collection_is_left_out_once(files, monkeypatch, capsys):
    taught = []
    monkeypatch.setattr(trials, "train", lambda recipe, drawings, images: taught.append(drawings) or Oracle())
    assert run(monkeypatch, "collections", *files, "--epochs", 1, "--seeds", 1) == 0
    everything, *rest = [{one.source for kind in drawings for one in kind} for drawings in taught]
    built_in = {"pen-digits.dat", "pen-others.dat"}
    recorded = sorted(everything - built_in)
    assert recorded and [everything - kept for kept in rest] == [*({one} for one in recorded), built_in]
    names = [line[:28].strip() for line in capsys.readouterr().out.splitlines()[1:]]
    assert names == ["all", *(f"without {one}" for one in [*recorded, "what is built in"])]


@pytest.mark.parametrize("part", ["dropout", "weight_decay", "smoothing", "normalisation", "stochastic_depth", "mixup"])
def test_every_kind_of_regularisation_is_once_on_and_once_off(part):
    recipes = set(ablation.RECIPES["regularisation"].values()) - {DEFAULT}
    [changed] = {getattr(recipe, part) for recipe in recipes} - {getattr(DEFAULT, part)}
    assert bool(changed) != bool(getattr(DEFAULT, part))


def test_recordings_are_not_needed(files, trained, monkeypatch, capsys):
    assert run(monkeypatch, "mixture", *files[:2], "--epochs", 1, "--seeds", 1) == 0
    assert "drawn: styles that were left out" in capsys.readouterr().out


@pytest.mark.parametrize("given", [["--strokes", "digits.dat"], ["--not-digits", "letters.dat"]])
def test_digits_and_other_things_are_recorded_together(given, capsys):
    with pytest.raises(SystemExit) as end:
        ablation.parse_arguments(["sources", *given])
    assert end.value.code == 2
    assert "give both --strokes and --not-digits, or none" in capsys.readouterr().err


def test_a_missing_file_is_said(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "mixture", "--mnist", tmp_path / "none.npz") == 1
    assert "there is no such file" in capsys.readouterr().err
