"""The numbers that a search may change: where each may lie, and the recipe that comes of them."""

from dataclasses import replace
from typing import NamedTuple

from digits.data import negatives
from digits.recipe import DEFAULT, Recipe


class Range(NamedTuple):
    """Where a number may lie; `log`: as often in each of its octaves."""

    low: float
    high: float
    log: bool = False


# Factors, 1 as it is, by which several of the recipe's numbers are changed together.
FACTORS = {
    "nudging": ("nudge_angle", "nudge_slant", "nudge_scale", "nudge_shift"),
    "hands": ("overshoot", "loosened", "swollen", "bent", "trembling", "slanted", "stretched", "turned"),
    "devices": ("polygons", "staircases", "hooks", "cut_short"),
}
RANGES = {  # of these factors and of the recipe's own numbers, by their names
    "spread": Range(0.05, 0.25),  # of these three what is left of a batch is for MNIST, nudged
    "drawn": Range(0.15, 0.4),
    "negatives": Range(0.1, 0.3),
    "others": Range(0.4, 0.85),  # and the other kinds of negatives share the rest as they do
    **dict.fromkeys(FACTORS, Range(0.5, 2, log=True)),
    "dropout": Range(0, 0.3),
    "smoothing": Range(0, 0.1),
    "weight_decay": Range(0.005, 0.2, log=True),
    "peak_rate": Range(2e-3, 1.5e-2, log=True),
}
# Channels at each depth, in sixteens, of networks that have at most 250,000 parameters.
CHANNELS = ("16-48-80", "16-64-64", "32-32-80", "32-48-64", "32-48-80")


def as_it_is() -> dict:
    """Return the numbers that stand for the recipe as it is."""
    channels = "-".join(map(str, DEFAULT.channels))
    return {name: getattr(DEFAULT, name, 1.0) for name in RANGES} | {"channels": channels}


def recipe_of(numbers: dict, **run) -> Recipe:
    """Return the recipe with the numbers of a trial; `run`: other fields of it, such as epochs and seed."""
    factors = {field: numbers[name] for name, fields in FACTORS.items() for field in fields}
    factors |= dict.fromkeys(set(negatives.KINDS) - {"others"}, (1 - numbers["others"]) / (1 - DEFAULT.others))
    own = {name: numbers[name] for name in RANGES if name not in FACTORS}
    return replace(
        DEFAULT,
        **own,
        **{field: factor * getattr(DEFAULT, field) for field, factor in factors.items()},
        nudged=1 - numbers["spread"] - numbers["drawn"] - numbers["negatives"],
        channels=tuple(map(int, numbers["channels"].split("-"))),
        **run,
    )


def distributions() -> dict:
    """Return Optuna's description of every number."""
    from optuna import distributions as of

    ranges = {name: of.FloatDistribution(*one[:2], log=one.log) for name, one in RANGES.items()}
    return ranges | {"channels": of.CategoricalDistribution(CHANNELS)}
