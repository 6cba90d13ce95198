"""The pictures: python -m digits.plots KIND picture.png ..."""

import argparse
import sys
from pathlib import Path

import numpy as np

from digits import UserError, grid, mnist, modelfile, nondigits, quiet, scores, strokes

_INK = "#1b4965"
_MOST = 50  # pictures on a sheet of mistakes


def main() -> int:
    """Make one picture as the arguments say; returns the exit code."""
    args = parse_arguments()
    try:
        args.make(args)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{args.picture} cannot be written ({error.strerror}).", file=sys.stderr)
        return 1
    return 0


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m digits.plots", description="Make a picture.")
    kinds = parser.add_subparsers(required=True, metavar="KIND")
    for name, (make, about, needs) in KINDS.items():
        kind = kinds.add_parser(name, help=about, description=about)
        kind.set_defaults(make=make)
        for need in ("picture", *needs):
            kind.add_argument(need, type=Path, **ARGUMENTS[need])
    return parser.parse_args(argv)


def training_sheet(args) -> None:
    """Draw ten of everything that a network is trained on, a row for each source."""
    quiet.load_tensorflow()
    import tensorflow as tf

    from digits import augment, dataset, hands

    images = mnist.load(args.mnist)
    rng = np.random.default_rng(0)
    shown = tf.constant(grid.from_bytes(images.train_images[:20]))
    digits, others = strokes.read(strokes.PEN_DIGITS), strokes.read(nondigits.PEN_OTHERS)
    bank = hands.Bank(digits)
    rows = {
        "MNIST": shown.numpy(),
        "nudged": augment.nudge(shown, (0, 0)).numpy(),
        "spread": augment.spread(shown, (0, 0)).numpy(),
        "pen digits": dataset.pen_grids(bank, 60, rng)[0],
        "no digits": nondigits.NonDigits(digits, others).draw(40, rng),
    }
    captions = [name if i == 0 else "" for name, grids in rows.items() for i in range(len(grids))]
    sheet(np.concatenate(list(rows.values())), captions, args.picture, columns=20)


def contact_sheet(args) -> None:
    """Draw every drawing of a file in the middle of a sheet, as a smooth curve, with its style."""
    from digits import evaluate

    drawings = strokes.read(args.drawings or strokes.PEN_DIGITS)
    curves = [strokes.smoothed(drawing) for drawing in drawings]
    captions = [drawing.comment[:20] for drawing in drawings]
    sheet(evaluate.draw(curves, evaluate.PLACEMENTS["centred"]), captions, args.picture, columns=16)


def mistakes_sheet(args) -> None:
    """Draw the recorded digits that are misread most confidently, with label, answer and confidence."""
    labels, grids, probabilities = _read_recordings(args)
    answers, confidence = probabilities.argmax(1), probabilities.max(1)
    wrong = np.flatnonzero(answers != labels)
    worst = wrong[np.argsort(-confidence[wrong])][:_MOST]
    captions = [f"{labels[i]} read as {answers[i]}, {100 * confidence[i]:.0f} %" for i in worst]
    sheet(grids[worst], captions, args.picture, columns=10)


def accepted_sheet(args) -> None:
    """Draw the non-digits that are taken for digits most confidently, with answer and confidence."""
    from digits import evaluate

    model = modelfile.load(args.model)
    drawings = [drawing for path in args.not_digits for drawing in strokes.read(path)]
    grids = evaluate.draw(drawings, evaluate.OFF_CENTRE)
    probabilities = evaluate.read(model, grids)
    surest = np.argsort(-probabilities.max(1))[:_MOST]
    captions = [
        f"{drawings[i].label} as {probabilities[i].argmax()}, {100 * probabilities[i].max():.0f} %" for i in surest
    ]
    sheet(grids[surest], captions, args.picture, columns=10)


def reliability_plot(args) -> None:
    """Plot the share of right answers over the confidence claimed, with the number of answers in each bin."""
    labels, _, probabilities = _read_recordings(args)
    bins = scores.reliability(labels, probabilities)
    used = bins.counts > 0
    figure, (above, below) = _figure(5, 6, nrows=2, sharex=True, height_ratios=(3, 1))
    above.plot([0, 1], [0, 1], "--", color="0.6", label="what it says is what it is")
    above.plot(bins.confidence[used], bins.accuracy[used], "o-", color=_INK, label="drawn anywhere")
    above.set(ylabel="share right", title=f"calibration error {scores.calibration_error(labels, probabilities):.4f}")
    above.legend(frameon=False)
    below.bar((np.arange(scores.BINS) + 0.5) / scores.BINS, bins.counts, 0.9 / scores.BINS, color=_INK)
    below.set(xlabel="confidence", ylabel="answers", yscale="log")
    figure.savefig(args.picture, dpi=120)


def sheet(grids: np.ndarray, captions: list[str], path: Path, columns: int) -> None:
    """Write grids (n, 28, 28) with captions as a picture, ink dark on white paper."""
    rows = -(-len(grids) // columns)
    figure, axes = _figure(columns, 1.12 * rows, nrows=max(1, rows), ncols=columns, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, ink, caption in zip(axes.flat, grids, captions, strict=False):
        axis.imshow(1 - ink, cmap="gray", vmin=0, vmax=1)
        axis.set_title(caption, fontsize=7, pad=2)
        axis.axis("on")
        axis.set(xticks=[], yticks=[])
    figure.savefig(path, dpi=110)


def _figure(width, height, **layout):
    from matplotlib.figure import Figure  # without pyplot: no window system is asked for

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**layout)


def _read_recordings(args):
    """Return labels, grids drawn anywhere and probabilities for all recorded digits."""
    from digits import evaluate

    model = modelfile.load(args.model)
    recorded = [(strokes.read(path), path) for path in args.strokes]
    labels = np.concatenate([strokes.labels(drawings, path) for drawings, path in recorded])
    grids = np.concatenate([evaluate.draw(drawings, evaluate.PLACEMENTS["anywhere"]) for drawings, _ in recorded])
    return labels, grids, evaluate.read(model, grids)


ARGUMENTS = {
    "picture": {"help": "the PNG file to write"},
    "model": {"help": "the model's file"},
    "--mnist": {"metavar": "FILE", "help": "mnist.npz (default: download it once)"},
    "--drawings": {"metavar": "FILE", "help": "UNIPEN text (default: the pen digits laid by hand)"},
    "--strokes": {"metavar": "FILE", "nargs": "+", "required": True, "help": "recorded digits (UNIPEN text)"},
    "--not-digits": {"metavar": "FILE", "nargs": "+", "required": True, "help": "recordings of other things"},
}
KINDS = {
    "training": (training_sheet, "what a network is shown, by source", ["--mnist"]),
    "pen-drawings": (contact_sheet, "every drawing of a file, with its style", ["--drawings"]),
    "mistakes": (mistakes_sheet, "recorded digits misread most confidently", ["model", "--strokes"]),
    "accepted": (accepted_sheet, "other things taken for digits most confidently", ["model", "--not-digits"]),
    "reliability": (reliability_plot, "how often answers are right, by confidence", ["model", "--strokes"]),
}

if __name__ == "__main__":
    sys.exit(main())
