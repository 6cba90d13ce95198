"""What it is worth to learn a hand: each of many people's, measured on what else they drew and on all others.

A model learns five of each digit of one person, or, from corrections alone, what it misread of the first fifty; then
comes the next person. People whom the model was trained on are left out, and so are those with few digits.
"""

import math
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError, modelfile, quiet
from digits.command_line import say
from digits.data import mnist, recordings
from digits.evaluation import predictions, testsets
from digits.files import unipen
from digits.ink import grid, strokes
from digits.safe_text import shown

FEWEST = 60  # digits of a person who is measured
EACH = 5  # of each digit that are learnt
FIRST = 50  # digits among which mistakes are corrected
CHANCE = 0.05  # somebody is read worse by more than chance where that is less probable than this
FIVE, CORRECTIONS = "5 of each digit", "corrections alone"
_People = dict[str, list[strokes.Drawing]]


class Figures(NamedTuple):
    """What learning one hand did."""

    writer: str
    learnt: int  # drawings
    taken: float  # share of the way from the old weights to the new ones; 0 where nothing was better
    count: int  # sheets: each digit that was not learnt in all placements
    before: int  # of them read wrong
    after: int
    is_worse: bool  # by more than chance
    lost: dict[str, float]  # points, by what was to be kept
    seconds: float

    @property
    def removed(self) -> float:
        """The share of errors that are gone; negative where there are more."""
        return 1 - self.after / self.before


def measure(
    path: Path,
    files: list[Path],
    mnist_file: Path | None,
    not_digits: list[Path],
    told: Callable[[str], None] = lambda line: None,
) -> dict[str, list[Figures]]:
    """Return figures of each person in some files, by what was learnt; raises UserError.

    path: of the model.  mnist_file: MNIST, for replay and its test images.  not_digits: letters and symbols.  told: is
    told of each person who has been measured, for that takes long.
    """
    people = _people(files, modelfile.read_notes(path).get("trained on", []))
    bench = _Bench(path, people, mnist_file, not_digits)
    found = {FIVE: [], CORRECTIONS: []}
    for writer, drawings in people.items():
        if len(drawings) >= FEWEST:
            for rows, parts in zip(found.values(), (_five(drawings), bench.corrected(drawings)), strict=True):
                if all(parts):
                    rows.append(bench.figures(writer, *parts))
                    told(_row(rows[-1]._asdict()))
    return found


def _people(files, trained) -> _People:
    """Return the drawings of everybody whom a model does not know that was trained on some sources."""
    drawings = [drawing for path in files for drawing in _digits_in(path)]
    apart = {id(drawing) for drawing in recordings.of_left_out_writers(drawings)}
    people = defaultdict(list)
    for drawing in drawings:
        if drawing.writer and (drawing.source not in trained or id(drawing) in apart):
            people[f"{drawing.source}/{drawing.writer}"].append(drawing)
    if not any(len(drawn) >= FEWEST for drawn in people.values()):
        raise UserError(
            f"Nobody in the files has {FEWEST} digits or more and is new to the model; give recordings of other people."
        )
    return people


def _digits_in(path):
    drawings = unipen.read(path)
    unipen.labels(drawings, path)  # raises UserError where one is no digit
    return drawings


def _five(drawings):
    """Return the first drawings of each digit, and all others."""
    seen, taught, apart = defaultdict(int), [], []
    for drawing in drawings:
        seen[drawing.label] += 1
        (taught if seen[drawing.label] <= EACH else apart).append(drawing)
    return taught, apart


def _labels(drawings):
    return np.array([int(drawing.label) for drawing in drawings])


