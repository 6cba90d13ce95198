"""What was measured as figures: plain data, and a page of text."""

import textwrap
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from digits.evaluation import metrics, writers
from digits.evaluation.predictions import Measured
from digits.reading.answer import CERTAIN
from digits.safe_text import shown

_LABEL = 20  # characters of a label, and of a writer's name
_MOST_LABELS = 100  # that are shown

TOGETHER = "all together"  # the digits of several files
_NAMED = 5  # writers, the least well read


def as_data(measured: Measured) -> dict:
    """Return all figures as plain data: shares in [0, 1], where they have them with the bounds of 95 % intervals.

    Drawings that are no digit are compared with digits drawn anywhere; images with MNIST's, or else with these.
    """
    threshold = measured.threshold
    data = {
        "model": measured.model,
        "parameters": measured.parameters,
        "threshold": threshold,
        "brush radius": measured.radius,
    }
    if measured.mnist:
        data["mnist"] = _reading(measured.mnist, threshold)
    if measured.drawn:
        data["drawn"] = _drawn(measured)
    for key, files, digits in (
        ("not digits by kind", measured.kinds, measured.anywhere),
        ("not digits", measured.not_digits, measured.anywhere),
        ("not digit images", measured.not_digit_images, measured.mnist or measured.anywhere),
    ):
        if files:
            data[key] = {file: _refusal(digits, answers, threshold) for file, answers in files.items()}
    data["checks"] = {
        name: {
            "count": len(answers.grids),
            "refused": _share(answers, threshold),
            "highest confidence": float(answers.confidence.max()),
        }
        for name, answers in measured.checks.items()
    }
    return data


def _drawn(measured):
    """Return the figures of drawn digits by file and placement; of several files also of all together."""
    files = {file: (placements, measured.writers[file]) for file, placements in measured.drawn.items()}
    if len(files) > 1:
        files[TOGETHER] = measured.together, np.concatenate([*measured.writers.values()])
    return {
        file: {name: _drawn_reading(shown, names, measured.threshold) for name, shown in placements.items()}
        for file, (placements, names) in files.items()
    }


def _drawn_reading(shown, names, threshold):
    by_writer = writers.figures(shown, names, threshold)
    return _reading(shown, threshold) | ({"by writer": by_writer} if by_writer else {})


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
    names, number, counts = np.unique(others.labels, return_inverse=True, return_counts=True)
    accepted = np.bincount(number, others.confidence >= threshold)
    return {
        str(names[i]): {"count": int(counts[i]), "accepted": int(accepted[i])}
        for i in np.argsort(-accepted / counts, kind="stable")
        if names[i]
    }


def as_text(data: dict) -> str:
    """Return figures, as `as_data` gives them, as a page for people."""
    threshold = f"an answer below {100 * data['threshold']:.1f} % is refused"
    parts = [f"{shown(data['model'])}, {data['parameters']:,} parameters; {threshold}"]
    if "mnist" in data:
        parts += ["MNIST test\n" + _line("", data["mnist"]), _details(data["mnist"])]
    if "drawn" in data:
        parts += _drawn_text(data)
    if others := refusals(data):
        parts += [_others_text(others), *_accepted_text(data)]
    checks = [_check_text(name, figures) for name, figures in data["checks"].items()]
    return "\n\n".join([*parts, "\n".join(["no digit at all, refused:", *checks])])


def _drawn_text(data):
    """Return paragraphs about drawn digits, the details once: of the only file, or else of all together."""
    names = short_names(data["drawn"])
    parts = [
        f"{shown(names[file])}, drawn with a brush of radius {data['brush radius']:.2f} cells\n"
        + "\n".join(_line(placement, figures) for placement, figures in placements.items())
        for file, placements in data["drawn"].items()
    ]
    anywhere = headline(data)["anywhere"]
    by_writer = [_writers_text(anywhere["by writer"])] if "by writer" in anywhere else []
    return [*parts, *by_writer, "anywhere:\n" + _details(anywhere)]


