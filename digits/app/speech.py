"""Answers are spoken, by the system's own voice where it has one; where it has none there is silence."""

import os
import queue
import shutil
import subprocess
import sys
import threading
from itertools import groupby

from digits.reading.answer import Answer, Number

_VARIABLE = "DIGITS_WORDS"  # for PowerShell, which would take words among its arguments for a part of the script
_POWERSHELL = f"""
Add-Type -AssemblyName System.Speech
(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak($env:{_VARIABLE})
"""
_ENDING = 1.0  # s: for which a voice that is interrupted is waited for


class Speaker:
    """Says one thing at a time, and a newer one instead of the older; whoever calls it never waits."""

    def __init__(self):
        self._program = _program()
        self._words = queue.SimpleQueue()
        threading.Thread(target=self._speak_on, daemon=True).start()

    def say(self, words: str) -> None:
        """Say something as soon as possible, unless something newer comes before it."""
        if self._program:
            self._words.put(words)

    def _speak_on(self):
        voice = None
        while True:
            words = self._words.get()
            if self._words.empty():
                _interrupt(voice)
                voice = self._begin(words)

    def _begin(self, words):
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        command = self._program if sys.platform == "win32" else [*self._program, words]
        no_window = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # of a console, on Windows
        try:
            return subprocess.Popen(command, env={**os.environ, _VARIABLE: words}, creationflags=no_window, **quiet)
        except OSError:
            return None


def spoken(answer: Answer) -> str:
    """Return an answer as it is said; its first word is never one that a program would take for an option."""
    if answer.is_doubtful:
        return _with_doubts(answer) if isinstance(answer, Number) else "perhaps not a digit"
    read = _pronounced(answer.text)
    return f"{read}, or {_pronounced(answer.other)}" if answer.is_torn else f"{read}, {answer.percent} percent"


def _with_doubts(number):
    """Return a number as it is said when some of its digits may be none: "3, perhaps 0, 4917"."""
    runs = groupby(number.places, key=lambda place: place.answer.is_doubtful)
    said = ((doubtful, "".join(place.sign + place.answer.text for place in run)) for doubtful, run in runs)
    return ", ".join("perhaps " * doubtful + _pronounced(digits) for doubtful, digits in said)


def _pronounced(number):
    return number.replace(" ", "").replace("-", "minus ")


def _interrupt(voice):
    if voice is not None:
        voice.terminate()
        try:
            voice.wait(_ENDING)
        except subprocess.TimeoutExpired:
            voice.kill()


def _program():
    """Return the beginning of the command line that speaks, empty where nothing can.

    spd-say hands words on and ends at once; what it said last is silenced by what it says next.
    """
    if sys.platform == "win32":
        return ["powershell", "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL]
    name = "say" if sys.platform == "darwin" else "spd-say"
    return [name] if shutil.which(name) else []
