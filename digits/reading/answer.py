"""What the network makes of a digit or a number, in figures and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from digits.reading.numbers import Digit

CERTAIN = 0.9  # of the digit's probability, from where nobody needs to hear of the runner-up


@dataclass(frozen=True, eq=False)
class Reason:
    """Why an answer is as it is."""

    effects: np.ndarray  # (28, columns): what the cell's ink adds to the log odds of the digit, or, below 0, takes away
    sentence: str  # on what would be another answer; empty for a bare sheet
    place: np.ndarray  # (28, columns) bool: the cells that the sentence is about


@dataclass(frozen=True, eq=False)
class Layer:
    """What a layer of the network sees."""

    maps: np.ndarray  # (k, rows, columns), 0 to 1: small pictures, each of its own feature


@dataclass(frozen=True, eq=False)
class Answer:
    """What the network made of a sheet with one digit; an answer equals no other but itself."""

    ink: np.ndarray  # (28, columns): the very sheet that was asked about
    probabilities: np.ndarray  # (10,)
    why: Reason | None = None  # where it was asked for
    threshold: float = 0.5  # of the digit's probability, below which it is perhaps no digit
    inside: tuple[Layer, ...] | None = None  # likewise, first layer first; empty where none sees pictures

    @property
    def digit(self) -> int:
        """The most probable digit."""
        return int(self.probabilities.argmax())

    @property
    def runner_up(self) -> int:
        """The second most probable one."""
        return int(np.argsort(-self.probabilities, kind="stable")[1])

    @property
    def probability(self) -> float:
        """The probability of what was read, in [0, 1]."""
        return float(self.probabilities[self.digit])

    @property
    def percent(self) -> int:
        """The same in whole per cent."""
        return round(100 * self.probability)

    @property
    def is_doubtful(self) -> bool:
        """Whether it is perhaps no digit at all."""
        return bool(self.probabilities[self.digit] < self.threshold)

    @property
    def is_torn(self) -> bool:
        """Whether it is a digit, but perhaps the runner-up."""
        return not self.is_doubtful and bool(self.probabilities[self.digit] < CERTAIN)

    @property
    def other(self) -> str:
        """What else it may be, with the runner-up in it."""
        return str(self.runner_up)

    @property
    def text(self) -> str:
        """What was read, as one writes it."""
        return str(self.digit)

    @property
    def written(self) -> str:
        """The most probable digits, be they doubtful or not, as people write numbers: with signs and spaces."""
        return self.text

    @property
    def number(self) -> str:
        """The same as programs write numbers, such as "-3.5": without spaces."""
        return self.written.replace(" ", "")

    @property
    def parts(self) -> "list[Answer]":
        """The answers about single digits, from left to right."""
        return [self]

    def __str__(self):
        doubt = ", not a digit?" if self.is_doubtful else f" (or {self.other})" if self.is_torn else ""
        return f"{self.digit} - {self.percent} %{doubt}"


class Place(NamedTuple):
    """Where a digit of a number stands, and what the network made of it."""

    box: tuple[float, float, float, float]  # left, top, right and bottom, in cells or pixels
    answer: Answer  # about the digit alone, drawn anew on a grid of its own
    sign: str = ""  # what is written before it: "-", ".", or a space between thousands


@dataclass(frozen=True, eq=False)
class Number(Answer):
    """What a sheet of several digits, or of one after a minus, shows; probabilities are the least certain digit's."""

    places: tuple[Place, ...] = ()  # of the digits, from left to right

    @property
    def text(self) -> str:
        """The digits with their signs and spaces, "?" for each that is perhaps none."""
        return self._with_signs(["?" if part.is_doubtful else part.text for part in self.parts])

    @property
    def written(self) -> str:
        """The most probable digits, be they doubtful or not, with their signs and spaces."""
        return self._with_signs([part.text for part in self.parts])

    def _with_signs(self, digits):
        return "".join(place.sign + digit for place, digit in zip(self.places, digits, strict=True))

    @property
    def parts(self) -> list[Answer]:
        """The answers about single digits, from left to right."""
        return [place.answer for place in self.places]

    @property
    def probability(self) -> float:
        """The probability of the whole number, in [0, 1]."""
        return float(np.prod([part.probability for part in self.parts]))

    @property
    def other(self) -> str:
        """The number with the runner-up in the place of its least certain digit."""
        digits = [part.text for part in self.parts]
        digits[int(np.argmin([part.probability for part in self.parts]))] = str(self.runner_up)
        return self._with_signs(digits)

    @property
    def doubt(self) -> str:
        """What speaks against it, in words: a digit that may be none, or another number; empty where nothing does."""
        if self.is_doubtful:
            return "? may be no digit"
        return f"or {self.other}" if self.is_torn else ""

    def __str__(self):
        doubt = f", {self.doubt}" if self.doubt else ""
        return f"{self.text} - {self.percent} %{doubt}"


def is_number(digits: Sequence[Digit]) -> bool:
    """Whether digits make a number: several, or one after a minus."""
    return len(digits) > 1 or any(digit.sign for digit in digits)


def answered(
    ink: np.ndarray,
    digits: Sequence[Digit],
    threshold: float,
    why: Reason | None = None,
    inside: tuple[Layer, ...] | None = None,
) -> Answer:
    """Return what a sheet's ink (28, columns) shows, given its digits from left to right.

    threshold: of a digit's probability, below which it is perhaps none.
    """
    if not is_number(digits):
        return Answer(ink, digits[0].probabilities, why, threshold, inside)
    places = tuple(Place(d.box, Answer(d.grid, d.probabilities, threshold=threshold), d.sign) for d in digits)
    least = min(places, key=lambda place: place.answer.probability)
    return Number(ink, least.answer.probabilities, why, threshold, inside, places)


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer: one sentence."""

    sentence: str
