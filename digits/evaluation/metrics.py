"""The numbers that say how well a network reads, and how honest its percentages are.

Probabilities are (n, 10), labels (n,) whole numbers, confidences (n,) the largest probability of each answer.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from digits.ink import grid

_Z = 1.959964  # standard normal quantile of a two-sided 95 % interval


class Share(NamedTuple):
    """A share with the bounds of its 95 % interval, all in [0, 1]."""

    value: float
    low: float
    high: float

    def __str__(self):
        return f"{100 * self.value:.2f} % (95 % interval {100 * self.low:.2f} to {100 * self.high:.2f})"


def share(hits: int, count: int) -> Share:
    """Return hits / count with Wilson's score interval (Wilson 1927); count above 0."""
    value = hits / count
    middle = (value + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z * np.sqrt(value * (1 - value) / count + _Z**2 / (4 * count**2)) / (1 + _Z**2 / count)
    return Share(value, float(middle - half), float(middle + half))


def accuracy(labels: np.ndarray, probabilities: np.ndarray) -> Share:
    """Return the share of probabilities (n, 10) whose largest stands at the label (n,)."""
    return share(int((probabilities.argmax(1) == labels).sum()), len(labels))


def lowest_tenth(shares: np.ndarray) -> float:
    """Return the mean of the lowest tenth of shares (n,), of at least one (Li et al. 2020, "worst 10 %")."""
    return float(np.sort(shares)[: -(-len(shares) // 10)].mean())


def highest_tenth(shares: np.ndarray) -> float:
    """Return the mean of the highest tenth of shares (n,), likewise."""
    return -lowest_tenth(-shares)


def log_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Return the mean cross-entropy in nats of probabilities (n, 10) at the labels (n,)."""
    likely = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(likely, np.finfo(np.float32).tiny)).mean())


def confusion_matrix(labels: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Return counts (10, 10): row = label, column = answer."""
    counts = np.zeros((grid.CLASSES, grid.CLASSES), int)
    np.add.at(counts, (labels, answers), 1)
    return counts


def matrix_text(counts: np.ndarray) -> str:
    """Return a confusion matrix as lines of text; a cell that counts nothing is a dot."""
    width = len(str(counts.max())) + 2
    head = "digit" + "".join(f"{digit:{width}}" for digit in range(len(counts))) + "  <- read as"
    rows = (f"{digit:5}" + "".join(f"{n or '.':>{width}}" for n in row) for digit, row in enumerate(counts.tolist()))
    return "\n".join([head, *rows])


BINS = 15  # of equal width, for the expected calibration error


class Reliability(NamedTuple):
    """For each bin of confidence, how many answers fell in it, their mean confidence and the share that was right."""

    counts: np.ndarray  # (15,)
    confidence: np.ndarray  # (15,), 0 where a bin is empty
    accuracy: np.ndarray  # (15,), likewise


def reliability(labels: np.ndarray, probabilities: np.ndarray) -> Reliability:
    """Return how often answers are right, by how sure they claim to be."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    where = np.minimum((confidence * BINS).astype(int), BINS - 1)
    counts = np.bincount(where, minlength=BINS)
    sums = [np.bincount(where, weights, BINS) / np.maximum(counts, 1) for weights in (confidence, right)]
    return Reliability(counts, *sums)


def calibration_error(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Return the expected calibration error (Naeini et al. 2015): the mean gap between confidence and accuracy."""
    bins = reliability(labels, probabilities)
    return float((bins.counts * np.abs(bins.confidence - bins.accuracy)).sum() / len(labels))


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return the probabilities of logits (n, k) divided by a temperature: above 1 less sure, below 1 surer."""
    powers = np.exp((logits - logits.max(1, keepdims=True)) / temperature)
    return powers / powers.sum(1, keepdims=True)


def honest_temperature(accuracy: float, confidence_at: Callable[[float], float]) -> float:
    """Return the temperature, 1/4 to 4, at which the mean confidence is the share that is right.

    confidence_at: returns the mean confidence at a temperature; the higher this is, the lower that.  Expectation
    consistency (Clarte et al. 2023): a few sure mistakes do not make everything else too modest, as they do to the
    temperature of the least log loss.
    """
    low, high = 0.25, 4.0
    for _ in range(12):  # to a thousandth
        middle = (low * high) ** 0.5
        low, high = (middle, high) if confidence_at(middle) > accuracy else (low, middle)
    return (low * high) ** 0.5


class RiskCoverage(NamedTuple):
    """What is wrong among the surest answers: for the k surest, k from 1 to n, their share of all and of errors."""

    coverage: np.ndarray  # (n,), k / n
    risk: np.ndarray  # (n,)


def risk_coverage(labels: np.ndarray, probabilities: np.ndarray) -> RiskCoverage:
    """Return the risk-coverage curve (El-Yaniv and Wiener 2010); equally sure answers share their errors evenly."""
    confidence, wrong = probabilities.max(1), probabilities.argmax(1) != labels
    order = np.argsort(-confidence)
    last = np.append(np.flatnonzero(np.diff(confidence[order])), len(order) - 1)  # of those that are equally sure
    accepted = np.arange(1, len(order) + 1)
    errors = np.interp(accepted, np.append(0, last + 1), np.append(0, wrong[order].cumsum()[last]))
    return RiskCoverage(accepted / len(order), errors / accepted)


def aurc(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Return the area under the risk-coverage curve (Geifman and El-Yaniv 2017): the mean risk over all coverages."""
    return float(risk_coverage(labels, probabilities).risk.mean())


def refused(probabilities: np.ndarray, threshold: float) -> Share:
    """Return the share of answers (n, 10) whose confidence is below a model's own threshold."""
    return share(int((probabilities.max(1) < threshold).sum()), len(probabilities))


def auroc(digits: np.ndarray, others: np.ndarray) -> float:
    """Return the probability that a digit's confidence (n,) is above that of something else (m,), ties half."""
    ordered = np.sort(others)
    below, up_to = (np.searchsorted(ordered, digits, side) for side in ("left", "right"))
    return float((below + up_to).mean() / (2 * len(others)))


def fpr95(digits: np.ndarray, others: np.ndarray) -> float:
    """Return the share of other things accepted at the confidence that accepts 95 % of the digits."""
    return float((others >= np.quantile(digits, 0.05)).mean())
