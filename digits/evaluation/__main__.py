"""Measure how well a model reads: python -m digits.evaluation model.keras --strokes recordings.dat"""

import argparse
import json
import sys
from pathlib import Path

from digits import modelfile
from digits.command_line import exit_code, say
from digits.data import mnist
from digits.evaluation import numbers, personal, predictions, report, summary, testsets
from digits.evaluation.predictions import Measured
from digits.files import unipen
from digits.ink import brush


@exit_code
def main() -> None:
    """Measure as the arguments say and print it."""
    args = parse_arguments()
    if args.personal:
        print_personal(args)
        return
    if args.numbers is not None:
        print_numbers(args)
        return
    if args.report:
        report.check_target(args.report)
    measured = measure(args)
    data = summary.as_data(measured)
    print(json.dumps(data, indent=2, allow_nan=False) if args.json else summary.as_text(data), flush=True)
    if args.report:
        page = report.write(args.report, measured)
        print(f"{page} shows it.", file=sys.stderr)


def print_personal(args: argparse.Namespace) -> None:
    """Measure what it is worth to learn each person's hand, and print it."""
    modelfile.check_source(args.model)
    data = personal.as_data(personal.measure(args.model, args.personal, args.mnist, args.not_digits, say))
    print(json.dumps(data, indent=2, allow_nan=False) if args.json else personal.as_text(data), flush=True)


def print_numbers(args: argparse.Namespace) -> None:
    """Measure how well whole numbers are read, and print it."""
    modelfile.check_source(args.model)
    data = numbers.as_data(numbers.measure(args.model, args.numbers, args.strokes))
    print(json.dumps(data, indent=2, allow_nan=False) if args.json else numbers.as_text(data), flush=True)


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m digits.evaluation",
        description="Measure how well a model reads.",
        epilog="With no file to measure on: MNIST, downloaded once, and the built-in pen digits held out of training; "
        "without a network connection these alone.",
    )
    parser.add_argument("model", type=Path, help="the model's file")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz, for its test images")
    several = {"type": Path, "nargs": "+", "default": []}
    recordings = several | {"metavar": "PATH"}
    parser.add_argument("--strokes", **recordings, help="recorded digits: UNIPEN text, or folders of UNIPEN's own tree")
    parser.add_argument("--not-digits", **recordings, help="recordings of other things, letters and symbols, likewise")
    about = "recorded digits of several people: let the model learn each one's hand, and measure what that is worth"
    parser.add_argument("--personal", **recordings, help=about)
    about = "recorded whole numbers; with no file, numbers composed of the digits given with --strokes or built in"
    parser.add_argument("--numbers", type=Path, nargs="*", metavar="FILE", help=about)
    about = "images of other things, 28 x 28 (idx, also .gz, or .npz)"
    parser.add_argument("--not-digit-images", **several, metavar="FILE", help=about)
    about = f"of the brush for recordings, {brush.THINNEST:g} to {brush.THICKEST:g} cells (default: %(default)g)"
    parser.add_argument("--brush", type=_radius, metavar="RADIUS", default=brush.DEFAULT.radius, help=about)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write pictures and a page that shows them")
    args = parser.parse_args(argv)
    if args.numbers is not None:
        _check_alone(parser, args, "numbers", but=() if args.numbers else ("strokes",))
    elif args.personal:
        _check_alone(parser, args, "personal", but=("mnist", "not_digits"))
    elif args.not_digits and not args.strokes:
        parser.error("--not-digits are measured against recorded digits; give these with --strokes")
    return args


def _check_alone(parser, args, measured, but):
    """See that no other option is given with one that measures something of its own, but for some."""
    for name in {"mnist", "strokes", "not_digits", "personal", "not_digit_images", "brush", "report"} - {
        measured,
        *but,
    }:
        if getattr(args, name) != parser.get_default(name):
            parser.error(f"--{name.replace('_', '-')} does not go with --{measured}; leave it out")


def _radius(text):
    try:
        radius = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of cells") from None
    if not brush.THINNEST <= radius <= brush.THICKEST:  # nan is not within either
        raise argparse.ArgumentTypeError(
            f"{text} is no brush of the window's; its radii are {brush.THINNEST:g} to {brush.THICKEST:g} cells"
        )
    return radius


def measure(args: argparse.Namespace) -> Measured:
    """Return a model's answers to all that the arguments name."""
    modelfile.check_source(args.model)
    material = testsets.gather(args.mnist, args.strokes, args.not_digits, args.not_digit_images)
    if not (args.mnist or args.strokes):
        material.mnist, material.digits = _find_mnist(), testsets.held_out()
    for path, count in material.without_ink.items():
        print(unipen.left_out(path, count), file=sys.stderr)
    return predictions.ask(modelfile.load(args.model, say), args.model, material, radius=args.brush)


def _find_mnist():
    """Return MNIST's test images and labels, None where they are not on this machine and cannot be fetched."""
    try:
        return testsets.tested(mnist.load())
    except mnist.DownloadError as error:
        print(f"{error}\nWhat is built in is measured alone.", file=sys.stderr)
        return None


if __name__ == "__main__":
    sys.exit(main())
