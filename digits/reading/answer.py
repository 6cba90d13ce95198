"""What the network makes of a grid, in figures and in words."""

from dataclasses import dataclass

import numpy as np

CERTAIN = 0.9  # of the digit's probability, from where nobody needs to hear of the runner-up


@dataclass(frozen=True, eq=False)
class Reason:
    """Why an answer is as it is."""

    effects: np.ndarray  # (28, 28): what the cell's ink adds to the log odds of the digit, or, below 0, takes away
    sentence: str  # on what would be another answer; empty for a bare sheet
    place: np.ndarray  # (28, 28) bool: the cells that the sentence is about


@dataclass(frozen=True, eq=False)
class Layer:
    """What a layer of the network sees."""

    maps: np.ndarray  # (k, rows, columns), 0 to 1: small pictures, each of its own feature


@dataclass(frozen=True, eq=False)
class Answer:
    """What the network made of a grid; an answer equals no other but itself."""

    ink: np.ndarray  # (28, 28): the very grid that was asked about
    probabilities: np.ndarray  # (10,)
    why: Reason | None = None  # where it was asked for
    inside: tuple[Layer, ...] | None = None  # likewise, from the first layer on; empty where none sees pictures
    threshold: float = 0.5  # of the digit's probability, below which it is perhaps no digit

    @property
    def digit(self) -> int:
        """The most probable digit."""
        return int(self.probabilities.argmax())

    @property
    def runner_up(self) -> int:
        """The second most probable one."""
        return int(np.argsort(-self.probabilities, kind="stable")[1])

    @property
    def percent(self) -> int:
        """The probability of the digit."""
        return round(100 * float(self.probabilities[self.digit]))

    @property
    def is_doubtful(self) -> bool:
        """Whether it is perhaps no digit at all."""
        return bool(self.probabilities[self.digit] < self.threshold)

    @property
    def is_torn(self) -> bool:
        """Whether it is a digit, but perhaps the runner-up."""
        return not self.is_doubtful and bool(self.probabilities[self.digit] < CERTAIN)

    def __str__(self):
        doubt = ", not a digit?" if self.is_doubtful else f" (or {self.runner_up})" if self.is_torn else ""
        return f"{self.digit} - {self.percent} %{doubt}"


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer: one sentence."""

    sentence: str
