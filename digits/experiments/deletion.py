"""Whether Why? tells the truth: python -m digits.experiments.deletion curves.png --strokes FILE|FOLDER ...

The deletion test of Petsiuk, Das and Saenko, "RISE" (2018): of recorded digits the ink is taken away cell by cell, that
first of which an explanation says that it speaks most for the answer. The sooner the digits are no longer read right,
the better the explanation; the area under the curve sums it up.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import modelfile, quiet
from digits.assets import MODEL
from digits.command_line import exit_code
from digits.evaluation import charts
from digits.files import unipen, writing
from digits.ink import strokes
from digits.reading import engine, reasons

_STEPS = 21  # shares of the ink that are taken away, from none to all
_BATCH = 200  # grids whose gradients fit into memory
_NORMAL = 1.96  # standard errors on each side of a mean, for a 95 % interval


class Digits(NamedTuple):
    """Recorded digits, drawn anywhere on the sheet."""

    grids: np.ndarray  # (n, 28, 28)
    labels: np.ndarray  # (n,)


@exit_code
def main() -> None:
    """Measure, print the areas and draw the curves."""
    args = parse_arguments()
    modelfile.check_source(args.model)
    shown = _digits(args.strokes)
    curves = measure(args.model, shown)
    print(as_text(curves))
    content = charts.png(lambda: _chart(curves))
    writing.write_whole(args.picture, lambda unfinished: unfinished.write_bytes(content))


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m digits.experiments.deletion", description="Measure whether Why? tells the truth."
    )
    parser.add_argument("picture", type=Path, help="the file for the picture of the curves (PNG)")
    recorded = {"type": Path, "nargs": "+", "required": True, "metavar": "FILE|FOLDER"}
    parser.add_argument("--strokes", **recorded, help="recorded digits")
    parser.add_argument("--model", type=Path, default=MODEL, help="(default: the shipped one)")
    return parser.parse_args(argv)


def _digits(paths):
    drawings = [drawing for path in paths for drawing in unipen.read(path)]
    labels = unipen.labels(drawings, paths[0])
    return Digits(strokes.draw(drawings, strokes.ANYWHERE), labels)


def measure(model: Path, shown: Digits) -> dict[str, np.ndarray]:
    """Return by explanation whether each digit is read right, (n, 21), as more and more of its ink is taken away."""
    quiet.load_tensorflow()
    reader, rng = engine.load(model), np.random.default_rng(0)
    ranks = {
        "at random": rng.random(shown.grids.shape),
        "by the gradient": _slopes(modelfile.load(model), shown.grids),
        "by Why?": _effects(reader, shown.grids),
    }
    return {name: curves(shown, ranked, reader.probabilities) for name, ranked in ranks.items()}


def _slopes(model, grids):
    """Return the gradient of the answer's log odds at each cell times its ink, (n, 28, 28)."""
    parts = [grids[first : first + _BATCH] for first in range(0, len(grids), _BATCH)]
    return np.concatenate([_slopes_of_a_batch(model, part) for part in parts])


def _slopes_of_a_batch(model, grids):
    import tensorflow as tf

    inks = tf.constant(grids[..., None])
    with tf.GradientTape() as tape:
        tape.watch(inks)
        given = model(inks, training=False)
        answer = tf.reduce_max(given, axis=1)
        odds = tf.math.log(answer) - tf.math.log(tf.reduce_sum(given, axis=1) - answer + np.finfo(np.float32).tiny)
    return tape.gradient(odds, inks).numpy()[..., 0] * grids


def _effects(reader, grids):
    chances = reader.probabilities(grids)
    return np.stack(
        [reasons.explain(ink, own, reader.probabilities).effects for ink, own in zip(grids, chances, strict=True)]
    )


def curves(shown: Digits, ranked: np.ndarray, ask: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return whether each digit is read right as its ink is taken away, what is ranked highest first: (n, 21) bool."""
    read = [ask(_emptied(*pair)).argmax(axis=1) for pair in zip(shown.grids, ranked, strict=True)]
    return np.array(read) == shown.labels[:, None]


def _emptied(ink, ranks):
    """Return grids (21, 28, 28) with more and more of the ink taken away."""
    order = np.argsort(-ranks, axis=None, kind="stable")
    taken = np.cumsum(ink.reshape(-1)[order])
    emptied = np.repeat(ink.reshape(1, -1), _STEPS, axis=0)
    for grid, share in zip(emptied, np.linspace(0, 1, _STEPS), strict=True):
        grid[order[: np.searchsorted(taken, share * taken[-1] * (1 - 1e-6), side="left") + (share > 0)]] = 0
    return emptied.reshape(-1, *ink.shape)


def areas(read_right: np.ndarray) -> np.ndarray:
    """Return the area under each curve (n, 21), in [0, 1], by the trapezoidal rule."""
    return (read_right[:, 1:] + read_right[:, :-1].astype(float)).mean(axis=1) / 2


def as_text(measured: dict[str, np.ndarray]) -> str:
    """Return the area of each explanation, and by how much Why? is better than the others, with 95 % intervals."""
    *others, own = measured
    lines = [f"area under the deletion curve, {len(measured[own]):,} digits: mean +- half of a 95 % interval"]
    lines += [f"{name:20} {_interval(areas(read))}" for name, read in measured.items()]
    lines += [f"{name}, less Why?: {_interval(areas(measured[name]) - areas(measured[own]))}" for name in others]
    return "\n".join(lines)


def _interval(values):
    return f"{values.mean():.3f} +- {_NORMAL * values.std(ddof=1) / np.sqrt(len(values)):.3f}"


def _chart(measured):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.8, 3.2), layout="constrained")
    axes = figure.subplots()
    for (name, read), line in zip(measured.items(), (":", "--", "-"), strict=True):
        label = f"{name}: area {areas(read).mean():.3f}"
        axes.plot(np.linspace(0, 100, _STEPS), 100 * read.mean(axis=0), line, label=label)
    axes.set(xlabel="ink taken away, %", ylabel="read right, %", title="Ink taken away, the most telling first")
    axes.set(xlim=(0, 100), ylim=(0, 100))
    axes.legend()
    return figure


if __name__ == "__main__":
    sys.exit(main())
