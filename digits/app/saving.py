"""Drawings become files where people say so: as a picture, small or large, or as strokes, by the end of the name."""

from collections.abc import Callable
from pathlib import Path

from digits import UserError
from digits.app.desktop import Desktop
from digits.app.history import Entry, History
from digits.files import contact_sheet, pictures, unipen, writing
from digits.ink.strokes import Drawing


def save(entry: Entry, desktop: Desktop) -> str:
    """Ask where a drawing goes and write it there; return what came of it, or raise UserError."""
    return _save(desktop, "digit", lambda path: _write(path, entry))


def save_history(history: History, desktop: Desktop) -> str:
    """Do the same with one picture of all drawings and their answers."""
    return _save(
        desktop, "digits", lambda path: contact_sheet.save(path, [(entry.ink, entry.words) for entry in history])
    )


def _save(desktop: Desktop, name: str, write: Callable[[Path], None]) -> str:
    path = desktop.ask_where(pictures.new_name(desktop.folder, name))
    if path is None:
        return "Nothing was saved."
    if not path.suffix:
        path = path.with_name(f"{path.name}.png")
        if path.exists():  # which nobody was asked about
            raise UserError(f"{path} is there already; choose another name.")
    if path.parent == desktop.folder:
        _make(desktop.folder)
    write(path)
    return f"Saved: {path}"


def _make(folder):
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be made ({error.strerror}); save somewhere else.") from error


def _write(path, entry):
    """Write a drawing as the end of a name says."""
    name = path.name.lower()
    if name.endswith(".dat"):
        _write_strokes(path, entry)
    elif not name.endswith(".png"):
        raise UserError(
            f"{path.name} was not saved: expected a name that ends in .png, in -large.png for a large picture, or in "
            ".dat for strokes."
        )
    elif name.endswith("-large.png"):
        writing.write_whole(path, lambda unfinished: pictures.large(entry.ink).save(unfinished, "PNG"))
    else:
        pictures.write(path, entry.ink)


def _write_strokes(path, entry):
    if not (paths := entry.strokes):
        raise UserError("There is a picture on the sheet, or no whole stroke; choose a name that ends in .png.")
    answer = entry.answer
    label = "?" if answer is None or answer.is_doubtful else answer.number
    unipen.write(path, [Drawing(label, paths)])
