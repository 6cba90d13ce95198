"""Recorded pen drawings as UNIPEN text, in and out: single files, and folders as UNIPEN itself is distributed.

Guyon et al. 1994, "UNIPEN project of on-line data exchange and recognizer benchmarks". Two layouts are read. In one the
ink of a drawing follows its .SEGMENT. In the other .SEGMENT names components, counted from 0 over everything that the
file has included (`12`, `12-14`, `3,5`, `12:0-12:42`: points of a component); a component is a .PEN_DOWN here, as in
train_r01_v07, and included files lie in a folder `include` beside the data or above it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.files import bounded, guards, writing
from digits.ink.strokes import Drawing

_MOST_BYTES = 16_000_000  # of text in a file; four times the largest collection of pen digits known to us
_MOST_FILES = 20_000  # in a folder; UNIPEN's train_r01_v07 has about 5,000
_MOST_DRAWINGS = 200_000
_MOST_STROKES = 1000  # of a drawing
_DEEPEST = 3  # files that include files
_LEVELS = ("CHARACTER", "DIGIT", "DRAWING")  # of .SEGMENT; words and lines of text are left to others
_KEYWORD = re.compile(r"^[ \t]*\.([A-Z_]+)[ \t]*(.*)$", re.MULTILINE)
_SEGMENT = re.compile(r'(\w+)[ \t]+(\S+)[ \t]+(?:\S+[ \t]+)?"((?:[^"\\]|\\.)+)"')  # level, components, quality, label
_PART = re.compile(r"(\d{1,7})(?::(\d{1,7}))?(?:-(\d{1,7})(?::(\d{1,7}))?)?", re.ASCII)
_LABEL_WRITER_NUMBER = re.compile(r"(\d)\s+(\d+)\s+\d+", re.ASCII)  # the comments of pendigits-orig


class Recordings(NamedTuple):
    """What a file or a folder holds."""

    drawings: list[Drawing]
    without_ink: int  # segments whose ink is missing, and which were left out


def read(path: Path) -> list[Drawing]:
    """Return the drawings in a file of UNIPEN text (y up), also one compressed by gzip (.gz), or in a folder of them.

    Raises UserError if it cannot be read or holds no drawing, with the line that is wrong.
    """
    return scan(path).drawings


def scan(path: Path) -> Recordings:
    """Return the drawings as `read` does, and how many were left out because their ink is missing."""
    files = _files_below(path) if path.is_dir() else [path]
    library, drawings, missing = _Library(), [], 0
    for file in files:
        for drawing in _Reader(file, path.name, library).drawings():
            if drawing.paths:
                drawings.append(drawing)
            else:
                missing += 1
            if len(drawings) + missing > _MOST_DRAWINGS:
                raise UserError(f"{path} has more than {_MOST_DRAWINGS:,} drawings; give a part of it.")
    if not drawings:
        raise UserError(f"{path} holds no pen drawing; expected UNIPEN text with .SEGMENT, .PEN_DOWN and .PEN_UP.")
    return Recordings(drawings, missing)


def write(path: Path, drawings: list[Drawing]) -> None:
    """Write drawings as UNIPEN text, positions rounded to whole units; raises UserError where that cannot be."""
    lines = [".HIERARCHY DRAWING"]
    for number, drawing in enumerate(drawings):
        label = re.sub(r'(["\\])', r"\\\1", drawing.label)
        lines += ["", f'.SEGMENT DRAWING {number} ? "{label}"', f".COMMENT {drawing.comment}".rstrip()]
        for stroke in drawing.paths:
            points = [f" {round(x)} {round(-y)}" for x, y in stroke.tolist()]
            lines += [".PEN_DOWN", *points, ".PEN_UP", ".DT 100"]
    text = "\n".join(lines) + "\n"
    writing.write_whole(path, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))


def labels(drawings: list[Drawing], path: Path) -> np.ndarray:
    """Return the labels (n,) of drawings that are digits; raises UserError naming `path` if one is no digit."""
    for drawing in drawings:
        if drawing.label not in tuple("0123456789"):
            raise UserError(f"{path}: the label {ascii(drawing.label)[:40]} is no digit; expected 0 to 9.")
    return np.array([int(drawing.label) for drawing in drawings])


def _files_below(folder):
    """Return the files of a folder that may hold drawings; what lies in a folder `include` is there to be included."""
    files = []
    for file in sorted(folder.rglob("*.dat")):
        if "include" not in file.relative_to(folder).parts and file.is_file():
            files.append(file)
        if len(files) > _MOST_FILES:
            raise UserError(f"{folder} has more than {_MOST_FILES:,} files; give a part of it.")
    return files


class _Command(NamedTuple):
    """A keyword of a file, what stands behind it, and the lines below it."""

    line: int
    word: str
    rest: str
    body: str


def _commands(text) -> Iterator[_Command]:
    line, seen = 1, 0
    keywords = list(_KEYWORD.finditer(text))
    for keyword, following in zip(keywords, [*keywords[1:], None], strict=False):
        line += text.count("\n", seen, keyword.start())
        seen = keyword.start()
        body = text[keyword.end() : following.start() if following else len(text)]
        yield _Command(line, keyword[1], keyword[2].strip(), body)


_Components = list[np.ndarray]  # each (k, 2), y down; k may be 0


class _Library:
    """The included files, each read once."""

    def __init__(self):
        self._known = {}

    def components(self, file: Path, depth: int) -> _Components:
        """Return the components of a file and of those that it includes; raises UserError."""
        if file not in self._known:
            if depth > _DEEPEST:
                raise UserError(f"{file} is included too deeply, at most {_DEEPEST} files within files are read.")
            components = []
            for command in _commands(_text(file)):
                if command.word == "PEN_DOWN":
                    components.append(_points(file, command))
                elif command.word == "INCLUDE":
                    components += self.included(file, command.rest, depth)
            self._known[file] = components
        return self._known[file]

    def included(self, file: Path, name: str, depth: int = 0) -> _Components:
        """Return what a file includes by a name; nothing where that is not in a folder `include` of its own tree."""
        for folder in file.parents:
            root = (folder / "include").resolve()
            wanted = (root / name).resolve() if "\0" not in name else root
            if wanted.is_relative_to(root) and wanted.is_file():
                return self.components(wanted, depth + 1)
        return []


class _Reader:
    """The drawings of one file."""

    def __init__(self, file, collection, library):
        self._file, self._library = file, library
        self._components = []
        self._writer, self._source = "", collection

    def drawings(self) -> Iterator[Drawing]:
        """Yield the file's drawings, without paths where their ink is missing."""
        drawing = None
        for command in _commands(_text(self._file)):
            if command.word == "INCLUDE":
                self._include(command.rest)
            elif command.word == "SEGMENT":
                if drawing:
                    yield drawing
                drawing = self._segment(command)
            elif command.word == "COMMENT" and drawing and not drawing.comment:
                drawing = self._commented(drawing, command.rest)
            elif command.word == "WRITER_ID":
                self._writer = command.rest[:80]
            elif command.word == "PEN_DOWN":
                self._add(drawing, _points(self._file, command))
        if drawing:
            yield drawing

    def _include(self, name):
        """Take in an included file; its path names the provider first and the writer last."""
        if found := self._library.included(self._file, name):
            self._components += found
            self._writer, self._source = Path(name).stem, Path(name).parts[0]

    def _segment(self, command):
        described = _SEGMENT.match(command.rest)
        if not described:
            raise UserError(
                f'{self._file}, line {command.line}: a .SEGMENT ends in its label in quotes, such as "7", after its '
                "level and components."
            )
        level, components, label = described.groups()
        if level not in _LEVELS:
            return None
        paths = self._delineated(components) if self._components else []
        return Drawing(re.sub(r'\\(["\\])', r"\1", label), paths, "", self._writer, self._source)

    def _commented(self, drawing, comment):
        recorded = _LABEL_WRITER_NUMBER.fullmatch(comment)
        writer = recorded[2] if recorded and recorded[1] == drawing.label else drawing.writer
        return Drawing(drawing.label, drawing.paths, comment, writer, drawing.source)

    def _add(self, drawing, points):
        """Take in a stroke that stands in the file itself."""
        if drawing and len(points) and not self._components and len(drawing.paths) < _MOST_STROKES:
            drawing.paths.append(points)

    def _delineated(self, components):
        """Return the paths that a segment names; none where one of them has no ink."""
        paths = []
        for part in components.split(","):
            if not (span := _PART.fullmatch(part)):
                return []
            first, begin, last, end = (int(number) if number else None for number in span.groups())
            last = first if last is None else last
            if not 0 <= last - first < _MOST_STROKES or last >= len(self._components):
                return []
            for number in range(first, last + 1):
                start = begin if number == first and begin else 0
                stop = end + 1 if number == last and end is not None else None
                paths.append(self._components[number][start:stop])
        return paths if paths and all(_has_ink(path) for path in paths) else []


