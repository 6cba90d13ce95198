"""The pictures, one by one: python -m digits.experiments.plots KIND picture.png ..."""

import argparse
import sys
import textwrap
from pathlib import Path

import numpy as np

from digits import UserError, modelfile, quiet
from digits.command_line import exit_code, say
from digits.data import mnist, negatives, pens
from digits.evaluation import charts, gallery, numbers, predictions, testsets
from digits.evaluation.predictions import joined
from digits.files import unipen, writing
from digits.ink import grid, strokes

SUFFIX = ".png"


@exit_code
def main() -> None:
    """Make one picture as the arguments say."""
    args = parse_arguments()
    content = charts.png(args.make(args))
    writing.write_whole(args.picture, lambda unfinished: unfinished.write_bytes(content))


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m digits.experiments.plots", description="Make a picture.")
    kinds = parser.add_subparsers(required=True, metavar="KIND", dest="kind")
    for name, (make, about, needs) in KINDS.items():
        kind = kinds.add_parser(name, help=about, description=about)
        kind.set_defaults(make=make)
        for need in ("picture", *needs):
            _take(kind, need)
    args = parser.parse_args(argv)
    if args.kind == "accepted" and not args.not_digits + args.not_digit_images:
        kinds.choices["accepted"].error("give --not-digits FILE or --not-digit-images FILE, or both")
    return args


def _take(kind, need):
    """Let a kind of picture take an argument; of several, one."""
    if isinstance(need, str):
        kind.add_argument(need, **{"type": Path} | ARGUMENTS[need])
        return
    group = kind.add_mutually_exclusive_group(required=True)
    for one in need:
        group.add_argument(one, **{"type": Path} | ARGUMENTS[one] | {"required": False})


def training_sheet(args):
    """Draw ten of everything that a network is trained on, a row for each source."""
    quiet.load_tensorflow()
    import tensorflow as tf

    from digits.data import augmentation, dataset, pens

    images = mnist.load(args.mnist)
    rng = np.random.default_rng(0)
    shown = tf.constant(grid.from_bytes(images.train_images[:20]))
    digits, others = unipen.read(pens.PEN_DIGITS), unipen.read(negatives.PEN_OTHERS)
    bank = pens.Bank(digits)
    rows = {
        "MNIST": shown.numpy(),
        "nudged": augmentation.nudge(shown, (0, 0)).numpy(),
        "spread": augmentation.spread(shown, (0, 0)).numpy(),
        "pen digits": dataset.pen_grids(bank, 60, rng)[0],
        "no digits": negatives.Negatives(bank, others).draw(40, rng)[0],
    }
    captions = [name if i == 0 else "" for name, grids in rows.items() for i in range(len(grids))]
    return lambda: charts.sheet(np.concatenate(list(rows.values())), captions, columns=20, scale=3)


def contact_sheet(args):
    """Draw every drawing of a file in the middle of a sheet, as a smooth curve, with its style."""
    drawings = unipen.read(args.drawings or pens.PEN_DIGITS)
    grids = strokes.draw([strokes.smoothed(drawing) for drawing in drawings], testsets.PLACEMENTS["centred"])
    captions = [textwrap.fill(drawing.comment, 18) for drawing in drawings]
    return lambda: charts.sheet(grids, captions, columns=16, scale=4)


def mistakes_sheet(args):
    """Draw the recorded digits that are misread most confidently, with label, answer and confidence."""
    shown = _measured(args).anywhere
    return lambda: gallery.mistakes(shown, columns=10, title="Drawn digits misread most confidently")


def refused_sheet(args):
    """Draw the recorded digits that are refused, the least confident first, with label, answer and confidence."""
    measured = _measured(args)
    shown, threshold = measured.anywhere, measured.threshold
    return lambda: gallery.refused(
        shown, threshold, columns=10, title="Drawn digits refused, the least confident first"
    )


