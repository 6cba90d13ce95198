"""The last drawings: what was on the sheet before, and what was answered to it."""

from dataclasses import dataclass

import numpy as np

from digits.ink.sheet import Act, Sheet
from digits.reading.answer import Answer, Number

MOST = 24  # drawings
FINE = 100  # units to a cell: positions in recordings are whole numbers


@dataclass(frozen=True, eq=False)
class Entry:
    """A drawing that was on the sheet; an entry equals no other but itself."""

    ink: np.ndarray  # (28, columns), read-only
    acts: tuple[Act, ...]  # which give this ink on bare paper
    answer: Answer | None  # to this very ink; None where none was there yet

    @property
    def words(self) -> str:
        """The answer in words."""
        return str(self.answer or "")

    @property
    def is_sure(self) -> bool:
        """Whether there is an answer that nothing is doubtful about."""
        return self.answer is not None and not self.answer.is_doubtful

    @property
    def label(self) -> str:
        """What was read, in few letters: "?" for what is perhaps no digit, of a number for that digit alone."""
        return self.answer.text if self.is_sure or isinstance(self.answer, Number) else "?"

    @property
    def strokes(self) -> list[np.ndarray]:
        """Its strokes without what was erased, as recordings have them: each (k, 2), in hundredths of a cell.

        There is none where a picture is part of it.
        """
        sheet = Sheet(self.ink.shape[1])
        sheet.repeat(self.acts)
        return [np.round(FINE * points[:, :2]) for points in sheet.paths or []]


History = tuple[Entry, ...]  # newest first, each drawing once


def added(history: History, entry: Entry) -> History:
    """Return a history with a newest entry; the same drawing further back makes room, and so does the oldest."""
    others = (other for other in history if not np.array_equal(other.ink, entry.ink))
    return (entry, *others)[:MOST]
