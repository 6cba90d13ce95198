"""How the network compares with those it descends from: python -m digits.experiments.comparison --strokes FILE ...

Models are files NAME-SEED.keras in one folder. One that is there is measured as it is; one that is not is first trained
by `handwriting.py --network NAME`. So a comparison that was stopped goes on where it was.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError, command_line, modelfile
from digits.data import mnist
from digits.evaluation import metrics, predictions, testsets
from digits.files import unipen
from digits.ink import grid, strokes
from digits.reading.answer import CERTAIN
from digits.training import ancestors, checkpoint

_STDERR = 2  # where a training's progress goes, for the tables are all that is printed
_ASKED = 1000  # times that one grid is classified
_BRUSHES = {"the window's brush": strokes.draw, "the parent's brush": ancestors.draw}

# The tables: what each column shows of a model, times what, with how many places.
_DRAWN = {
    f"drawn with {brush}": {placement: (f"{brush}, {placement}", 100, 1) for placement in testsets.PLACEMENTS}
    for brush in _BRUSHES
}
TABLES = {
    "percent read right": {"MNIST test": ("mnist", 100, 2)} | _DRAWN["drawn with the window's brush"],
    "percent read right with the parent's brush": _DRAWN["drawn with the parent's brush"],
    "no digits, and the price": {
        "refused, %": ("refused", 100, 1),
        "answered above 90 %, %": ("sure of no digit", 100, 1),
        "parameters": ("parameters", 1, 0),
        "file, kB": ("bytes", 1e-3, 0),
        "training, s": ("seconds", 1, 0),
        "one grid, us": ("microseconds", 1, 0),
    },
}


class Shown(NamedTuple):
    """What every model is shown: MNIST's test images, digits drawn in all placements with both brushes, no digits."""

    images: np.ndarray  # (n, 28, 28)
    image_labels: np.ndarray  # (n,)
    drawn: dict[str, np.ndarray]  # "brush, placement": (m, 28, 28)
    labels: np.ndarray  # (m,)
    others: np.ndarray  # (k, 28, 28)


@command_line.exit_code
def main() -> None:
    """Train what is missing, measure all and print the tables."""
    args = parse_arguments()
    try:
        shown = _shown(args)
        train_missing(args)
        measured = {name: [measure(path, shown) for path in _files(args, name)] for name in args.networks}
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on with what is in the folder.", file=sys.stderr)
        raise
    print(json.dumps(measured, indent=2) if args.json else as_markdown(measured))


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m digits.experiments.comparison",
        description="Compare the network with those that it descends from.",
    )
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz (default: download it once)")
    parser.add_argument("--strokes", type=Path, required=True, metavar="FILE", help="recorded digits (UNIPEN text)")
    parser.add_argument("--not-digits", type=Path, required=True, metavar="FILE", help="recordings of other things")
    parser.add_argument(
        "--folder", type=Path, default=Path("models"), help="where models are and are kept (default: %(default)s)"
    )
    parser.add_argument("--seeds", type=command_line.positive, default=3, help="models of each (default: %(default)s)")
    parser.add_argument(
        "--networks", nargs="+", default=ancestors.NAMES, choices=ancestors.NAMES, metavar="NAME", help="(default: all)"
    )
    parser.add_argument("--json", action="store_true", help="print the figures of every model as JSON")
    return parser.parse_args(argv)


def _files(args, name):
    return [args.folder / f"{name}-{seed}{modelfile.SUFFIX}" for seed in range(args.seeds)]


def _shown(args):
    recorded, others = unipen.read(args.strokes), unipen.read(args.not_digits)
    labels = unipen.labels(recorded, args.strokes)
    images = mnist.load(args.mnist)
    drawn = {
        f"{brush}, {name}": draw(recorded, placement)
        for brush, draw in _BRUSHES.items()
        for name, placement in testsets.PLACEMENTS.items()
    }
    test = grid.from_bytes(images.test_images)
    return Shown(test, images.test_labels, drawn, labels, strokes.draw(others, testsets.OFF_CENTRE))


def train_missing(args: argparse.Namespace) -> None:
    """Train every model that is not in the folder, each in a process of its own; raises UserError if one fails."""
    try:
        args.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{args.folder} cannot be made ({error.strerror}); give another --folder.") from error
    for name in args.networks:
        for seed, path in enumerate(_files(args, name)):
            if not path.exists():
                train(name, seed, path, args.mnist)


def train(name: str, seed: int, path: Path, images: Path | None) -> None:
    """Train a network as a user would; raises UserError if it fails, KeyboardInterrupt if it was stopped."""
    print(f"{name}, seed {seed}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "handwriting", str(path), "--network", name, "--seed", str(seed)]
    command += ["--mnist", str(images)] if images else []
    command += ["--resume"] if checkpoint.path_beside(path).exists() else []
    with subprocess.Popen(command, stdout=_STDERR) as training:  # unlike run(), it lets a stopped one save its state
        code = training.wait()
    if code == command_line.STOPPED:
        raise KeyboardInterrupt
    if code:
        raise UserError(f"{path} could not be trained; the lines above say why.")


def measure(path: Path, shown: Shown) -> dict[str, float | None]:
    """Return a model file's figures: shares in [0, 1], bytes, seconds, microseconds; None where it does not say."""
    model = modelfile.load(path)
    answers = {name: predictions.read(model, grids) for name, grids in shown.drawn.items()}
    digits = answers["the window's brush, anywhere"].max(1)
    others = predictions.read(model, shown.others).max(1)
    return {
        "mnist": metrics.accuracy(shown.image_labels, predictions.read(model, shown.images)).value,
        **{name: metrics.accuracy(shown.labels, probabilities).value for name, probabilities in answers.items()},
        "refused": 1 - metrics.fpr95(digits, others),
        "sure of no digit": float((others > CERTAIN).mean()),
        "parameters": model.count_params(),
        "bytes": path.stat().st_size,
        "seconds": modelfile.read_notes(path).get("seconds"),
        "microseconds": 1e6 * seconds_for_one(model, shown.others[0]),
    }


def seconds_for_one(model, ink: np.ndarray) -> float:
    """Return the median time in seconds to classify one grid (28, 28), as the window does: traced for one shape."""
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec((1, *grid.SHAPE, 1), tf.float32)])
    def read(grids):
        return model(grids, training=False)[0]

    return statistics.median(_timed(read, ink.reshape(1, *grid.SHAPE, 1)) for _ in range(_ASKED))


def _timed(read, grids):
    begin = time.perf_counter()
    read(grids).numpy()
    return time.perf_counter() - begin


def as_markdown(measured: dict[str, list[dict]]) -> str:
    """Return the figures of models, a list of them by network, as tables: mean and sample standard deviation."""
    return "\n\n".join(_table(title, columns, measured) for title, columns in TABLES.items())


def _table(title, columns, measured):
    lines = [f"| {title} | n | {' | '.join(columns)} |", "|---" * (len(columns) + 2) + "|"]
    for name, models in measured.items():
        cells = [_cell([model[key] for model in models], scale, places) for key, scale, places in columns.values()]
        lines.append(f"| {name} | {len(models)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(values, scale, places):
    known = [scale * value for value in values if value is not None]
    if not known:
        return "-"
    mean = f"{statistics.mean(known):,.{places}f}"
    return f"{mean} +- {statistics.stdev(known):,.{places}f}" if len(set(known)) > 1 else mean


if __name__ == "__main__":
    sys.exit(main())
