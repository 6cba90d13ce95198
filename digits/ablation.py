"""What each source of training is worth: python -m digits.ablation --mnist FILE --strokes FILE --not-digits FILE

Short runs of one length with the sources added one by one, each with several seeds. Prints a table.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError, arguments, evaluate, grid, mnist, nondigits, quiet, scores, strokes

BATCH = 128  # grids in a step, as in a whole training
STEPS = {  # shares of nudged MNIST, spread MNIST, pen digits, no digits
    "MNIST, nudged": (1, 0, 0, 0),
    "+ spread over the sheet": (0.75, 0.25, 0, 0),
    "+ pen digits": (0.4375, 0.125, 0.4375, 0),
    "+ what is no digit": (0.4375, 0.125, 0.3125, 0.125),
}


class Shown(NamedTuple):
    """What every network is measured on: MNIST, recorded digits drawn anywhere and other things."""

    images: mnist.Mnist
    drawn: np.ndarray  # (n, 28, 28)
    labels: np.ndarray  # (n,)
    others: np.ndarray  # (m, 28, 28)


def main() -> int:
    """Train, measure and print a row for each step; returns the exit code."""
    args = parse_arguments()
    try:
        shown = _shown(args)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    quiet.load_tensorflow()
    print(f"{args.epochs} epochs; mean and sample standard deviation over {args.seeds} seeds")
    print(f"{'trained on':26}{'MNIST test, %':>18}{'drawn anywhere, %':>20}{'AUROC':>20}")
    for name, shares in STEPS.items():
        runs = np.array([run(shares, args.epochs, seed, shown) for seed in range(args.seeds)])
        spread = runs.std(axis=0, ddof=1) if args.seeds > 1 else np.full(3, np.nan)
        figures = (f"{mean:.4g} +- {deviation:.2g}" for mean, deviation in zip(runs.mean(axis=0), spread, strict=True))
        print("{:26}{:>18}{:>20}{:>20}".format(name, *figures), flush=True)
    return 0


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m digits.ablation", description="What each source is worth.")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz (default: download it once)")
    parser.add_argument("--strokes", type=Path, required=True, metavar="FILE", help="recorded digits (UNIPEN text)")
    parser.add_argument("--not-digits", type=Path, required=True, metavar="FILE", help="recordings of other things")
    parser.add_argument(
        "--epochs", type=arguments.positive, default=4, help="length of each run (default: %(default)s)"
    )
    parser.add_argument("--seeds", type=arguments.positive, default=3, help="runs of each kind (default: %(default)s)")
    return parser.parse_args(argv)


def run(shares: tuple, epochs: int, seed: int, shown: Shown) -> tuple[float, float, float]:
    """Train once; return the accuracy on MNIST's test images and on drawn digits in %, and the AUROC of non-digits."""
    from digits import dataset, training

    digits, _ = dataset.split(strokes.read(strokes.PEN_DIGITS))
    others = strokes.read(nondigits.PEN_OTHERS)
    source = dataset.Source(shown.images, digits, others, dataset.Shares(*shares))
    steps = dataset.EPOCH // BATCH
    batches = source.stream(BATCH, epochs * steps, seed)
    network = training.prepare(batches, epochs, seed)
    network.fit(batches, epochs=epochs, steps_per_epoch=steps, shuffle=False, verbose=0)
    return _measured(training.in_float32(network), shown)


def _measured(network, shown):
    test = evaluate.read(network, grid.from_bytes(shown.images.test_images))
    drawn, others = evaluate.read(network, shown.drawn), evaluate.read(network, shown.others)
    return (
        100 * scores.accuracy(shown.images.test_labels, test).value,
        100 * scores.accuracy(shown.labels, drawn).value,
        scores.auroc(drawn.max(1), others.max(1)),
    )


def _shown(args):
    recorded = strokes.read(args.strokes)
    return Shown(
        mnist.load(args.mnist),
        evaluate.draw(recorded, evaluate.PLACEMENTS["anywhere"]),
        strokes.labels(recorded, args.strokes),
        evaluate.draw(strokes.read(args.not_digits), evaluate.OFF_CENTRE),
    )


if __name__ == "__main__":
    sys.exit(main())
