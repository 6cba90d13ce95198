"""What a person can tell the window, in one table: a key and a button share one command.

A key is written as people read it. `Ctrl` is Cmd on a Mac, where both work; a single character means the symbol that a
key press gives, whatever keys that takes on the keyboard at hand.
"""

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One thing to do: the name of the session's method for it, the keys that start it, and what it does."""

    name: str
    keys: tuple[str, ...]
    help: str
    label: str = ""  # on its button, if it has one with words

    @property
    def shown_keys(self) -> list[str]:
        """The keys as they are called on this system; the first stands on the button."""
        return [key.replace("Ctrl", "Cmd") if sys.platform == "darwin" else key for key in self.keys]


DIGITS = tuple("0123456789")  # commands too, and the names of the bars
_SAY = "say what it was (or click a bar)"
_THICKNESS = "thinner or thicker brush"  # of both keys, which share a row in the list

COMMANDS = (
    Command("classify", ("Enter",), "read the drawing now", "Classify"),
    Command("reset", ("Del", "Backspace"), "take a new sheet", "Reset"),
    Command("live", ("L",), "answer while you draw, or not", "Live"),
    Command("why", ("W",), "which ink speaks for or against", "Why?"),
    Command("inside", ("I",), "what the network's layers see"),
    Command("eraser", ("E",), "erase (or the right button)"),
    Command("thinner", ("[",), _THICKNESS),
    Command("thicker", ("]",), _THICKNESS),
    Command("undo", ("Ctrl+Z",), "take back the last stroke"),
    Command("redo", ("Ctrl+Y", "Ctrl+Shift+Z"), "do it again"),
    Command("take_back", ("H",), "take the last drawing back"),
    Command("open", ("Ctrl+O",), "put a picture on the grid"),
    Command("save", ("Ctrl+S",), "save the drawing"),
    Command("save_history", ("Ctrl+Shift+S",), "save all drawings together"),
    Command("copy", ("Ctrl+C",), "copy drawing and answer"),
    Command("paste", ("Ctrl+V",), "paste a picture or a file"),
    *(Command(digit, (digit,), _SAY) for digit in DIGITS),
    Command("no_digit", ("N",), "say that it was no digit"),
    Command("kept", ("K",), "show what is kept to learn", "Close"),
    Command("newer", ("PgUp",), "newer drawings"),
    Command("older", ("PgDn",), "older drawings"),
    Command("learn", ("Ctrl+L",), "learn your hand, or stop that", "Learn"),
    Command("forget", ("Ctrl+Shift+L",), "forget what was learnt", "Forget"),
    Command("theme", ("T",), "light or dark"),
    Command("fullscreen", ("F11",), "full screen, or a window"),
    Command("keys", ("F1", "?"), "show or hide all keys"),
    Command("next_focus", ("Tab",), "walk through the buttons"),
    Command("last_focus", ("Shift+Tab",), "walk through the buttons"),
    Command("leave", ("Esc",), "leave list, stroke, full screen"),
    Command("close", ("Ctrl+Q", "Ctrl+W"), "close; the drawing is kept"),
)
BY_NAME = {command.name: command for command in COMMANDS}

KEPT_BUTTONS = ("learn", "forget", "kept")  # on the sheet of what is kept
LEAVES = ("newer", "older")  # there too, where not all of it can be seen at once
WHY_NOT = {"learn": "Nothing is kept yet that could be learnt", "forget": "Nothing has been learnt yet"}
ON_TOP = ("leave", "close", "keys", "theme", "fullscreen")  # what can be done while the list of keys covers all else
ON_KEPT = (
    *ON_TOP,
    *KEPT_BUTTONS,
    *LEAVES,
    "next_focus",
    "last_focus",
)  # and while the sheet of what is kept does
BUTTONS = tuple(command.name for command in COMMANDS if command.label and command.name not in KEPT_BUTTONS)  # elsewhere
BRUSH = "brush"  # the slider among the tools
TOOLS = (  # groups of icons
    (BRUSH, "eraser", "undo", "redo"),
    ("no_digit", "kept", "inside"),
    ("open", "save", "save_history", "copy", "paste"),
    ("theme", "fullscreen", "keys"),
)


def tip(name: str) -> str:
    """Return what a button or the slider is for, and its keys; for people who point at it."""
    if name == BRUSH:
        return "Thinner or thicker brush: [ and ], or the wheel"
    if name in DIGITS:
        return f"Teach it that this is {name}: click here, or press {name}"
    command = BY_NAME[name]
    return f"{command.help[0].upper()}{command.help[1:]}: {' or '.join(command.shown_keys)}"
