"""A few recorded people, a stand-in for MNIST, and a network that reads everything alike."""

import numpy as np

from tests.support import fake_mnist

WRITERS = 8  # of whom two are left out


class Oracle:
    """A network that answers "3" to everything, with the same confidence."""

    def predict(self, grids, **_):
        """Return probabilities (n, 10)."""
        probabilities = np.full((len(grids), 10), 0.05, np.float32)
        probabilities[:, 3] = 0.55
        return probabilities


def write(folder, writers=WRITERS):
    """Write files, digits and letters of as many writers, and return the options that name them."""
    names = [f"writer {number}" for number in range(writers)]
    _write(folder / "digits.dat", "0123456789", names)
    _write(folder / "letters.dat", "AK", names)
    images = fake_mnist.write(folder / "mnist.npz")
    return ["--mnist", images, "--strokes", folder / "digits.dat", "--not-digits", folder / "letters.dat"]


def _write(path, labels, writers):
    lines = []
    for writer in writers:
        lines.append(f".WRITER_ID {writer}")
        for number, label in enumerate(labels):
            lines += [f'.SEGMENT CHARACTER 0 ? "{label}"', ".PEN_DOWN", "0 0", f"{number} 50", ".PEN_UP"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
