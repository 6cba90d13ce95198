"""What hands do: mouse buttons, fingers and keys become strokes on the sheet and commands to the app.

One pointer acts at a time: the first that goes down, until it comes up. The space bar is a pointer too, led by arrows.
"""

import contextlib

import pygame

from digits.app.commands import BUTTONS, COMMANDS

LEFT, RIGHT = 1, 3  # mouse buttons
SPACE = "space"  # the space bar as a pointer
STEP, FIRST_STEP = 0.035, 0.3  # s between steps of the cursor while arrows are held, and before the second one
LIGHTEST = 0.5  # of the brush's radius, where a pen hardly touches; full pressure, or none told, gives all of it

CODES = {
    "Enter": (pygame.K_RETURN, pygame.K_KP_ENTER),
    "Del": (pygame.K_DELETE,),
    "Backspace": (pygame.K_BACKSPACE,),
    "Esc": (pygame.K_ESCAPE,),
    "Tab": (pygame.K_TAB,),
    "F1": (pygame.K_F1,),
    "F11": (pygame.K_F11,),
}
ARROWS = {pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0), pygame.K_UP: (0, -1), pygame.K_DOWN: (0, 1)}


class Gestures:
    """Turns events into strokes and commands."""

    def __init__(self, app):
        self._app = app
        self._pointer = None  # who draws or holds a button: a mouse button, a finger, the space bar
        self._arrows = []  # those that are held
        self._next_step = 0.0
        self._now = 0.0
        self._keys = key_table()
        self._handlers = {
            pygame.MOUSEBUTTONDOWN: self._mouse_down,
            pygame.MOUSEMOTION: self._mouse_moved,
            pygame.MOUSEBUTTONUP: self._mouse_up,
            pygame.MOUSEWHEEL: self._wheel,
            pygame.FINGERDOWN: self._finger_down,
            pygame.FINGERMOTION: self._finger_moved,
            pygame.FINGERUP: self._finger_up,
            pygame.KEYDOWN: self._key_down,
            pygame.KEYUP: self._key_up,
            pygame.WINDOWLEAVE: self._pointer_left,
            pygame.WINDOWFOCUSLOST: self._hands_off,
        }

    @property
    def is_busy(self) -> bool:
        """Whether somebody draws, holds a button or walks with the arrows."""
        return self._pointer is not None or bool(self._arrows)

    def handle(self, event: pygame.event.Event, now: float) -> None:
        """Take in an event, if it is one of a hand."""
        self._now = now
        if event.type in self._handlers and not _is_echo(event):
            self._handlers[event.type](event)

    def walk(self, now: float) -> None:
        """Move the cursor on while arrows are held."""
        if self._arrows and now >= self._next_step:
            self._next_step = now + STEP
            self._step([sum(way) for way in zip(*(ARROWS[key] for key in self._arrows), strict=True)])

    # Mouse

    def _mouse_down(self, event):
        if event.button in (LEFT, RIGHT):
            self._press(event.button, self._app.layout.pixel(event.pos), erase=event.button == RIGHT)

    def _mouse_moved(self, event):
        pixel = self._app.layout.pixel(event.pos)
        self._hover(pixel)
        if self._pointer in (LEFT, RIGHT):
            self._move(self._pointer, pixel)

    def _mouse_up(self, event):
        self._release(event.button, self._app.layout.pixel(event.pos))

    def _wheel(self, event):
        if event.y:
            self._app.do("thicker" if event.y > 0 else "thinner")

    def _hover(self, pixel):
        scene, layout = self._app.scene, self._app.layout
        scene.hover = layout.button_at(pixel)
        scene.pointer = tuple(layout.cells(pixel).tolist()) if layout.paper.holds(pixel) else None

    def _pointer_left(self, _event):
        self._app.scene.hover = self._app.scene.pointer = None

    # Fingers and pens; only the first finger draws

    def _finger_down(self, event):
        self._press(_finger(event), self._finger_pixel(event), pressure=pressure(event.touch_id, event.finger_id))

    def _finger_moved(self, event):
        self._move(_finger(event), self._finger_pixel(event), pressure(event.touch_id, event.finger_id))

    def _finger_up(self, event):
        self._release(_finger(event), self._finger_pixel(event))
        self._pointer_left(event)  # a finger does not hover

    def _finger_pixel(self, event):
        width, height = self._app.layout.size
        return event.x * width, event.y * height

    # What a pointer of any kind does

    def _press(self, who, pixel, erase=False, pressure=1.0):
        app = self._app
        if self._pointer is not None:
            return
        app.scene.focus = app.scene.cursor = None
        button = app.layout.button_at(pixel)
        if app.scene.keys:
            app.do("keys")
        elif button and not erase:
            self._pointer = who
            app.scene.hover = app.scene.pressed = button
        elif app.layout.paper.holds(pixel):
            self._pointer = who
            app.sheet.begin(app.layout.cells(pixel), self._radius(pressure), erase or app.scene.erasing)

    def _move(self, who, pixel, pressure=1.0):
        if who != self._pointer:
            return
        app = self._app
        app.sheet.extend(app.layout.cells(pixel), self._radius(pressure))
        if app.scene.pressed:
            app.scene.hover = app.layout.button_at(pixel)

    def _release(self, who, pixel):
        if who != self._pointer:
            return
        self._let_go()
        scene = self._app.scene
        pressed, scene.pressed = scene.pressed, None
        if pressed and self._app.layout.button_at(pixel) == pressed:
            self._app.do(pressed)

    def _let_go(self):
        self._pointer = None
        self._app.sheet.end()

    def _radius(self, pressure):
        return self._app.scene.radius * (LIGHTEST + (1 - LIGHTEST) * pressure)

    # Keys

    def _key_down(self, event):
        if event.key in ARROWS:
            self._take_arrow(event.key)
        elif event.key in (pygame.K_SPACE, *CODES["Enter"]) and self._app.scene.focus:
            self._app.do(self._app.scene.focus)
        elif event.key == pygame.K_SPACE:
            self._put_pen_down()
        elif name := self._keys.get(_stroke(event)) or self._keys.get(event.unicode):
            self._app.do(name)

    def _key_up(self, event):
        if event.key in self._arrows:
            self._arrows.remove(event.key)
        elif event.key == pygame.K_SPACE and self._pointer == SPACE:
            self._let_go()

    def _take_arrow(self, key):
        if key not in self._arrows:
            self._next_step = max(self._next_step if self._arrows else 0, self._now + FIRST_STEP)
            self._arrows.append(key)
            self._step(ARROWS[key])

    def _step(self, way):
        cursor = self._show_cursor()
        rows, columns = self._app.sheet.shape
        place = min(columns - 1, max(0, cursor[0] + way[0])), min(rows - 1, max(0, cursor[1] + way[1]))
        self._app.scene.cursor = place
        if self._pointer == SPACE:
            self._app.sheet.extend(_centre(place))

    def _put_pen_down(self):
        if self._pointer is None:
            self._pointer = SPACE
            scene = self._app.scene
            self._app.sheet.begin(_centre(self._show_cursor()), scene.radius, scene.erasing)

    def _show_cursor(self):
        scene = self._app.scene
        scene.focus = None
        rows, columns = self._app.sheet.shape
        scene.cursor = scene.cursor or (columns // 2, rows // 2)
        return scene.cursor

    def _hands_off(self, _event):
        """Let go of all keys: another window has the keyboard, and their coming up will not be told."""
        self._arrows.clear()
        if self._pointer == SPACE:
            self._let_go()


def next_focus(focus: str | None, by: int) -> str | None:
    """Return the button that Tab goes to; between the last and the first lies the paper, None."""
    stops = [None] + [command.name for command in BUTTONS]
    return stops[(stops.index(focus) + by) % len(stops)]


def pressure(touch_id: int, finger_id: int) -> float:
    """Return how hard a finger or a pen presses, 0 to 1; 1 where nobody knows.

    The event's own attribute `pressure` is of no use: in pygame and in pygame-ce it holds dy.
    """
    with contextlib.suppress(ImportError, pygame.error, TypeError):
        from pygame._sdl2 import touch

        for index in range(touch.get_num_fingers(touch_id)):
            finger = touch.get_finger(touch_id, index)
            if finger and finger["id"] == finger_id:
                return min(1.0, max(0.0, finger["pressure"]))
    return 1.0


def _finger(event):
    return "finger", event.touch_id, event.finger_id


def _centre(cell):
    return cell[0] + 0.5, cell[1] + 0.5


def _is_echo(event):
    """Whether a mouse event only repeats what a finger did."""
    return bool(getattr(event, "touch", False))


def key_table():
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


def _stroke(event):
    """Return a key press as the key table has it; None with Alt, which makes symbols."""
    if event.mod & pygame.KMOD_ALT:
        return None
    control = bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
    is_letter_alone = not control and event.key < 128 and chr(event.key).isalpha()  # E is e
    return event.key, control, bool(event.mod & pygame.KMOD_SHIFT) and not is_letter_alone