def _has_ink(path):
    """Whether a component is more than the place of one whose ink was taken out of the collection."""
    return len(path) > 0 and bool(path.any())


def _text(path):
    if guards.is_special(path):
        raise UserError(f"{path} is no file of pen drawings.")
    try:
        return bounded.read_file(path, _MOST_BYTES).decode("utf-8", errors="replace")
    except FileNotFoundError as error:
        raise UserError(f"{path}: there is no such file of pen drawings.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from error
    except bounded.BoundsError as error:
        raise UserError(f"{path} holds no pen drawings that can be read: {error}.") from error


def _points(file, command):
    """Return the pen positions (k, 2) below a .PEN_DOWN, y down; of further columns nothing is taken."""
    lines = command.body.strip().split("\n")
    try:
        columns = max(2, len(lines[0].split()))
        points = np.array(command.body.split(), np.float64).reshape(-1, columns)[:, :2]
    except ValueError:
        raise _wrong_line(file, command) from None
    if not (np.abs(points) < 1e6).all():  # nan is not below either
        raise _wrong_line(file, command)
    return (points * (1, -1)).astype(np.float32)


def _wrong_line(file, command):
    """Return the error of the first line below a .PEN_DOWN that is no pen position."""
    columns = len(command.body.strip().split("\n")[0].split())
    number, line = next(
        (number, line)
        for number, line in enumerate(command.body.split("\n"), command.line)
        if (parts := line.split()) and not (len(parts) == max(2, columns) and all(map(_is_position, parts[:2])))
    )
    return UserError(
        f"{file}, line {number}: expected a pen position, two numbers within a million, not {ascii(line.strip())[:40]}."
    )


def _is_position(text):
    try:
        return abs(float(text)) < 1e6
    except ValueError:
        return False
