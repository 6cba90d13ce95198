"""Files: people are asked in the desktop's own dialogue, which is a process of its own."""

import atexit
import os
import shutil
import subprocess
import sys
from pathlib import Path

from digits import UserError

SAVE, OPEN = "Save the drawing", "Put a picture on the grid"  # titles
KINDS = (("Picture, 28 x 28 or large", "*.png"), ("Strokes, UNIPEN text", "*.dat"))  # to be saved
_TK = f"""
import sys, tkinter.filedialog
root = tkinter.Tk()
root.withdraw()
title, folder, name = sys.argv[1:]
if name:
    path = tkinter.filedialog.asksaveasfilename(
        title=title, initialdir=folder, initialfile=name, filetypes={KINDS!r})
else:
    path = tkinter.filedialog.askopenfilename(title=title, initialdir=folder)
print(path or "", end="")
"""


def ask_where(suggested: Path) -> Path | None:
    """Return the path that people choose, None if they choose none; the suggested one where nobody can be asked.

    They have been asked whether a file that is there may be written over.
    """
    chosen, is_cancelled = _ask(SAVE, suggested.parent, suggested.name)
    return chosen or (None if is_cancelled else suggested)


def ask_which(folder: Path) -> Path | None:
    """Return the file that people choose, None if they choose none; UserError where nobody can be asked."""
    chosen, is_cancelled = _ask(OPEN, folder, "")
    if not chosen and not is_cancelled:
        raise UserError("There is no dialogue here to choose a file in; drop the file on the window instead.")
    return chosen


def _ask(title, folder, name):
    """Return the path that people choose, if any, and whether they chose to choose none; name: empty to open."""
    there = next((folder for folder in (folder, *folder.parents) if folder.is_dir()), folder)
    command, cancelled = _dialogue(title, there, name)  # in a folder that is not there it would choose its own
    asked = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    atexit.register(asked.kill)  # nobody would hear its answer
    said = os.fsdecode(asked.communicate()[0]).rstrip("\r\n")
    atexit.unregister(asked.kill)
    return Path(said) if said else None, asked.returncode == cancelled


def _dialogue(title, folder, name):
    """Return the command that opens a dialogue, and its exit code where people choose nothing.

    The dialogue is GNOME's or KDE's, and elsewhere Tk's, which on Windows and on a Mac is the system's own.
    """
    beginning = f"{folder}{os.sep}{name}"  # by a separator at its end zenity knows a folder
    if shutil.which("zenity"):
        command = ["zenity", "--file-selection", f"--title={title}", f"--filename={beginning}"]
        filters = [f"--file-filter={words} | {pattern}" for words, pattern in KINDS]
        return [*command, *(["--save", "--confirm-overwrite", *filters] if name else [])], 1
    if shutil.which("kdialog"):
        filters = "\n".join(f"{words} ({pattern})" for words, pattern in KINDS)
        kind = ["--getsavefilename", beginning, filters] if name else ["--getopenfilename", beginning]
        return ["kdialog", "--title", title, *kind], 1
    return [sys.executable, "-X", "utf8", "-c", _TK, title, str(folder), name], 0
