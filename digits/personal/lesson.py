"""Whether a network that has learnt a person's hand is to be taken: only if it is better, and forgets next to nothing.

Each half of the person's drawings is learnt by itself. What is better is told by the drawings, each read by the network
that learnt the other half (cross validation), and what is taken is the mean of both networks' weights (model soups,
Wortsman et al. 2022, arXiv 2203.05482): it reads as well as a network that learnt all, and costs nothing more. What was
forgotten is told by digits of the program's own, and by MNIST's that were set aside.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.data import dataset, pens
from digits.data.mnist import Mnist
from digits.ink import grid, strokes
from digits.personal.learner import Learner, Weights, is_digit

FEWEST = 2  # drawings: one to learn from, one to see whether that helped
FOLDS = 2
MARGIN = 0.005  # share of other digits that may be read wrong in addition
SHARES = (1.0, 0.6, 0.3)  # of the way from the old weights to the new ones
_SHOWINGS = 4  # places and sizes at which each drawing is read
_CERTAIN = 0.9999  # a probability above it is no better
_CHECKED = 1000  # digits, and drawings that are none, to see what was forgotten


class NotBetterError(UserError):
    """What was learnt does not help, or costs too much; nothing is changed."""


class Lesson(NamedTuple):
    """What was learnt, and what it is worth; the network has the weights."""

    share: float  # of the way to the new weights
    threshold: float  # confidence below which a drawing is perhaps no digit
    before: float  # share of the person's digits that was read right, in [0, 1]
    after: float  # the same of drawings that were not learnt from

    def __str__(self):
        return f"Of your digits {100 * self.before:.0f} % were read right, and now {100 * self.after:.0f} %."


class _Checks(NamedTuple):
    """What must not be forgotten."""

    grids: np.ndarray  # (n, 28, 28)
    labels: np.ndarray  # (n,)
    others: np.ndarray  # (m, 28, 28), what is no digit


def take(
    learner: Learner,
    drawings: list[strokes.Drawing],
    images: Mnist | None,
    threshold: float,
    progress: Callable[[float], None] = lambda share: None,
) -> Lesson:
    """Let a network learn a person's drawings, labelled 0 to 9 or, for what is no digit, otherwise.

    images: MNIST, where it is at hand.  threshold: the network's own.  progress: is told the share that is done.
    Raises NotBetterError where that is of no use; the network is as before then.
    """
    if len(drawings) < FEWEST:
        raise NotBetterError(f"There are too few drawings to learn from; keep {FEWEST} or more.")
    step_done = _counted(progress, FOLDS * learner.course.steps)
    with ThreadPoolExecutor(1) as beside:  # it is drawn while TensorFlow learns
        checks = beside.submit(_checks, learner, images)
        learnt, labels, answers = _cross_validated(learner, drawings, step_done)
        better = [share for share in SHARES if _is_better(labels, answers[share], answers[0.0])]
        share, threshold = _chosen(learner, learnt, better, checks.result(), threshold)
    before, after = (_accuracy(labels, answers[at]) for at in (0.0, share))
    return Lesson(share, threshold, before, after)


def _counted(progress, total):
    """Return what is to be called after each of so many steps."""
    done = 0

    def step_done():
        nonlocal done
        done += 1
        progress(done / total)

    return step_done


def _cross_validated(learner, drawings, step_done):
    """Return the mean of what was learnt from the parts, and how each network reads what it did not learn.

    That is labels (n,) and, by share of the way to the new weights, probabilities (n, 10).
    """
    parts, labels, answers = [], [], {share: [] for share in (0.0, *SHARES)}
    drawings = sorted(drawings, key=lambda drawing: drawing.label)  # so that each digit is in every part
    for fold in range(FOLDS):
        apart = drawings[fold::FOLDS]
        parts.append(learner.learn([drawing for n, drawing in enumerate(drawings) if n % FOLDS != fold], step_done))
        sheets = strokes.draw([drawing for drawing in apart for _ in range(_SHOWINGS)], strokes.ANYWHERE)
        labels += [drawing.label for drawing in apart for _ in range(_SHOWINGS)]
        for share, read in answers.items():
            learner.blend(parts[-1], share)
            read.append(learner.read(sheets))
    learnt = [np.mean(same, axis=0) for same in zip(*parts, strict=True)]
    return learnt, np.array(labels), {share: np.concatenate(read) for share, read in answers.items()}


def _is_better(labels, read, before):
    """Whether drawings are read better than before: no more of them wrong, and right with higher odds.

    Most drawings of most people are read right already, and surely; so the cross-entropy hangs on the one that is not,
    often a slip of the pen, and tells little from noise. The logarithm of the odds tells what happens to all of them;
    its mean must rise by more than its standard error.
    """
    gains = (_odds(labels, read) - _odds(labels, before)).reshape(-1, _SHOWINGS).mean(axis=1)  # one a drawing
    is_surer = gains.mean() > gains.std(ddof=1) / np.sqrt(len(gains))
    return bool(is_surer and _accuracy(labels, read) >= _accuracy(labels, before))


def _odds(labels, read):
    """Return the logarithms of the odds (n,) of what drawings are, from those of a guess to those of certainty."""
    none = grid.CLASSES * read.min(axis=1)  # who sees no digit says a tenth of each
    right = [row[int(label)] if is_digit(label) else rest for label, row, rest in zip(labels, read, none, strict=True)]
    chances = np.clip(right, 1 / grid.CLASSES, _CERTAIN)
    return np.log(chances / (1 - chances))


def _accuracy(labels, read):
    digits = np.array([is_digit(label) for label in labels])
    if not digits.any():
        return 1.0
    return float((read.argmax(axis=1)[digits] == labels[digits].astype(int)).mean())


def _checks(learner, images):
    """Return digits that no training has seen, and drawings that are none."""
    rng = np.random.default_rng(1)
    half = _CHECKED // 2
    parts = [dataset.pen_grids(pens.Bank(learner.unseen), half, rng)]
    if images is not None:
        parts += [(grid.from_bytes(images.validation_images[:half]), images.validation_labels[:half])]
    grids, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Checks(grids, labels, learner.source.negatives.draw(_CHECKED, rng)[0])


def _chosen(learner, learnt: Weights, better, checks, threshold):
    """Return the share of the way that goes farthest of better ones that forget next to nothing, and the threshold."""
    learner.blend(learnt, 0)
    allowed = _wrong(learner, checks) + MARGIN
    accepted = (learner.read(checks.others).max(axis=1) >= threshold).mean()
    for share in better:
        learner.blend(learnt, share)
        if _wrong(learner, checks) <= allowed:
            return share, float(np.quantile(learner.read(checks.others).max(axis=1), 1 - accepted))
    learner.blend(learnt, 0)
    why = "would forget too much of what it knows" if better else "would not read your other drawings any better"
    raise NotBetterError(f"Nothing was changed: with these drawings the model {why}; keep more of them.")


def _wrong(learner, checks):
    return (learner.read(checks.grids).argmax(axis=1) != checks.labels).mean()
