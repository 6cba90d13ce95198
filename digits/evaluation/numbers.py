"""How well whole numbers are read: recorded ones, or composed of recorded digits; on a sheet, and as pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError, modelfile
from digits.evaluation import metrics, testsets
from digits.files import pictures, unipen
from digits.ink import brush, strokes
from digits.ink.sheet import ROWS, Sheet, columns_for
from digits.ink.strokes import Drawing
from digits.reading import engine, pages, sheets
from digits.reading.answer import Answer, answered
from digits.safe_text import shown as safe

COUNT = 1000  # numbers that are composed
GAPS = {"apart": (1, 6), "tight": (-2, 0)}  # columns between the boxes around the ink of neighbouring digits
_DIGITS, _HEIGHTS, _JITTER = (2, 6), (13, 22), 2  # of a number; cells of a digit; cells that one stands higher or lower
_LONGEST = 12  # digits, as on the window's widest sheet
_HEIGHT, _MARGIN = 20, 2  # cells of a recorded number on the sheet, and around it
_SIGNS = {"-": "minus", ".": "point", " ": "space"}
_MINUS = (4, 12), (6, 11), (-0.15, 0.15)  # cells: how wide, how high above the feet of digits; its slope
_POINT = (-1.5, 1), (0, 4)  # cells to the right and down, from its beginning at the feet: a touch, or a comma
_SPACE, _GROUP = (9, 18), 3  # cells beside the usual gap: from half of a digit's height on; digits
_PIXELS = (60, 140)  # height of a number on a picture
_PEN = (0.02, 0.05)  # radius of the pen on it, heights of the number

Ask = Callable[[np.ndarray], np.ndarray]  # gives the probabilities (n, 10) of grids (n, 28, 28)


class Read(NamedTuple):
    """What numbers were read as."""

    numbers: list[Drawing]  # in cells
    answers: list[str]  # as people write them
    probabilities: np.ndarray  # (n,) of each number, as it was answered

    @property
    def labels(self) -> list[str]:
        """What the numbers are."""
        return [number.label for number in self.numbers]

    @property
    def is_right(self) -> np.ndarray:
        """Whether each number (n,) was read right, digit for digit; spaces make no other number of it."""
        return np.array([answer == label for answer, label in self._unspaced()])

    @property
    def digits_right(self) -> float:
        """The share of digits that needed no edit (Levenshtein 1966)."""
        pairs = self._unspaced()
        return 1 - sum(_distance(*pair) for pair in pairs) / sum(len(label) for _, label in pairs)

    @property
    def signs(self) -> dict[str, dict[str, int]]:
        """How many of each kind were written, how many of these were missed, and how many read where there are none."""
        return {name: self._counts(sign) for sign, name in _SIGNS.items()}

    def _counts(self, sign):
        pairs = [
            (label.count(sign), answer.count(sign)) for label, answer in zip(self.labels, self.answers, strict=True)
        ]
        return {
            "written": sum(written for written, _ in pairs),
            "missed": sum(max(0, written - read) for written, read in pairs),
            "invented": sum(max(0, read - written) for written, read in pairs),
        }

    def _unspaced(self):
        """Return answers and labels as programs write them."""
        texts = ([text.replace(" ", "") for text in some] for some in (self.answers, self.labels))
        return list(zip(*texts, strict=True))


def measure(model: Path, files: list[Path], digits: list[Path]) -> dict[str, dict[str, Read]]:
    """Return what a model's file reads, by what it is shown and how: "strokes" on a sheet, and "pictures".

    files: recorded numbers.  digits: of which they are composed where there are no files; the built-in ones by default.
    Raises UserError where one of them cannot be used.
    """
    shown = _recorded(files) if files else _composed(digits)
    loaded, threshold = engine.load(model), modelfile.read_threshold(model)
    ways = {"strokes": read_sheets, "pictures": read_pictures}
    return {
        name: {way: read(numbers, loaded.probabilities, threshold) for way, read in ways.items()}
        for name, numbers in shown.items()
    }


def _recorded(files):
    numbers = {path: unipen.scan(path, unipen.NUMBER_LEVELS).drawings for path in files}
    for path, drawings in numbers.items():
        check(drawings, path)
    return {str(path): on_sheets(drawings) for path, drawings in numbers.items()}


def _composed(files):
    digits = testsets.gather(None, files, [], []).digits if files else testsets.held_out()
    drawings = [drawing for some in digits.values() for drawing in some]
    plain = {f"composed, {name}": composed(drawings, gaps, COUNT) for name, gaps in GAPS.items()}
    return plain | {"composed, with signs": signed(drawings, COUNT)}


def check(drawings: list[Drawing], path: Path) -> None:
    """Raise UserError naming `path` if a drawing's label is no whole number of at most 12 digits."""
    for drawing in drawings:
        if not (drawing.label.isascii() and drawing.label.isdecimal() and len(drawing.label) <= _LONGEST):
            raise UserError(
                f"{path}: the label {drawing.label[:40]!a} is no whole number; expected up to {_LONGEST} digits."
            )


