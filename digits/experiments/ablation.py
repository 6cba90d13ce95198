"""What each part of a training is worth: python -m digits.experiments.ablation TABLE ...

Short runs of one length, the same for every row of a table, each with several seeds.
"""

import argparse
import functools
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import command_line, quiet
from digits.data import mnist, negatives, pens, recordings
from digits.evaluation import metrics, predictions, testsets
from digits.files import unipen
from digits.ink import grid, strokes
from digits.recipe import DEFAULT, Recipe

_EACH = 6  # one style of pen digits in so many is set aside to choose on, and one other drawing in so many
_VARIED = 6000  # pen digits of unseen styles to choose on


def mixture(nudged: float, spread: float, drawn: float, negatives: float) -> Recipe:
    """Return the recipe with other shares of the sources."""
    return replace(DEFAULT, nudged=nudged, spread=spread, drawn=drawn, negatives=negatives)


def without(*kinds: str) -> Recipe:
    """Return the recipe without some kinds of what is no digit, the others in their place."""
    return replace(DEFAULT, **dict.fromkeys(kinds, 0.0))


RECIPES = {
    "sources": {
        "MNIST, nudged": mixture(1, 0, 0, 0),
        "+ spread over the sheet": mixture(0.75, 0.25, 0, 0),
        "+ pen digits": mixture(0.4375, 0.125, 0.4375, 0),
        "+ what is no digit": DEFAULT,
    },
    "kinds": {
        "all kinds": DEFAULT,
        "no letters, symbols": without("others"),
        "no spoilt digits": without("mirrored", "overlaid", "halves"),
        "no scribbles, marks": without("scribbles", "marks"),
        "no shapes, textures": without("filled", "textures"),
    },
    "steps": {
        "as it is": DEFAULT,
        "AdamW for kernels too": replace(DEFAULT, optimiser="adamw"),
        "one learning rate": replace(DEFAULT, peak_rate=1e-3, warm_up=0, final_rate=1),
        "no dropout": replace(DEFAULT, dropout=0),
    },
    "mixture": {
        "pen digits 3/16": mixture(0.5, 0.125, 0.1875, 0.1875),
        "pen digits 5/16": mixture(0.375, 0.125, 0.3125, 0.1875),
        "spread 3/16": mixture(0.375, 0.1875, 0.25, 0.1875),
        "no digits 1/8": mixture(0.46875, 0.125, 0.28125, 0.125),
        "no digits 1/4": mixture(0.40625, 0.125, 0.21875, 0.25),
        "as it is": DEFAULT,
    },
}
BRUSHES = [(0.6, 1), (0.8, 1), (1, 0.6), (1, 1), (1, 1.4), (1.2, 1), (1.4, 1), (1.7, 1), (2, 1)]  # radius, softness
TABLES = {
    "sources": "the sources of training, added one by one",
    "kinds": "the kinds of what is no digit, one left out at a time",
    "steps": "parts of the training, one left out at a time",
    "mixture": "the shares of the sources, on validation data alone",
    "brush": "the brush, on validation data alone: one network reads the same pen digits drawn with each",
}


@command_line.exit_code
def main() -> None:
    """Train, measure and print a row for each recipe."""
    args = parse_arguments()
    images = mnist.load(args.mnist)
    measure = None if args.table in ("mixture", "brush") else recorded(args, images)
    quiet.load_tensorflow()
    print(f"{args.epochs} epochs; mean and sample standard deviation over {args.seeds} seeds", flush=True)
    if args.table == "brush":
        print_rows(compare_brushes(args, images))
        return
    taught, apart = (everything(), None) if measure else set_aside()
    measure = measure or chosen_on(apart, images)
    for name, recipe in RECIPES[args.table].items():
        runs = [measure(network) for network in trained(recipe, args, taught, images)]
        print_rows({name: runs})


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m digits.experiments.ablation",
        description="What each part of a training is worth.",
        epilog="TABLE is one of: " + "; ".join(f"{name} ({about})" for name, about in TABLES.items()) + ".",
    )
    parser.add_argument("table", metavar="TABLE", choices=TABLES, help="what to compare, see below")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz (default: download it once)")
    parser.add_argument("--strokes", type=Path, metavar="FILE", help="recorded digits to measure on (UNIPEN text)")
    parser.add_argument("--not-digits", type=Path, metavar="FILE", help="recordings of other things to measure on")
    parser.add_argument(
        "--epochs", type=command_line.positive, default=2, help="length of each run (default: %(default)s)"
    )
    parser.add_argument(
        "--seeds", type=command_line.positive, default=3, help="runs of each kind (default: %(default)s)"
    )
    args = parser.parse_args(argv)
    if args.table not in ("mixture", "brush") and not (args.strokes and args.not_digits):
        parser.error(f"the table {args.table} is measured on recordings; give --strokes FILE and --not-digits FILE")
    return args


class Taught(NamedTuple):
    """The pen drawings that networks are trained on, or that are set aside to choose on."""

    digits: list[strokes.Drawing]
    others: list[strokes.Drawing]


def everything() -> Taught:
    """Return what a whole training is taught."""
    return Taught(recordings.split(unipen.read(pens.PEN_DIGITS))[0], unipen.read(negatives.PEN_OTHERS))


