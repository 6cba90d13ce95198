"""A recogniser that thinks nothing, and hands that draw, press and type in a window that nobody sees."""

import os

os.environ["SDL_VIDEODRIVER"] = "dummy"  # before pygame is imported anywhere
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

import numpy as np
import pygame

from digits.ink import grid
from digits.ink.sheet import Sheet
from digits.reading.answer import Answer

FRAME = 1 / 60  # s


class FakeRecogniser:
    """Gives the answer that it was told to give; to `hold` it back, clear `is_prompt`."""

    def __init__(self):
        self.is_ready = True
        self.is_prompt = True
        self.has_stopped = False
        self.trouble = ""
        self.digit, self.probability = 7, 0.98
        self.asked = []  # (ink, why) of every question
        self.say = None  # what the next poll returns, whatever was asked
        self._waiting = None

    @property
    def is_thinking(self):
        return self._waiting is not None

    def ask(self, ink, why=False):
        self.asked.append((ink, why))
        self._waiting = (ink, why)

    def forget(self):
        self._waiting = None

    def wait(self, seconds):
        self.waited = seconds

    def restart(self):
        self.has_stopped, self.is_ready, self.trouble = False, False, ""

    def poll(self, now):
        if self.say:
            said, self.say = self.say, None
            return said
        if not (self._waiting and self.is_ready and self.is_prompt) or self.has_stopped:
            return None
        (ink, why), self._waiting = self._waiting, None
        return Answer(ink, probabilities(self.digit, self.probability), _slope() if why else None)


def probabilities(digit, probability, second=1):
    """Return ten probabilities with a winner, and a runner-up that has nearly all of the rest."""
    rest = 1 - probability
    chances = np.full(grid.CLASSES, 0.1 * rest / 8, np.float32)
    chances[[digit, second]] = probability, 0.9 * rest
    return chances


def _slope():
    return np.linspace(-1, 1, grid.SIZE**2, dtype=np.float32).reshape(grid.SHAPE)


class Hands:
    """Does to an app what people do, through real events; every act is followed by a frame."""

    def __init__(self, app):
        self.app = app
        self.now = 0.0
        self.frames = 0  # pictures really drawn

    def post(self, kind, **facts):
        pygame.event.post(pygame.event.Event(kind, **facts))
        return self.frame()

    def frame(self, seconds=FRAME):
        self.now += seconds
        self.app.interact(self.now)
        self.frames += self.app.draw()
        return self

    def rest(self, seconds):
        for _ in range(round(seconds / FRAME)):
            self.frame()
        return self

    def point(self, cells):
        """Where a position on the sheet is in the window, in points."""
        return tuple(at / self.app.layout.scale for at in self.app.layout.pixel_of(cells))

    def button(self, name):
        return tuple(at / self.app.layout.scale for at in self.app.layout.buttons[name].centre)

    def press(self, point, button=1, **facts):
        return self.post(pygame.MOUSEBUTTONDOWN, pos=point, button=button, **facts)

    def move(self, point, **facts):
        return self.post(pygame.MOUSEMOTION, pos=point, rel=(0, 0), buttons=(0, 0, 0), **facts)

    def release(self, point, button=1, **facts):
        return self.post(pygame.MOUSEBUTTONUP, pos=point, button=button, **facts)

    def stroke(self, *path, button=1):
        """Draw along positions in cells."""
        self.press(self.point(path[0]), button)
        for cells in path[1:]:
            self.move(self.point(cells))
        return self.release(self.point(path[-1]), button)

    def click(self, name):
        self.move(self.button(name)).press(self.button(name))
        return self.release(self.button(name))

    def finger(self, kind, cells, finger=0):
        x, y = self.app.layout.pixel_of(cells)
        width, height = self.app.layout.size
        return self.post(kind, touch_id=1, finger_id=finger, x=x / width, y=y / height, dx=0.0, dy=0.0)

    def key(self, key, mod=0, unicode=""):
        """Press a key and let it come up."""
        return self.hold(key, mod, unicode).lift(key)

    def hold(self, key, mod=0, unicode=""):
        return self.post(pygame.KEYDOWN, key=key, mod=mod, unicode=unicode, scancode=0)

    def lift(self, key):
        return self.post(pygame.KEYUP, key=key, mod=0, unicode="", scancode=0)


SEVEN = ((8, 6), (20, 6), (13, 23))


def draw_seven():
    """Return the ink of a seven."""
    sheet = Sheet()
    sheet.begin(SEVEN[0])
    sheet.extend(SEVEN[1:])
    return sheet.ink
