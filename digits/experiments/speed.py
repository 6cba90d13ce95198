"""How fast a training is, and what made it so: python -m digits.experiments.speed

The same network on the same grids, with one thing after another; then on grids that are made meanwhile, as in a whole
training. All in one run, for times differ from machine to machine.
"""

import argparse
import contextlib
import io
import multiprocessing
import statistics
import sys
from dataclasses import replace
from pathlib import Path

from digits import command_line, quiet
from digits.data import mnist, negatives, pens
from digits.files import unipen
from digits.recipe import DEFAULT, Recipe

_STEPS = 64  # in an epoch; the first one is not timed, for the program is compiled in it
_REPEATS = 3

_FAST = replace(DEFAULT, precision="mixed_bfloat16")
_PLAIN = replace(DEFAULT, precision="float32", fused=False, steps_at_once=1, in_halves=False)
RECIPES = {
    "float32, one step at a time": _PLAIN,
    "+ bfloat16": replace(_PLAIN, precision="mixed_bfloat16"),
    "+ normalisation in one kernel": replace(_FAST, steps_at_once=1, in_halves=False),
    "+ 16 steps at a time": replace(_FAST, in_halves=False),
    "+ halves side by side": _FAST,
    "the same with AdamW": replace(_FAST, optimiser="adamw"),
    "the same in float32": replace(_FAST, precision="float32"),
}
MADE = "with all grids made meanwhile"


@command_line.exit_code
def main() -> None:
    """Train for a few seconds by every recipe and print a row for each."""
    args = parse_arguments()
    images = mnist.load(args.mnist)
    print(f"grids per second, batches of {DEFAULT.batch_size}; median and range of {args.repeats} runs", flush=True)
    for name, recipe in (RECIPES | {MADE: _FAST}).items():
        speeds = [apart(grids_per_second, recipe, images, name == MADE) for _ in range(args.repeats)]
        print(row(name, speeds), flush=True)


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m digits.experiments.speed", description="How fast a training is.")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz (default: download it once)")
    parser.add_argument(
        "--repeats", type=command_line.positive, default=_REPEATS, help="runs of each (default: %(default)s)"
    )
    return parser.parse_args(argv)


def apart(function, *arguments):
    """Return what a function returns in a new process: TensorFlow's threads are shared out but once in each."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def grids_per_second(recipe: Recipe, images: mnist.Mnist, made: bool = False) -> float:
    """Return how many grids our network is trained on in a second, all made meanwhile or one batch again and again."""
    quiet.load_tensorflow()
    from digits.data import dataset
    from digits.training import devices, trainer

    recipe = replace(recipe, epochs=2, epoch_size=_STEPS * recipe.batch_size)
    recipe = replace(recipe, in_halves=devices.can_halve(recipe))
    source = dataset.Source(images, unipen.read(pens.PEN_DIGITS), unipen.read(negatives.PEN_OTHERS), recipe)
    one = source.stream(1).cache()
    batches = source.stream() if made else one.repeat(recipe.steps)
    states = []
    with contextlib.redirect_stdout(io.StringIO()):  # the progress bar
        trainer.fit(trainer.prepare(recipe), lambda first: batches, recipe, one, keep=states.append)
    compiled, timed = states
    return recipe.epoch_size / (timed.seconds - compiled.seconds)


def row(name: str, speeds: list[float]) -> str:
    """Return a line about several runs."""
    return f"{name:32}{statistics.median(speeds):7,.0f}   {min(speeds):,.0f} to {max(speeds):,.0f}"


if __name__ == "__main__":
    sys.exit(main())
