"""What a model answers to all that it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import modelfile
from digits.evaluation.testsets import KINDS, LIKE_DIGITS, OFF_CENTRE, PLACEMENTS, Material, checks, kind_of
from digits.files import unipen
from digits.ink import brush, grid, strokes
from digits.reading import engine


class Answers(NamedTuple):
    """What a model was shown and what it answered."""

    grids: np.ndarray  # (n, 28, 28)
    labels: np.ndarray  # (n,) digits, or of other things their names, "" where they have none
    probabilities: np.ndarray  # (n, 10)

    @property
    def answers(self) -> np.ndarray:
        """The digits (n,) it was taken for."""
        return self.probabilities.argmax(1)

    @property
    def confidence(self) -> np.ndarray:
        """The largest probability (n,) of each answer."""
        return self.probabilities.max(1)

    def where(self, mask: np.ndarray) -> "Answers":
        """Return the answers that a mask (n,) names."""
        return Answers(*(column[mask] for column in self))


def joined(parts: Iterable[Answers]) -> Answers:
    """Return several answers, at least one, as one."""
    return Answers(*(np.concatenate(column) for column in zip(*parts, strict=True)))


@dataclass
class Measured:
    """A model and its answers to all that it was shown, by file and, for drawn digits, by placement."""

    model: str
    parameters: int
    threshold: float  # the model's own confidence below which an answer is refused
    radius: float = brush.DEFAULT.radius  # of the brush that drawings were drawn with, in cells
    notes: dict = field(default_factory=dict)  # how it was trained, see `modelfile.read_notes`
    mnist: Answers | None = None
    drawn: dict[str, dict[str, Answers]] = field(default_factory=dict)
    writers: dict[str, np.ndarray] = field(default_factory=dict)  # (n,) of the drawn digits, by file, "" where unknown
    not_digits: dict[str, Answers] = field(default_factory=dict)
    not_digit_images: dict[str, Answers] = field(default_factory=dict)
    checks: dict[str, Answers] = field(default_factory=dict)  # what needs no file: noise, an empty sheet and the like

    @property
    def together(self) -> dict[str, Answers]:
        """The digits of all files, by placement."""
        files = [*self.drawn.values()]
        return {name: joined(file[name] for file in files) for name in files[0]} if files else {}

    @property
    def anywhere(self) -> Answers | None:
        """All digits drawn anywhere on the sheet."""
        return self.together.get("anywhere")

    @property
    def digits(self) -> dict[str, Answers]:
        """The digits it was shown, by what they are called: MNIST's test images, and drawn ones."""
        both = {"MNIST test": self.mnist, "drawn anywhere": self.anywhere}
        return {name: answers for name, answers in both.items() if answers is not None}

    @property
    def kinds(self) -> dict[str, Answers]:
        """The drawings that are no digit, of all files, by the `testsets.KINDS` that there are any of."""
        if not self.not_digits:
            return {}
        drawings = joined(self.not_digits.values())
        kinds = np.array([kind_of(label) for label in drawings.labels])
        return {kind: drawings.where(kinds == kind) for kind in KINDS if kind in kinds}

    @property
    def unlike_digits(self) -> list[Answers]:
        """The drawings that are no digit and are not shaped like one either, by kind."""
        return [answers for kind, answers in self.kinds.items() if kind != LIKE_DIGITS]


def ask(
    model,
    path: Path,
    material: Material,
    placements: dict[str, strokes.Placement] = PLACEMENTS,
    radius: float = brush.DEFAULT.radius,
) -> Measured:
    """Return the answers of a model, whose file is `path`, to everything it is shown; raises UserError.

    radius: of the brush that drawings are drawn with, in cells.
    """
    threshold, notes = modelfile.read_threshold(path), modelfile.read_notes(path)
    measured = Measured(str(path), model.count_params(), threshold, radius, notes)
    batch = modelfile.batch_size(path)

    def answers(grids, labels=None):
        return Answers(grids, np.full(len(grids), "") if labels is None else labels, read(model, grids, batch))

    if material.mnist:
        measured.mnist = answers(grid.from_bytes(material.mnist[0]), material.mnist[1])
    for file, drawings in material.digits.items():
        labels = unipen.labels(drawings, file)
        shown = {name: strokes.draw(drawings, placement, radius) for name, placement in placements.items()}
        measured.drawn[file] = {name: answers(grids, labels) for name, grids in shown.items()}
        measured.writers[file] = np.array([_writer(drawing) for drawing in drawings])
    for file, drawings in material.not_digits.items():
        names = np.array([drawing.label for drawing in drawings])
        measured.not_digits[file] = answers(strokes.draw(drawings, OFF_CENTRE, radius), names)
    for file, others in material.not_digit_images.items():
        measured.not_digit_images[file] = answers(grid.from_bytes(others))
    measured.checks = {name: answers(grids) for name, grids in checks().items()}
    return measured


def _writer(drawing):
    """Return who drew a drawing, with the source, as others have writers of the same name; "" where nobody says."""
    return drawing.writer and f"{drawing.source}/{drawing.writer}"


def read(model, grids: np.ndarray, batch: int = 500) -> np.ndarray:
    """Return a model's probabilities (n, 10) for grids (n, 28, 28), a batch at a time; raises UserError where not."""
    return engine.checked(model.predict(grids[..., None], batch_size=batch, verbose=0))