def headline(data: dict) -> dict:
    """Return the figures, by placement, of all drawn digits together; data must have some."""
    return [*data["drawn"].values()][-1]


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """Return for each path as few of its last parts as tell all of them apart."""
    parts = {path: Path(path).parts for path in paths}
    for depth in range(1, max(map(len, parts.values()), default=0) + 1):
        names = {path: str(Path(*own[-depth:])) for path, own in parts.items()}
        if len(set(names.values())) == len(names):
            return names
    return {path: path for path in parts}


def _line(title, figures):
    percent = metrics.Share(**figures["accuracy"])
    refused = f"refused {100 * figures['refused']['value']:.2f} %"
    return (
        f"{title:9} {percent}  n {figures['count']:,}  calibration error {figures['calibration error']:.4f}  {refused}"
    )


def _writers_text(figures):
    digits, right, refused = (figures[key] for key in ("digits", "accuracy", "refused"))
    return "\n".join(
        [
            f"anywhere, by {figures['count']:,} writers of {digits['fewest']:,} to {digits['most']:,} digits each:",
            f"right      median {100 * right['median']:.2f} %  worst tenth {100 * right['worst tenth']:.2f} %",
            f"refused    median {100 * refused['median']:.2f} %  worst tenth {100 * refused['worst tenth']:.2f} %",
            f"least well {least_well_read(figures)}",
        ]
    )


def least_well_read(figures: dict) -> str:
    """Return which writers are read least well, the worst first, a few of them."""
    worst = [*figures["each"].items()][:_NAMED]
    return ", ".join(f"{shown(name, _LABEL)} {counts['right']:,} of {counts['count']:,}" for name, counts in worst)


def _details(figures):
    by_digit = "  ".join(f"{digit}: {100 * value:.1f}" for digit, value in figures["by digit"].items())
    return f"by digit, %  {by_digit}\n\n{metrics.matrix_text(np.array(figures['confusion matrix']))}"


def refusals(data: dict) -> list[tuple[str, dict]]:
    """Return names and figures of all that is no digit: first drawings by kind, then by file, then images by file."""
    kinds, drawings, images = (data.get(key, {}) for key in ("not digits by kind", "not digits", "not digit images"))
    names = short_names([*drawings, *images])
    return [*kinds.items(), *((shown(names[file]), figures) for file, figures in (drawings | images).items())]


def _others_text(others):
    width = max(len(name) for name, _ in others)
    head = f"{'no digit':{width}}       n   AUROC  FPR95  above 90 %  refused"
    rows = (
        f"{name:{width}} {figures['count']:7,}  {figures['auroc']:.4f}  {figures['fpr95']:.3f}"
        f"  {100 * figures['above 90 %']:8.2f} % {100 * figures['refused']['value']:7.2f} %"
        for name, figures in others
    )
    return "\n".join([head, *rows])


def _accepted_text(data):
    """Return for each kind of drawing a paragraph about what is accepted of it, if anything."""
    return [
        textwrap.fill(f"accepted of {kind}: {labels}", 110, break_long_words=False)
        for kind, figures in data.get("not digits by kind", {}).items()
        if (labels := accepted_labels(figures))
    ]


def accepted_labels(figures: dict) -> str:
    """Return which labels are accepted how often, the most accepted first; empty where none is or none has a name."""
    accepted = [
        f"{shown(label, _LABEL)} {counts['accepted']} of {counts['count']}"
        for label, counts in figures["by label"].items()
        if counts["accepted"]
    ]
    more = [f"and {len(accepted) - _MOST_LABELS:,} more"] * (len(accepted) > _MOST_LABELS)
    return ", ".join(accepted[:_MOST_LABELS] + more)


def _check_text(name, figures):
    count = round(figures["count"] * figures["refused"]["value"])
    return (
        f"{name:13} {count:,} of {figures['count']:,}  highest confidence {100 * figures['highest confidence']:.1f} %"
    )
