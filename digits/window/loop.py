"""The window's life: events become commands, commands change the sheet and the scene, answers arrive, frames are drawn.

The story above it is three verbs: `wait` until something can have happened, `interact` with it, `draw` what changed.
"""

import math
from pathlib import Path

import numpy as np
import pygame

from digits import UserError
from digits.app.background import Errand
from digits.app.settings import Settings, theme_of_system
from digits.files import pictures
from digits.ink import brush, grid
from digits.ink.sheet import Sheet
from digits.reading.answer import Trouble
from digits.reading.recogniser import Recogniser
from digits.window.display import Window, put_in_clipboard
from digits.window.gestures import Gestures, next_focus
from digits.window.layout import Layout, arrange
from digits.window.view import Scene, View, icon

ACTIVE, IDLE = 0.005, 0.030  # s between looks at events: while something moves, and else
LIVELY = 0.3  # s: after an event the next is awaited closely
PATIENCE = 0.15  # s: an answer that is there sooner needs no word about thinking
GLIDE = 0.06  # s: in which a bar makes 63 % of its way
READING = 5.0  # s: as long as a message stays
ICON = ((7, 6), (21, 6), (12, 24))  # a seven, cells
RADII = np.arange(0.5, 3.01, 0.25).tolist()  # cells


class App:
    """Ties the sheet, the scene and the recogniser together."""

    def __init__(
        self,
        recogniser: Recogniser,
        window: Window,
        now: float,
        *,
        theme: str = "system",
        live: bool = True,
        folder: Path | None = None,
    ):
        """Show a window on a new sheet. now: in seconds, as in `interact`; folder: where drawings are saved."""
        self.window = window
        self.sheet = Sheet()
        seen = theme_of_system() if theme == "system" else theme
        self.scene = Scene(theme=seen, live=live, radius=brush.DEFAULT.radius, ink=self.sheet.ink)
        self.settings = Settings(window.size, theme)
        self.layout: Layout | None = None
        self.is_open = True
        self._recogniser = recogniser
        self._folder = folder or _here()
        self._errand = None  # a picture that is being fetched
        self._message_ends = 0.0
        self._complaint = ""  # what was wrong with the last question
        self._view = View()
        self._gestures = Gestures(self)
        self._shown = None  # the scene as it was drawn last
        self._began = self._asked = self._now = now  # loading, thinking, the last look at events
        self._event_came = now
        self._events = {
            pygame.QUIT: self._close,
            pygame.WINDOWCLOSE: self._close,
            pygame.WINDOWEXPOSED: self._redraw,
            pygame.DROPFILE: lambda event: self._fetch(pictures.read, Path(event.file), self.sheet.shape[1]),
        }
        self._fit()
        window.set_icon(icon(_draw(ICON)))

    # The three verbs

    def wait(self) -> None:
        """Rest until an answer comes, or for so short a time that no event waits long."""
        is_active = self._gestures.is_busy or self._recogniser.is_thinking or self.scene.bars != self._bars_to_be()
        is_active |= self._now - self._event_came < LIVELY
        self._recogniser.wait(ACTIVE if is_active else IDLE)

    def interact(self, now: float) -> None:
        """Carry out what people did and what the recogniser said since the last time."""
        since, self._now = now - self._now, now
        for event in pygame.event.get():
            self._events.get(event.type, self._pass_on)(event)
            self._event_came = now
        self._gestures.walk(now)
        self._take_picture()
        self._notice_ink()
        self._listen()
        self._glide(since)
        if self.scene.message and now >= self._message_ends:
            self.scene.message = ""

    def draw(self) -> bool:
        """Draw the scene if it looks different from the last time, and say whether it did."""
        self._fit()
        if self._shown is not None and self.scene.equals(self._shown):
            return False
        self._view.draw(self.window.surface, self.layout, self.scene)
        self.window.show()
        self.window.title = self.scene.caption
        self.window.set_cursor(_cursor(self.scene))
        self._shown = self.scene.copy()
        return True

    # Commands: the methods that `digits.app.commands` names

    def do(self, name: str) -> None:
        """Carry out a command, as its key and its button do."""
        getattr(self, name)()

    def classify(self):
        """Ask what the drawing is."""
        if self._recogniser.has_stopped:
            self._recogniser.restart()
        if not self.sheet.is_empty:
            self._ask()

    def reset(self):
        """Take a new sheet."""
        self.sheet.clear()

    def undo(self):
        """Take back the last stroke."""
        self.sheet.undo()

    def redo(self):
        """Do it again."""
        self.sheet.redo()

    def eraser(self):
        """Take the eraser in the hand, or the brush."""
        self.scene.erasing = not self.scene.erasing

    def live(self):
        """Answer while people draw, or only to Classify."""
        self.scene.live = not self.scene.live
        if self.scene.live:
            self.classify()

    def why(self):
        """Show or hide which cells speak for the answer."""
        self.scene.why = not self.scene.why
        if self.scene.why and self.scene.answer:
            self.classify()

    def keys(self):
        """Show or hide the list of keys."""
        self.scene.keys = not self.scene.keys

    def thinner(self):
        """Take a thinner brush."""
        self.scene.radius = max((radius for radius in RADII if radius < self.scene.radius), default=RADII[0])

    def thicker(self):
        """Take a thicker brush."""
        self.scene.radius = min((radius for radius in RADII if radius > self.scene.radius), default=RADII[-1])

    def save(self):
        """Save the drawing as a picture that can be read back, and say where."""
        try:
            self._say(f"Saved: {pictures.save(self.sheet.ink, self._folder)}")
        except (UserError, ImportError) as error:
            self._say(str(error))

    def copy(self):
        """Copy the answer."""
        if self.scene.answer is None:
            self._say("There is no answer to copy yet.")
        elif put_in_clipboard(str(self.scene.answer)):
            self._say(f"Copied: {self.scene.answer}")
        else:
            self._say("The clipboard cannot be reached.")

    def paste(self):
        """Put the picture in the clipboard on the grid."""
        self._fetch(pictures.from_clipboard, self.sheet.shape[1])

    def theme(self):
        """Change between light and dark."""
        self.scene.theme = self.settings.theme = "light" if self.scene.theme == "dark" else "dark"

    def fullscreen(self):
        """Fill the whole screen, or go back."""
        self.window.toggle_fullscreen()

    def next_focus(self):
        """Give the next button the focus."""
        self.scene.focus = next_focus(self.scene.focus, 1)

    def last_focus(self):
        """Give the button before it the focus."""
        self.scene.focus = next_focus(self.scene.focus, -1)

    def leave(self):
        """Close the list of keys, or the window."""
        if self.scene.keys:
            self.scene.keys = False
        else:
            self.is_open = False

    # What follows from them

    def _pass_on(self, event):
        self._gestures.handle(event, self._now)

    def _close(self, _event):
        self.is_open = False

    def _redraw(self, _event=None):
        self._shown = None

    def _fit(self):
        """Lay everything out anew where the window has another size."""
        size, scale = self.window.surface.get_size(), self.window.scale
        if self.layout is None or (self.layout.size, self.layout.scale) != (size, scale):
            self.layout = arrange(*size, scale, self.sheet.shape)
            if not self.window.is_fullscreen:
                self.settings.size = self.window.size
            self._redraw()

    def put(self, ink: np.ndarray) -> None:
        """Put a picture on the grid, in the place of what is there."""
        self.sheet.put(ink)

    def _fetch(self, function, *arguments):
        """Begin to fetch a picture; one that is still being fetched is no longer wanted."""
        self._errand = Errand(function, *arguments)
        self._say("Reading the picture \u2026")

    def _take_picture(self):
        if self._errand is None or not self._errand.is_done:
            return
        errand, self._errand = self._errand, None
        self._say(errand.trouble)
        if not errand.trouble:
            self.put(errand.result)

    def _say(self, words):
        self.scene.message, self._message_ends = words, self._now + READING

    def _notice_ink(self):
        """Pass on what changed on the sheet."""
        scene, sheet = self.scene, self.sheet
        scene.can_undo, scene.can_redo = sheet.can_undo, sheet.can_redo
        if sheet.ink is scene.ink:
            return
        scene.ink, scene.is_bare = sheet.ink, sheet.is_empty
        if scene.is_bare:
            self._recogniser.forget()
            scene.answer, self._complaint = None, ""
        elif scene.live:
            self._ask()

    def _ask(self):
        self._asked = self._now
        self._recogniser.ask(self.sheet.ink, self.scene.why)

    def _listen(self):
        """Take in what the recogniser says."""
        scene = self.scene
        answer = self._recogniser.poll(self._now)
        if isinstance(answer, Trouble):
            self._complaint = answer.sentence
        elif answer:
            scene.answer, self._complaint = answer, ""
        scene.trouble = self._recogniser.trouble or self._complaint
        if scene.state != "loading":
            self._began = self._now  # of the next loading, should it come to that
        scene.state, scene.seconds = self._state()

    def _state(self):
        """Return what the program is doing, and for how long where that matters."""
        if self._recogniser.has_stopped:
            return "stopped", 0
        if not self._recogniser.is_ready:
            return "loading", math.floor(10 * (self._now - self._began)) / 10
        thinks_since = self._now - self._asked
        if self._recogniser.is_thinking and thinks_since > PATIENCE:
            return "thinking", math.floor(thinks_since)
        return "ready", 0

    def _bars_to_be(self):
        """Return how long the bars want to be."""
        scene = self.scene
        if scene.answer is None or scene.trouble:
            return (0.0,) * grid.CLASSES
        return tuple(scene.answer.probabilities.tolist())

    def _glide(self, seconds):
        """Move the bars a part of their way, in the same time at all frame rates."""
        if self.scene.bars == self._bars_to_be():
            return
        share = 1 - math.exp(-seconds / GLIDE)
        self.scene.bars = tuple(
            to_be if abs(to_be - bar) < 0.003 else bar + share * (to_be - bar)
            for bar, to_be in zip(self.scene.bars, self._bars_to_be(), strict=True)
        )


def _cursor(scene):
    if scene.pointer is not None:
        return pygame.SYSTEM_CURSOR_CROSSHAIR
    return pygame.SYSTEM_CURSOR_HAND if scene.hover else pygame.SYSTEM_CURSOR_ARROW


def _here():
    try:
        return Path.cwd()
    except OSError:  # it was removed meanwhile; whoever saves a drawing will hear of it
        return Path()


def _draw(path):
    sheet = Sheet()
    sheet.begin(path[0], radius=2)
    sheet.extend(path[1:])
    return sheet.ink