def set_aside() -> tuple[Taught, Taught]:
    """Return what to train on and what to choose on: other styles of pen digits, other drawings of other things."""
    digits, others = unipen.read(pens.PEN_DIGITS), unipen.read(negatives.PEN_OTHERS)
    styles = sorted({digit.comment for digit in digits})
    unseen = set(styles[::_EACH])
    return (
        Taught(
            [digit for digit in digits if digit.comment not in unseen],
            [other for number, other in enumerate(others) if number % _EACH],
        ),
        Taught([digit for digit in digits if digit.comment in unseen], others[::_EACH]),
    )


def trained(recipe: Recipe, args, taught: Taught, images: mnist.Mnist) -> Iterator:
    """Yield networks trained by a recipe for so many epochs, in float32, one for each seed."""
    for seed in range(args.seeds):
        yield train(replace(recipe, epochs=args.epochs, seed=seed), taught, images)


def train(recipe: Recipe, taught: Taught, images: mnist.Mnist):
    """Return a network trained by a recipe, in float32."""
    from digits.data import dataset
    from digits.training import trainer

    recipe = replace(recipe, **_computed())
    network = trainer.prepare(recipe)
    source = dataset.Source(images, taught.digits, taught.others, recipe)
    network.fit(source.stream(), epochs=recipe.epochs, steps_per_epoch=recipe.epoch_steps, shuffle=False, verbose=0)
    return trainer.in_float32(network, recipe)


@functools.cache
def _computed():
    """Return how a step takes least time here, found once for all runs."""
    from digits.data import dataset
    from digits.training import devices, trainer

    recipe = replace(DEFAULT, in_halves=devices.can_halve(DEFAULT))
    [batch] = dataset.Source(None, *everything(), recipe).stream(1)
    return {"precision": trainer.with_precision(recipe, *batch).precision, "in_halves": recipe.in_halves}


def recorded(args, images: mnist.Mnist) -> Callable:
    """Return what measures a network on MNIST's test images and on recordings, in figures by name."""
    drawings = unipen.read(args.strokes)
    test = grid.from_bytes(images.test_images), images.test_labels
    drawn = strokes.draw(drawings, testsets.PLACEMENTS["anywhere"]), unipen.labels(drawings, args.strokes)
    others = strokes.draw(unipen.read(args.not_digits), testsets.OFF_CENTRE)
    return _measuring({"MNIST test, %": test, "drawn anywhere, %": drawn}, others)


def chosen_on(apart: Taught, images: mnist.Mnist) -> Callable:
    """Return what measures a network on validation data alone, in figures by name."""
    from digits.data import dataset

    held_out = grid.from_bytes(images.validation_images), images.validation_labels
    drawn = dataset.pen_grids(pens.Bank(apart.digits), _VARIED, np.random.default_rng(0))
    others = strokes.draw([strokes.smoothed(other) for other in apart.others], testsets.OFF_CENTRE)
    return _measuring({"MNIST held out, %": held_out, "unseen styles, %": drawn}, others)


def _measuring(digits, others):
    """Return what measures a network on sets of digits (grids, labels) by name, and tells the last from no digits."""

    def measure(network):
        answers = {name: predictions.read(network, grids) for name, (grids, _) in digits.items()}
        figures = {name: 100 * metrics.accuracy(labels, answers[name]).value for name, (_, labels) in digits.items()}
        of_digits, of_others = answers[[*digits][-1]].max(1), predictions.read(network, others).max(1)
        return figures | {"AUROC": metrics.auroc(of_digits, of_others), "FPR95": metrics.fpr95(of_digits, of_others)}

    return measure


def brush(radius: float, softness: float) -> Recipe:
    """Return the recipe with one brush for all drawings."""
    same = {"thinnest": radius, "thickest": radius, "hardest": softness, "softest": softness}
    return replace(DEFAULT, **same, thickness_share=np.inf)


def compare_brushes(args, images: mnist.Mnist) -> dict[str, list[dict]]:
    """Return, for each brush, how networks read pen digits of unseen styles drawn with it, a run for each seed."""
    from digits.data import dataset

    taught, apart = set_aside()
    bank, runs = pens.Bank(apart.digits), defaultdict(list)
    for network in trained(DEFAULT, args, taught, images):
        for radius, softness in BRUSHES:
            drawn, labels = dataset.pen_grids(bank, _VARIED, np.random.default_rng(0), brush(radius, softness))
            accuracy = metrics.accuracy(labels, predictions.read(network, drawn))
            runs[f"radius {radius}, softness {softness}"].append({"unseen styles, %": 100 * accuracy.value})
    return runs


def print_rows(runs: dict[str, list[dict]]) -> None:
    """Print mean and spread of the figures of several runs, a line for each name."""
    for name, figures in runs.items():
        columns = {column: [run[column] for run in figures] for column in figures[0]}
        text = "   ".join(f"{column} {_spread(values)}" for column, values in columns.items())
        print(f"{name:28}{text}", flush=True)


def _spread(values):
    deviation = np.std(values, ddof=1) if len(values) > 1 else np.nan
    return f"{np.mean(values):.4g} +- {deviation:.2g}"


if __name__ == "__main__":
    sys.exit(main())
