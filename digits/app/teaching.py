"""People say what their drawings were, and let the model learn it: what is kept, what is learnt, and what is said."""

from collections.abc import Callable
from pathlib import Path

from digits import UserError, safe_text
from digits.app.background import BackgroundTasks
from digits.app.corrections import MOST, NO_DIGIT, NOTHING_KEPT, Corrections
from digits.app.history import Entry
from digits.app.learning import Learning, command, learnt_model
from digits.app.scene import Scene
from digits.files import locking
from digits.ink import grid
from digits.ink.strokes import Drawing


class Hand:
    """Where one person's drawings are, and the model that has learnt them."""

    def __init__(
        self,
        folder: Path | None,
        base: Path,
        *,
        keeps: bool = True,
        read_notes: Callable[[Path], dict] = lambda path: {},
    ):
        """Take the person's folder, None where there is none, and the model to begin with.

        keeps: whether drawings are kept there; what was learnt is used either way.  read_notes: returns what a model
        file says about itself, or raises UserError.
        """
        self.base = base
        self.corrections = Corrections(folder / "drawings.dat" if folder and keeps else None)
        self._learnt = folder and learnt_model(folder, base)
        self._read_notes = read_notes

    @property
    def model(self) -> Path:
        """The model to read with: what has learnt the person's hand, or else the one to begin with."""
        return self._learnt if self._learnt and self._learnt.exists() else self.base

    def forget(self) -> bool:
        """Go back to the model to begin with; return whether there was another. The drawings stay.

        Raises UserError where it is being learnt just now, or cannot be removed.
        """
        if not self.has_learnt:
            return False
        with locking.alone(self._learnt, "Your hand is being learnt; stop that first, or wait for its end."):
            try:
                self._learnt.unlink(missing_ok=True)
            except OSError as error:
                raise UserError(f"{self._learnt} cannot be removed ({error.strerror}); remove it by hand.") from error
        return True

    @property
    def has_learnt(self) -> bool:
        """Whether there is another model than the one to begin with."""
        return self.model != self.base

    @property
    def outcome(self) -> str:
        """What learning has brought, as the model tells it; nothing where it tells nothing."""
        try:
            learnt = self._read_notes(self._learnt).get("learnt") if self.has_learnt else None
        except UserError:
            return ""
        words = learnt.get("words") if isinstance(learnt, dict) else None
        return safe_text.shown(words) if isinstance(words, str) else ""

    @property
    def described(self) -> str:
        """What is kept and where, as the end of a sentence; raises UserError where that cannot be read."""
        count = len(self.corrections.drawings())
        return f"{_counted(count)} kept in {self.corrections.path}" if count else "no drawing is kept"

    def command(self) -> list[str]:
        """Return the command that learns what is kept; raises UserError where there is nothing."""
        if not self.corrections.path:
            raise UserError(NOTHING_KEPT)
        if not self.corrections.drawings():
            raise UserError("There is nothing to learn from yet; say what a drawing is by its digit's key or bar.")
        return command(self.base, self._learnt, self.corrections.path)

    def learning(self) -> Learning:
        """Return a training that learns what is kept, not yet begun; raises UserError likewise."""
        return Learning(self.command(), self._learnt)


