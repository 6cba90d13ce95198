"""What was measured as figures: plain data, and a page of text."""

import textwrap

import numpy as np

from digits.evaluation import metrics
from digits.evaluation.predictions import Measured
from digits.reading.answer import CERTAIN


def as_data(measured: Measured) -> dict:
    """Return all figures as plain data: shares in [0, 1], where they have them with the bounds of 95 % intervals.

    Drawings that are no digit are compared with digits drawn anywhere; images with MNIST's, or else with these.
    """
    threshold = measured.threshold
    data = {"model": measured.model, "parameters": measured.parameters, "threshold": threshold}
    if measured.mnist:
        data["mnist"] = _reading(measured.mnist, threshold)
    if measured.drawn:
        data["drawn"] = {
            file: {name: _reading(answers, threshold) for name, answers in placements.items()}
            for file, placements in measured.drawn.items()
        }
    for key, files, digits in (
        ("not digits", measured.not_digits, measured.anywhere),
        ("not digit images", measured.not_digit_images, measured.mnist or measured.anywhere),
    ):
        if files:
            data[key] = {file: _refusal(digits, answers, threshold) for file, answers in files.items()}
    data["checks"] = {
        name: {
            "count": len(answers.grids),
            "refused": _share(answers, threshold),
            "surest": float(answers.confidence.max()),
        }
        for name, answers in measured.checks.items()
    }
    return data


def _share(answers, threshold):
    return metrics.refused(answers.probabilities, threshold)._asdict()


def _reading(shown, threshold):
    matrix = metrics.confusion_matrix(shown.labels, shown.answers)
    return {
        "count": len(shown.labels),
        "accuracy": metrics.accuracy(shown.labels, shown.probabilities)._asdict(),
        "calibration error": metrics.calibration_error(shown.labels, shown.probabilities),
        "aurc": metrics.aurc(shown.labels, shown.probabilities),
        "refused": _share(shown, threshold),
        "by digit": {str(digit): float(row[digit] / row.sum()) for digit, row in enumerate(matrix) if row.any()},
        "confusion matrix": matrix.tolist(),
    }


def _refusal(digits, others, threshold):
    return {
        "count": len(others.labels),
        "auroc": metrics.auroc(digits.confidence, others.confidence),
        "fpr95": metrics.fpr95(digits.confidence, others.confidence),
        "above 90 %": float((others.confidence > CERTAIN).mean()),
        "refused": _share(others, threshold),
        "by label": _by_label(others, threshold),
    }


def _by_label(others, threshold):
    """Return how many there are and how many are accepted, the most accepted first; nothing where nobody named them."""
    names = sorted(set(others.labels.tolist()) - {""})
    counts = {name: others.confidence[others.labels == name] for name in names}
    accepted = {
        name: {"count": len(values), "accepted": int((values >= threshold).sum())} for name, values in counts.items()
    }
    return dict(sorted(accepted.items(), key=lambda item: -item[1]["accepted"] / item[1]["count"]))


def as_text(data: dict) -> str:
    """Return figures, as `as_data` gives them, as a page for people."""
    threshold = f"an answer below {100 * data['threshold']:.1f} % is refused"
    parts = [f"{data['model']}, {data['parameters']:,} parameters; {threshold}"]
    if "mnist" in data:
        parts += ["MNIST test\n" + _line("", data["mnist"]), _details(data["mnist"])]
    for name, placements in data.get("drawn", {}).items():
        lines = [_line(placement, figures) for placement, figures in placements.items()]
        parts += [
            f"{name}, drawn with the app's brush\n" + "\n".join(lines),
            "anywhere:\n" + _details(placements["anywhere"]),
        ]
    for key, things in (("not digits", "drawings that are no digit"), ("not digit images", "images of no digit")):
        parts += [_refusal_text(name, figures, things) for name, figures in data.get(key, {}).items()]
    checks = [_check_text(name, figures) for name, figures in data["checks"].items()]
    return "\n\n".join([*parts, "\n".join(["no digit at all, refused:", *checks])])


def _line(title, figures):
    percent = metrics.Share(**figures["accuracy"])
    refused = f"refused {100 * figures['refused']['value']:.2f} %"
    return (
        f"{title:9} {percent}  n {figures['count']:,}  calibration error {figures['calibration error']:.4f}  {refused}"
    )


def _details(figures):
    by_digit = "  ".join(f"{digit}: {100 * value:.1f}" for digit, value in figures["by digit"].items())
    return f"by digit, %  {by_digit}\n\n{metrics.matrix_text(np.array(figures['confusion matrix']))}"


def _refusal_text(name, figures, things):
    sure = f"above 90 %: {100 * figures['above 90 %']:.1f} %  refused {100 * figures['refused']['value']:.1f} %"
    lines = [
        f"{name}, {figures['count']:,} {things}",
        f"AUROC {figures['auroc']:.4f}  FPR95 {figures['fpr95']:.3f}  {sure}",
    ]
    if labels := accepted_labels(figures):
        lines += textwrap.wrap(f"accepted by label: {labels}", 110, break_long_words=False)
    return "\n".join(lines)


def accepted_labels(figures: dict) -> str:
    """Return which labels are accepted how often, the most accepted first; empty where none is or none has a name."""
    return ", ".join(
        f"{label} {counts['accepted']} of {counts['count']}"
        for label, counts in figures["by label"].items()
        if counts["accepted"]
    )


def _check_text(name, figures):
    count = round(figures["count"] * figures["refused"]["value"])
    return f"{name:13} {count:,} of {figures['count']:,}  surest {100 * figures['surest']:.1f} %"