def composed(digits: list[Drawing], gaps: tuple[float, float], count: int) -> list[Drawing]:
    """Return numbers of 2 to 6 recorded digits side by side on a sheet, in cells, the same ones every time.

    gaps: of the columns between the boxes around their ink, from and to, below 0 where they overlap.
    """
    rng = np.random.default_rng(0)
    return [_number(digits, gaps, rng) for _ in range(count)]


def signed(digits: list[Drawing], count: int) -> list[Drawing]:
    """Return numbers likewise, standing apart, half of them with a minus, half with a decimal point.

    Of those with thousands half have spaces between them.
    """
    rng = np.random.default_rng(0)
    return [_number(digits, GAPS["apart"], rng, has_signs=True) for _ in range(count)]


def _number(digits, gaps, rng, has_signs=False):
    parts = [digits[at] for at in rng.integers(len(digits), size=rng.integers(_DIGITS[0], _DIGITS[1] + 1))]
    parts = _with_signs(parts, rng) if has_signs else parts
    paths, left = [], float(_MARGIN)
    for part in parts:
        if part.label == " ":  # as wide as its path, of which nothing is drawn
            left += strokes.box(part.paths).width
            continue
        placed, width = _placed(part, left, rng)
        paths += placed
        left += width + rng.uniform(*gaps) + 2 * brush.DEFAULT.radius
    return Drawing("".join(part.label for part in parts), paths)


def _with_signs(digits, rng):
    (wide, raised, slope), point = (rng.uniform(*span) for span in _MINUS), [rng.uniform(*span) for span in _POINT]
    minus = Drawing("-", [np.array([(0, -raised), (wide, wide * slope - raised)])])
    at = int(rng.integers(1, len(digits)))
    points = [Drawing(".", [np.array([(0, 0), point])])] * rng.integers(2)
    minuses = [minus] * rng.integers(2)
    before, after = (digits[:at], digits[at:]) if points else (digits, [])
    return [*minuses, *_with_spaces(before, *rng.spawn(1)), *points, *after]  # spaces take no chance from what follows


def _with_spaces(digits, rng):
    """Return digits before the point, half of the time with a space before each three."""
    space = Drawing(" ", [np.array([(0, 0), (rng.uniform(*_SPACE), 0)])])
    spaces = [space] * rng.integers(2)
    starts = range(len(digits) % _GROUP, len(digits), _GROUP)
    return [part for at, digit in enumerate(digits) for part in (*(spaces if at and at in starts else ()), digit)]


def _placed(part, left, rng):
    """Return the paths of a digit or a sign from a place on to the right, and how wide it is."""
    box = strokes.box(part.paths)
    baseline = ROWS - _MARGIN - _JITTER
    if part.label in _SIGNS:  # which are as large and as high as they are
        return [path + (left + box.width / 2 - box.x, baseline) for path in part.paths], box.width
    scale = float(strokes.scale_to(rng.uniform(*_HEIGHTS), box.width, box.height))
    baseline += rng.uniform(-_JITTER, _JITTER)
    middle = left + scale * box.width / 2, baseline - scale * box.height / 2
    return [(path - (box.x, box.y)) * scale + middle for path in part.paths], scale * box.width


def on_sheets(numbers: list[Drawing]) -> list[Drawing]:
    """Return recorded numbers in the middle of sheets for as many digits, 20 cells high or less, in cells."""
    return [Drawing(number.label, _centred(number)) for number in numbers]


def _centred(number):
    box = strokes.box(number.paths)
    columns = columns_for(len(number.label))
    scale = min(_HEIGHT / max(box.height, 1e-6), (columns - 2 * _MARGIN) / max(box.width, 1e-6))
    return [(path - (box.x, box.y)) * scale + (columns / 2, ROWS / 2) for path in number.paths]