def accepted_sheet(args):
    """Draw what is neither a digit nor shaped like one and is taken for one most confidently."""
    measured = _measured(args)
    parts = [*measured.unlike_digits, *measured.not_digit_images.values()]
    if not parts:
        raise UserError("All drawings given are shaped like digits; give some that are not with --not-digits.")
    shown = joined(parts)
    return lambda: gallery.accepted(shown, columns=10, title="No digits, taken for digits most confidently")


def numbers_sheet(args):
    """Draw recorded numbers that are misread, or such as are composed of recorded digits, with label and answer."""
    modelfile.check_source(args.model)
    found = numbers.measure(args.model, args.numbers, args.strokes)
    title = f"{'Recorded numbers' if args.numbers else 'Numbers composed of drawn digits'}, misread"
    return lambda: gallery.misread_numbers(found, columns=4, title=title)


def reliability_plot(args):
    """Plot the share of right answers over the confidence claimed, with the number of answers in each bin."""
    digits = _measured(args).digits
    return lambda: charts.reliability(digits)


def risk_plot(args):
    """Plot the share of wrong answers among the accepted over the share that is accepted."""
    measured = _measured(args)
    return lambda: charts.risk_coverage(measured.digits, measured.threshold)


def _measured(args):
    """Return what a model answers to the files that a picture is made of, its digits drawn anywhere."""
    modelfile.check_source(args.model)
    files = (vars(args).get(name, []) for name in ("strokes", "not_digits", "not_digit_images"))
    material = testsets.gather(vars(args).get("mnist"), *files)
    anywhere = {"anywhere": testsets.PLACEMENTS["anywhere"]}
    return predictions.ask(modelfile.load(args.model, say), args.model, material, anywhere)


def _picture(text):
    if (path := Path(text)).suffix != SUFFIX:
        raise argparse.ArgumentTypeError(f"{text}: a picture's name ends in {SUFFIX}")
    return path


_RECORDINGS = {"metavar": "PATH", "nargs": "+", "default": []}
ARGUMENTS = {
    "picture": {"type": _picture, "help": "the PNG file to write"},
    "model": {"help": "the model's file"},
    "--mnist": {"metavar": "FILE", "help": "mnist.npz (for training: downloaded once if not given)"},
    "--drawings": {"metavar": "FILE", "help": "UNIPEN text (default: the pen digits laid by hand)"},
    "--strokes": _RECORDINGS | {"required": True, "help": "recorded digits: UNIPEN text, or folders of it"},
    "--numbers": _RECORDINGS | {"metavar": "FILE", "help": "recorded whole numbers: UNIPEN text"},
    "--not-digits": _RECORDINGS | {"help": "recordings of other things, likewise"},
    "--not-digit-images": {
        "metavar": "FILE",
        "nargs": "+",
        "default": [],
        "help": "images of other things (idx, also .gz, or .npz)",
    },
}
_DIGITS = ["model", "--strokes", "--mnist"]
_OTHERS = ["model", "--not-digits", "--not-digit-images"]
KINDS = {
    "training": (training_sheet, "what a network is shown, by source", ["--mnist"]),
    "pen-drawings": (contact_sheet, "every drawing of a file, with its style", ["--drawings"]),
    "mistakes": (mistakes_sheet, "recorded digits misread most confidently", ["model", "--strokes"]),
    "refused": (refused_sheet, "recorded digits refused, the least confident first", ["model", "--strokes"]),
    "accepted": (accepted_sheet, "things unlike digits taken for digits most confidently", _OTHERS),
    "numbers": (numbers_sheet, "misread numbers, recorded or composed", ["model", ("--numbers", "--strokes")]),
    "reliability": (reliability_plot, "how often answers are right, by confidence", _DIGITS),
    "risk": (risk_plot, "what is wrong among what is accepted, by how much is accepted", _DIGITS),
}

if __name__ == "__main__":
    sys.exit(main())
