"""The window's life: events reach the session, time passes in it, and its scene is drawn where it changed.

The story above it is three verbs: `wait` until something can have happened, `interact` with it, `draw` what changed.
"""

from pathlib import Path

import pygame

from digits.app.session import Session
from digits.ink.sheet import Sheet
from digits.window.display import Window
from digits.window.gestures import Gestures
from digits.window.kept import arrange_kept
from digits.window.keyboard import Keyboard
from digits.window.layout import Layout
from digits.window.plans import arrange
from digits.window.pointer import Pointer
from digits.window.view import View, icon

ACTIVE, IDLE, ASLEEP = 0.005, 0.050, 0.100  # s between looks at events: while something moves, and else
LIVELY, AWAKE = 0.3, 5.0  # s: after an event, so long the next is awaited closely, and not from afar
ICON = ((7, 6), (21, 6), (12, 24))  # a seven, cells


class Loop:
    """Shows a session in a window."""

    def __init__(self, session: Session, window: Window):
        self.session, self.window = session, window
        self.layout: Layout | None = None
        self._pointer = Pointer(session)
        self._gestures = Gestures(session, self._pointer)
        self._keyboard = Keyboard(session, self._pointer)
        self._view = View()
        self._shown = None  # the scene as it was drawn last
        self._event_came = session.now
        self._events = {
            pygame.QUIT: lambda _: session.close(),
            pygame.WINDOWCLOSE: lambda _: session.close(),
            pygame.WINDOWEXPOSED: lambda _: self._redraw(),
            pygame.DROPFILE: lambda event: session.import_picture(Path(event.file)),
        }
        self._fit()
        window.set_icon(icon(_draw(ICON)))

    def wait(self) -> None:
        """Rest until an answer comes, or for so short a time that no event waits long."""
        quiet = self.session.now - self._event_came
        is_active = self._pointer.is_down or self._keyboard.is_walking or self.session.is_lively or quiet < LIVELY
        self.session.wait(ACTIVE if is_active else IDLE if quiet < AWAKE else ASLEEP)

    def interact(self, now: float) -> None:
        """Carry out what people did, and what the recogniser said, since the last time; now: in seconds."""
        self.session.tick(now)
        for event in pygame.event.get():
            self._events.get(event.type, self._pass_on)(event)
            self._event_came = now
        self._keyboard.walk(now)
        self.session.update()

    def draw(self) -> bool:
        """Draw the scene if it looks different from the last time, and say whether it did."""
        self._fit()
        scene = self.session.scene
        if self._shown is not None and scene.equals(self._shown):
            return False
        self._view.draw(self.window.surface, self.layout, scene)
        self.window.show()
        self.window.title = scene.title
        self.window.set_cursor(_cursor(scene))
        self._shown = scene.copy()
        return True

    def _pass_on(self, event):
        self._keyboard.handle(event, self.session.now)  # it leaves the paper to a mouse that comes down
        self._gestures.handle(event, self._places)

    def _redraw(self):
        self._shown = None

    def _fit(self):
        """Fill the screen or leave it as the scene says, and lay everything out anew where that changed the size."""
        if self.window.is_fullscreen != self.session.scene.fullscreen:
            self.window.toggle_fullscreen()
        size, scale = self.window.surface.get_size(), self.window.scale
        if self.layout is None or (self.layout.size, self.layout.scale) != (size, scale):
            self.layout = arrange(*size, scale, self.session.sheet.shape)
            if not self.window.is_fullscreen:
                self.session.settings.size = self.window.size
            self._redraw()
        self.session.scene.places = len(self._places.history)

    @property
    def _places(self):
        """The layout of what is shown."""
        kept = self.session.scene.kept
        return self.layout if kept is None else arrange_kept(self.layout, len(kept))


def _cursor(scene):
    if scene.pointer is not None:
        return pygame.SYSTEM_CURSOR_CROSSHAIR
    is_over_target = scene.hover is not None and scene.can(scene.hover)
    return pygame.SYSTEM_CURSOR_HAND if is_over_target else pygame.SYSTEM_CURSOR_ARROW


def _draw(path):
    sheet = Sheet()
    sheet.begin(path[0], radius=2)
    sheet.extend(path[1:])
    return sheet.ink
