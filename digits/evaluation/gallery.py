"""Which of the grids that a model was shown are worth looking at, and what stands below them."""

from pathlib import Path

import numpy as np

from digits import safe_text
from digits.evaluation import charts, predictions
from digits.evaluation.numbers import Read, sheet_of
from digits.ink.sheet import ROWS

MOST = 50  # grids on a sheet of mistakes
_NUMBERS = 16  # of each kind on a sheet of misread numbers
_NAME = 30  # characters of a file's name below a number
_LABEL = 20  # characters of a label below a grid
_SIDE = 5  # grids in a row and in a column of the examples


def mistakes(shown: predictions.Answers, columns: int, title: str):
    """Draw the digits that are misread most confidently, with label, answer and confidence."""
    worst = _most_confident(shown, shown.answers != shown.labels)
    captions = [f"{shown.labels[i]} read as {shown.answers[i]}\n{_percent(shown.confidence[i])}" for i in worst]
    return charts.sheet(shown.grids[worst], captions, columns, title)


def accepted(shown: predictions.Answers, columns: int, title: str):
    """Draw what is no digit and yet is taken for one most confidently, with answer and confidence."""
    worst = _most_confident(shown, np.full(len(shown.labels), True))
    labels = [safe_text.shown(shown.labels[i], _LABEL) for i in worst]
    names = [f"{label} as {shown.answers[i]}".lstrip() for label, i in zip(labels, worst, strict=True)]
    captions = [f"{name}\n{_percent(shown.confidence[i])}" for name, i in zip(names, worst, strict=True)]
    return charts.sheet(shown.grids[worst], captions, columns, title)


def refused(shown: predictions.Answers, threshold: float, columns: int, title: str):
    """Draw the digits below a model's threshold, the least confident first, with label, answer and confidence."""
    order = np.argsort(shown.confidence, kind="stable")
    least = order[shown.confidence[order] < threshold][:MOST]
    captions = [f"{shown.labels[i]} as {shown.answers[i]}\n{_percent(shown.confidence[i])}" for i in least]
    return charts.sheet(shown.grids[least], captions, columns, title)


def misread_numbers(found: dict[str, dict[str, Read]], columns: int, title: str):
    """Draw numbers that are misread, some of each kind and way in which they were shown, with label and answer.

    found: as `numbers.measure` returns it.
    """
    inks, captions = [], []
    for name, way, read in ((name, way, read) for name, ways in found.items() for way, read in ways.items()):
        kind = f"{safe_text.shown(Path(name).name, _NAME)}, {way}"
        for at in np.flatnonzero(~read.is_right)[:_NUMBERS]:
            inks.append(sheet_of(read.numbers[at]).ink)
            captions.append(f"{read.labels[at]} read as {read.answers[at] or 'nothing'}\n{kind}")
    wide = max((ink.shape[1] for ink in inks), default=ROWS)
    padded = [np.pad(ink, ((0, 0), (0, wide - ink.shape[1]))) for ink in inks]
    return charts.sheet(np.reshape(padded, (-1, ROWS, wide)), captions, columns, title, scale=3)


def examples(shown: predictions.Answers, title: str):
    """Draw 5 x 5 digits at random with what they are read as; the last row at random from those that are misread."""
    rng = np.random.default_rng(0)
    wrong = rng.permutation(np.flatnonzero(shown.answers != shown.labels))[:_SIDE]
    others = rng.permutation(np.setdiff1d(np.arange(len(shown.labels)), wrong))[: _SIDE**2 - len(wrong)]
    picked = np.concatenate([others, wrong])
    right = shown.answers[picked] == shown.labels[picked]
    captions = [
        f"{'✓' if is_right else '✗'} {shown.answers[i]}, {_percent(shown.confidence[i])}"
        + ("" if is_right else f"\nis a {shown.labels[i]}")
        for i, is_right in zip(picked, right, strict=True)
    ]
    return charts.sheet(shown.grids[picked], captions, _SIDE, title, right)


def chances(shown: predictions.Answers, title: str):
    """Draw the ten probabilities of the most confident right answers, of the least confident, and of mistakes."""
    wrong = shown.answers != shown.labels
    first = _most_confident(shown, ~wrong)[:1]
    of_another_digit = ~np.isin(shown.labels, shown.labels[first])
    second = _most_confident(shown, ~wrong & of_another_digit)[:1]
    kinds = {
        "most confident": np.concatenate([first, second]),
        "least confident": np.argsort(shown.confidence)[:2],
        "confident mistake": _most_confident(shown, wrong)[:2],
    }
    panels = [
        charts.Chances(f"{kind}: a {shown.labels[i]}", shown.grids[i], shown.probabilities[i], int(shown.labels[i]))
        for kind, picked in kinds.items()
        for i in picked
    ]
    return charts.chances(panels, title)


def _most_confident(shown, which):
    """Return the indices of at most 50 answers, the most confident first, of those that a mask (n,) names."""
    chosen = np.flatnonzero(which)
    return chosen[np.argsort(-shown.confidence[chosen], kind="stable")][:MOST]


def _percent(confidence):
    """Return a confidence as people read it; what is not quite certain never reads 100 %."""
    return f"{min(99.9, 100 * confidence):.1f} %"
