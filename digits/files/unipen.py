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
from digits.files import writing
from digits.files.unipen_text import Budget, commands, points
from digits.ink.strokes import Drawing

_MOST_STROKES = 1000  # of a drawing
_DEEPEST = 3  # files that include files
_LEVELS = ("CHARACTER", "DIGIT", "DRAWING")  # of .SEGMENT; words and lines of text are left to others
NUMBER_LEVELS = (*_LEVELS, "NUMBER", "WORD")  # of whole numbers
_ESCAPED = r'\\(["\\])'  # in a label; a backslash before anything else is a part of it, as of UNIPEN's \@
_LONGEST_SEGMENT, _LONGEST_LABEL, _LONGEST_COMMENT, _LONGEST_NAME = 10_000, 100, 200, 80  # characters
_SEGMENT = re.compile(  # level, components, quality, label
    r'(\w+)[ \t]+(\S+(?:,[ \t]+\S+)*)[ \t]+(?:\S+[ \t]+)?"((?:[^"\\]|\\.)+)"'
)
_PART = re.compile(r"(\d{1,7})(?::(\d{1,7}))?(?:-(\d{1,7})(?::(\d{1,7}))?)?", re.ASCII)
_LABEL_WRITER_NUMBER = re.compile(r"(\d)\s+(\d+)\s+\d+", re.ASCII)  # the comments of pendigits-orig


class Recordings(NamedTuple):
    """What a file or a folder holds."""

    drawings: list[Drawing]
    without_ink: int  # segments whose ink is missing, and which were left out


def left_out(path: Path, without_ink: int) -> str:
    """Return the sentence that says how many drawings of a file or folder were left out."""
    lack = "drawing lacks its ink and is" if without_ink == 1 else "drawings lack their ink and are"
    return f"{path}: {without_ink:,} {lack} left out."


def read(path: Path) -> list[Drawing]:
    """Return the drawings in a file of UNIPEN text (y up), also one compressed by gzip (.gz), or in a folder of them.

    Raises UserError if it cannot be read or holds no drawing, with the line that is wrong.
    """
    return scan(path).drawings


def scan(path: Path, levels: tuple[str, ...] = _LEVELS) -> Recordings:
    """Return the drawings as `read` does, and how many were left out because their ink is missing.

    levels: of the .SEGMENTs that are taken.
    """
    budget = Budget(path)
    library, drawings, missing = _Library(budget), [], 0
    for file in _files_below(path, budget) if path.is_dir() else [path]:
        for drawing in _Reader(file, path.name, library, budget, levels).drawings():
            budget.spend("drawings")
            if drawing.paths:
                drawings.append(drawing)
            else:
                missing += 1
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
            positions = [f" {round(x)} {round(-y)}" for x, y in stroke.tolist()]
            lines += [".PEN_DOWN", *positions, ".PEN_UP", ".DT 100"]
    text = "\n".join(lines) + "\n"
    writing.write_whole(path, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))


def labels(drawings: list[Drawing], path: Path) -> np.ndarray:
    """Return the labels (n,) of drawings that are digits; raises UserError naming `path` if one is no digit."""
    for drawing in drawings:
        if drawing.label not in tuple("0123456789"):
            raise UserError(f"{path}: the label {ascii(drawing.label)[:40]} is no digit; expected 0 to 9.")
    return np.array([int(drawing.label) for drawing in drawings])


def _files_below(folder, budget):
    """Return the files of a folder that may hold drawings; what lies in a folder `include` is there to be included."""
    files = []
    for file in folder.rglob("*.dat*"):
        budget.spend("files")
        is_text = file.name.endswith((".dat", ".dat.gz"))
        if is_text and "include" not in file.relative_to(folder).parts and file.is_file():
            files.append(file)
    return sorted(files)


_Components = list[np.ndarray]  # each (k, 2), y down; k may be 0


