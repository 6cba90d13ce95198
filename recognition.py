"""Draw a digit by hand, and the window tells which one it is: python recognition.py [model.keras]."""

import argparse
import os
import sys
import time
from pathlib import Path

from digits import UserError
from digits.assets import MODEL
from digits.command_line import add_version, exit_code


def parse(arguments=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Draw a digit by hand, and the window tells which one it is.")
    parser.add_argument("model", type=Path, nargs="?", default=MODEL, help="a Keras model (default: the shipped one)")
    parser.add_argument("--no-live", dest="live", action="store_false", help="answer only when Classify is pressed")
    parser.add_argument("--theme", choices=("light", "dark", "system"), help="(default: as last time, at first system)")
    parser.add_argument("--open", type=Path, metavar="FILE", help="put a picture on the grid")
    parser.add_argument("--read", type=Path, nargs="+", metavar="IMAGE", help="read pictures without a window")
    parser.add_argument("--json", action="store_true", help="print what --read reads as JSON")
    add_version(parser)
    options = parser.parse_args(arguments)
    if options.json and not options.read:
        parser.error("--json belongs to --read")
    return options


def show_window(options: argparse.Namespace) -> int:
    """Open the window, and keep it going until somebody closes it."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # the terminal belongs to the user
    from digits.reading.recogniser import Recogniser

    began = time.monotonic()
    with Recogniser(options.model) as recogniser:  # its process starts before pygame is imported, and loads meanwhile
        _check_pygame()
        from digits.app import settings
        from digits.files import pictures
        from digits.window.display import Window
        from digits.window.loop import App

        remembered = settings.load(settings.place())
        remembered.theme = options.theme or remembered.theme
        picture = pictures.read(options.open) if options.open else None
        app = App(recogniser, Window("Digits", remembered.size), began, theme=remembered.theme, live=options.live)
        if picture is not None:
            app.put(picture)
        while app.is_open:
            app.wait()
            app.interact(time.monotonic())
            app.draw()
        settings.save(app.settings, settings.place())
        app.window.close()
    return 0


def _check_pygame():
    """Raise UserError where pygame is torn: pygame-ce was installed into the same folder, and one of both removed."""
    import pygame

    if not hasattr(pygame, "display"):
        raise UserError("pygame is not whole; mend it with: python -m pip install --force-reinstall pygame-ce")


def read_pictures(options: argparse.Namespace) -> int:
    """Print what pictures show; 1 where one of them could not be read."""
    from digits.reading.readout import print_answers
    from digits.reading.recogniser import Recogniser

    sys.stdout.reconfigure(errors="backslashreplace")  # names of files that the terminal has no letters for
    with Recogniser(options.model) as recogniser:
        return 0 if print_answers(recogniser, options.read, options.json) else 1


@exit_code
def main() -> int:
    """Do what the command line says, and return the exit code."""
    options = parse()
    from digits import modelfile

    modelfile.check_source(options.model)
    return read_pictures(options) if options.read else show_window(options)


if __name__ == "__main__":
    sys.exit(main())
