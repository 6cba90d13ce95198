"""What the window knows and can do, whatever shows it: a sheet, a scene, a recogniser, and commands.

Its round is `tick`, then whatever people do (`do` and strokes on `sheet`), then `update`; afterwards `scene` is what
there is to see.
"""

from pathlib import Path

import numpy as np

from digits import safe_text
from digits.app import copying, saving
from digits.app.album import Album
from digits.app.attention import Attention
from digits.app.background import BackgroundTasks
from digits.app.commands import DIGITS
from digits.app.corrections import NO_DIGIT
from digits.app.desktop import Desktop
from digits.app.dialogue import Dialogue
from digits.app.framing import Cutting
from digits.app.keeping import Keeper
from digits.app.scene import Scene
from digits.app.settings import Settings, theme_of_system
from digits.app.teaching import Hand, Teaching
from digits.assets import MODEL
from digits.files import clipboard, pictures
from digits.files.photographs import Photograph
from digits.ink import brush, grid
from digits.ink.sheet import Sheet
from digits.reading.recogniser import Recogniser

READING = 5.0  # s: as long as a message stays
HINT = "Draw a digit with the mouse, a finger or a pen; rest on a button to learn what it does."
WIDE_HINT = HINT.replace("Draw a digit", "Write a number")
RADII = np.arange(brush.THINNEST, brush.THICKEST + 0.01, 0.25).tolist()  # cells


