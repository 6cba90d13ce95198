"""A page to look at: how well a model reads, in figures and pictures, all in one file that needs nothing else.

Beside the page lie its pictures as PNG files, and the figures as JSON.
"""

import json
import tempfile
from numbers import Real
from pathlib import Path

import numpy as np

from digits import UserError, safe_text
from digits.evaluation import charts, gallery, metrics, page, predictions, summary
from digits.evaluation.page import ERRS, HONEST, LEARNED, OTHERS, READS, Picture
from digits.evaluation.predictions import Measured
from digits.files import writing

PAGE, DATA = "report.html", "figures.json"  # names that no other page in an old folder is likely to have
_LARGEST = 1e9  # number in the history of a training; larger ones, which files of others may have, cannot be plotted


def check_target(folder: Path) -> None:
    """Raise UserError unless a report could be written to `folder`; leaves nothing behind."""
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file; give the name of a folder for the report.")
    if not folder.parent.is_dir():
        raise UserError(
            f"{folder}: there is no folder {folder.parent}; make it first, or choose another for the report."
        )
    try:
        tempfile.TemporaryFile(dir=folder if folder.is_dir() else folder.parent).close()
    except OSError as error:
        raise UserError(f"{folder}: no report can be written there ({error.strerror}).") from error


def write(folder: Path, measured: Measured) -> Path:
    """Write a report about a model to a folder, new or old, whose other files stay; return the path of its page.

    All is drawn before anything is written, each file whole, and the page comes last. Raises UserError where that
    cannot be.
    """
    check_target(folder)
    data, pictures = summary.as_data(measured), _pictures(measured)
    drawn = {picture.name: (charts.png(picture.draw), charts.png(picture.draw, dark=True)) for picture in pictures}
    contents = {f"{name}.png": light for name, (light, _) in drawn.items()}
    contents[DATA] = json.dumps(data, indent=2, allow_nan=False).encode()
    contents[PAGE] = page.page(data, measured.notes, pictures, drawn).encode()
    _make(folder)
    for name, content in contents.items():
        writing.write_whole(folder / name, lambda unfinished, content=content: unfinished.write_bytes(content))
    return folder / PAGE


def _make(folder):
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} could not be made for the report ({error.strerror}).") from error


def _pictures(measured):
    """Return all pictures; of both sets of digits, those of a kind stand side by side."""
    sets = [_reading(name, shown) for name, shown in measured.digits.items()]
    return [
        *(picture for pair in zip(*sets, strict=True) for picture in pair),
        *(_placements(measured) if measured.drawn else []),
        *(_honesty(measured) if sets else []),
        *_accepted(
            "accepted-drawings", "drawings that are neither digits nor shaped like them", measured.unlike_digits
        ),
        *_accepted("accepted-images", "images of no digit", [*measured.not_digit_images.values()]),
        *_learning(measured.notes),
    ]


def _reading(name, shown):
    """Return the pictures of one set of digits, of another one the same kinds."""
    short = name.split()[0].lower()  # mnist, drawn
    title = {"mnist": "MNIST test images", "drawn": "Digits drawn anywhere"}[short]
    return [make(short, title, shown) for make in (_examples, _chances, _confusion, _mistakes)]


def _examples(short, title, shown):
    return Picture(
        f"examples-{short}",
        READS,
        f"{title}: 25 of them, each with what it is read as; the wrong ones have a cross and a broken frame.",
        f"{title}, at random, with the answer and its probability; the last row, at random too, from the "
        f"{_wrong(shown):,} that are misread. A cross and a broken frame mark what is wrong.",
        lambda: gallery.examples(shown, title),
    )


def _chances(short, title, shown):
    return Picture(
        f"chances-{short}",
        READS,
        f"{title}: bars of the ten probabilities of the most and least confident answers and of confident mistakes.",
        "The ten probabilities, in %, of its most confident right answers, of its least confident ones and of its "
        "most confident mistakes. A star and green mark what the digit is, red a wrong answer.",
        lambda: gallery.chances(shown, title),
    )


def _confusion(short, title, shown):
    counts = metrics.confusion_matrix(shown.labels, shown.answers)
    return Picture(
        f"confusion-{short}",
        ERRS,
        f"{title}: confusion matrix. {counts.trace():,} of {counts.sum():,} are right. {_commonest(counts)}",
        "A row for each digit, a column for each answer. What is right stands on the diagonal; a mistake is the "
        "darker, the larger its share of the row.",
        lambda: charts.confusion(counts, title),
    )


