"""All that the window shows, as plain data: the session writes it, the view reads it."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from digits.app.commands import BRUSH, DIGITS, ON_KEPT, ON_TOP
from digits.app.corrections import Example
from digits.app.framing import MEANWHILE, Framing
from digits.app.history import History
from digits.ink import brush, grid
from digits.reading.answer import Answer, Number

NEED_INK = ("reset", "why", "inside", "save", "copy", "no_digit")  # commands, and those of the digits
_CONDITIONS = {  # of others
    "undo": lambda scene: scene.can_undo,
    "redo": lambda scene: scene.can_redo,
    "classify": lambda scene: not scene.is_bare or scene.state == "stopped",  # which it starts again
    "save_history": lambda scene: scene.history or not scene.is_bare,
    "learn": lambda scene: scene.kept or scene.learning,  # which it stops
    "forget": lambda scene: scene.has_learnt,
    "newer": lambda scene: scene.first_kept > 0,
    "older": lambda scene: scene.kept and scene.first_kept + scene.places < len(scene.kept),
}
GLIDE = 0.06  # s: in which a bar makes 63 % of its way
NAME = "Digits"  # of the program, as people and desktops know it


@dataclass
class Scene:
    """What can be seen. Values are replaced, never changed in place."""

    theme: str = "light"  # or dark
    fullscreen: bool = False
    ink: np.ndarray = field(default=None, compare=False)  # (28, columns); told apart by identity, see `equals`
    is_bare: bool = True  # no ink at all
    state: str = "loading"  # or ready, thinking, stopped
    seconds: float = 0  # how long it has been loading, or thinking when that is long
    trouble: str = ""
    answer: Answer | None = None
    is_settled: bool = True  # the pen rests, and the answer is to what it left; else nothing is refused yet
    title: str = NAME  # of the window: the caption when it last was settled, for it is read aloud
    bars: tuple[float, ...] = (0.0,) * grid.CLASSES  # as long as they are just now
    pointer: tuple[float, float] | None = None  # cells; where the brush hovers
    radius: float = 1  # cells
    erasing: bool = False
    stroke: tuple[np.ndarray, ...] = field(default=(), compare=False)  # the one under the pen: pieces (k, 3)
    stroke_erases: bool = False
    live: bool = True
    aside: str | None = None  # what is wanted in the place of the bars: "why", or "inside" for what the layers see
    cursor: tuple[int, int] | None = None  # column and row of the keyboard's cursor
    focus: str | None = None  # a button or a tool, by name
    hover: str | int | None = None  # or one of the last drawings, by number
    pressed: str | int | None = None
    tip: str | int | None = None  # the one whose tip is shown
    hint: str = ""  # how to begin, on an empty sheet
    message: str = ""
    kept: tuple[Example, ...] | None = None  # what is to be learnt, newest first, where that is shown
    first_kept: int = 0  # number of the first of them that is shown
    has_learnt: bool = False  # the model that reads has learnt a hand
    learnt: str = ""  # what came of learning last, or why nothing did
    learning: str = ""  # how far it is, while a hand is learnt
    framing: Framing | None = None  # a photograph, looked at before it goes on the sheet
    keys: bool = False  # the list of keys lies over everything
    can_undo: bool = False
    can_redo: bool = False
    history: History = ()  # the last drawings, newest first
    places: int = 0  # for them, or for what is kept: no more are shown

    def can(self, name: str | int) -> bool:
        """Whether a button or a tool can do anything now, and whether there is a drawing of that number."""
        return name in MEANWHILE if self.framing else self._can_with_sheet(name)

    def _can_with_sheet(self, name):
        if isinstance(name, int):
            return name < (len(self.history) if self.kept is None else len(self.kept) - self.first_kept)
        if name in _CONDITIONS:
            return bool(_CONDITIONS[name](self))
        if name in DIGITS:
            return not self.is_bare and self.aside is None  # something else is shown in the place of the bars
        return name not in NEED_INK or not self.is_bare

    @property
    def is_covered(self) -> bool:
        """Whether nothing of the sheet can be seen."""
        return self.keys or self.kept is not None

    def takes(self, command: str) -> bool:
        """Whether a command can be carried out on what covers the sheet, if something does."""
        return command in (ON_TOP if self.keys else ON_KEPT) or not self.is_covered

    @property
    def chooses_brush(self) -> bool:
        """Whether the slider of the brush is in use."""
        return BRUSH in (self.pressed, self.focus) or (self.hover == BRUSH and self.pressed is None)

    @property
    def brush_share(self) -> float:
        """How thick the brush is: 0 for the thinnest, 1 for the thickest."""
        return (self.radius - brush.THINNEST) / (brush.THICKEST - brush.THINNEST)

    @property
    def is_old(self) -> bool:
        """Whether the answer is to an earlier drawing, and nobody has asked again."""
        return self.answer is not None and not self.live and self.answer.ink is not self.ink

    @property
    def may_refuse(self) -> bool:
        """Whether something may be called no digit: nobody who still draws it is told so."""
        return self.is_settled or self.is_old

    @property
    def is_number(self) -> bool:
        """Whether the answer is a number of several digits."""
        return isinstance(self.answer, Number)

    @property
    def shows_boxes(self) -> bool:
        """Whether each digit has its box; only of a number on the very sheet that is there, or lately was."""
        return self.is_number and not (self.is_bare or self.trouble or self.is_old)

    @property
    def why(self) -> bool:
        """Whether reasons are wanted."""
        return self.aside == "why"

    @property
    def inside(self) -> bool:
        """Whether a look inside is wanted."""
        return self.aside == "inside"

    @property
    def shows_why(self) -> bool:
        """Whether the ink tells what it does for the answer; only for the answer to this very drawing."""
        answer = self.answer
        return self.why and answer is not None and answer.why is not None and answer.ink is self.ink

    @property
    def shows_inside(self) -> bool:
        """Whether the layers show what they see."""
        return self.inside and not self.is_bare and self.answer is not None and self.answer.inside is not None

    @property
    def bars_at_rest(self) -> tuple[float, ...]:
        """How long the bars are when they have come to rest."""
        if self.answer is None or self.trouble:
            return (0.0,) * grid.CLASSES
        return tuple(self.answer.probabilities.tolist())

    @property
    def caption(self) -> str:
        """What there is to say in one line, for people and for programs that read titles."""
        if self.trouble:
            return "no answer"
        return self.invitation if self.is_bare else str(self.answer or NAME)

    @property
    def invitation(self) -> str:
        """What a bare sheet asks for."""
        return "draw a digit" if self.ink.shape == grid.SHAPE else "write a number"

    def leaf(self, by: int) -> None:
        """Leaf so many pages on through what is kept, or back, where that is shown."""
        if self.kept is None:
            return
        page, last = max(1, self.places), max(0, len(self.kept) - 1)
        self.first_kept = page * min(max(0, self.first_kept // page + by), last // page)
        if isinstance(self.focus, int) and not self.can(self.focus):
            self.focus = None

    def move_bars(self, elapsed: float) -> None:
        """Move the bars a part of their way, in the same time, in seconds, at all frame rates."""
        share = 1 - math.exp(-elapsed / GLIDE)
        self.bars = tuple(
            end if abs(end - bar) < 0.003 else bar + share * (end - bar)
            for bar, end in zip(self.bars, self.bars_at_rest, strict=True)
        )

    def copy(self) -> "Scene":
        """Return the scene as it is now."""
        return replace(self)

    def equals(self, other: "Scene") -> bool:
        """Whether another scene looks the same."""
        return self.ink is other.ink and len(self.stroke) == len(other.stroke) and self == other
