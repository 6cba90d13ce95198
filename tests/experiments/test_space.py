"""The numbers that a search may change, and the recipes that come of them."""

from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digits.data import negatives
from digits.experiments import space
from digits.recipe import DEFAULT, Recipe
from digits.training import networks

RANGES = {name: st.floats(one.low, one.high) for name, one in space.RANGES.items()}
NUMBERS = st.fixed_dictionaries(RANGES | {"channels": st.sampled_from(space.CHANNELS)})


def test_the_recipe_as_it_is_is_one_of_them():
    numbers = space.as_it_is()
    made, own = (asdict(recipe) for recipe in (space.recipe_of(numbers), DEFAULT))
    assert {name for name in own if made[name] != own[name] and made[name] != pytest.approx(own[name])} == set()
    assert all(one.low <= numbers[name] <= one.high for name, one in space.RANGES.items())
    assert numbers["channels"] in space.CHANNELS


@given(NUMBERS)
def test_shares_are_shares_whatever_the_numbers(numbers):
    recipe = space.recipe_of(numbers)
    batch = recipe.nudged, recipe.spread, recipe.drawn, recipe.negatives
    kinds = [getattr(recipe, kind) for kind in negatives.KINDS]
    devices = [getattr(recipe, name) for name in space.FACTORS["devices"]]
    assert sum(batch) == pytest.approx(1) and sum(kinds) == pytest.approx(1)
    assert all(0 < share < 1 for share in (*batch, *kinds, *devices))


@given(NUMBERS)
def test_every_number_changes_the_recipe(numbers):
    recipe = asdict(space.recipe_of(numbers))
    for name in ("spread", "dropout", "peak_rate"):
        assert recipe[name] == numbers[name]
    for name, changed in space.FACTORS.items():
        for field in changed:
            assert recipe[field] == pytest.approx(numbers[name] * getattr(DEFAULT, field))


def test_factors_are_of_fields_of_the_recipe():
    assert {field for changed in space.FACTORS.values() for field in changed} <= {
        field.name for field in fields(Recipe)
    }


def test_a_run_has_its_own_length_and_seed():
    assert space.recipe_of(space.as_it_is(), epochs=2, seed=5) == replace(
        space.recipe_of(space.as_it_is()), epochs=2, seed=5
    )


@pytest.mark.parametrize("channels", space.CHANNELS)
def test_no_network_has_more_than_250_000_parameters(channels):
    recipe = space.recipe_of(space.as_it_is() | {"channels": channels})
    assert 100_000 < networks.convolutional(recipe).count_params() <= 250_000


def test_optuna_is_told_of_every_number():
    assert space.distributions().keys() == space.as_it_is().keys()
    assert space.distributions()["peak_rate"].log and not space.distributions()["dropout"].log
