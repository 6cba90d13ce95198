"""The picture of the window that opens the README: python -m digits.experiments.screenshot FILE.png.

It needs no display. A three, or with --digits a number, is drawn through the window's own events, as a hand would draw
it, and the answer is the model's; so the picture shows what the program does, and comes out the same every time.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

from digits import modelfile
from digits.assets import MODEL
from digits.command_line import exit_code
from digits.data.pens import PEN_DIGITS
from digits.files import unipen, writing
from digits.ink import strokes
from digits.ink.sheet import Sheet, columns_for

THREE = ((8.4, 8.2), (10.6, 5.6), (14.6, 4.7), (18.2, 6.9), (17.6, 10.6), (12.8, 13.1), (17.8, 14.2), (20.0, 18.0))
THREE += ((18.4, 21.7), (14.4, 23.4), (10.3, 22.6), (7.7, 20.2))  # cells
MOVES = 132  # of the pointer along it
NUMBER = "314159265358"  # as many digits of it as there is room for
HIGH, APART = 18, 20  # cells: the digits of a number, and from one to the next
SETTLED = 1.0  # s: until the bars have come to rest


@exit_code
def main() -> None:
    """Draw, wait for the answer, and save the picture."""
    parser = argparse.ArgumentParser(
        prog="python -m digits.experiments.screenshot",
        description="Make a picture of the window with a digit or a number drawn and read.",
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, default=MODEL, help="(default: the shipped one)")
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="(default: %(default)s)")
    parser.add_argument("--size", type=int, nargs=2, default=(960, 640), metavar=("WIDTH", "HEIGHT"))
    about = "a sheet for a number of so many digits, 2 to 12, and the number on it"
    parser.add_argument("--digits", type=int, choices=range(2, 13), default=1, metavar="N", help=about)
    parser.add_argument("--why", action="store_true", help="show which ink speaks for the answer")
    parser.add_argument("--inside", action="store_true", help="show what the layers see")
    options = parser.parse_args()
    modelfile.check_source(options.model)
    take(options)


def take(options: argparse.Namespace) -> None:
    """Live through a short life of the window, and save its last picture."""
    os.environ |= {"SDL_VIDEODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    from digits.reading.recogniser import Recogniser

    with Recogniser(options.model) as recogniser:
        import pygame

        from digits.app.session import Session
        from digits.app.settings import Settings
        from digits.window.display import Window, desktop
        from digits.window.loop import Loop

        settings, sheet = Settings(theme=options.theme), Sheet(columns_for(options.digits))
        session = Session(recogniser, desktop(), now=0.0, settings=settings, sheet=sheet)
        loop = Loop(session, Window(tuple(options.size)))
        _wait_until(loop, lambda: recogniser.is_ready)
        for path in [curve()] if options.digits == 1 else number(options.digits):
            draw(loop, path)
        for command in ("why", "inside"):
            if getattr(options, command):
                session.do(command)
        _wait_until(loop, lambda: not recogniser.is_thinking)
        loop.interact(now=SETTLED)
        loop.interact(now=2 * SETTLED)
        loop.draw()
        writing.write_whole(options.file, lambda unfinished: pygame.image.save(loop.window.surface, unfinished))
        loop.window.close()


def curve() -> np.ndarray:
    """Return where the pointer goes, (MOVES, 2) in cells: along a smooth three."""
    return strokes.smooth(np.array(THREE), MOVES)


def number(digits: int) -> list[np.ndarray]:
    """Return where the pointer goes for a number, side by side the built-in pen digits: strokes (k, 2) in cells."""
    laid = unipen.read(PEN_DIGITS)
    first = {drawing.label: strokes.smoothed(drawing, MOVES // 2) for drawing in reversed(laid)}
    placed = []
    for place, drawing in enumerate(first[digit] for digit in NUMBER[:digits]):
        box, middle = strokes.box(drawing.paths), (4 + APART * (place + 0.5), 13)
        placed += [(path - box[:2]) * HIGH / box.height + middle for path in drawing.paths]
    return placed


def draw(loop, path) -> None:
    """Draw a path (k, 2), in cells, with the left button of the mouse."""
    import pygame

    for i, cells in enumerate(path):
        kind = pygame.MOUSEMOTION if i else pygame.MOUSEBUTTONDOWN
        pygame.event.post(pygame.event.Event(kind, _facts(loop.layout, cells)))
        loop.interact(now=0.0)
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, _facts(loop.layout, path[-1])))
    loop.interact(now=0.0)


def _facts(layout, cells):
    point = tuple(at / layout.scale for at in layout.pixel_of(cells))
    return {"pos": point, "button": 1, "buttons": (1, 0, 0), "rel": (0, 0)}


def _wait_until(loop, is_so):
    while not is_so():
        time.sleep(0.005)
        loop.interact(now=0.0)


if __name__ == "__main__":
    sys.exit(main())
