"""What people do with keys: commands, and a cursor that arrows lead and the space bar draws with.

One finger is enough: the space bar puts the pen down and, pressed again, up; held, it draws until it is let go of. No
two keys need be held together.
"""

import math

import numpy as np
import pygame

from digits.app.commands import BRUSH, COMMANDS
from digits.window.gestures import LEFT, RIGHT
from digits.window.pointer import Pointer, Target

FRAMES = 50  # steps across a photograph, of its frame
SPACE = "space"  # the space bar as a leader of the pointer
TAP = 0.3  # s: the space bar pressed for less leaves the pen down
FIRST_STEP = 0.3  # s between the first two steps of the cursor while an arrow is held
SLOWEST, FASTEST, FASTER = 0.12, 0.025, 0.85  # s between the next two, s at last, and the factor from step to step

CODES = {
    "Enter": (pygame.K_RETURN, pygame.K_KP_ENTER),
    "Del": (pygame.K_DELETE,),
    "Backspace": (pygame.K_BACKSPACE,),
    "Esc": (pygame.K_ESCAPE,),
    "Tab": (pygame.K_TAB,),
    "PgDn": (pygame.K_PAGEDOWN,),
    "PgUp": (pygame.K_PAGEUP,),
    "F1": (pygame.K_F1,),
    "F11": (pygame.K_F11,),
}
ARROWS = {pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0), pygame.K_UP: (0, -1), pygame.K_DOWN: (0, 1)}
THICKER = (pygame.K_RIGHT, pygame.K_UP)  # on the slider of the brush; the other arrows choose a thinner one


class Keyboard:
    """Turns events of keys into commands and moves of the cursor."""

    def __init__(self, target: Target, pointer: Pointer):
        self._target, self._pointer = target, pointer
        self._arrows = []  # those that are held
        self._next_step, self._pause = 0.0, SLOWEST  # s: when it is due, and how long after it the one that follows
        self._holds_space = False
        self._space_draws_since = None  # s, or None where letting go of the space bar leaves the pen as it is
        self._commands = _key_table()
        self._handlers = {
            pygame.KEYDOWN: self._key_down,
            pygame.KEYUP: self._key_up,
            pygame.MOUSEBUTTONDOWN: self._other_came,
            pygame.FINGERDOWN: self._other_came,
            pygame.WINDOWFOCUSLOST: self._focus_lost,
        }

    @property
    def is_walking(self) -> bool:
        """Whether an arrow is held."""
        return bool(self._arrows)

    def handle(self, event: pygame.event.Event, now: float) -> None:
        """Take in an event at a time in seconds, if it is one of the keyboard."""
        if event.type in self._handlers:
            self._handlers[event.type](event, now)

    def walk(self, now: float) -> None:
        """Move the cursor on while arrows are held."""
        if self._arrows and now >= self._next_step:
            self._next_step = now + self._pause
            self._pause = max(FASTEST, FASTER * self._pause)
            self._step([sum(steps) for steps in zip(*(ARROWS[key] for key in self._arrows), strict=True)])

    def _key_down(self, event, now):
        scene = self._target.scene
        if event.key in ARROWS and scene.focus == BRUSH:
            self._target.do("thicker" if event.key in THICKER else "thinner")
        elif event.key in ARROWS:
            self._hold_arrow(event.key, now)
        elif event.key in (pygame.K_SPACE, *CODES["Enter"]) and scene.focus is not None and not scene.keys:
            self._press(scene.focus)
        elif event.key == pygame.K_SPACE:
            self._press_space(now)
        elif name := self._commands.get(_chord(event)) or self._commands.get(event.unicode):
            self._target.do(name)

    def _key_up(self, event, now):
        if event.key in self._arrows:
            self._arrows.remove(event.key)
        elif event.key == pygame.K_SPACE:
            self._let_go_of_space(now)

    def _press(self, button):
        if isinstance(button, int):
            self._target.take_back(button)
        elif button != BRUSH and self._target.scene.can(button):
            self._target.do(button)

    def _other_came(self, event, _now):
        """Leave the paper to a mouse or a finger, unless the space bar is held; a wheel counts as buttons, too."""
        if not self._holds_space and getattr(event, "button", LEFT) in (LEFT, RIGHT):
            self._pointer.lift(SPACE)

    def _focus_lost(self, _event, _now):
        """Let go of all keys: another window has the keyboard, and their coming up will not be told."""
        self._arrows.clear()
        self._holds_space = False
        self._pointer.lift(SPACE)

    def _hold_arrow(self, key, now):
        if key not in self._arrows:
            self._next_step = max(self._next_step if self._arrows else 0, now + FIRST_STEP)
            self._pause = SLOWEST
            self._arrows.append(key)
            self._step(ARROWS[key])

    def _press_space(self, now):
        """Put the pen down, or up where it was left down."""
        if self._target.scene.framing or self._target.scene.is_covered:
            return
        self._holds_space, self._space_draws_since = True, None
        was_down = self._pointer.leads(SPACE) and self._target.sheet.is_drawing
        self._pointer.lift(SPACE)
        if not was_down and not self._pointer.is_down:
            self._space_draws_since = now
            self._pointer.begin(SPACE, _centre(self._show_cursor()))

    def _let_go_of_space(self, now):
        """Put the pen up, if the space bar was held to draw."""
        self._holds_space = False
        if self._space_draws_since is not None and now - self._space_draws_since >= TAP:
            self._pointer.lift(SPACE)

    def _step(self, by):
        if self._target.scene.is_covered:
            return None
        if framing := self._target.scene.framing:
            return self._target.cutting.pull(None, np.array(by) * max(framing.size) / FRAMES)
        rows, columns = self._target.sheet.shape
        column, row = self._show_cursor()
        place = min(columns - 1, max(0, column + by[0])), min(rows - 1, max(0, row + by[1]))
        self._target.scene.cursor = place
        if self._holds_space and self._space_draws_since is not None:
            self._space_draws_since = -math.inf  # who draws while it is held does not only tap it
        if self._pointer.leads(SPACE):
            self._target.sheet.extend(_centre(place))

    def _show_cursor(self):
        """Return where the cursor is, at first in the middle of the sheet."""
        scene, (rows, columns) = self._target.scene, self._target.sheet.shape
        scene.focus = None
        scene.cursor = scene.cursor or (columns // 2, rows // 2)
        return scene.cursor


def _key_table():
    """Return the command of each key: by (key code, with Ctrl, with Shift), or by the symbol it gives."""
    table = {}
    for command in COMMANDS:
        for written in command.keys:
            *held, key = written.split("+")
            if len(key) == 1 and not key.isalpha():
                table[key] = command.name
            for code in CODES.get(key, (ord(key.lower()),) if key.isalpha() and len(key) == 1 else ()):
                table[code, "Ctrl" in held, "Shift" in held] = command.name
    return table


def _chord(event):
    """Return a key press as the key table has it; None with Alt, which makes symbols."""
    if event.mod & pygame.KMOD_ALT:
        return None
    control = bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
    is_letter_alone = not control and event.key < 128 and chr(event.key).isalpha()  # E is e
    return event.key, control, bool(event.mod & pygame.KMOD_SHIFT) and not is_letter_alone


def _centre(cell):
    return cell[0] + 0.5, cell[1] + 0.5