class Session:
    """Ties the sheet, the scene and the recogniser together; knows no window and no clock."""

    def __init__(
        self,
        recogniser: Recogniser,
        desktop: Desktop,
        now: float,
        *,
        settings: Settings | None = None,
        keeper: Keeper | None = None,
        hand: Hand | None = None,
        sheet: Sheet | None = None,
        live: bool = True,
    ):
        """Begin with what was kept, or the sheet given; hand: whose drawings are learnt; now: in seconds."""
        self.settings = settings or Settings()
        theme = theme_of_system() if self.settings.theme == "system" else self.settings.theme
        self.scene = Scene(theme=theme, live=live, radius=brush.DEFAULT.radius)
        self._album = Album(self.scene, keeper or Keeper(), sheet)
        self.sheet = self._album.sheet
        if not self.settings.has_drawn:
            self.scene.hint = HINT if self.sheet.shape == grid.SHAPE else WIDE_HINT
        self.undo, self.redo = self.sheet.undo, self.sheet.redo
        self.now = now
        self.is_open = True
        self._elapsed = 0.0  # s, between the last two ticks
        self._dialogue = Dialogue(recogniser, self.scene, now, desktop.say)
        self._desktop = desktop
        self._tasks = BackgroundTasks(self._say)
        self.cutting = Cutting(self.scene, self.put, self._say)
        self._teaching = Teaching(hand or Hand(None, MODEL), self.scene, self._say, self._use)
        self.kept, self.learn, self.forget = self._teaching.show, self._teaching.learn, self._teaching.forget
        self._message_ends = now
        self._attention = Attention(self.scene, now)

    @property
    def is_lively(self) -> bool:
        """Whether something will change soon even if nobody does anything."""
        return self._dialogue.is_thinking or self.scene.bars != self.scene.bars_at_rest

    def wait(self, seconds: float) -> None:
        """Return when the recogniser has something to say, or when the time is over."""
        self._dialogue.wait(seconds)

    def tick(self, now: float) -> None:
        """Let it be later: the time, in seconds, of all that is done until the next tick."""
        self._elapsed, self.now = now - self.now, now

    def update(self) -> None:
        """Bring the scene up to date with the sheet, the recogniser and the time."""
        self._tasks.follow_up()
        self._teaching.update()
        self._notice_ink()
        self._dialogue.listen(self.now)
        self._dialogue.follow_up(self.sheet, self.now)
        self.scene.move_bars(self._elapsed)
        if complaint := self._album.keep(self.now):
            self._say(complaint)
        self._attention.notice(self.now)
        if self.scene.message and self.now >= self._message_ends:
            self.scene.message = ""

    def put(self, picture: np.ndarray) -> None:
        """Lay a picture, (28, columns) in [0, 1], over everything; what was there is the newest of the history."""
        self.scene.framing = None
        self._album.put(picture)

    def receive(self, picture: np.ndarray | Photograph) -> None:
        """Put a picture on the sheet; of a photograph people see first what will be cut out."""
        if isinstance(picture, Photograph):
            self.sheet.end()
            self.cutting.begin(picture, self.sheet.shape[1])
        else:
            self.put(picture)

    def import_picture(self, path: Path) -> None:
        """Put a picture on the sheet, when it has been read; one that is still being read is no longer wanted."""
        self._import(pictures.look, path, self.sheet.shape[1])

    def do(self, name: str) -> None:
        """Carry out a command, as its key and its button do; none that is about a sheet that cannot be seen."""
        if not self.scene.takes(name):
            return
        if self.cutting.takes(name):
            self.cutting.do(name)
        elif name in DIGITS:
            self._teaching.keep(self._album.entry, name)
        else:
            getattr(self, name)()
        self._attention.end_tip()

    # Commands: the methods that `digits.app.commands` names

    def classify(self):
        """Ask what the drawing is."""
        self._dialogue.revive()
        if not self.sheet.is_empty:
            self._dialogue.ask(self.sheet, self.now)

    def reset(self):
        """Take a new sheet."""
        self._album.clear()

    def take_back(self, number: int = 0) -> None:
        """Put one of the last drawings on the sheet, 0 the newest, or take it off the sheet of what is kept."""
        self._attention.end_tip()
        if self.scene.kept is None:
            self._album.take_back(number)
        else:
            self._teaching.remove(number)

    def eraser(self):
        """Take the eraser in the hand, or the brush."""
        self.scene.erasing = not self.scene.erasing

    def live(self):
        """Answer while people draw, or only to Classify."""
        self.scene.live = not self.scene.live
        if self.scene.live:
            self.classify()

    def why(self):
        """Show or hide which ink speaks for the answer."""
        self._look_at("why")

    def inside(self):
        """Show or hide what the layers of the network see."""
        self._look_at("inside")

    def keys(self):
        """Show or hide the list of keys."""
        self.scene.keys = not self.scene.keys

    def thinner(self):
        """Take a thinner brush."""
        self.scene.radius = max((radius for radius in RADII if radius < self.scene.radius), default=RADII[0])

    def thicker(self):
        """Take a thicker brush."""
        self.scene.radius = min((radius for radius in RADII if radius > self.scene.radius), default=RADII[-1])

    def choose_brush(self, share: float) -> None:
        """Take the brush that stands at a share of the way from the thinnest, 0, to the thickest, 1."""
        self.scene.radius = RADII[round(share * (len(RADII) - 1))]

    def open(self):
        """Put a picture on the sheet that people choose among their files."""
        if not self._tasks.is_running("open"):  # else the dialogue is open
            self._tasks.begin("open", self._open_chosen, self._desktop.ask_which, self._desktop.folder)

    def save(self):
        """Save the drawing where people say."""
        if self.sheet.is_empty:
            self._say("There is nothing on the sheet to be saved.")
        else:
            self._save(saving.save, self._album.entry)

    def save_history(self):
        """Save the drawing and those before it as one picture, with their answers."""
        if drawings := self._album.drawings:
            self._save(saving.save_history, drawings)
        else:
            self._say("There are no drawings to be saved.")

    def copy(self):
        """Copy the drawing and the answer."""
        if self.sheet.is_empty:
            self._say("There is nothing on the sheet to be copied.")
        else:
            copying.copy(self._album.entry, self._desktop, self._tasks, self._say)

    def paste(self):
        """Put the picture or the file in the clipboard on the sheet."""
        self._import(clipboard.read, self.sheet.shape[1])

    def no_digit(self):
        """Keep the drawing as one of no digit."""
        self._teaching.keep(self._album.entry, NO_DIGIT)

    def theme(self):
        """Change between light and dark."""
        self.scene.theme = self.settings.theme = "light" if self.scene.theme == "dark" else "dark"

    def fullscreen(self):
        """Fill the whole screen, or go back."""
        self.scene.fullscreen = not self.scene.fullscreen

    def older(self):
        """Show older drawings that are kept."""
        self.scene.leaf(1)

    def newer(self):
        """Show newer ones."""
        self.scene.leaf(-1)

    def next_focus(self):
        """Give the next button that can do anything the focus."""
        self._attention.move_focus(1)

    def last_focus(self):
        """Give the button before it the focus."""
        self._attention.move_focus(-1)

    def leave(self):
        """Leave what is on top: the list of keys, a running stroke, the full screen, the keyboard's cursor."""
        if self.scene.keys:
            self.keys()
        elif self.scene.kept is not None:
            self.kept()
        elif self.sheet.is_drawing:
            self.sheet.abandon()
        elif self.scene.fullscreen:
            self.fullscreen()
        else:
            self.scene.focus = self.scene.cursor = None

    def close(self) -> None:
        """Close the window."""
        self._teaching.close()
        self.is_open = False

    # What follows from them

    def _look_at(self, aside):
        """Show something in the place of the bars, or the bars again."""
        self.scene.aside = None if self.scene.aside == aside else aside
        if self.scene.aside and self.scene.answer:
            self.classify()

    def _use(self, model):
        """Read with another model, the drawing on the sheet too."""
        self._dialogue.use(model)
        self.classify()

    def _say(self, message):
        self.scene.message, self._message_ends = safe_text.shown(message), self.now + READING

    def _import(self, read, *arguments):
        self._tasks.begin("import", self._put_read, read, *arguments)
        self._say("Reading the picture \u2026")

    def _open_chosen(self, path):
        if path is not None:
            self.import_picture(path)

    def _put_read(self, picture):
        self._say("")
        self.receive(picture)

    def _save(self, save, what):
        if not self._tasks.is_running("save"):  # else the dialogue is open
            self._tasks.begin("save", self._say, save, what, self._desktop)

    def _notice_ink(self):
        """Pass on what changed on the sheet."""
        scene, sheet = self.scene, self.sheet
        scene.can_undo, scene.can_redo = sheet.can_undo, sheet.can_redo
        scene.stroke, scene.stroke_erases = sheet.open_stroke
        if sheet.ink is scene.ink:
            return
        scene.ink, scene.is_bare = sheet.ink, sheet.is_empty
        if scene.is_bare:
            self._dialogue.forget()
            return
        scene.hint, self.settings.has_drawn = "", True
        if scene.live:
            self._dialogue.ask(self.sheet, self.now)
