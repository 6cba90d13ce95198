"""Train a network to read handwritten digits: python handwriting.py model.keras"""

import argparse
import os
import sys
import time
from pathlib import Path

from digits import UserError, modelfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's greetings are not the user's concern


def main() -> int:
    """Tell the story of a training, from the arguments to the saved file."""
    args = parse_arguments()
    try:
        modelfile.check_target(args.model)
        return train(args)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; nothing was saved.", file=sys.stderr)
        return 130


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        description="Train a network to read handwritten digits and save it.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("model", type=Path, help="the file to save the network in, such as model.keras")
    parser.add_argument("--epochs", type=positive, default=12, help="times through the training images")
    parser.add_argument("--batch-size", type=positive, default=128, help="images in one training step")
    parser.add_argument("--seed", type=int, default=0, help="of the start weights and the order of the data")
    parser.add_argument("--mnist", type=Path, metavar="FILE", help="mnist.npz, instead of downloading it")
    return parser.parse_args(argv)


def positive(text: str) -> int:
    """Return a whole number above 0."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{number} is too small; it must be at least 1")
    return number


def train(args: argparse.Namespace) -> int:
    """Train as the arguments say, save the network, print how well it reads; returns the exit code."""
    begin = time.monotonic()
    from digits import mnist

    digits = mnist.load(args.mnist)

    import keras

    from digits import dataset, networks, training

    epoch_steps = max(1, len(digits.train_images) // args.batch_size)
    steps = args.epochs * epoch_steps
    batches = dataset.stream(digits.train_images, digits.train_labels, args.batch_size, steps, args.seed)
    validation = dataset.held_out(digits.validation_images, digits.validation_labels)

    precision = training.fastest_precision(networks.convolutional, *next(iter(batches)))
    keras.config.set_dtype_policy(precision)
    keras.utils.set_random_seed(args.seed)
    network = networks.convolutional()
    training.compile_for(network, steps)
    print(f"Training {network.count_params():,} parameters in {precision} for {args.epochs} epochs.", flush=True)
    try:
        training.fit(network, batches, args.epochs, validation)
    except KeyboardInterrupt:
        return save_stopped(training.in_float32(network, networks.convolutional), args)

    network = training.in_float32(network, networks.convolutional)
    modelfile.save(network, args.model, notes(args, precision))
    report(network, digits)
    print(f"Trained in {time.monotonic() - begin:.0f} seconds; the network is in {args.model}")
    return 0


def notes(args, precision) -> dict:
    """Return what the model file says about its training."""
    return {
        "trained on": "MNIST",
        "epochs": args.epochs,
        "batch size": args.batch_size,
        "seed": args.seed,
        "precision": precision,
    }


def save_stopped(network, args) -> int:
    """Save an unfinished network beside the file that was asked for, which stays as it was."""
    path = args.model.with_stem(args.model.stem + "-stopped")
    modelfile.save(network, path, {"stopped": True})
    print(f"\nStopped; the network as it stands is in {path}, and {args.model} is as it was.", file=sys.stderr)
    return 130


def report(network, digits) -> None:
    """Print how well a network reads the test images, which nothing before has looked at."""
    from digits import evaluate, grid

    probabilities = network.predict(grid.from_bytes(digits.test_images)[..., None], batch_size=500, verbose=0)
    print(f"\nMNIST test, {len(probabilities):,} images")
    print(f"loss      {evaluate.log_loss(digits.test_labels, probabilities):.4f}")
    print(f"accuracy  {evaluate.accuracy(digits.test_labels, probabilities)}\n")
    print(evaluate.matrix_text(evaluate.confusion_matrix(digits.test_labels, probabilities.argmax(1))) + "\n")


if __name__ == "__main__":
    sys.exit(main())
