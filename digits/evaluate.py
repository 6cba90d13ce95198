"""Measure how well a model reads: python -m digits.evaluate model.keras --strokes recordings.dat"""

import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from digits import UserError, figures, grid, images, mnist, modelfile, quiet, report, strokes
from digits.figures import Answers, Measured
from digits.sheet import Sheet

# How recorded digits are put on the sheet, by name, and things that are no digit.
PLACEMENTS = {
    "centred": strokes.Placement((20, 20), 0),
    "small": strokes.Placement((12, 12), 0),
    "large": strokes.Placement((25.5, 25.5), 0),
    "anywhere": strokes.Placement((11, 25), 1),
}
OFF_CENTRE = strokes.Placement((14, 24), 0.5)
HELD_OUT = "built-in pen digits that were held out of training"
_CHECKED = 500  # sheets of noise, and with one dot


@dataclass
class Material:
    """What a model is shown to measure it, by the file that it comes from."""

    mnist: tuple[np.ndarray, np.ndarray] | None = None  # images (n, 28, 28) uint8 and labels (n,)
    digits: dict[str, list[strokes.Drawing]] = field(default_factory=dict)
    not_digits: dict[str, list[strokes.Drawing]] = field(default_factory=dict)
    not_digit_images: dict[str, np.ndarray] = field(default_factory=dict)  # (n, 28, 28) uint8


def main() -> int:
    """Measure as the arguments say and print it; returns the exit code."""
    args = parse_arguments()
    try:
        if args.report:
            report.check_target(args.report)
        measured = measure(args)
        data = figures.as_data(measured)
        print(json.dumps(data, indent=2, allow_nan=False) if args.json else figures.as_text(data), flush=True)
        if args.report:
            page = report.write(args.report, measured)
            print(f"{page} shows it.", file=sys.stderr)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m digits.evaluate",
        description="Measure how well a model reads.",
        epilog="With no file to measure on: MNIST, downloaded once, and the built-in pen digits held out of training.",
    )
    parser.add_argument("model", type=Path, help="the model's file")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz, for its test images")
    files = {"type": Path, "nargs": "+", "default": [], "metavar": "FILE"}
    parser.add_argument("--strokes", **files, help="recorded digits (UNIPEN text)")
    parser.add_argument("--not-digits", **files, help="recordings of other things (UNIPEN text)")
    parser.add_argument("--not-digit-images", **files, help="images of other things, 28 x 28 (idx, also .gz, or .npz)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write pictures and a page that shows them")
    args = parser.parse_args(argv)
    if args.not_digits and not args.strokes:
        parser.error("--not-digits are measured against recorded digits; give these with --strokes")
    return args


def measure(args: argparse.Namespace) -> Measured:
    """Return a model's answers to all that the arguments name."""
    modelfile.check_source(args.model)
    material = gather(args.mnist, args.strokes, args.not_digits, args.not_digit_images)
    if not (args.mnist or args.strokes):
        material.mnist, material.digits = _tested(mnist.load()), held_out()
    return ask(modelfile.load(args.model), args.model, material)


def gather(
    mnist_file: Path | None, digits: list[Path], not_digits: list[Path], not_digit_images: list[Path]
) -> Material:
    """Return what the files hold, read and checked; raises UserError."""
    material = Material(
        _tested(mnist.load(mnist_file)) if mnist_file else None,
        {str(path): strokes.read(path) for path in digits},
        {str(path): strokes.read(path) for path in not_digits},
        {str(path): images.read(path) for path in not_digit_images},
    )
    for path, drawings in material.digits.items():
        strokes.labels(drawings, path)
    return material


def _tested(whole):
    return whole.test_images, whole.test_labels


def held_out() -> dict[str, list[strokes.Drawing]]:
    """Return the built-in pen digits that no training has seen, as smooth curves."""
    quiet.load_tensorflow()
    from digits import dataset

    _, drawings = dataset.split(strokes.read(strokes.PEN_DIGITS))
    return {HELD_OUT: [strokes.smoothed(drawing) for drawing in drawings]}


def ask(model, path: Path, material: Material, placements: dict[str, strokes.Placement] = PLACEMENTS) -> Measured:
    """Return the answers of a model, whose file is `path`, to everything it is shown; raises UserError."""
    measured = Measured(str(path), model.count_params(), modelfile.read_threshold(path), modelfile.read_notes(path))
    if material.mnist:
        measured.mnist = _answers(model, grid.from_bytes(material.mnist[0]), material.mnist[1])
    for file, drawings in material.digits.items():
        labels = strokes.labels(drawings, file)
        shown = {name: draw(drawings, placement) for name, placement in placements.items()}
        measured.drawn[file] = {name: _answers(model, grids, labels) for name, grids in shown.items()}
    for file, drawings in material.not_digits.items():
        names = np.array([drawing.label for drawing in drawings])
        measured.not_digits[file] = _answers(model, draw(drawings, OFF_CENTRE), names)
    for file, others in material.not_digit_images.items():
        measured.not_digit_images[file] = _unnamed(model, grid.from_bytes(others))
    measured.checks = {name: _unnamed(model, grids) for name, grids in checks().items()}
    return measured


def checks() -> dict[str, np.ndarray]:
    """Return what no model should take for a digit, grids (n, 28, 28) by name, the same ones every time."""
    rng = np.random.default_rng(0)
    dots = [strokes.Drawing(".", [position[None]]) for position in rng.uniform(1, grid.SIZE - 1, (_CHECKED, 2))]
    return {
        "uniform noise": rng.random((_CHECKED, *grid.SHAPE), np.float32),
        "empty sheet": grid.empty(1),
        "one dot": np.stack([_drawn(dot.paths) for dot in dots]),
        "full sheet": 1 - grid.empty(1),
    }


def _answers(model, grids, labels):
    return Answers(grids, labels, read(model, grids))


def _unnamed(model, grids):
    return _answers(model, grids, np.full(len(grids), ""))


def read(model, grids: np.ndarray) -> np.ndarray:
    """Return a model's probabilities (n, 10) for grids (n, 28, 28); raises UserError if they are none."""
    probabilities = model.predict(grids[..., None], batch_size=500, verbose=0)
    if not ((probabilities >= 0) & (probabilities <= 1.001)).all():  # not-a-number is neither; float32 rounds
        raise UserError("The model answers with numbers that are no probabilities; train it again.")
    return probabilities


def draw(drawings: list[strokes.Drawing], placement: strokes.Placement) -> np.ndarray:
    """Return drawings as a mouse would draw them on empty sheets, grids (n, 28, 28), the same ones every time."""
    rng = np.random.default_rng(0)
    return np.stack([_drawn(strokes.place(drawing.paths, placement, rng)) for drawing in drawings])


def _drawn(paths):
    sheet = Sheet()
    for path in paths:
        sheet.begin(path[0])
        sheet.extend(path[1:])
        sheet.end()
    return sheet.ink


if __name__ == "__main__":
    sys.exit(main())
