"""The window: pygame shows a session and hears what people do."""

import os
import sys

from digits import UserError
from digits.app.scene import NAME

# Read by pygame when it is imported and by SDL when it starts, so set before; what the user has set stays.
HINTS = {
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",  # the terminal belongs to the user
    "SDL_WINDOWS_DPI_SCALING": "1",  # sharp on dense displays of Windows, sizes in points as on a Mac
    "SDL_APP_NAME": NAME,
    "SDL_VIDEO_X11_WMCLASS": NAME,  # by which desktops group windows; pygame would give the name of the script
    "SDL_VIDEO_WAYLAND_WMCLASS": NAME,
}
if sys.platform.startswith("linux"):
    # Without a detour through OpenGL a window is there in 10 ms instead of 260, a picture in 0.5 instead of 3.7.
    HINTS["SDL_FRAMEBUFFER_ACCELERATION"] = "0"
for _name, _value in HINTS.items():
    os.environ.setdefault(_name, _value)


def check_pygame() -> None:
    """Raise UserError where pygame is torn: pygame-ce was installed into the same folder, and one of both removed."""
    import pygame

    if not hasattr(pygame, "display"):
        raise UserError("pygame is not whole; mend it with: python -m pip install --force-reinstall pygame-ce")
