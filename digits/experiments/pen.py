"""A pen that draws in the program's window, and sees how long the answers take and how often the title changes."""

import math
import time
from collections import deque
from itertools import pairwise

MOVE = 0.008  # s between moves, as a mouse of 125 Hz
LIFTED, RESTING = 0.25, 0.8  # s between two strokes, and after the last one


class Pen:
    """Draws loops without end by posting events, and sees when the answer to each move is on the display."""

    def __init__(self, loop):
        self.loop = loop
        self.moves = 0
        self.behind = []  # s, for every move that was answered
        self._unseen = deque()  # the time of each move, and the ink that it left
        self._posted = None

    def move(self, now):
        """Move on, if it is time."""
        if self._posted is None and now >= self.moves * MOVE:
            self._post()
            self._posted = time.perf_counter()

    def forget(self):
        """Begin to watch for answers anew."""
        self.behind.clear()
        self._unseen.clear()

    def lift(self):
        """Lift the pen."""
        import pygame

        self._tell(pygame.MOUSEBUTTONUP)

    def _post(self):
        import pygame

        if self.moves % 100 == 0:  # a new sheet now and then, or all of it would be ink
            self.lift()
            self.loop.session.do("reset")
        self._tell(pygame.MOUSEMOTION if self.moves % 100 else pygame.MOUSEBUTTONDOWN)
        self.moves += 1

    def _tell(self, kind):
        angle = self.moves * 0.12
        post(self.loop, kind, (14 + 8 * math.sin(angle), 14 + 9 * math.cos(0.37 * angle)))

    def look(self):
        """See what the picture just drawn answers."""
        now, answer = time.perf_counter(), self.loop.session.scene.answer
        if self._posted is not None:
            self._unseen.append((self._posted, self.loop.session.sheet.ink))
            self._posted = None
        if answer and any(ink is answer.ink for _, ink in self._unseen):
            while self._unseen:
                posted, ink = self._unseen.popleft()
                self.behind.append(now - posted)
                if ink is answer.ink:
                    break


def draw_until(pen, is_over):
    """Draw on until something is so; return the work in each frame and the time from frame to frame, in s."""
    work, frames, began = [], [], time.perf_counter()
    before, offset = began, pen.moves * MOVE
    while not is_over():
        pen.loop.wait()
        started = time.perf_counter()
        pen.move(started - began + offset)
        pen.loop.interact(time.monotonic())
        if pen.loop.draw():
            work.append(time.perf_counter() - started)
        pen.look()
        now = time.perf_counter()
        frames.append(now - before)
        before = now
    return work, frames


def post(loop, kind, cells):
    """Let a window hear of a mouse at a position on its sheet."""
    import pygame

    x, y = (at / loop.layout.scale for at in loop.layout.pixel_of(cells))
    pygame.event.post(pygame.event.Event(kind, pos=(x, y), button=1, buttons=(1, 0, 0), rel=(0, 0)))


def live(loop, seconds):
    """Let a window live for some time; return its title after each round."""
    titles, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        loop.wait()
        loop.interact(time.monotonic())
        loop.draw()
        titles.append(loop.window.title)
    return titles


def titles_while_drawing(loop, paths):
    """Draw paths (k, 2), in cells, on a new sheet; return the titles that the window had meanwhile."""
    import pygame

    loop.session.do("reset")
    titles = live(loop, RESTING)[-1:]
    for path in paths:
        for kind, cells in [(pygame.MOUSEBUTTONDOWN, path[0]), *((pygame.MOUSEMOTION, at) for at in path)]:
            post(loop, kind, cells)
            titles += live(loop, MOVE)
        post(loop, pygame.MOUSEBUTTONUP, path[-1])
        titles += live(loop, LIFTED)
    return titles + live(loop, RESTING)


def changes(values):
    """Return how often neighbours differ."""
    return sum(one != other for one, other in pairwise(values))
