"""Where a file is to go: people are asked in the desktop's own dialogue, which is a process of its own."""

import atexit
import os
import shutil
import subprocess
import sys
from pathlib import Path

TITLE = "Save the drawing"
KINDS = (("Picture, 28 x 28 or large", "*.png"), ("Strokes, UNIPEN text", "*.dat"))
_TK = f"""
import sys, tkinter.filedialog
root = tkinter.Tk()
root.withdraw()
print(tkinter.filedialog.asksaveasfilename(
    title={TITLE!r}, initialdir=sys.argv[1], initialfile=sys.argv[2], filetypes={KINDS!r}), end="")
"""


def ask_where(suggested: Path) -> Path | None:
    """Return the path that people choose, None if they choose none; the suggested one where nobody can be asked.

    They have been asked whether a file that is there may be written over.
    """
    folder = next((folder for folder in suggested.parents if folder.is_dir()), suggested.parent)
    command, cancelled = _dialogue(folder / suggested.name)  # in a folder that is not there it would choose its own
    asked = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    atexit.register(asked.kill)  # nobody would hear its answer
    said = os.fsdecode(asked.communicate()[0]).rstrip("\r\n")
    atexit.unregister(asked.kill)
    if said:
        return Path(said)
    return None if asked.returncode == cancelled else suggested


def _dialogue(suggested):
    """Return the command that opens a dialogue, and its exit code where people choose nothing.

    The dialogue is GNOME's or KDE's, and elsewhere Tk's, which on Windows and on a Mac is the system's own.
    """
    if shutil.which("zenity"):
        patterns = [f"--file-filter={words} | {pattern}" for words, pattern in KINDS]
        command = ["zenity", "--file-selection", "--save", "--confirm-overwrite", f"--title={TITLE}"]
        return [*command, f"--filename={suggested}", *patterns], 1
    if shutil.which("kdialog"):
        patterns = "\n".join(f"{words} ({pattern})" for words, pattern in KINDS)
        return ["kdialog", "--title", TITLE, "--getsavefilename", str(suggested), patterns], 1
    return [sys.executable, "-X", "utf8", "-c", _TK, str(suggested.parent), suggested.name], 0
