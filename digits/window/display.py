"""The system's window, on pygame-ce and on pygame: opened, resized, titled, shown.

pygame-ce's own window class knows dense displays; the older interface, which pygame has, does not.
"""

import contextlib
import os

import pygame

from digits import UserError
from digits.app.desktop import Desktop
from digits.app.scene import NAME
from digits.quiet import muted

SMALLEST = (240, 240)  # points: below this, buttons would become too small to hit
LOWEST_START = 320  # points: how high a window is at least when it is first opened
INVISIBLE = ("offscreen", "dummy")  # what SDL falls back to where there is no display


class Window:
    """A resizable window on the display."""

    def __init__(self, size: tuple[int, int] | None = None):
        """Open it; a size in points, or one that suits the display."""
        self._cursor = None
        asked_for = os.environ.get("SDL_VIDEODRIVER", "")
        try:
            with muted(descriptor=2):  # SDL's libraries complain of their own about a display that is not there
                pygame.display.init()
            if pygame.display.get_driver() in INVISIBLE and pygame.display.get_driver() not in asked_for:
                raise pygame.error("no display found")
            pygame.font.init()
            self._window = _open(NAME, _within_display(size or _suitable_size()))
        except pygame.error as error:
            raise UserError(
                f"There is no display to open a window on ({error}): start the program on a desktop, or read pictures "
                "without a window by --read IMAGE."
            ) from None

    @property
    def surface(self) -> pygame.Surface:
        """What is drawn on; a new one after every change of size."""
        return self._window.get_surface()

    @property
    def size(self) -> tuple[int, int]:
        """Its size in points."""
        return tuple(self._window.size)

    def resize(self, size: tuple[int, int]) -> None:
        """Give it another size in points."""
        self._window.size = size

    @property
    def scale(self) -> float:
        """Pixels a point."""
        return max(1, self._window.get_surface().get_width()) / max(1, self._window.size[0])

    @property
    def title(self) -> str:
        """What stands in its caption."""
        return self._window.title

    @title.setter
    def title(self, title: str):
        if title != self._window.title:
            self._window.title = title

    def set_cursor(self, cursor: int) -> None:
        """Give the pointer one of the system's shapes, where it has them."""
        if cursor != self._cursor:
            self._cursor = cursor
            with contextlib.suppress(pygame.error):
                pygame.mouse.set_cursor(cursor)

    def set_icon(self, picture: pygame.Surface) -> None:
        """Let a picture stand for it."""
        self._window.set_icon(picture)

    def show(self) -> None:
        """Bring what was drawn to the display."""
        self._window.flip()

    def toggle_fullscreen(self) -> None:
        """Fill the whole screen, or go back."""
        self._window.toggle_fullscreen()

    @property
    def is_fullscreen(self) -> bool:
        """Whether it fills the screen."""
        return self._window.is_fullscreen

    def close(self) -> None:
        """Close it at once."""
        self._window.close()
        pygame.quit()


def put_in_clipboard(words: str) -> bool:
    """Copy a text, and say whether that worked."""
    try:
        if not hasattr(pygame.scrap, "put_text"):  # pygame
            pygame.scrap.init()
            pygame.scrap.put(pygame.SCRAP_TEXT, words.encode())
        else:
            pygame.scrap.put_text(words)
    except pygame.error:
        return False
    return True


def desktop() -> Desktop:
    """Return the desktop that the window is on."""
    return Desktop(put_in_clipboard)


def _open(title, size):
    return _CommunityWindow(title, size) if hasattr(pygame, "Window") else _OldWindow(title, size)


def _suitable_size():
    """Return a size for a first start: comfortable, and larger where the display is."""
    width, height = pygame.display.get_desktop_sizes()[0]
    high = max(LOWEST_START, min(0.62 * height, 0.55 * width))
    return round(1.5 * high), round(high)


def _within_display(size):
    display = pygame.display.get_desktop_sizes()[0]
    return tuple(max(low, min(side, high)) for side, low, high in zip(size, SMALLEST, display, strict=True))


class _CommunityWindow:
    """pygame-ce's window."""

    def __init__(self, title, size):
        self._window = pygame.Window(title, size, resizable=True, allow_high_dpi=True)
        self._window.minimum_size = SMALLEST
        self.is_fullscreen = False
        self.get_surface, self.flip = self._window.get_surface, self._window.flip
        self.set_icon = self._window.set_icon
        self.close = self._window.destroy  # before SDL ends: collected after that, it would end another window

    @property
    def size(self):
        return self._window.size

    @size.setter
    def size(self, size):
        self._window.size = size

    @property
    def title(self):
        return self._window.title

    @title.setter
    def title(self, title):
        self._window.title = title

    def toggle_fullscreen(self):
        self.is_fullscreen = not self.is_fullscreen
        if self.is_fullscreen:
            self._window.set_fullscreen(True)
        else:
            self._window.set_windowed()


class _OldWindow:
    """The one window of pygame's display module."""

    def __init__(self, title, size):
        pygame.display.set_mode(size, pygame.RESIZABLE)
        self.title = title
        self.is_fullscreen = False
        self.get_surface, self.flip = pygame.display.get_surface, pygame.display.flip
        self.set_icon = pygame.display.set_icon
        self.close = pygame.display.quit

    @property
    def size(self):
        return pygame.display.get_window_size()

    @size.setter
    def size(self, size):
        pygame.display.set_mode(size, pygame.RESIZABLE)

    @property
    def title(self):
        return pygame.display.get_caption()[0]

    @title.setter
    def title(self, title):
        pygame.display.set_caption(title)

    def toggle_fullscreen(self):
        self.is_fullscreen = not self.is_fullscreen
        if self.is_fullscreen:
            self._size_before = self.size
            pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
        else:
            pygame.display.set_mode(self._size_before, pygame.RESIZABLE)
