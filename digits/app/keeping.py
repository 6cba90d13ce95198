"""Nothing drawn is lost: the sheet and the last drawings are kept in a file while people draw, and are there again.

Every window has a file of its own, locked as long as it is open. A new window takes over what the last closed one
left, so that two at once do not write over each other.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from digits import UserError
from digits.app.background import BackgroundTask
from digits.app.history import Entry, History
from digits.files import kept, locking
from digits.files.kept import Page
from digits.ink import grid
from digits.ink.sheet import Picture, Sheet
from digits.reading.answer import Answer, Number, Place

WINDOWS = 9  # at once that keep what is drawn in them
EVERY = 1.0  # s: so much is lost at most where a program is killed
KEPT = 100  # acts that can be undone after a new start; to carry out so many takes some 30 ms


class Keeper:
    """Keeps a sheet and its history in a file, in the background; without a file it keeps nothing."""

    def __init__(self, path: Path | None = None, columns: int = grid.SIZE):
        self._path, self._columns = path, columns  # of the sheet
        self._latest = None  # the sheet and the history as they are
        self._kept = None, ()  # the ink and the history that were read or written last
        self._begun = 0.0  # s: when that was
        self._writing = None  # in the background

    @property
    def error(self) -> str:
        """Why the last attempt to keep what was drawn failed, as a sentence."""
        return self._writing.error if self._writing and self._writing.is_done else ""

    def restore(self) -> tuple[Sheet, History]:
        """Return what was kept; a new sheet where nothing was, or nothing that can be used: that is put aside."""
        sheet, history = Sheet(self._columns), ()
        try:
            pages = kept.read(self._path) if self._path and self._path.exists() else []
        except (UserError, OSError):
            pages = []
            with contextlib.suppress(OSError):
                self._path.replace(self._path.with_suffix(".damaged"))
        if pages and all(page.columns == self._columns for page in pages):
            sheet, history = _sheet(pages[0]), tuple(map(_entry, pages[1:]))
        self._kept = sheet.ink, history
        return sheet, history

    def keep(self, sheet: Sheet, history: History, now: float) -> None:
        """Keep what is there now, soon; now: in seconds."""
        self._latest = sheet, history
        is_writing = self._writing and not self._writing.is_done
        if self._has_changed() and not is_writing and now - self._begun >= EVERY:
            self._begun, self._kept = now, (sheet.ink, history)
            self._writing = BackgroundTask(_write, self._path, sheet.ink, sheet.record(KEPT), history)

    def finish(self) -> None:
        """Keep the latest before the program ends."""
        if self._writing:
            self._writing.wait()
        if self._has_changed():
            sheet, history = self._latest
            with contextlib.suppress(UserError):
                _write(self._path, sheet.ink, sheet.record(KEPT), history)

    def _has_changed(self):
        if not self._path or not self._latest:
            return False
        sheet, history = self._latest
        return sheet.ink is not self._kept[0] or history is not self._kept[1]


@contextlib.contextmanager
def opened(folder: Path | None, columns: int = grid.SIZE) -> Iterator[Keeper]:
    """Keep what is drawn in a folder as long as this lasts, sheets of each width apart; None keeps nothing."""
    folder = folder and folder / ("" if columns == grid.SIZE else f"{columns} columns")
    with contextlib.ExitStack() as stack:
        keeper = Keeper(_own_file(folder, stack) if folder else None, columns)
        try:
            yield keeper
        finally:
            keeper.finish()


def _own_file(folder, stack):
    """Return the file that was written last of those that no other window has, locked."""
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"sheet-{number}.npz" for number in range(1, WINDOWS + 1)]
    for path in sorted(paths, key=_age):
        with contextlib.suppress(UserError):
            stack.enter_context(locking.alone(path, "Another window has it."))
            return path
    return None


def _age(path):
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0


def _write(path, ink, record, history):
    pages = [_page(ink, *record), *(_page(entry.ink, entry.acts, 0, entry.answer) for entry in history)]
    kept.write(path, pages)


def _page(ink, acts, undone, answer=None):
    """Return a sheet as it is kept; one with more acts than fit as a picture of them."""
    if not kept.fits(acts):
        acts, undone = (Picture(ink),), 0
    numbers = None if answer is None else np.append(answer.probabilities, answer.threshold)
    digits = _digits(answer.places) if isinstance(answer, Number) else None
    return Page(ink.shape[1], acts, undone, numbers, digits)


def _digits(places):
    rows = [(kept.SIGNS.index(place.sign), *place.box, *place.answer.probabilities) for place in places]
    return np.array(rows, np.float32)


def _sheet(page):
    sheet = Sheet(page.columns)
    sheet.repeat(page.acts, page.undone)
    return sheet


def _entry(page):
    ink = _sheet(page).ink
    return Entry(ink, page.acts, None if page.answer is None else _answer(ink, page))


def _answer(ink, page):
    probabilities, threshold = page.answer[:-1], float(page.answer[-1])
    if page.digits is None:
        return Answer(ink, probabilities, threshold=threshold)
    places = tuple(
        Place(tuple(row[1:5].tolist()), Answer(ink, row[5:], threshold=threshold), kept.SIGNS[int(row[0])])
        for row in page.digits
    )
    return Number(ink, probabilities, threshold=threshold, places=places)
