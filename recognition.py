"""Draw a digit by hand, and the window tells which one it is: python recognition.py [model.keras]."""

import argparse
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from digits.assets import MODEL
from digits.command_line import add_version, exit_code, loading


def parse(arguments=None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Draw a digit by hand, and the window tells which one it is.")
    parser.add_argument("model", type=Path, nargs="?", default=MODEL, help="a Keras model (default: the shipped one)")
    parser.add_argument("--no-live", dest="live", action="store_false", help="answer only when Classify is pressed")
    parser.add_argument("--theme", choices=("light", "dark", "system"), help="(default: as last time, at first system)")
    parser.add_argument("--speak", action="store_true", help="say the answers aloud, where the system has a voice")
    parser.add_argument("--user", type=_name, default="me", metavar="NAME", help="whose hand it is")
    parser.add_argument("--no-keep", dest="keep", action="store_false", help="keep nothing that is drawn")
    about = "a sheet for a number of so many digits, 2 to 12"
    parser.add_argument("--digits", type=int, choices=range(2, 13), default=1, metavar="N", help=about)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--open", type=Path, metavar="FILE", help="put a picture on the grid")
    one.add_argument("--learn", action="store_true", help="learn the hand from what was kept, without a window")
    one.add_argument("--forget", action="store_true", help="go back to the model as it was before that")
    one.add_argument("--read", type=Path, nargs="+", metavar="IMAGE", help="read pictures without a window")
    parser.add_argument("--json", action="store_true", help="print what --read reads as JSON")
    add_version(parser)
    options = parser.parse_args(arguments)
    if options.json and not options.read:
        parser.error("--json belongs to --read")
    if options.speak and options.read:
        parser.error("--speak belongs to the window")
    if options.learn and not options.keep:
        parser.error("--no-keep leaves nothing to learn")
    return options


def _name(text):
    if not re.fullmatch(r"\w[\w -]{0,39}", text):
        raise argparse.ArgumentTypeError(f"{text!a} is no name: expected up to 40 letters, digits, spaces, - and _")
    return text


def hand_of(options: argparse.Namespace):
    """Return where the user's drawings are kept and the model that has learnt them, a `digits.app.teaching.Hand`."""
    with loading():
        from digits import modelfile
        from digits.app import places
        from digits.app.teaching import Hand

    folder = places.folder("data")
    hand = folder and folder / "hands" / options.user
    return Hand(hand, options.model, keeps=options.keep, read_notes=modelfile.read_notes)


def check_learnt(hand) -> None:
    """Raise UserError where the model that has learnt the user's hand cannot be used."""
    from digits import UserError, modelfile

    if not hand.has_learnt:
        return
    try:
        modelfile.check_source(hand.model)
    except UserError as error:
        what_to_do = "learn anew with --learn, or go back with --forget"
        raise UserError(f"What was learnt of your hand cannot be used, {what_to_do}: {error}") from error


def learn(hand) -> int:
    """Let the model learn the user's hand; returns the exit code."""
    return subprocess.call(hand.command())


def forget(hand) -> int:
    """Go back to the model to begin with."""
    if hand.forget():
        print("What was learnt is forgotten.", end=" ")
    print(f"The model is {hand.base} again; {hand.described}.")
    return 0


def show_window(options: argparse.Namespace, hand) -> int:
    """Open the window, and keep it going until somebody closes it."""
    with loading():
        from digits.reading.recogniser import Recogniser

    began = time.monotonic()
    with Recogniser(hand.model) as recogniser:  # its process starts before pygame is imported, and loads meanwhile
        with loading():
            from digits.app import keeping, places, settings, speech
            from digits.app.session import Session
            from digits.files import pictures
            from digits.ink.sheet import columns_for
            from digits.window import check_pygame

            check_pygame()
            from digits.window.display import Window, desktop
            from digits.window.loop import Loop

        remembered = settings.load(settings.place())
        remembered.theme = options.theme or remembered.theme
        around = replace(desktop(), say=speech.Speaker().say) if options.speak else desktop()
        folder = places.folder("state") if options.keep else None
        with keeping.opened(folder, columns_for(options.digits)) as keeper:
            kept = {"settings": remembered, "keeper": keeper, "hand": hand}
            session = Session(recogniser, around, began, live=options.live, **kept)
            if options.open:
                session.receive(pictures.look(options.open, session.sheet.shape[1]))
            loop = Loop(session, Window(remembered.size))
            while session.is_open:
                loop.wait()
                loop.interact(time.monotonic())
                loop.draw()
            settings.save(remembered, settings.place())
            loop.window.close()
    return 0


def read_pictures(options: argparse.Namespace, hand) -> int:
    """Print what pictures show; 1 where one of them could not be read."""
    with loading():
        from digits.reading.readout import print_answers
        from digits.reading.recogniser import Recogniser

    with Recogniser(hand.model) as recogniser:
        code = 0 if print_answers(recogniser, options.read, options.json) else 1
        recogniser.finish()
        return code


@exit_code
def main() -> int:
    """Do what the command line says, and return the exit code."""
    options = parse()
    with loading():
        from digits import modelfile

    modelfile.check_source(options.model)
    hand = hand_of(options)
    if options.learn or options.forget:
        return learn(hand) if options.learn else forget(hand)
    check_learnt(hand)
    return read_pictures(options, hand) if options.read else show_window(options, hand)


if __name__ == "__main__":
    sys.exit(main())
