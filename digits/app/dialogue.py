"""The dialogue with the recogniser: what was asked when, what it said last, and what it is doing."""

import math
from collections.abc import Callable
from pathlib import Path

from digits.app.scene import Scene
from digits.app.speech import spoken
from digits.ink.sheet import Sheet
from digits.reading.answer import Trouble
from digits.reading.recogniser import Recogniser

PAUSE = 0.5  # s: a pen that rests so long is done for now; between two strokes of a digit it rests less
PATIENCE = 0.15  # s: an answer that is there sooner needs no word about thinking


class Dialogue:
    """Asks, listens, and keeps what the scene says of the answer and of the recogniser. All times are in seconds."""

    def __init__(self, recogniser: Recogniser, scene: Scene, now: float, say: Callable[[str], None]):
        """say: speaks an answer aloud, where that is wanted."""
        self._recogniser, self._scene = recogniser, scene
        self._complaint = ""  # what was wrong with the last question
        self._asked = self._began = now  # the last question, the last loading
        self._ink, self._inked = scene.ink, -math.inf  # since when it is the same
        self._say, self._said = say, None  # the ink whose answer was said last

    @property
    def is_thinking(self) -> bool:
        """Whether an answer is still to come."""
        return self._recogniser.is_thinking

    def wait(self, seconds: float) -> None:
        """Return when an answer comes, or when the time is over."""
        self._recogniser.wait(seconds)

    def ask(self, sheet: Sheet, now: float) -> None:
        """Ask what is on a sheet, and what else the scene is to show of the answer."""
        self._asked = now
        self._recogniser.ask(sheet.ink, sheet.paths, self._may_explain(sheet), self._scene.inside)

    def follow_up(self, sheet: Sheet, now: float) -> None:
        """Ask for what an answer lacks, for the pen was still down, or nobody wanted it, when it was asked for."""
        scene, answer = self._scene, self._scene.answer
        if answer is None or answer.ink is not sheet.ink or scene.trouble or self.is_thinking:
            return
        if (answer.why is None and self._may_explain(sheet)) or (answer.inside is None and scene.inside):
            self.ask(sheet, now)

    def _may_explain(self, sheet):
        """Whether reasons are wanted; not of what somebody is drawing, whose answers they would delay."""
        return self._scene.why and not sheet.is_drawing

    def revive(self) -> None:
        """Start the recogniser again if it has stopped."""
        if self._recogniser.has_stopped:
            self._recogniser.restart()

    def use(self, model: Path) -> None:
        """Read with another model from now on."""
        self._recogniser.use(model)

    def forget(self) -> None:
        """Want nothing more of what was asked and said."""
        self._recogniser.forget()
        self._scene.answer, self._complaint = None, ""

    def listen(self, now: float) -> None:
        """Take in what the recogniser says."""
        scene, said = self._scene, self._recogniser.poll(now)
        if isinstance(said, Trouble):
            self._complaint = said.sentence
        elif said:
            scene.answer, self._complaint = said, ""
        scene.trouble = self._recogniser.trouble or self._complaint
        if scene.state != "loading":
            self._began = now  # of the next loading, should it come to that
        scene.state, scene.seconds = self._state(now)
        self._settle(now)

    def _settle(self, now):
        """Notice whether the answer may be taken for the last word, and let the title say nothing before that."""
        scene = self._scene
        if scene.ink is not self._ink:
            self._ink, self._inked = scene.ink, now
        is_answered = bool(scene.answer) and scene.answer.ink is scene.ink
        scene.is_settled = now - self._inked >= PAUSE and (is_answered or not self.is_thinking)
        if scene.is_settled or scene.trouble:
            scene.title = scene.caption
        if scene.is_settled and is_answered and scene.ink is not self._said:
            self._said = scene.ink
            self._say(spoken(scene.answer))

    def _state(self, now):
        """Return what the recogniser is doing, and for how long where that matters."""
        if self._recogniser.has_stopped:
            return "stopped", 0
        if not self._recogniser.is_ready:
            return "loading", math.floor(10 * (now - self._began)) / 10
        if self._recogniser.is_thinking and now - self._asked > PATIENCE:
            return "thinking", math.floor(now - self._asked)
        return "ready", 0
