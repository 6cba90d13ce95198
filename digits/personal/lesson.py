"""Whether a network that has learnt a person's hand is to be taken: only if it is better, and forgets next to nothing.

What is better is told by the person's drawings, each read by a network that learnt from others of them (cross
validation). What was forgotten is told by digits of the program's own, and by MNIST's that were set aside.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.data import dataset, negatives, pens, recordings
from digits.data.mnist import Mnist
from digits.files import unipen
from digits.ink import grid, strokes
from digits.personal.learner import Learner, Weights, is_digit, targets
from digits.reading import engine

FEWEST = 2  # drawings: one to learn from, one to see whether that helped
FOLDS = 2
_SHORTER = 3  # times, a training that only tells whether it helps
MARGIN = 0.005  # share of other digits that may be read wrong in addition
SHARES = (1.0, 0.8, 0.6, 0.4, 0.2)  # of the way from the old weights to the new ones
_SHOWINGS = 4  # places and sizes at which each drawing is read
_CHECKED = 1000  # digits of each kind, and drawings that are none, to see what was forgotten


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
    steps = learner.course.steps // _SHORTER
    step_done = _counted(progress, FOLDS * steps + learner.course.steps)
    labels, answers = _cross_validated(learner, drawings, steps, step_done)
    learnt = learner.learn(drawings, step_done=step_done)
    share, threshold = _chosen(learner, learnt, _losses(labels, answers), _checks(images), threshold)
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


def _cross_validated(learner, drawings, steps, step_done):
    """Return labels (n,) and, by share of the way to the new weights, probabilities (n, 10) of unlearnt drawings."""
    labels, answers = [], {share: [] for share in (0.0, *SHARES)}
    for fold in range(FOLDS):
        apart = drawings[fold::FOLDS]
        learnt = learner.learn([drawing for n, drawing in enumerate(drawings) if n % FOLDS != fold], steps, step_done)
        sheets = strokes.draw([drawing for drawing in apart for _ in range(_SHOWINGS)], strokes.ANYWHERE)
        labels += [drawing.label for drawing in apart for _ in range(_SHOWINGS)]
        for share, read in answers.items():
            learner.blend(learnt, share)
            read.append(_read(learner, sheets))
    return np.array(labels), {share: np.concatenate(read) for share, read in answers.items()}


def _read(learner, grids):
    return engine.checked(learner.network.predict(grids[..., None], batch_size=250, verbose=0))


def _losses(labels, answers):
    """Return the mean cross-entropy of answers by share of the way; a proper score is finer than a count of errors."""
    wanted = targets(labels)
    return {share: -(wanted * np.log(read + 1e-7)).sum(axis=1).mean() for share, read in answers.items()}


def _accuracy(labels, read):
    digits = np.array([is_digit(label) for label in labels])
    if not digits.any():
        return 1.0
    return float((read.argmax(axis=1)[digits] == labels[digits].astype(int)).mean())


def _checks(images):
    """Return digits that no training has seen, and drawings that are none."""
    rng = np.random.default_rng(1)
    digits, apart = recordings.split(unipen.read(pens.PEN_DIGITS))
    others = negatives.Negatives(pens.Bank(digits), unipen.read(negatives.PEN_OTHERS))
    parts = [dataset.pen_grids(pens.Bank(apart), _CHECKED, rng)]
    if images is not None:
        parts += [(grid.from_bytes(images.validation_images[:_CHECKED]), images.validation_labels[:_CHECKED])]
    grids, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Checks(grids, labels, others.draw(_CHECKED, rng)[0])


def _chosen(learner, learnt: Weights, losses, checks, threshold):
    """Return the share of the way that helps most of those that forget next to nothing, and the threshold there."""
    learner.blend(learnt, 0)
    allowed = _wrong(learner, checks) + MARGIN
    accepted = (_read(learner, checks.others).max(axis=1) >= threshold).mean()
    better = sorted((share for share in SHARES if losses[share] < losses[0.0]), key=losses.get)
    for share in better:
        learner.blend(learnt, share)
        if _wrong(learner, checks) <= allowed:
            return share, float(np.quantile(_read(learner, checks.others).max(axis=1), 1 - accepted))
    learner.blend(learnt, 0)
    why = "would forget too much of what it knows" if better else "would not read your other drawings any better"
    raise NotBetterError(f"Nothing was changed: with these drawings the model {why}; keep more of them.")


def _wrong(learner, checks):
    return (_read(learner, checks.grids).argmax(axis=1) != checks.labels).mean()
