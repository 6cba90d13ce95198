"""Hands that draw, press and type in a window that nobody sees."""

import os

os.environ["SDL_VIDEODRIVER"] = "dummy"  # before pygame is imported anywhere
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

import pygame

FRAME = 1 / 60  # s


class Hands:
    """Does to a window what people do, through real events; every act is followed by a frame."""

    def __init__(self, loop):
        self.loop = loop
        self.now = 0.0
        self.frames = 0  # pictures really drawn

    def post(self, kind, **facts):
        pygame.event.post(pygame.event.Event(kind, **facts))
        return self.frame()

    def frame(self, seconds=FRAME):
        self.now += seconds
        self.loop.interact(self.now)
        self.frames += self.loop.draw()
        return self

    def rest(self, seconds):
        for _ in range(round(seconds / FRAME)):
            self.frame()
        return self

    def point(self, cells):
        """Where a position on the sheet is in the window, in points."""
        return tuple(at / self.loop.layout.scale for at in self.loop.layout.pixel_of(cells))

    def button(self, name):
        return tuple(at / self.loop.layout.scale for at in self.loop.layout.targets[name].centre)

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
        x, y = self.loop.layout.pixel_of(cells)
        width, height = self.loop.layout.size
        return self.post(kind, touch_id=1, finger_id=finger, x=x / width, y=y / height, dx=0.0, dy=0.0)

    def key(self, key, mod=0, unicode=""):
        """Press a key and let it come up."""
        return self.hold(key, mod, unicode).lift(key)

    def hold(self, key, mod=0, unicode=""):
        return self.post(pygame.KEYDOWN, key=key, mod=mod, unicode=unicode, scancode=0)

    def lift(self, key):
        return self.post(pygame.KEYUP, key=key, mod=0, unicode="", scancode=0)
