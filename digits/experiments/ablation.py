"""What each part of a training is worth: python -m digits.experiments.ablation TABLE ...

Short runs of one length, the same for every row of a table, each with several seeds.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from digits import command_line, quiet
from digits.data import mnist, pens
from digits.evaluation import metrics, predictions
from digits.experiments import space, trials
from digits.recipe import DEFAULT, Recipe


def mixture(nudged: float, spread: float, drawn: float, negatives: float) -> Recipe:
    """Return the recipe with other shares of the sources."""
    return replace(DEFAULT, nudged=nudged, spread=spread, drawn=drawn, negatives=negatives)


def with_share(name: str, share: float) -> Recipe:
    """Return the recipe with another share of one source, at the cost of MNIST's nudged images."""
    return replace(DEFAULT, **{name: share}, nudged=DEFAULT.nudged + getattr(DEFAULT, name) - share)


def without(*names: str) -> Recipe:
    """Return the recipe with nothing of some changes, or of kinds of what is no digit, the others in their place."""
    return replace(DEFAULT, **dict.fromkeys(names, 0.0))


def brush(radius: float, softness: float) -> Recipe:
    """Return the recipe with one brush for all drawings."""
    same = {"thinnest": radius, "thickest": radius, "hardest": softness, "softest": softness}
    return replace(DEFAULT, **same, thickness_share=np.inf)


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
    "regularisation": {
        "as it is": DEFAULT,
        "no dropout": replace(DEFAULT, dropout=0),
        "no weight decay": replace(DEFAULT, weight_decay=0),
        "no label smoothing": replace(DEFAULT, smoothing=0),
        "no batch normalisation": replace(DEFAULT, normalisation=False),
        "stochastic depth 0.1": replace(DEFAULT, stochastic_depth=0.1),
        "mixup 0.2": replace(DEFAULT, mixup=0.2),
    },
    "augmentation": {
        "as it is": DEFAULT,
        "MNIST not nudged": without(*space.FACTORS["nudging"]),
        "no other hands": without(*space.FACTORS["hands"]),
        "no other devices": without(*space.FACTORS["devices"]),
        "one brush": brush(1, 1),
        "each drawing shown once": replace(DEFAULT, showings=1),
    },
    "mixture": {
        "pen digits 0.16": with_share("drawn", 0.16),
        "pen digits 0.28": with_share("drawn", 0.28),
        "spread 0.2": with_share("spread", 0.2),
        "no digits 0.12": with_share("negatives", 0.12),
        "no digits 0.24": with_share("negatives", 0.24),
        "as it is": DEFAULT,
    },
}
BRUSHES = [(0.6, 1), (0.8, 1), (1, 0.6), (1, 1), (1, 1.4), (1.2, 1), (1.4, 1), (1.7, 1), (2, 1)]  # radius, softness
TABLES = {
    "sources": "the sources of training, added one by one",
    "kinds": "the kinds of what is no digit, one left out at a time",
    "steps": "parts of the training, one left out at a time",
    "regularisation": "what keeps a network from learning by heart, one put in or left out at a time",
    "augmentation": "the ways in which drawings and images are changed, one left out at a time",
    "mixture": "the shares of the sources",
    "collections": "the collections of recorded people, the built-in drawings among them, one left out at a time",
    "brush": "the brush: one network reads the same pen digits drawn with each",
}


@command_line.exit_code
def main() -> None:
    """Train, measure and print a row for each recipe."""
    args = parse_arguments()
    images = mnist.load(args.mnist)
    taught, apart = trials.gather(args.strokes, args.not_digits)
    quiet.load_tensorflow()
    print(f"epochs: {args.epochs}; mean and sample standard deviation over so many seeds: {args.seeds};", end=" ")
    print(f"drawn: {'people who were left out' if args.strokes else 'styles that were left out'}", flush=True)
    if args.table == "brush":
        print_rows(compare_brushes(args, taught, apart, images))
        return
    measure = trials.measuring(apart, images)
    for name, recipe, of in rows(args.table, taught):
        print_rows({name: [measure(network) for network in trained(recipe, args, of, images)]})


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m digits.experiments.ablation",
        description="What each part of a training is worth, on validation data alone.",
        epilog="TABLE is one of: " + "; ".join(f"{name} ({about})" for name, about in TABLES.items()) + ".",
    )
    parser.add_argument("table", metavar="TABLE", choices=TABLES, help="what to compare, see below")
    trials.add_data(parser, required=False)
    parser.add_argument(
        "--epochs", type=command_line.positive, default=2, help="length of each run (default: %(default)s)"
    )
    parser.add_argument(
        "--seeds", type=command_line.positive, default=3, help="runs of each kind (default: %(default)s)"
    )
    args = parser.parse_args(argv)
    if bool(args.strokes) != bool(args.not_digits):
        parser.error("recordings are trained and measured on together; give both --strokes and --not-digits, or none")
    return args


def rows(table: str, taught: trials.Drawings) -> Iterator[tuple[str, Recipe, trials.Drawings]]:
    """Yield, for each row of a table, its name, the recipe, and the drawings to train on."""
    if table != "collections":
        yield from ((name, recipe, taught) for name, recipe in RECIPES[table].items())
        return
    yield "all", DEFAULT, taught
    for collection in sorted({_collection(drawing) for kind in taught for drawing in kind}):
        kept = ([drawing for drawing in kind if _collection(drawing) != collection] for kind in taught)
        yield f"without {collection}", DEFAULT, trials.Drawings(*kept)


def _collection(drawing):
    """Return what collection a drawing is of; those laid by hand lie in two files and have no writer."""
    return drawing.source if drawing.writer else "what is built in"


def trained(recipe: Recipe, args, taught: trials.Drawings, images: mnist.Mnist) -> Iterator:
    """Yield networks trained by a recipe for so many epochs, in float32, one for each seed."""
    for seed in range(args.seeds):
        yield trials.train(replace(recipe, epochs=args.epochs, seed=seed), taught, images)


def compare_brushes(args, taught: trials.Drawings, apart: trials.Drawings, images) -> dict[str, list[dict]]:
    """Return, for each brush, how networks read pen digits set apart when drawn with it, a run for each seed."""
    from digits.data import dataset

    bank, runs = pens.Bank(apart.digits), defaultdict(list)
    for network in trained(DEFAULT, args, taught, images):
        for radius, softness in BRUSHES:
            drawn, labels = dataset.pen_grids(bank, trials.VARIED, np.random.default_rng(0), brush(radius, softness))
            accuracy = metrics.accuracy(labels, predictions.read(network, drawn))
            runs[f"radius {radius}, softness {softness}"].append({trials.DRAWN: 100 * accuracy.value})
    return runs


def print_rows(runs: dict[str, list[dict]]) -> None:
    """Print mean and spread of the figures of several runs, a line for each name."""
    for name, figures in runs.items():
        columns = {column: [run[column] for run in figures] for column in figures[0]}
        text = "   ".join(f"{column} {trials.spread(values)}" for column, values in columns.items())
        print(f"{name:28}{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
