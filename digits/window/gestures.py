"""What people do with a mouse, fingers or a pen leads the pointer; the wheel changes the brush, or leafs."""

import contextlib

import pygame

from digits.window.layout import Layout
from digits.window.pointer import Pointer, Target

LEFT, RIGHT = 1, 3  # mouse buttons


class Gestures:
    """Turns events of a mouse and of a touch screen into moves of the pointer."""

    def __init__(self, target: Target, pointer: Pointer):
        self._target, self._pointer = target, pointer
        self._handlers = {
            pygame.MOUSEBUTTONDOWN: self._mouse_down,
            pygame.MOUSEMOTION: self._mouse_moved,
            pygame.MOUSEBUTTONUP: self._mouse_up,
            pygame.MOUSEWHEEL: self._wheel,
            pygame.FINGERDOWN: self._finger_down,
            pygame.FINGERMOTION: self._finger_moved,
            pygame.FINGERUP: self._finger_up,
            pygame.WINDOWLEAVE: self._pointer_left,
        }

    def handle(self, event: pygame.event.Event, layout: Layout) -> None:
        """Take in an event, if it is one of a pointer."""
        if event.type in self._handlers and not _is_echo(event):
            self._handlers[event.type](event, layout)

    def _mouse_down(self, event, layout):
        if event.button in (LEFT, RIGHT):
            self._pointer.press(event.button, layout, layout.pixel(event.pos), erase=event.button == RIGHT)

    def _mouse_moved(self, event, layout):
        pixel = layout.pixel(event.pos)
        self._pointer.hover(layout, pixel)
        for button in (LEFT, RIGHT):
            self._pointer.move(button, layout, pixel)

    def _mouse_up(self, event, layout):
        self._pointer.release(event.button, layout, layout.pixel(event.pos))

    def _wheel(self, event, _layout):
        if event.y:
            up, down = ("thicker", "thinner") if self._target.scene.kept is None else ("newer", "older")
            self._target.do(up if event.y > 0 else down)

    # Fingers and pens; only the first finger draws

    def _finger_down(self, event, layout):
        self._pointer.press(
            _finger(event), layout, _pixel(event, layout), pressure=pressure(event.touch_id, event.finger_id)
        )

    def _finger_moved(self, event, layout):
        self._pointer.move(_finger(event), layout, _pixel(event, layout), pressure(event.touch_id, event.finger_id))

    def _finger_up(self, event, layout):
        self._pointer.release(_finger(event), layout, _pixel(event, layout))
        self._pointer.leave()  # a finger does not hover

    def _pointer_left(self, _event, _layout):
        self._pointer.leave()


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


def _pixel(event, layout):
    width, height = layout.size
    return event.x * width, event.y * height


def _is_echo(event):
    """Whether a mouse event only repeats what a finger did."""
    return bool(getattr(event, "touch", False))