class _Library:
    """The included files, each read once."""

    def __init__(self, budget):
        self._known, self._budget = {}, budget

    def components(self, file: Path, depth: int) -> _Components:
        """Return the components of a file and of those that it includes; raises UserError."""
        if file not in self._known:
            if depth > _DEEPEST:
                raise UserError(f"{file} is included too deeply, at most {_DEEPEST} files within files are read.")
            components = []
            for command in commands(file, self._budget):
                if command.word == "PEN_DOWN":
                    components.append(points(command, self._budget))
                elif command.word == "INCLUDE":
                    components += self.included(file, command.rest, depth)
            self._known[file] = components
        return self._known[file]

    def included(self, file: Path, name: str, depth: int = 0) -> _Components:
        """Return what a file includes by a name; nothing where that is not in a folder `include` of its own tree."""
        self._budget.spend("inclusions")
        for folder in file.absolute().parents:
            root = (folder / "include").resolve()
            wanted = (root / name).resolve() if "\0" not in name else root
            if wanted.is_relative_to(root) and wanted.is_file():
                components = self.components(wanted, depth + 1)
                self._budget.spend("included strokes", len(components))
                return components
        return []


class _Reader:
    """The drawings of one file."""

    def __init__(self, file, collection, library, budget, levels):
        self._file, self._library, self._budget, self._levels = file, library, budget, levels
        self._components = []
        self._writer, self._source = "", collection

    def drawings(self) -> Iterator[Drawing]:
        """Yield the file's drawings, without paths where their ink is missing."""
        drawing = None
        for command in commands(self._file, self._budget):
            if command.word == "INCLUDE":
                self._include(command.rest)
            elif command.word == "SEGMENT":
                if drawing:
                    yield drawing
                drawing = self._segment(command)
            elif command.word == "COMMENT" and drawing and not drawing.comment:
                drawing = self._commented(drawing, command.rest[:_LONGEST_COMMENT])
            elif command.word == "WRITER_ID":
                self._writer = command.rest[:_LONGEST_NAME]
            elif command.word == "PEN_DOWN":
                self._add(drawing, points(command, self._budget))
        if drawing:
            yield drawing

    def _include(self, name):
        """Take in an included file; its path names the provider first and the writer last."""
        if found := self._library.included(self._file, name):
            self._components += found
            self._writer, self._source = Path(name).stem[:_LONGEST_NAME], Path(name).parts[0][:_LONGEST_NAME]

    def _segment(self, command):
        described = _SEGMENT.match(command.rest) if len(command.rest) <= _LONGEST_SEGMENT else None
        if not described or len(described[3]) > _LONGEST_LABEL:
            raise UserError(
                f'{self._file}, line {command.line}: a .SEGMENT ends in its label in quotes, such as "7", after its '
                "level and components."
            )
        level, components, label = described.groups()
        if level not in self._levels:
            return None
        paths = self._delineated(components) if self._components else []
        return Drawing(re.sub(_ESCAPED, r"\1", label), paths, "", self._writer, self._source)

    def _commented(self, drawing, comment):
        recorded = _LABEL_WRITER_NUMBER.fullmatch(comment)
        writer = recorded[2] if recorded and recorded[1] == drawing.label else drawing.writer
        return Drawing(drawing.label, drawing.paths, comment, writer, drawing.source)

    def _add(self, drawing, path):
        """Take in a stroke that stands in the file itself."""
        if drawing and len(path) and not self._components and len(drawing.paths) < _MOST_STROKES:
            drawing.paths.append(path)

    def _delineated(self, components):
        """Return the paths that a segment names; none where one of them has no ink."""
        paths = []
        for part in components.split(","):
            if not (span := _PART.fullmatch(part.strip())):
                return []
            first, begin, last, end = (int(number) if number else None for number in span.groups())
            last = first if last is None else last
            if not 0 <= last - first < _MOST_STROKES - len(paths) or last >= len(self._components):
                return []
            for number in range(first, last + 1):
                start = begin if number == first and begin else 0
                stop = end + 1 if number == last and end is not None else None
                paths.append(self._components[number][start:stop])
        self._budget.spend("points", sum(map(len, paths)))
        return paths if paths and all(_has_ink(path) for path in paths) else []


def _has_ink(path):
    """Whether a component is more than the place of one whose ink was taken out of the collection."""
    return len(path) > 0 and bool(path.any())
