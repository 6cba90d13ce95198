"""Draw a digit by hand, and the window tells which one it is: python recognition.py [model.keras]."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from digits import UserError

SHIPPED = Path(__file__).resolve().parent / "assets" / "model.keras"


def parse(arguments=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Draw a digit by hand, and the window tells which one it is.")
    parser.add_argument("model", type=Path, nargs="?", default=SHIPPED, help="a Keras model (default: the shipped one)")
    parser.add_argument("--no-live", dest="live", action="store_false", help="answer only when Classify is pressed")
    return parser.parse_args(arguments)


def show_window(options: argparse.Namespace) -> None:
    """Open the window, and keep it going until somebody closes it."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # the terminal belongs to the user
    from digits.recogniser import Recogniser

    began = time.monotonic()
    with Recogniser(options.model) as recogniser:  # its process starts before pygame is imported, and loads meanwhile
        from digits.app import App
        from digits.window import Window

        app = App(recogniser, Window("Digits"), began, live=options.live)
        while app.is_open:
            app.wait()
            app.interact(time.monotonic())
            app.draw()
        app.window.close()


def main() -> int:
    """Do what the command line says, and return the exit code."""
    options = parse()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a script started it in the background
    try:
        from digits import modelfile

        modelfile.check_source(options.model)
        show_window(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
