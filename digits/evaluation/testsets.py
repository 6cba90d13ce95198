"""What a model is measured on: MNIST's test images, recorded drawings put on the sheet, and what is no digit."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from digits import UserError
from digits.data import mnist, pens, recordings
from digits.files import images, unipen
from digits.ink import grid, strokes
from digits.ink.sheet import drawn

# How recorded digits are put on the sheet, by name, and things that are no digit.
PLACEMENTS = {
    "centred": strokes.Placement((20, 20), 0),
    "small": strokes.Placement((12, 12), 0),
    "large": strokes.Placement((25.5, 25.5), 0),
    "anywhere": strokes.ANYWHERE,
}
OFF_CENTRE = strokes.Placement((14, 24), 0.5)
HELD_OUT = "built-in pen digits that were held out of training"
LETTERS, SYMBOLS, LIKE_DIGITS = KINDS = "letters", "symbols", "shaped like digits"
_MOST_SHEETS = 200_000  # of 3 kB each; all digits of UNIPEN's train_r01_v07 in four placements, and all else once
_CHECKED = 500  # sheets of noise, and with one dot


@dataclass
class Material:
    """What a model is shown to measure it, by the file that it comes from."""

    mnist: tuple[np.ndarray, np.ndarray] | None = None  # images (n, 28, 28) uint8 and labels (n,)
    digits: dict[str, list[strokes.Drawing]] = field(default_factory=dict)
    not_digits: dict[str, list[strokes.Drawing]] = field(default_factory=dict)
    not_digit_images: dict[str, np.ndarray] = field(default_factory=dict)  # (n, 28, 28) uint8
    without_ink: dict[str, int] = field(default_factory=dict)  # drawings that were left out, where there are any


def gather(
    mnist_file: Path | None, digits: list[Path], not_digits: list[Path], not_digit_images: list[Path]
) -> Material:
    """Return what the files hold, read and checked; raises UserError."""
    scanned = {path: unipen.scan(path) for path in dict.fromkeys([*digits, *not_digits])}
    material = Material(
        tested(mnist.load(mnist_file)) if mnist_file else None,
        {str(path): scanned[path].drawings for path in digits},
        {str(path): scanned[path].drawings for path in not_digits},
        {str(path): images.read(path) for path in not_digit_images},
        {str(path): found.without_ink for path, found in scanned.items() if found.without_ink},
    )
    for path, drawings in material.digits.items():
        unipen.labels(drawings, path)
    _check_sheets(material)
    return material


def _check_sheets(material):
    digits, *others = (
        sum(map(len, of.values())) for of in (material.digits, material.not_digits, material.not_digit_images)
    )
    if (sheets := len(PLACEMENTS) * digits + sum(others)) > _MOST_SHEETS:
        raise UserError(
            f"The files make {sheets:,} sheets, at most {_MOST_SHEETS:,} are measured; give a part of them."
        )


def kind_of(label: str) -> str:
    """Return which of the KINDS a drawing that is no digit belongs to; what can be read as a digit is one by itself."""
    if label in recordings.LIKE_DIGITS or label.isdecimal():
        return LIKE_DIGITS
    return LETTERS if label.isalpha() else SYMBOLS


def tested(whole: mnist.Mnist) -> tuple[np.ndarray, np.ndarray]:
    """Return MNIST's test images and labels."""
    return whole.test_images, whole.test_labels


def held_out() -> dict[str, list[strokes.Drawing]]:
    """Return the built-in pen digits that no training has seen, as smooth curves."""
    _, drawings = recordings.split(unipen.read(pens.PEN_DIGITS))
    return {HELD_OUT: [strokes.smoothed(drawing) for drawing in drawings]}


def checks() -> dict[str, np.ndarray]:
    """Return what no model should take for a digit, grids (n, 28, 28) by name, the same ones every time."""
    rng = np.random.default_rng(0)
    dots = [strokes.Drawing(".", [position[None]]) for position in rng.uniform(1, grid.SIZE - 1, (_CHECKED, 2))]
    return {
        "uniform noise": rng.random((_CHECKED, *grid.SHAPE), np.float32),
        "empty sheet": grid.empty(1),
        "one dot": np.stack([drawn(dot.paths) for dot in dots]),
        "full sheet": 1 - grid.empty(1),
    }
