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
from pathlib import Path
from typing import NamedTuple

from digits import command_line, quiet
from digits.data import mnist, negatives, pens
from digits.files import unipen

BATCH = 128  # grids in a step, as in a whole training
_STEPS = 64  # in an epoch; the first one is not timed, for the program is compiled in it
_REPEATS = 3


class Way(NamedTuple):
    """One way to train."""

    precision: str = "mixed_bfloat16"
    fused: bool = True  # normalisation
    at_once: int = 16  # steps between two looks at Python
    halves: bool = True  # of a batch, side by side
    products: bool = True  # for the gradients of kernels on small grids
    orthogonal: bool = True  # steps of kernels
    made: bool = False  # grids, while training goes on


_PLAIN = Way("float32", fused=False, at_once=1, halves=False, products=False)
WAYS = {
    "float32, one step at a time": _PLAIN,
    "+ bfloat16": _PLAIN._replace(precision="mixed_bfloat16"),
    "+ normalisation in one kernel": Way(at_once=1, halves=False, products=False),
    "+ 16 steps at a time": Way(halves=False, products=False),
    "+ halves side by side": Way(products=False),
    "+ kernel gradients as products": Way(),
    "the same with AdamW": Way(orthogonal=False),
    "the same in float32": Way("float32", products=False),
    "with all grids made meanwhile": Way(made=True),
}


@command_line.exit_code
def main() -> None:
    """Train for a few seconds in every way and print a row for each."""
    args = parse_arguments()
    images = mnist.load(args.mnist)
    print(f"grids per second, batches of {BATCH}; median and range of {args.repeats} runs", flush=True)
    for name, way in WAYS.items():
        print(row(name, [apart(grids_per_second, way, images) for _ in range(args.repeats)]), flush=True)


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


def grids_per_second(way: Way, images: mnist.Mnist) -> float:
    """Return how many grids our network is trained on in a second."""
    quiet.load_tensorflow()
    import keras

    from digits.data import dataset
    from digits.training import devices, muon, networks, trainer

    halves = way.halves and devices.side_by_side(BATCH)
    source = dataset.Source(images, unipen.read(pens.PEN_DIGITS), unipen.read(negatives.PEN_OTHERS))
    stream = source.stream(2 * _STEPS)
    batches = stream if way.made else stream.take(1).cache().repeat(2 * _STEPS)
    keras.config.set_dtype_policy(way.precision)
    parts = trainer.Way(way.precision, way.products, halves).parts()
    network = networks.convolutional(parts if way.fused else networks.PLAIN)
    trainer.compile_for(network, 2, _STEPS, muon.Muon if way.orthogonal else keras.optimizers.AdamW)
    network.steps_per_execution = way.at_once
    with contextlib.redirect_stdout(io.StringIO()):  # the progress bar
        *_, last = trainer.fit(network, batches, 2, stream.take(1))
    return BATCH * _STEPS / last["seconds"]


def row(name: str, speeds: list[float]) -> str:
    """Return a line about several runs."""
    return f"{name:32}{statistics.median(speeds):7,.0f}   {min(speeds):,.0f} to {max(speeds):,.0f}"


if __name__ == "__main__":
    sys.exit(main())
