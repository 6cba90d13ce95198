"""Short trainings that recipes are compared by, measured on validation data alone.

With recordings, writers are left out whole, as in a whole training, and what they drew is measured on. Without, some
styles of the built-in pen digits are, and some of the other drawings.
"""

import argparse
import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.data import mnist, negatives, pens, recordings
from digits.evaluation import metrics, predictions, testsets
from digits.files import unipen
from digits.ink import grid, strokes
from digits.recipe import DEFAULT, Recipe

# What is measured: shares of digits read right in percent; how well the drawn ones are told from other things.
MNIST, DRAWN, AUROC, FPR95 = "MNIST held out, %", "drawn, %", "AUROC", "FPR95"

_EACH = 6  # one style of pen digits in so many is set aside where there are no recordings, and one other drawing
VARIED = 6000  # pen digits of such styles that are drawn


class Drawings(NamedTuple):
    """Pen drawings that networks are trained on, or measured on."""

    digits: list[strokes.Drawing]
    others: list[strokes.Drawing]


def add_data(parser: argparse.ArgumentParser, required: bool) -> None:
    """Let a program be told what to train and to measure on."""
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz (default: download it once)")
    recorded = {"type": Path, "nargs": "+", "required": required, "default": [], "metavar": "FILE|FOLDER"}
    parser.add_argument("--strokes", **recorded, help="recorded digits, of some writers to train on, of others to not")
    parser.add_argument("--not-digits", **recorded, help="recorded letters and symbols, likewise")


def gather(digit_files: list[Path], other_files: list[Path]) -> tuple[Drawings, Drawings]:
    """Return what to train on and what to measure on; raises UserError where recordings leave nothing to measure on."""
    if not digit_files:
        return set_aside()
    digits = [drawing for path in digit_files for drawing in _digits_in(path)]
    others = [drawing for path in other_files for drawing in unipen.read(path)]
    trained, left_out = recordings.split(unipen.read(pens.PEN_DIGITS) + digits)
    others_trained, others_left_out = recordings.split_others(others, digits)
    measured = Drawings([digit for digit in left_out if digit.writer], recordings.teachable(others_left_out))
    if not (measured.digits and measured.others):
        raise UserError(
            "The recordings name too few writers to leave some out; give digits and letters of three or more."
        )
    others_trained = unipen.read(negatives.PEN_OTHERS) + others_trained
    return Drawings(trained, recordings.teachable(others_trained)), measured


def _digits_in(path):
    drawings = unipen.read(path)
    unipen.labels(drawings, path)  # raises UserError where one is no digit
    return drawings


def set_aside() -> tuple[Drawings, Drawings]:
    """Return what to train on and what to measure on: other styles of pen digits, other drawings of other things."""
    digits, others = unipen.read(pens.PEN_DIGITS), unipen.read(negatives.PEN_OTHERS)
    styles = sorted({digit.comment for digit in digits})
    unseen = set(styles[::_EACH])
    return (
        Drawings(
            [digit for digit in digits if digit.comment not in unseen],
            [other for number, other in enumerate(others) if number % _EACH],
        ),
        Drawings([digit for digit in digits if digit.comment in unseen], others[::_EACH]),
    )


def train(recipe: Recipe, taught: Drawings, images: mnist.Mnist, callbacks: Sequence = ()):
    """Return a network trained by a recipe, in float32; callbacks are Keras's, of whole epochs."""
    from digits.data import dataset
    from digits.training import trainer

    recipe = replace(recipe, **_computed())
    network = trainer.prepare(recipe)
    source = dataset.Source(images, taught.digits, taught.others, recipe)
    network.fit(
        source.stream(),
        epochs=recipe.epochs,
        steps_per_epoch=recipe.epoch_steps,
        callbacks=[*callbacks],
        shuffle=False,
        verbose=0,
    )
    return trainer.in_float32(network, recipe)


@functools.cache
def _computed():
    """Return how a step takes least time here, found once for all runs."""
    from digits.data import dataset
    from digits.training import devices, trainer

    recipe = replace(DEFAULT, in_halves=devices.can_halve(DEFAULT))
    [batch] = dataset.Source(None, *set_aside()[0], recipe).stream(1)
    return {"precision": trainer.with_precision(recipe, lambda: batch).precision, "in_halves": recipe.in_halves}


def measuring(apart: Drawings, images: mnist.Mnist) -> Callable[..., dict[str, float]]:
    """Return what measures a network on MNIST's validation images and on drawings set apart, in figures by name."""
    from digits.data import dataset

    held_out = grid.from_bytes(images.validation_images), images.validation_labels
    if apart.digits[0].writer:
        drawn = strokes.draw(apart.digits, strokes.ANYWHERE), np.array([int(digit.label) for digit in apart.digits])
        others = strokes.draw(apart.others, testsets.OFF_CENTRE)
    else:  # few, and corners more than curves
        drawn = dataset.pen_grids(pens.Bank(apart.digits), VARIED, np.random.default_rng(0))
        others = strokes.draw([strokes.smoothed(other) for other in apart.others], testsets.OFF_CENTRE)
    return lambda network: _figures(network, held_out, drawn, others)


def _figures(network, held_out, drawn, others):
    on_images, on_drawn = (predictions.read(network, grids) for grids, _ in (held_out, drawn))
    of_digits, of_others = on_drawn.max(1), predictions.read(network, others).max(1)
    return {
        MNIST: 100 * metrics.accuracy(held_out[1], on_images).value,
        DRAWN: 100 * metrics.accuracy(drawn[1], on_drawn).value,
        AUROC: metrics.auroc(of_digits, of_others),
        FPR95: metrics.fpr95(of_digits, of_others),
    }


def spread(values: Sequence[float]) -> str:
    """Return the mean of several runs and its sample standard deviation."""
    deviation = np.std(values, ddof=1) if len(values) > 1 else np.nan
    return f"{np.mean(values):.4g} +- {deviation:.2g}"
