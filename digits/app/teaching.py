"""People say what their drawings were, and let the model learn it: what is kept, what is learnt, and what is said."""

from collections.abc import Callable
from pathlib import Path

from digits import UserError
from digits.app.background import BackgroundTasks
from digits.app.corrections import NO_DIGIT, Corrections
from digits.app.history import Entry
from digits.app.learning import Learning, command, learnt_model
from digits.app.scene import Scene
from digits.ink import grid
from digits.ink.strokes import Drawing


class Hand:
    """Where one person's drawings are, and the model that has learnt them."""

    def __init__(self, folder: Path | None, base: Path):
        """Take the person's folder, None to keep and learn nothing, and the model to begin with."""
        self.base = base
        self.corrections = Corrections(folder and folder / "drawings.dat")
        self._learnt = folder and learnt_model(folder, base)

    @property
    def model(self) -> Path:
        """The model to read with: what has learnt the person's hand, or else the one to begin with."""
        return self._learnt if self._learnt and self._learnt.exists() else self.base

    def forget(self) -> bool:
        """Go back to the model to begin with; return whether there was another. The drawings stay."""
        is_there = self.has_learnt
        if is_there:
            self._learnt.unlink()
        return is_there

    @property
    def has_learnt(self) -> bool:
        """Whether there is another model than the one to begin with."""
        return self.model != self.base

    @property
    def described(self) -> str:
        """What is kept and where, as the end of a sentence; raises UserError where that cannot be read."""
        count = len(self.corrections.drawings())
        return f"{_counted(count)} kept in {self.corrections.path}" if count else "no drawing is kept"

    def command(self) -> list[str]:
        """Return the command that learns what is kept; raises UserError where there is nothing."""
        if not self.corrections.drawings():
            raise UserError("There is nothing to learn from yet; say what a drawing is by its digit's key or bar.")
        return command(self.base, self._learnt, self.corrections.path)


class Teaching:
    """Keeps what people say about their drawings and lets the model learn it, in the background."""

    def __init__(self, hand: Hand, scene: Scene, say: Callable[[str], None], use: Callable[[Path], None]):
        """use: reads with another model from now on."""
        self._hand, self._scene, self._say, self._use = hand, scene, say, use
        self._tasks = BackgroundTasks(say)
        self._learning = None
        self._scene.has_learnt = hand.has_learnt

    def keep(self, entry: Entry, label: str) -> None:
        """Keep a drawing, of which somebody says what it is; said again, it is taken back."""
        if entry.ink.shape != grid.SHAPE:
            self._say("Only single digits can be learnt; start the program without --digits.")
        elif not entry.strokes:
            self._say("Only what is drawn by hand can be learnt; there is no stroke on the sheet.")
        elif not self._tasks.is_running("keep"):  # a second press of the key is one too many
            self._tasks.begin("keep", self._kept, self._hand.corrections.say, Drawing(label, entry.strokes))

    def show(self) -> None:
        """Show what is kept, or close that."""
        if self._scene.kept is None:
            self._tasks.begin("show", self._show, self._hand.corrections.examples)
        else:
            self._show(None)

    def remove(self, number: int) -> None:
        """Keep one of the drawings that are shown no longer."""
        if not self._tasks.is_running("keep"):
            self._tasks.begin("keep", self._removed, self._hand.corrections.say, self._scene.kept[number].drawing)

    def forget(self) -> None:
        """Go back to the model to begin with."""
        if self._hand.forget():
            self._read_anew()
            self._say("What was learnt is forgotten; what was kept stays.")
        else:
            self._say("Nothing has been learnt yet.")

    def learn(self) -> None:
        """Let the model learn all that is kept; stop that where it is under way."""
        if self._learning:
            self._learning.stop()
            return
        try:
            self._learning = Learning(self._hand.command())
        except UserError as error:
            self._say(str(error))
            return
        self._tasks.begin("learn", self._learnt, self._learning.run)

    def update(self) -> None:
        """Bring the scene up to date with what is under way."""
        self._tasks.follow_up()
        if self._learning and not self._tasks.is_running("learn"):
            self._learning = None
        self._scene.learning = (self._learning.progress or "\u2026") if self._learning else ""

    def close(self) -> None:
        """Stop learning."""
        if self._learning:
            self._learning.stop()

    def _kept(self, kept):
        done = "Kept" if kept.is_kept else "No longer kept"
        self._say(f"{done} as {_named(kept.label)}; {_counted(kept.count)} to learn.")

    def _show(self, examples):
        """Show what is kept, None for no more; who walks through it with keys stays where they are."""
        if self._scene.kept is None:
            self._say("")  # what was said before is about the sheet
        if examples is None or self._scene.kept is None or self._scene.focus not in range(len(examples)):
            self._scene.focus = None
        self._scene.kept, self._scene.hover = examples, None

    def _removed(self, kept):
        self._kept(kept)
        self._tasks.begin("show", self._show, self._hand.corrections.examples)

    def _learnt(self, words):
        self._scene.learnt = words
        self._say(words)
        self._read_anew()

    def _read_anew(self):
        self._scene.has_learnt = self._hand.has_learnt
        self._use(self._hand.model)


def _named(label):
    return "no digit" if label == NO_DIGIT else f"an {label}" if label == "8" else f"a {label}"


def _counted(count):
    return f"{count:,} drawing{'s' * (count != 1)}"
