"""The systems that this program descends from, and the usual references: how each is trained, as its authors have it.

Plain MNIST divided by 255, Keras's own fit, no pen digits, nothing chosen on validation digits. What a description
leaves open is Keras's default. The networks themselves are in `digits.training.networks`, by the same names.
"""

from typing import NamedTuple

import numpy as np

from digits.data import mnist
from digits.ink import grid, strokes


class Ancestor(NamedTuple):
    """A line about a network, and how it is trained."""

    description: str
    epochs: int
    batch_size: int = 32
    optimizer: str = "adam"
    validation_split: float = 0.0  # share of the training images that are only watched


RECIPES = {
    "mlp-256-128": Ancestor("dense 256 and 128; Adam, 5 epochs, batches of 64", 5, 64),
    "mlp-64-64": Ancestor("dense 64 and 64; Adam, 5 epochs", 5),
    "mlp-128-128": Ancestor("dense 128 and 128; SGD, 3 epochs", 3, optimizer="sgd"),
    "cnn-32-64": Ancestor("convolutions 32 and 64, dense 128; Adam, 5 epochs", 5),
    "cnn-32": Ancestor("convolution 32, dense 128, dropout 0.5; Adam, 10 epochs", 10),
    "cnn-64-64": Ancestor(
        "convolutions 64 and 64, batch norm, dropout, augmentation by 10 degrees and 10 %; Adam, 10 epochs", 10
    ),
    "mnist-convnet": Ancestor(
        "Keras's own example, convolutions 32 and 64; Adam, 15 epochs, batches of 128",
        15,
        128,
        validation_split=0.1,
    ),
}

OURS = "ours"
NAMES = (OURS, *RECIPES)


def described() -> str:
    """Return a line about every network that has a name, ours first."""
    lines = {OURS: "the network of this program (default)"} | {name: how.description for name, how in RECIPES.items()}
    return "\n".join(f"  {name:15}{words}" for name, words in lines.items())


def train(name: str, images: mnist.Mnist, seed: int):
    """Return a Keras model (n, 28, 28, 1) -> (n, 10), trained on all of MNIST's training images as its recipe says."""
    import keras

    from digits.training import networks

    recipe = RECIPES[name]
    keras.utils.set_random_seed(seed)
    network = networks.ANCESTORS[name]()
    network.compile(recipe.optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(
        *_everything(images),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        validation_split=recipe.validation_split,
    )
    return network


def notes(name: str, seed: int) -> dict:
    """Return what a model file says about how its network was trained."""
    recipe = RECIPES[name]
    return {
        "network": name,
        "trained on": ["MNIST"],
        "epochs": recipe.epochs,
        "batch size": recipe.batch_size,
        "seed": seed,
    }


def _everything(images):
    """Return grids (60000, 28, 28, 1) and labels: the authors hold no validation images out."""
    together = np.concatenate([images.train_images, images.validation_images])
    return grid.from_bytes(together)[..., None], np.concatenate([images.train_labels, images.validation_labels])


# Their brush: a stamp of a cell and three neighbours for each pointer sample, with nothing between two samples.
_STAMP = np.array([[250, 220], [220, 190]], np.float32) / 255  # the cell, right of it, below, and below right


def draw(drawings: list[strokes.Drawing], placement: strokes.Placement) -> np.ndarray:
    """Return drawings as their window would show them, grids (n, 28, 28), placed as test sets are."""
    rng = np.random.default_rng(0)
    return np.stack([stamp(np.concatenate(strokes.place(drawing.paths, placement, rng))) for drawing in drawings])


def stamp(samples: np.ndarray) -> np.ndarray:
    """Return the ink (28, 28) of pointer samples (k, 2) in cells; later stamps overwrite earlier ones."""
    columns, rows = np.floor(samples).astype(int).T
    sheet = np.zeros((grid.SIZE + 1, grid.SIZE + 1), np.float32)  # one more, for stamps that reach over the edge
    for column, row in zip(columns, rows, strict=True):
        if 0 <= column < grid.SIZE and 0 <= row < grid.SIZE:
            sheet[row : row + 2, column : column + 2] = _STAMP
    return sheet[: grid.SIZE, : grid.SIZE]
