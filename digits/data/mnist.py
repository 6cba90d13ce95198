"""MNIST as arrays: from a file that the user gives, or downloaded once and kept."""

import contextlib
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError, errors, quiet
from digits.files import archive, npz
from digits.ink import grid

# The file that Keras itself downloads, and its checksum (keras.datasets.mnist, Keras 3).
URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"

_LIMITS = {  # bytes of each array, unpacked; a quarter more than in that file, and labels of any whole-number type
    "x_train.npy": 60_000_000,
    "y_train.npy": 600_000,
    "x_test.npy": 10_000_000,
    "y_test.npy": 100_000,
}

VALIDATION = 5000  # training images set aside
_VALIDATION_SEED = 0  # fixed, so that every run of every version holds out the same images


class DownloadError(UserError):
    """MNIST is not on this machine, and it could not be fetched."""


class Mnist(NamedTuple):
    """Images (n, 28, 28) uint8 and labels (n,) uint8; the three parts share no image."""

    train_images: np.ndarray
    train_labels: np.ndarray
    validation_images: np.ndarray
    validation_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load(path: Path | None = None) -> Mnist:
    """Return MNIST from a file (.npz), or, without one, from Keras's cache or the internet.

    Raises UserError if the file is not MNIST, DownloadError if it cannot be fetched; a file is never unpickled.
    """
    arrays = _read(path or download())
    order = np.random.default_rng(_VALIDATION_SEED).permutation(len(arrays["x_train"]))
    held_out, train = np.sort(order[:VALIDATION]), np.sort(order[VALIDATION:])
    return Mnist(
        arrays["x_train"][train],
        arrays["y_train"][train],
        arrays["x_train"][held_out],
        arrays["y_train"][held_out],
        arrays["x_test"],
        arrays["y_test"],
    )


def at_hand() -> Mnist | None:
    """Return MNIST as Keras keeps it on this machine, None where it does not; nothing is downloaded."""
    with contextlib.suppress(UserError, RuntimeError):  # it cannot be read; there is no home
        home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
        if (path := home / "datasets" / "mnist.npz").is_file():
            return load(path)
    return None


def download() -> Path:
    """Return the path of MNIST in Keras's cache, downloaded and checked first if need be.

    Raises DownloadError if it cannot be downloaded, or if what came has another checksum.
    """
    quiet.load_tensorflow()
    import keras

    try:
        return Path(keras.utils.get_file("mnist.npz", origin=URL, file_hash=SHA256))
    except Exception as error:  # get_file raises bare Exception for a failed transfer
        *_, reason = errors.first_line(error, most=240).split(" -- ")  # before it Keras repeats the address
        raise DownloadError(
            f"MNIST could not be downloaded ({reason}); connect to the internet, or give the file with --mnist FILE."
        ) from error


def _read(path):
    try:
        members = archive.read(path, _LIMITS)
        arrays = {name.removesuffix(".npy"): npz.array(content) for name, content in members.items()}
    except FileNotFoundError as error:
        raise UserError(f"{path}: there is no such file; --mnist wants mnist.npz as Keras downloads it.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); see that you may read it.") from error
    except UserError as error:  # which does not name the file
        raise UserError(
            f"{path} is not MNIST ({error}); expected an .npz file with x_train, y_train, x_test, y_test."
        ) from error
    for part in ("train", "test"):
        _check(path, arrays[f"x_{part}"], arrays[f"y_{part}"])
    if len(arrays["x_train"]) <= VALIDATION:
        raise UserError(f"{path} has {len(arrays['x_train'])} training images; more than {VALIDATION} are needed.")
    return arrays


def _check(path, images, labels):
    if images.dtype != np.uint8 or images.shape[1:] != grid.SHAPE or not images.size:
        raise UserError(
            f"{path} is not MNIST: its images are {images.dtype} {images.shape}, expected uint8 (n, 28, 28)."
        )
    if not np.issubdtype(labels.dtype, np.integer) or labels.shape != images.shape[:1]:
        raise UserError(f"{path} is not MNIST: its labels are {labels.dtype} {labels.shape}, expected one an image.")
    if labels.min() < 0 or labels.max() >= grid.CLASSES:
        raise UserError(f"{path} is not MNIST: its labels run from {labels.min()} to {labels.max()}, expected 0 to 9.")
