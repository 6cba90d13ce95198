"""Measure how well a model reads: python -m digits.evaluate model.keras --strokes recordings.dat"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from digits import UserError, grid, mnist, modelfile, scores, strokes
from digits.sheet import Sheet

# How recorded digits are put on the sheet, by name, and things that are no digit.
PLACEMENTS = {
    "centred": strokes.Placement((20, 20), 0),
    "small": strokes.Placement((12, 12), 0),
    "large": strokes.Placement((25.5, 25.5), 0),
    "anywhere": strokes.Placement((11, 25), 1),
}
OFF_CENTRE = strokes.Placement((14, 24), 0.5)
_SURE = 0.9  # an answer above this is shown to people as certain


def main() -> int:
    """Measure as the arguments say and print it; returns the exit code."""
    args = parse_arguments()
    try:
        report = measure(args)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(json.dumps(report, indent=2) if args.json else as_text(report))
    return 0


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m digits.evaluate", description="Measure how well a model reads.")
    parser.add_argument("model", type=Path, help="the model's file")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz, for its test images")
    parser.add_argument(
        "--strokes", type=Path, nargs="+", default=[], metavar="FILE", help="recorded digits (UNIPEN text)"
    )
    parser.add_argument(
        "--not-digits",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="recordings of other things (UNIPEN text)",
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    args = parser.parse_args(argv)
    if args.not_digits and not args.strokes:
        parser.error("--not-digits are measured against recorded digits; give these with --strokes")
    if not (args.mnist or args.strokes):
        parser.error("there is nothing to measure on; give --mnist FILE or --strokes FILE, or both")
    return args


def measure(args: argparse.Namespace) -> dict:
    """Return all figures as plain data: shares in [0, 1], with the bounds of their 95 % intervals."""
    modelfile.check_source(args.model)
    recorded = {str(path): strokes.read(path) for path in args.strokes}
    labels = {str(path): strokes.labels(recorded[str(path)], path) for path in args.strokes}
    others = {str(path): strokes.read(path) for path in args.not_digits}
    images = mnist.load(args.mnist) if args.mnist else None
    model = modelfile.load(args.model)

    report = {"model": str(args.model), "parameters": model.count_params()}
    if images:
        report["mnist"] = _figures(images.test_labels, read(model, grid.from_bytes(images.test_images)))
    confidence = {}
    for file, drawings in recorded.items():
        answers = {name: read(model, draw(drawings, placement)) for name, placement in PLACEMENTS.items()}
        confidence[file] = answers["anywhere"].max(1)
        report.setdefault("drawn", {})[file] = {name: _figures(labels[file], value) for name, value in answers.items()}
    digits = np.concatenate(list(confidence.values())) if confidence else None
    for name, drawings in others.items():
        answers = read(model, draw(drawings, OFF_CENTRE))
        report.setdefault("not digits", {})[name] = _refusal(digits, answers.max(1))
    return report


def read(model, grids: np.ndarray) -> np.ndarray:
    """Return a model's probabilities (n, 10) for grids (n, 28, 28)."""
    return model.predict(grids[..., None], batch_size=500, verbose=0)


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


def _figures(labels, probabilities):
    matrix = scores.confusion_matrix(labels, probabilities.argmax(1))
    return {
        "count": len(labels),
        "accuracy": scores.accuracy(labels, probabilities)._asdict(),
        "calibration error": scores.calibration_error(labels, probabilities),
        "by digit": {str(digit): float(row[digit] / row.sum()) for digit, row in enumerate(matrix) if row.any()},
        "confusion matrix": matrix.tolist(),
    }


def _refusal(digits, others):
    return {
        "count": len(others),
        "auroc": scores.auroc(digits, others),
        "fpr95": scores.fpr95(digits, others),
        "above 90 %": float((others > _SURE).mean()),
    }


def as_text(report: dict) -> str:
    """Return figures as a page for people."""
    parts = [f"{report['model']}, {report['parameters']:,} parameters"]
    if "mnist" in report:
        parts += ["MNIST test\n" + _line("", report["mnist"]), _details(report["mnist"])]
    for name, placements in report.get("drawn", {}).items():
        lines = [_line(placement, figures) for placement, figures in placements.items()]
        parts += [
            f"{name}, drawn with the app's brush\n" + "\n".join(lines),
            "anywhere:\n" + _details(placements["anywhere"]),
        ]
    for name, figures in report.get("not digits", {}).items():
        sure = f"above 90 %: {100 * figures['above 90 %']:.1f} %"
        scored = f"AUROC {figures['auroc']:.4f}  FPR95 {figures['fpr95']:.3f}  {sure}"
        parts.append(f"{name}, {figures['count']:,} drawings that are no digit\n{scored}")
    return "\n\n".join(parts)


def _line(title, figures):
    percent = scores.Share(**figures["accuracy"])
    return f"{title:9} {percent}  n {figures['count']:,}  calibration error {figures['calibration error']:.4f}"


def _details(figures):
    by_digit = "  ".join(f"{digit}: {100 * value:.1f}" for digit, value in figures["by digit"].items())
    return f"by digit, %  {by_digit}\n\n{scores.matrix_text(np.array(figures['confusion matrix']))}"


if __name__ == "__main__":
    sys.exit(main())