def _mistakes(short, title, shown):
    wrong = _wrong(shown)
    many = min(wrong, gallery.MOST)
    return Picture(
        f"mistakes-{short}",
        ERRS,
        f"{title}: the {many} misread most confidently, with label, answer and probability.",
        f"The {many} most confident of {wrong:,} mistakes, with label, answer and probability.",
        lambda: gallery.mistakes(
            shown, 5, f"{title}: the most confident mistakes" if wrong else f"{title}: no mistakes"
        ),
    )


def _wrong(shown):
    return int((shown.answers != shown.labels).sum())


def _commonest(counts):
    mistakes = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    digit, answer = np.unravel_index(mistakes.argmax(), mistakes.shape)
    many = mistakes[digit, answer]
    return f"The commonest mistake is {digit} read as {answer}, {many:,} times." if many else "There is no mistake."


def _placements(measured):
    files = {
        short: {
            name: metrics.accuracy(shown.labels, shown.probabilities) for name, shown in measured.drawn[file].items()
        }
        for file, short in summary.short_names(measured.drawn).items()
    }
    words = "; ".join(
        f"{safe_text.shown(file)}: " + ", ".join(f"{name} {100 * share.value:.2f} %" for name, share in shares.items())
        for file, shares in files.items()
    )
    return [
        Picture(
            "placements",
            READS,
            f"Share of drawn digits read right by their place on the sheet. {words}.",
            f"Recorded digits, drawn with a brush of radius {measured.radius:.2f} cells: 20, 12 and 25.5 cells high in "
            "the middle of the sheet, and 11 to 25 at a random place. The bars are 95 % intervals.",
            lambda: charts.placements(files),
        )
    ]


def _honesty(measured):
    errors = {name: metrics.calibration_error(s.labels, s.probabilities) for name, s in measured.digits.items()}
    areas = {name: metrics.aurc(s.labels, s.probabilities) for name, s in measured.digits.items()}
    return [
        Picture(
            "reliability",
            HONEST,
            "Share of right answers over the confidence claimed, in 15 bins. Calibration error: "
            + ", ".join(f"{name} {error:.4f}" for name, error in errors.items()),
            "Answers sorted by the probability they claim; on the dotted line a percentage means what it says. The "
            "bars are 95 % intervals, long where there are few answers; below, these are counted.",
            lambda: charts.reliability(measured.digits),
        ),
        Picture(
            "risk-coverage",
            HONEST,
            "Share of wrong answers among the accepted over the share that is accepted. Area under the curve: "
            + ", ".join(f"{name} {area:.5f}" for name, area in areas.items()),
            "If only the most confident answers are accepted, how many of these are wrong? The lower, the better; the "
            "mark is the model's own threshold, the area under the curve is AURC.",
            lambda: charts.risk_coverage(measured.digits, measured.threshold),
        ),
    ]


def _accepted(name, things, parts):
    if not parts:
        return []
    shown = predictions.joined(parts)
    many = min(len(shown.labels), gallery.MOST)
    return [
        Picture(
            name,
            OTHERS,
            f"The {many} {things} that are most confidently taken for digits, with answer and probability.",
            f"Of {len(shown.labels):,} {things} the {many} that come nearest to a digit, the most confident first, "
            "with answer and probability.",
            lambda: gallery.accepted(shown, 5, "No digits: the most confident answers"),
        )
    ]


def _learning(notes):
    if not (history := _history(notes)):
        return []
    last = ", ".join(f"{name} {value:.4g}" for name, value in history[-1].items())
    return [
        Picture(
            "learning-curves",
            LEARNED,
            f"Loss and accuracy epoch by epoch, {len(history)} in all, in training and validation. The last: {last}.",
            "Training shows harder grids than validation, nudged, bent and blurred, and the loss of what is no digit "
            "can fall no lower than 2.3: the curves say how it went on, not how large the gap is.",
            lambda: charts.learning_curves(history),
        )
    ]


def _history(notes):
    """Return the epochs that a model's file tells of, numbers only; [] where it tells none, as others' files."""
    epochs = notes.get("history")
    if not isinstance(epochs, list) or not all(isinstance(epoch, dict) for epoch in epochs):
        return []
    numbers = [{name: value for name, value in epoch.items() if _is_number(value)} for epoch in epochs]
    return numbers if all("epoch" in epoch for epoch in numbers) else []


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool) and abs(value) < _LARGEST  # not-a-number is not
