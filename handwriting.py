"""Train a network to read handwritten digits: python handwriting.py model.keras"""

import argparse
import dataclasses
import os
import shlex
import subprocess
import sys
from pathlib import Path

from digits import command_line
from digits.recipe import DEFAULT, WIDE, Recipe


@command_line.exit_code
def main() -> int:
    """Train as the arguments say."""
    with command_line.loading():
        from digits.personal import run as learning
        from digits.training import run

    args = parse_arguments()
    return learning.run(learning_of(args)) if args.source else run.run(job_of(args))


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    from digits.training import ancestors

    parser = argparse.ArgumentParser(
        description="Train a network to read handwritten digits and save it.",
        epilog=f"networks:\n{ancestors.described()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", type=Path, help="the file to save the network in, such as model.keras")
    add_what_is_shown(parser)
    for option, kind, words in (
        ("--epochs", command_line.positive, "training length"),
        ("--batch-size", command_line.positive, "grids in one step"),
        ("--seed", command_line.seed, "of start weights and data"),
    ):
        default = getattr(DEFAULT, option.strip("-").replace("-", "_"))
        parser.add_argument(option, type=kind, default=default, help=f"{words} (default: %(default)s)")
    parser.add_argument(
        "--network", choices=ancestors.NAMES, default=ancestors.OURS, metavar="NAME", help="which one: see below"
    )
    parser.add_argument(
        "--wide", action="store_true", help="ours with twice the channels: a teacher, for three times the time"
    )
    add_beginnings(parser)
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted training was")
    parser.add_argument("--log", type=Path, metavar="FILE", help="a table (CSV) of loss and accuracy after each epoch")
    parser.add_argument("--tensorboard", type=Path, metavar="FOLDER", help="the same for TensorBoard")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write a page that shows how well it reads")
    command_line.add_version(parser)
    args = parser.parse_args(argv)
    if args.source:
        check_learning(parser, args)
    elif args.network != ancestors.OURS:
        check_alone(parser, args, ("network", "seed"), f"{args.network}, which is trained as its authors do")
    return args


def add_what_is_shown(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say what a network is trained on."""
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz (default: download it once)")
    recorded = {"type": Path, "nargs": "+", "default": [], "metavar": "FILE|FOLDER"}
    parser.add_argument(
        "--strokes", **recorded, help="recorded pen digits to add: UNIPEN text, also .gz, or its folders"
    )
    parser.add_argument("--not-digits", **recorded, help="recorded letters and symbols to add, likewise")


def add_beginnings(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name trained models to begin with."""
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="MODEL",
        help="learn one person's --strokes on top of this model, which takes seconds",
    )
    parser.add_argument(
        "--teachers",
        type=Path,
        nargs="+",
        default=[],
        metavar="MODEL",
        help="go on with the first of these models, and learn what all of them answer on average; others may be --wide",
    )


def check_learning(parser, args) -> None:
    """End the program with a sentence where whose drawings are to be learnt is not said, or more than that is."""
    if not args.strokes:
        parser.error("--from learns one person's drawings; give them with --strokes")
    check_alone(parser, args, ("source", "strokes"), "--from, which learns one person's drawings as it is")


def check_alone(parser, args, names, what) -> None:
    """End the program with a sentence if the arguments change anything but the model, MNIST and what is named."""
    for name in vars(args):
        if name not in ("model", "mnist", *names) and getattr(args, name) != parser.get_default(name):
            option = "--" + name.replace("_", "-")
            parser.error(f"{option} is not for {what}; leave it out")


def job_of(args: argparse.Namespace):
    """Return what the arguments ask for, a `digits.training.job.Job`."""
    from digits.training.job import Job

    return Job(
        target=args.model,
        command=resume_command(),
        recipe=recipe_of(args),
        network=args.network,
        mnist=args.mnist,
        strokes=tuple(args.strokes),
        not_digits=tuple(args.not_digits),
        teachers=tuple(args.teachers),
        resume=args.resume,
        log=args.log,
        tensorboard=args.tensorboard,
        report=args.report,
    )


def recipe_of(args: argparse.Namespace) -> Recipe:
    """Return how to train."""
    rate = DEFAULT.taught_rate if args.teachers else DEFAULT.peak_rate
    channels = WIDE if args.wide else DEFAULT.channels
    asked = {"epochs": args.epochs, "batch_size": args.batch_size, "seed": args.seed}
    return dataclasses.replace(DEFAULT, channels=channels, peak_rate=rate, **asked)


def learning_of(args: argparse.Namespace):
    """Return what the arguments ask for, a `digits.personal.run.Job`, where it is to learn one person's drawings."""
    from digits.personal.run import Job

    return Job(args.model, args.source, tuple(args.strokes), args.mnist)


def resume_command() -> str:
    """Return what to type to go on with this training."""
    words = [*command_line.TRAIN.split(), *(word for word in sys.argv[1:] if word != "--resume"), "--resume"]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


if __name__ == "__main__":
    sys.exit(main())
