"""A small stand-in for MNIST: the right keys, shapes and kinds of numbers, digits laid by hand for images."""

import functools
from types import MappingProxyType

import numpy as np

from digits.data import pens
from digits.files import unipen
from digits.ink import grid


@functools.cache
def arrays(train=5200, test=60):
    """Return the arrays of mnist.npz, only to be read: every image another one, each label about as often."""
    rng = np.random.default_rng(0)
    bank = pens.Bank(unipen.read(pens.PEN_DIGITS))
    picked, points, exists = bank.sample(100, rng)
    drawn, labels = pens.ink(points, exists, rng, heights=(20, 20)), bank.labels[picked].astype(np.uint8)
    which = np.arange(train + test) % len(drawn)
    images = (drawn * 255).astype(np.uint8)[which]
    images[:, 0, 0], images[:, 0, 1] = np.arange(train + test) % 256, np.arange(train + test) // 256  # a number each
    labels = labels[which]
    images.flags.writeable = labels.flags.writeable = False
    return MappingProxyType(
        {
            "x_train": images[:train],
            "y_train": labels[:train],
            "x_test": images[train:],
            "y_test": labels[train:],
        }
    )


def write(path, **changes):
    """Write a stand-in file, some of its arrays changed, or left out where a change is None."""
    content = {**arrays(), **changes}
    np.savez(path, **{key: value for key, value in content.items() if value is not None})
    return path


def numbers(images):
    """Return the number of each image (n, 28, 28) that this module made."""
    assert images.shape[1:] == grid.SHAPE
    return images[:, 0, 0] + 256 * images[:, 0, 1].astype(int)
