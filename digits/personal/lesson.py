"""Whether a network that has learnt a person's hand is to be taken: only if it is better, and forgets next to nothing.

Each half of the person's drawings is learnt by itself. What is better is told by the drawings, each read by the network
that learnt the other half (cross validation), and what is taken is the mean of both networks' weights (model soups,
Wortsman et al. 2022, arXiv 2203.05482): it reads as well as a network that learnt all, and costs nothing more. What was
forgotten is told by digits of the program's own, and by MNIST's that were set aside.

Of a few drawings, such as corrections, none tells about the others. They are learnt together if some are misread, and a
part of the way at most: all the way a single slip of the pen does harm, a part of it helps and costs next to nothing.
That is tried, too, where one correction among many drawings has no like in the other half.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.data import dataset, pens
from digits.data.mnist import Mnist
from digits.ink import grid, strokes
from digits.personal.learner import Learner, Weights, is_digit

ENOUGH = 10  # drawings to tell about each other: one of each digit
FOLDS = 2
_CERTAIN = 0.9999  # a probability above it is no better
_CHECKED = 1000  # digits, and drawings that are none, to see what was forgotten


class NotBetterError(UserError):
    """What was learnt does not help, or costs too much; nothing is changed."""


class Lesson(NamedTuple):
    """What was learnt, and what it is worth; the network has the weights."""

    share: float  # of the way to the new weights
    threshold: float  # confidence below which a drawing is perhaps no digit
    drawings: int
    before: float  # share of them that was read right, in [0, 1]
    after: float  # the same now
    are_unlearnt: bool  # each is read by a network that did not learn it; else by the one that did, at other places

    def __str__(self):
        where = "" if self.are_unlearnt else ", at other places and sizes,"
        return f"Of your drawings{where} {100 * self.before:.0f} % were read right, and now {100 * self.after:.0f} %."


class _Reading(NamedTuple):
    """How drawings are read, each at several places and sizes."""

    right: np.ndarray  # (n, showings) bool
    odds: np.ndarray  # (n, showings), the logarithms of the odds of what they are


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
    way = _OF_MANY if len(drawings) >= ENOUGH else _OF_FEW
    step_done = _counted(progress, way.trainings * learner.course.steps)
    with ThreadPoolExecutor(1) as beside:  # it is drawn while TensorFlow learns
        checks = beside.submit(_checks, learner, images)
        learnt, readings = _studied(way, learner, drawings, threshold, step_done)
        better = [share for share in way.shares if way.is_better(readings[share], readings[0.0])]
        if way is _OF_MANY and not better and (unharmed := _unharmed(readings)):
            way = _OF_FEW
            learnt, readings = _studied(way, learner, drawings, threshold, step_done)
            least = way.showings / 2  # of one drawing; among many, less than that comes by chance
            better = [share for share in unharmed if _mended(readings[share], readings[0.0]) >= least]
        if not better and readings[0.0].right.all():
            learner.blend(learnt, 0)
            raise NotBetterError("Nothing was changed: your drawings are read right already, wherever they stand.")
        share, threshold = _chosen(learner, learnt, better, way.margin, checks.result(), threshold)
    before, after = (float(readings[at].right.mean()) for at in (0.0, share))
    return Lesson(share, threshold, len(drawings), before, after, way is _OF_MANY)


def _counted(progress, total):
    """Return what is to be called after each step, of which there are so many, or, rarely, some more."""
    done = 0

    def step_done():
        nonlocal done
        done += 1
        progress(min(1.0, done / total))

    return step_done


def _studied(way, learner, drawings, threshold, step_done):
    """Return what was learnt in one of the ways, and how drawings are read by share of the way to it."""
    return way.study(learner, drawings, partial(_readings, learner, way, threshold), step_done)


def _cross_validated(learner, drawings, read, step_done):
    """Return the mean of what was learnt from the parts, and how each network reads what it did not learn.

    That is a reading by each share of the way to the new weights, 0 for the old ones.
    """
    parts, readings = [], []
    drawings = sorted(drawings, key=lambda drawing: drawing.label)  # so that each digit is in every part
    for fold in range(FOLDS):
        parts.append(learner.learn([drawing for n, drawing in enumerate(drawings) if n % FOLDS != fold], step_done))
        readings.append(read(parts[-1], drawings[fold::FOLDS]))
    learnt = [np.mean(same, axis=0) for same in zip(*parts, strict=True)]
    of_all = {at: zip(*(reading[at] for reading in readings), strict=True) for at in readings[0]}
    return learnt, {at: _Reading(*map(np.concatenate, columns)) for at, columns in of_all.items()}


def _learnt_together(learner, drawings, read, step_done):
    """Return what was learnt from all drawings, and how that network reads them, likewise."""
    learnt = learner.learn(drawings, step_done)
    return learnt, read(learnt, drawings)


def _readings(learner, way, threshold, learnt, drawings):
    """Return how drawings are read, by share of the way to what was learnt."""
    shown = [drawing for drawing in drawings for _ in range(way.showings)]
    labels, sheets, readings = [drawing.label for drawing in drawings], strokes.draw(shown, strokes.ANYWHERE), {}
    for share in (0.0, *way.shares):
        learner.blend(learnt, share)
        readings[share] = _reading(labels, learner.read(sheets), threshold)
    return readings


def _reading(labels, answers, threshold):
    """Return what probabilities (n * showings, 10) say of drawings with labels (n,)."""
    answers = answers.reshape(len(labels), -1, grid.CLASSES)
    right, chances = answers.max(axis=2) < threshold, grid.CLASSES * answers.min(axis=2)  # of what is no digit
    for row, label in enumerate(labels):
        if is_digit(label):
            right[row], chances[row] = answers[row].argmax(axis=1) == int(label), answers[row, :, int(label)]
    chances = np.clip(chances, 1 / grid.CLASSES, _CERTAIN)  # from those of a guess
    return _Reading(right, np.log(chances / (1 - chances)))


def _is_better(now, before):
    """Whether drawings are read better than before: no more of them wrong, and right with higher odds.

    Most drawings of most people are read right already, and surely; so the cross-entropy hangs on the one that is not,
    often a slip of the pen, and tells little from noise. The logarithm of the odds tells what happens to all of them;
    its mean must rise by more than its standard error.
    """
    gain, error = _gain(now, before)
    return bool(gain > error and now.right.sum() >= before.right.sum())


def _unharmed(readings):
    """Return the shares of the way that few drawings may go at which these are not read worse."""
    before = readings[0.0]
    return [
        share
        for share in _OF_FEW.shares
        if sum(_gain(readings[share], before)) >= 0 and readings[share].right.sum() >= before.right.sum()
    ]


def _gain(now, before):
    """Return by how much the logarithm of the odds rises in the mean, and its standard error."""
    gains = (now.odds - before.odds).mean(axis=1)  # one a drawing
    return gains.mean(), gains.std(ddof=1) / np.sqrt(len(gains))


def _is_mended(now, before):
    """Whether more drawings are read right: what is read right already has nothing to teach."""
    return _mended(now, before) > 0


def _mended(now, before):
    """Return how many more of all showings are read right."""
    return int(now.right.sum()) - int(before.right.sum())


def _checks(learner, images):
    """Return digits that no training has seen, and drawings that are none."""
    rng = np.random.default_rng(1)
    half = _CHECKED // 2
    parts = [dataset.pen_grids(pens.Bank(learner.unseen), half, rng)]
    if images is not None:
        parts += [(grid.from_bytes(images.validation_images[:half]), images.validation_labels[:half])]
    grids, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Checks(grids, labels, learner.source.negatives.draw(_CHECKED, rng)[0])


def _chosen(learner, learnt: Weights, better, margin, checks, threshold):
    """Return the share of the way that goes farthest of better ones that forget next to nothing, and the threshold."""
    learner.blend(learnt, 0)
    allowed = _wrong(learner, checks) + margin
    accepted = (learner.read(checks.others).max(axis=1) >= threshold).mean()
    for share in better:
        learner.blend(learnt, share)
        if _wrong(learner, checks) <= allowed:
            return share, float(np.quantile(learner.read(checks.others).max(axis=1), 1 - accepted))
    learner.blend(learnt, 0)
    why = "forget too much of what it knows" if better else "not read your drawings any better"
    raise NotBetterError(f"Nothing was changed: the model would {why}; keep more drawings.")


def _wrong(learner, checks):
    return (learner.read(checks.grids).argmax(axis=1) != checks.labels).mean()


class _Way(NamedTuple):
    """How drawings are learnt, and when what was learnt is taken."""

    study: Callable  # gives weights, and readings by share of the way to them
    trainings: int  # that it takes
    showings: int  # places and sizes at which each drawing is read
    is_better: Callable  # of a reading and that of before
    shares: tuple[float, ...]  # of the way from the old weights to the new ones, the farthest first
    margin: float  # share of other digits that may be read wrong in addition


_OF_MANY = _Way(_cross_validated, FOLDS, 4, _is_better, (1.0, 0.6, 0.3), 0.005)
# What was misread once may be read right at most places, so there are more. How far and at what price was found with a
# network that knows nobody: digits/experiments/README.md, What learning a hand is worth.
_OF_FEW = _Way(_learnt_together, 1, 20, _is_mended, (0.6, 0.3), 0.003)