class Teaching:
    """Keeps what people say about their drawings and lets the model learn it, in the background."""

    def __init__(self, hand: Hand, scene: Scene, say: Callable[[str], None], use: Callable[[Path], None]):
        """use: reads with another model from now on."""
        self._hand, self._scene, self._say, self._use = hand, scene, say, use
        self._tasks = BackgroundTasks(say)
        self._learning = None
        self._keeping = None  # the ink and the label that are being kept
        self._to_keep = []  # entries and labels, said meanwhile
        self._scene.has_learnt, self._scene.learnt = hand.has_learnt, hand.outcome

    def keep(self, entry: Entry, label: str) -> None:
        """Keep a drawing, of which somebody says what it is; said again, it is taken back."""
        said = entry.ink, label
        if entry.ink.shape != grid.SHAPE:
            self._say("Only single digits can be learnt; start the program without --digits.")
        elif not self._tasks.is_running("keep"):
            self._keeping = said
            self._tasks.begin("keep", self._kept, self._keep, entry, label)
        elif self._keeping is None or said[0] is not self._keeping[0] or label != self._keeping[1]:
            self._to_keep.append((entry, label))  # but a second press of the key is one too many

    def _keep(self, entry, label):
        if not (paths := entry.strokes):
            raise UserError("Only drawings can be learnt; there is a picture on the sheet, or no whole stroke.")
        return self._hand.corrections.say(Drawing(label, paths))

    def show(self) -> None:
        """Show what is kept, or close that."""
        if self._scene.kept is None:
            self._tasks.begin("show", self._show, self._hand.corrections.examples)
        else:
            self._show(None)

    def remove(self, number: int) -> None:
        """Keep one of the drawings that are shown no longer; a click that comes before it is gone is one too many."""
        if not any(map(self._tasks.is_running, ("keep", "show"))):
            self._keeping = None
            drawing = self._scene.kept[self._scene.first_kept + number].drawing
            self._tasks.begin("keep", self._removed, self._hand.corrections.remove, drawing)

    def forget(self) -> None:
        """Go back to the model to begin with."""
        try:
            had_learnt = self._hand.forget()
        except UserError as error:
            self._say(str(error))
            return
        self._read_anew()  # which another window may have made it forget
        done = "What was learnt is forgotten; what was kept stays." if had_learnt else "Nothing has been learnt yet."
        self._say(done)

    def learn(self) -> None:
        """Let the model learn all that is kept; stop that where it is under way."""
        if self._learning:
            self._learning.stop()
            return
        try:
            self._learning = self._hand.learning()
        except UserError as error:
            self._say(str(error))
            return
        self._tasks.begin("learn", self._learnt, _trouble, self._learning)

    def update(self) -> None:
        """Bring the scene up to date with what is under way."""
        self._tasks.follow_up()
        if self._to_keep and not self._tasks.is_running("keep"):
            self.keep(*self._to_keep.pop(0))
        if self._learning and not self._tasks.is_running("learn"):
            self._learning = None
        self._scene.learning = (self._learning.progress or "\u2026") if self._learning else ""

    def close(self) -> None:
        """Stop learning, and see that what was said last is kept."""
        if self._learning:
            self._learning.stop()
        while self._to_keep or self._tasks.is_running("keep"):
            self._tasks.wait("keep")
            self.update()

    def _kept(self, kept):
        done = "Kept" if kept.is_kept else "No longer kept"
        full = ", the oldest makes room for the next" if kept.count >= MOST else ""
        self._say(f"{done} as {_named(kept.label)}; {_counted(kept.count)} to learn{full}.")

    def _show(self, examples):
        """Show what is kept, None for no more."""
        self._say("")  # what was said before is about what was shown before
        self._scene.focus = self._scene.hover = None
        self._scene.kept, self._scene.first_kept = examples, 0

    def _show_again(self, examples):
        """Show what is still kept, if it is still shown; who walks through it with keys stays where they are."""
        if self._scene.kept is not None:
            self._scene.kept, self._scene.hover = examples, None
            self._scene.leaf(0)

    def _removed(self, kept):
        self._kept(kept)
        if self._scene.kept is not None:
            self._tasks.begin("show", self._show_again, self._hand.corrections.examples)

    def _learnt(self, trouble):
        if not trouble:
            self._read_anew()
        self._scene.learnt = trouble or self._scene.learnt
        self._say(self._scene.learnt)

    def _read_anew(self):
        self._scene.has_learnt, self._scene.learnt = self._hand.has_learnt, self._hand.outcome
        self._use(self._hand.model)


def _trouble(learning):
    """Let a training run; return why nothing came of it, nothing where something has."""
    try:
        learning.run()
    except UserError as error:
        return str(error)
    return ""


def _named(label):
    return "no digit" if label == NO_DIGIT else f"an {label}" if label == "8" else f"a {label}"


def _counted(count):
    return f"{count:,} drawing{'s' * (count != 1)}"