class _Bench:
    """A model that learns, and all that it is measured on."""

    def __init__(self, path, people: _People, mnist_file, not_digits):
        quiet.load_tensorflow()
        from digits.personal.learner import Learner

        self._images, self._threshold = mnist.load(mnist_file) if mnist_file else None, modelfile.read_threshold(path)
        self._learner = Learner(modelfile.load(path, say), self._images)
        letters = [drawing for file in not_digits for drawing in unipen.read(file)]
        letters = [drawing for drawing in letters if testsets.kind_of(drawing.label) == testsets.LETTERS]
        self._letters = strokes.draw(letters, testsets.OFF_CENTRE) if letters else None
        everybody = [drawing for drawings in people.values() for drawing in drawings]
        self._writers = np.repeat([*people], [len(drawings) for drawings in people.values()])
        self._sheets = strokes.draw(everybody, strokes.ANYWHERE), _labels(everybody)
        self._before = self._kept(self._threshold)

    def corrected(self, drawings):
        """Return the mistakes among a person's first drawings, and what was drawn later."""
        first = drawings[:FIRST]
        self._learner.blend(self._learner.before, 0)
        right = self._is_right(strokes.draw(first, strokes.ANYWHERE), _labels(first))
        return [drawing for drawing, is_right in zip(first, right, strict=True) if not is_right], drawings[FIRST:]

    def figures(self, writer, taught, apart) -> Figures:
        """Let the model learn some drawings of a writer, and measure it on others."""
        self._learner.blend(self._learner.before, 0)
        before, begin = self._errors(apart), time.monotonic()
        share, threshold = self._learn(taught)
        seconds, after = time.monotonic() - begin, self._errors(apart)
        lost = self._lost(self._kept(threshold), self._writers != writer) if share else {}
        count = len(apart) * len(testsets.PLACEMENTS)
        wrong = int(before.sum()), int(after.sum())
        return Figures(writer, len(taught), share, count, *wrong, is_worse(before, after), lost, seconds)

    def _lost(self, kept, others):
        """Return how many points were lost of each; of digits, those of `others` (n,)."""
        changed = {name: was - kept[name] for name, was in self._before.items()}
        changed["others"] = changed["others"][others]
        return {name: 100 * float(change.mean()) for name, change in changed.items() if len(change)}

    def _learn(self, taught):
        """Return how far the model went from its old weights, and its threshold there."""
        from digits.personal import lesson

        try:
            learnt = lesson.take(self._learner, taught, self._images, self._threshold)
        except lesson.NotBetterError:
            return 0.0, self._threshold
        return learnt.share, learnt.threshold

    def _is_right(self, grids, labels):
        return predictions.read(self._learner.network, grids).argmax(axis=1) == labels

    def _errors(self, drawings):
        """Return in how many placements each drawing is read wrong (n,)."""
        placed = (strokes.draw(drawings, placement) for placement in testsets.PLACEMENTS.values())
        return sum((~self._is_right(grids, _labels(drawings))).astype(int) for grids in placed)

    def _kept(self, threshold):
        """Return what shall not be lost, 0 or 1 each: whether a digit is read right, whether a letter is refused."""
        kept = {"others": self._is_right(*self._sheets).astype(int)}
        if self._images is not None:
            tested, labels = testsets.tested(self._images)
            kept["MNIST"] = self._is_right(grid.from_bytes(tested), labels).astype(int)
        if self._letters is not None:
            read = predictions.read(self._learner.network, self._letters)
            kept["letters"] = (read.max(axis=1) < threshold).astype(int)
        return kept


def is_worse(before: np.ndarray, after: np.ndarray) -> bool:
    """Return whether more drawings are read worse, and fewer better, than by chance (a sign test).

    before, after: (n,) in how many placements each drawing was read wrong.
    """
    worse, changed = int((after > before).sum()), int((after != before).sum())
    return sum(math.comb(changed, k) for k in range(worse, changed + 1)) < CHANCE * 2**changed


def as_data(found: dict[str, list[Figures]]) -> dict:
    """Return all figures as plain data."""
    return {
        what: {"together": _together(rows), "people": [row._asdict() for row in rows]}
        for what, rows in found.items()
        if rows
    }


def _together(rows):
    """Return means over people, and of the share of errors removed the sample standard deviation."""
    removed = [row.removed for row in rows if row.before]
    before, after = (np.mean([wrong / row.count for row, wrong in column]) for column in _errors_of(rows))
    return {
        "people": len(rows),
        "with errors": len(removed),
        "removed": float(np.mean(removed)) if removed else None,
        "deviation": float(np.std(removed, ddof=1)) if len(removed) > 1 else None,
        "removed of all": float(1 - after / before) if before else None,
        "worse": sum(row.is_worse for row in rows),
        "lost": {name: float(np.mean([row.lost.get(name, 0) for row in rows])) for name in _names(rows)},
        "seconds": float(np.median([row.seconds for row in rows])),
    }


def _names(rows):
    """Return all that was to be kept, as far as it was measured; nothing is lost where nothing was learnt."""
    return dict.fromkeys(name for row in rows for name in row.lost)


def _errors_of(rows):
    return [(row, row.before) for row in rows], [(row, row.after) for row in rows]


def as_text(data: dict) -> str:
    """Return the figures, as `as_data` gives them, as a page for people."""
    return "\n\n".join(_part(what, part["together"], part["people"]) for what, part in data.items())


def _part(what, together, people):
    lines = [f"learnt: {what}; {together['people']} people, {together['with errors']} with errors"]
    if together["removed"] is not None:
        spread = "" if together["deviation"] is None else f" (standard deviation {100 * together['deviation']:.0f})"
        lines += [
            f"errors removed, mean over people with errors  {100 * together['removed']:.0f} %{spread}",
            f"of all errors, everybody alike                {100 * together['removed of all']:.0f} %",
        ]
    lines += [f"people read worse by more than chance         {together['worse']}"]
    lines += [f"{f'lost, points, {name}':45} {points:+.2f}" for name, points in together["lost"].items()]
    lines += [f"seconds, median                               {together['seconds']:.1f}", ""]
    lines += [f"{'':24}{'learnt':>7}{'taken':>7}{'sheets':>7}{'wrong':>7}{'then':>6}"]
    return "\n".join(lines + [_row(person) for person in people])


def _row(person):
    columns = f"{person['learnt']:7}{person['taken']:7.1f}{person['count']:7}{person['before']:7}{person['after']:6}"
    return f"{shown(person['writer'])[:23]:24}{columns}{'  worse' * person['is_worse']}"
