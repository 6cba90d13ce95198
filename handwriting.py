"""Train a network to read handwritten digits: python handwriting.py model.keras"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from digits import UserError, command_line, modelfile, quiet
from digits.data import mnist, negatives, pens, recordings
from digits.files import unipen
from digits.ink import strokes
from digits.recipe import DEFAULT
from digits.training import ancestors, checkpoint, logs, stopping


def main() -> int:
    """Tell the story of a training, from the arguments to the saved file; returns the exit code."""
    args = parse_arguments()
    sign = stopping.StopSign()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a script started it in the background
    try:
        modelfile.check_target(args.model)
        checkpoint.check(args.model, args.resume)
        logs.check(args.log, args.tensorboard)
        check_report(args.report)
        if args.network != ancestors.OURS:
            return train_ancestor(args)
        recorded = read_recordings(args.strokes)
        images = find_mnist(args.mnist)
        return train(args, images, recorded, sign)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except stopping.Stopped:
        return sign.exit_code
    except KeyboardInterrupt:
        print(f"\nStopped; {what_is_left(args)}.", file=sys.stderr)
        return 130


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        description="Train a network to read handwritten digits and save it.",
        epilog=f"networks:\n{ancestors.described()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", type=Path, help="the file to save the network in, such as model.keras")
    parser.add_argument(
        "--epochs", type=command_line.positive, default=18, help="training length (default: %(default)s)"
    )
    parser.add_argument(
        "--batch-size", type=command_line.positive, default=128, help="grids in one step (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=command_line.seed, default=0, help="of start weights and data (default: %(default)s)"
    )
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz (default: download it once)")
    parser.add_argument(
        "--strokes", type=Path, nargs="+", default=[], metavar="FILE", help="pen digits to add, UNIPEN text, also .gz"
    )
    parser.add_argument(
        "--network", choices=ancestors.NAMES, default=ancestors.OURS, metavar="NAME", help="which one: see below"
    )
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted training was")
    parser.add_argument("--log", type=Path, metavar="FILE", help="a table (CSV) of loss and accuracy after each epoch")
    parser.add_argument("--tensorboard", type=Path, metavar="FOLDER", help="the same for TensorBoard")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write a page that shows how well it reads")
    command_line.add_version(parser)
    args = parser.parse_args(argv)
    if args.network != ancestors.OURS:
        check_ancestor(parser, args)
    return args


def check_ancestor(parser, args) -> None:
    """End the program with a sentence if the arguments change what makes a network the one that it is named for."""
    fixed = [name for name in vars(args) if name not in ("model", "network", "mnist", "seed")]
    for name in fixed:
        if getattr(args, name) != parser.get_default(name):
            option = "--" + name.replace("_", "-")
            parser.error(f"{option} is not for {args.network}, which is trained as its authors do; leave it out")


def read_recordings(paths: list[Path]) -> list[strokes.Drawing]:
    """Return the digits in all files of recorded pen digits."""
    recorded = []
    for path in paths:
        drawings = unipen.read(path)
        unipen.labels(drawings, path)
        recorded += drawings
    return recorded


def find_mnist(path: Path | None) -> mnist.Mnist | None:
    """Return MNIST; None, with a notice, where it is not on this machine and cannot be downloaded."""
    try:
        return mnist.load(path)
    except mnist.DownloadError as error:
        print(
            f"{error}\nTraining goes on without it, on the built-in pen digits alone: {WITHOUT_MNIST}", file=sys.stderr
        )
        return None


WITHOUT_MNIST = "expect about 95 % on MNIST's digits instead of 99.5 %, and nearly as much on drawn ones as with it."


def train(args, images: mnist.Mnist | None, recorded: list[strokes.Drawing], sign: stopping.StopSign) -> int:
    """Train as the arguments say, save the network, print how well it reads; returns the exit code."""
    begin = time.monotonic()
    digits, others = unipen.read(pens.PEN_DIGITS), unipen.read(negatives.PEN_OTHERS)
    begun = interrupted(args, images, digits + recorded + others)
    quiet.load_tensorflow()
    from digits.data import dataset
    from digits.training import devices, trainer

    halves = devices.side_by_side(args.batch_size)
    spread = devices.strategy(args.batch_size)
    recipe = replace(DEFAULT, epochs=args.epochs, batch_size=args.batch_size, seed=args.seed)
    digits, held_out = recordings.split(digits + recorded)
    source = dataset.Source(images, digits, others, recipe)
    validation = dataset.validation(images, held_out)
    steps = args.epochs * source.epoch_steps
    stream = source.stream

    way = trainer.Way(*begun.way) if begun.way else trainer.fastest_way(*next(iter(stream())), halves, spread)
    network = trainer.prepare(way, args.epochs, steps // args.epochs, args.seed, spread)
    begun = begun._replace(way=way)
    if devices.is_chief(spread):
        say_what_begins(network, args, begun)
    history = fit(network, stream(first=begun.state.step), validation.batches(), args, begun, sign)
    if not devices.is_chief(spread):
        devices.meet(spread)  # at its end the chief would hear that a machine is gone
        return 0
    finished = trainer.in_float32(network)
    chosen = choose_on(validation, finished)

    seconds = round(begun.state.seconds + time.monotonic() - begin, 1)
    how = {"precision": way.precision, "seconds": seconds, "history": history}
    modelfile.save(finished, args.model, notes(args, images) | how | chosen)
    checkpoint.path_beside(args.model).unlink(missing_ok=True)
    print(f"Trained in {seconds:.0f} seconds; the network is in {args.model}", flush=True)
    devices.meet(spread)
    return report(finished, args, images)


def interrupted(args, images, drawings) -> checkpoint.Checkpoint:
    """Return the training to go on with: as it was left, or, without --resume, one that has not begun."""
    settings = {
        "number of epochs": args.epochs,
        "batch size": args.batch_size,
        "seed": args.seed,
        "set of images and drawings": checkpoint.fingerprint((images, [vars(drawing) for drawing in drawings])),
    }
    if not args.resume:
        return checkpoint.Checkpoint(settings, None, resume_command(), checkpoint.BEGINNING)
    begun = checkpoint.read(checkpoint.path_beside(args.model))
    checkpoint.check_settings(begun, settings)
    return begun


def resume_command() -> str:
    """Return what to type to go on with this training."""
    words = ["python", "handwriting.py", *(word for word in sys.argv[1:] if word != "--resume"), "--resume"]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def say_what_begins(network, args, begun) -> None:
    """Print what is trained, and from where."""
    size, precision = network.count_params(), begun.way.precision
    print(f"Training {size:,} parameters in {precision}, {args.epochs} epochs of grids.", end="")
    print(f" Going on after {begun.state.step:,} steps." if args.resume else "", flush=True)


def fit(network, batches, validation, args, begun, sign) -> tuple[dict, ...]:
    """Train a network, keeping its state beside the model file; returns the history of its epochs."""
    from digits.training import devices, trainer

    is_chief = devices.is_chief(network.distribute_strategy)
    keep = keeper(args, begun) if is_chief else lambda state: None
    try:
        with sign:
            return trainer.fit(network, batches, args.epochs, validation, begun.state, keep, lambda: sign.is_up)
    except stopping.Stopped:
        if is_chief:
            save_stopped(trainer.in_float32(network), args)
        raise
    except trainer.BrokenOffError as error:
        raise UserError(f"{error}; {what_is_left(args)}.") from error


def keeper(args, begun):
    """Return what keeps the states of a training, and writes its logs; a full disk stops neither."""
    path = checkpoint.path_beside(args.model)
    log = logs.writer(args.log, args.tensorboard, len(begun.state.history))

    def keep(state):
        try:
            checkpoint.write(path, begun._replace(state=state))
            log(state.history)
        except UserError as error:
            print(f"\n{error}", file=sys.stderr)

    return keep


def what_is_left(args) -> str:
    """Return how to go on after a training was cut off."""
    if checkpoint.path_beside(args.model).exists():
        return f"go on with: {resume_command()}"
    return "nothing was saved"


def train_ancestor(args: argparse.Namespace) -> int:
    """Train a network that ours descends from, as its authors do, save it and print how well it reads."""
    images = mnist.load(args.mnist)
    quiet.load_tensorflow()
    begin = time.monotonic()
    network = ancestors.train(args.network, images, args.seed)
    seconds = round(time.monotonic() - begin, 1)
    modelfile.save(network, args.model, ancestors.notes(args.network, args.seed) | {"seconds": seconds})
    print(f"Trained in {seconds:.0f} seconds; the network is in {args.model}", flush=True)
    return report(network, args, images)


def choose_on(validation, network) -> dict:
    """Calibrate a network; return what was chosen on validation digits."""
    from digits.evaluation import metrics, predictions
    from digits.training import trainer

    probabilities = predictions.read(network, validation.grids)
    temperature = trainer.calibrate(network, validation.labels, probabilities)
    threshold = trainer.refusal_threshold(metrics.tempered(probabilities, temperature)[validation.drawn])
    return {"temperature": round(temperature, 3), "threshold": round(threshold, 3)}


def notes(args, images) -> dict:
    """Return what the model file says about how it was trained."""
    sources = ["MNIST"] * (images is not None) + ["built-in pen digits"] + [path.name for path in args.strokes]
    return {
        "network": args.network,
        "trained on": sources,
        "epochs": args.epochs,
        "batch size": args.batch_size,
        "seed": args.seed,
    }


def save_stopped(network, args) -> None:
    """Save an unfinished network beside the file that was asked for, which stays as it was, and say how to go on."""
    path = args.model.with_stem(args.model.stem + "-stopped")
    modelfile.save(network, path, {"stopped": True})
    print(f"\nStopped; {what_is_left(args)}", file=sys.stderr)  # after the progress bar
    print(f"The network as it stands is in {path}, and {args.model} was not touched.", file=sys.stderr)


def check_report(folder: Path | None) -> None:
    """Raise UserError if a report is wanted where none can be written."""
    from digits.evaluation import report

    if folder:
        report.check_target(folder)


def report(network, args, images) -> int:
    """Say how well a network reads, and write the page about it that was asked for; returns the exit code."""
    try:
        if images:
            print_figures(network, images)
        if args.report:
            write_report(network, args, images)
    except KeyboardInterrupt:
        return 130
    return 0


def print_figures(network, images) -> None:
    """Print how well a network reads the test images, which nothing before has looked at."""
    from digits.evaluation import metrics, predictions
    from digits.ink import grid

    probabilities = predictions.read(network, grid.from_bytes(images.test_images))
    labels, answers = images.test_labels, probabilities.argmax(1)
    print(f"\nMNIST test, {len(labels):,} images")
    print(f"loss      {metrics.log_loss(labels, probabilities):.4f}")
    print(f"accuracy  {metrics.accuracy(labels, probabilities)}\n")
    print(metrics.matrix_text(metrics.confusion_matrix(labels, answers)))


def write_report(network, args, images) -> None:
    """Write pictures and a page about the test images and the pen digits that were held out of training."""
    from digits.evaluation import predictions, report, testsets

    tested = (images.test_images, images.test_labels) if images else None
    measured = predictions.ask(network, args.model, testsets.Material(tested, testsets.held_out()))
    print(f"\n{report.write(args.report, measured)} shows it.")


if __name__ == "__main__":
    sys.exit(main())
