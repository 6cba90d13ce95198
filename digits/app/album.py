"""The sheet, the drawings that were on it before, and the file that keeps them all."""

from dataclasses import replace

import numpy as np

from digits.app.history import Entry, History, added
from digits.app.keeping import Keeper
from digits.app.scene import Scene
from digits.ink.sheet import Sheet


class Album:
    """Holds the sheet, and keeps the scene's history: what leaves the sheet becomes the newest drawing there."""

    def __init__(self, scene: Scene, keeper: Keeper, sheet: Sheet | None = None):
        """Begin with what was kept, or with a given sheet in its place."""
        self._scene, self._keeper = scene, keeper
        kept, scene.history = keeper.restore()
        self.sheet = sheet or kept
        scene.ink = Sheet(self.sheet.shape[1]).ink  # bare, so that what was kept is noticed
        self._complaint = ""

    @property
    def entry(self) -> Entry:
        """What is on the sheet, as it goes into the history or into a file; a stroke that is still drawn ends."""
        self.sheet.end()
        ink, answer = self.sheet.ink, self._scene.answer
        return Entry(ink, self.sheet.drawing, answer if answer and answer.ink is ink else None)

    @property
    def drawings(self) -> History:
        """The history, with what is on the sheet as the newest."""
        return self._scene.history if self.sheet.is_empty else added(self._scene.history, self.entry)

    def clear(self) -> None:
        """Take a new sheet."""
        self._scene.history = self.drawings
        self.sheet.clear()

    def put(self, picture: np.ndarray) -> None:
        """Lay a picture, (28, columns) in [0, 1], over everything."""
        self._scene.history = self.drawings
        self.sheet.put(picture)

    def take_back(self, number: int) -> None:
        """Put one of the last drawings on the sheet, 0 the newest, with its answer."""
        if number < len(self._scene.history):
            entry = self._scene.history[number]
            self.clear()
            self.sheet.repeat(entry.acts)
            self._scene.answer = entry.answer and replace(entry.answer, ink=self.sheet.ink)

    def keep(self, now: float) -> str:
        """Keep what is there; return why that fails, when it does so for the first time."""
        self._keeper.keep(self.sheet, self._scene.history, now)
        complaint = "" if self._complaint else self._keeper.error
        self._complaint = self._complaint or complaint
        return complaint