def read_sheets(numbers: list[Drawing], ask: Ask, threshold: float) -> Read:
    """Return what is read of numbers in cells, each drawn stroke by stroke on a sheet of the window's."""
    return _read(numbers, lambda number: [_on_sheet(number, ask, threshold)])


def read_pictures(numbers: list[Drawing], ask: Ask, threshold: float) -> Read:
    """Return what is read of numbers as pictures, 60 to 140 pixels high, drawn with pens of several widths."""
    rng = np.random.default_rng(0)
    return _read(numbers, lambda number: _on_picture(picture(number, rng), ask, threshold))


def _read(numbers, answers_to):
    texts, probabilities = [], []
    for number in numbers:
        answers = answers_to(number)
        texts.append("\n".join(answer.written for answer in answers))
        probabilities.append(np.prod([answer.probability for answer in answers]))
    return Read(numbers, texts, np.array(probabilities))


def sheet_of(number: Drawing) -> Sheet:
    """Return a sheet on which a mouse has written a number, in cells."""
    right = max(path[:, 0].max() for path in number.paths)
    sheet = Sheet(max(columns_for(max(2, len(number.label))), int(right) + _MARGIN))
    for path in number.paths:
        sheet.begin(path[0])
        sheet.extend(path[1:])
        sheet.end()
    return sheet


def _on_sheet(number, ask, threshold) -> Answer:
    sheet = sheet_of(number)
    return answered(sheet.ink, sheets.read(sheet.ink, sheet.paths, ask, threshold), threshold)


def picture(number: Drawing, rng: np.random.Generator):
    """Return a Pillow image of a number, black on white."""
    from PIL import Image

    box = strokes.box(number.paths)
    height = rng.uniform(*_PIXELS)
    radius, scale = height * rng.uniform(*_PEN), height / max(box.height, 1e-6)
    edge = radius + 4
    ink = np.zeros((int(height + 2 * edge), int(box.width * scale + 2 * edge)), np.float32)
    corner = np.array([box.x - box.width / 2, box.y - box.height / 2])
    lines = [brush.lines((path - corner) * scale + edge) for path in number.paths]
    brush.draw(ink, np.concatenate(lines), radius=radius)
    return Image.fromarray((255 * (1 - ink)).round().astype(np.uint8))


def _on_picture(image, ask, threshold) -> list[Answer]:
    """Return the answers to the lines of a picture, as `--read` gives them; none where it finds no ink."""
    try:
        inks = [pictures.from_image(image), *(line.ink for line in pages.lines(pictures.page(image).ink))]
    except UserError:
        return []
    alone, *answers = (answered(ink, sheets.read(ink, None, ask, threshold), threshold) for ink in inks)
    return answers if pages.is_number(alone, answers) else [alone]


def _distance(one, other):
    """Return how many digits must be put in, left out or changed to make one text of another."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row = row, [at]
        for place, wanted in enumerate(other, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != wanted)))
    return row[-1]


def as_data(found: dict[str, dict[str, Read]]) -> dict:
    """Return all figures as plain data: shares in [0, 1], of whole numbers with the bounds of 95 % intervals."""
    return {name: {way: _figures(read) for way, read in ways.items()} for name, ways in found.items()}


def _figures(read):
    right, count = read.is_right, len(read.labels)
    return {
        "count": count,
        "right": metrics.share(int(right.sum()), count)._asdict(),
        "digits right": read.digits_right,
        "mean probability": float(read.probabilities.mean()),
        "signs": read.signs,
        "misread": [(read.labels[at], read.answers[at]) for at in np.flatnonzero(~right)],
    }


def as_text(data: dict) -> str:
    """Return the figures, as `as_data` gives them, as a page for people."""
    parts = ([safe(name), *(line for way in ways.items() for line in _lines(*way))] for name, ways in data.items())
    return "\n\n".join(map("\n".join, parts))


def _lines(way, figures):
    right = metrics.Share(**figures["right"])
    yield (
        f"{way:9} {right}  n {figures['count']:,}  digits right {100 * figures['digits right']:.2f} %"
        f"  mean probability {100 * figures['mean probability']:.1f} %"
    )
    signs = figures["signs"]
    if any(of["written"] or of["invented"] for of in signs.values()):
        told = (
            f"{name} {of['missed']} of {of['written']} missed, {of['invented']} invented" for name, of in signs.items()
        )
        yield f"{'':9} {'; '.join(told)}"
