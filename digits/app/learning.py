"""A model learns a person's hand in a process of its own, which the window starts, watches and ends."""

import contextlib
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from digits import UserError

_PROGRAM = Path(__file__).resolve().parents[2] / "handwriting.py"  # beside the package, in a checkout and installed
_CALM = 10  # niceness: the window comes first


def learnt_model(folder: Path, base: Path) -> Path:
    """Return where the model lies that has learnt a person's hand on top of this very base model."""
    return folder / f"{base.stem}-{hashlib.sha256(base.read_bytes()).hexdigest()[:16]}.keras"


def command(base: Path, target: Path, drawings: Path) -> list[str]:
    """Return the command that lets a model learn drawings in a file, and saves it as another."""
    return [sys.executable, *map(str, (_PROGRAM, target, "--from", base, "--strokes", drawings))]


class Learning:
    """One training, run on a thread of the window and stopped by another."""

    def __init__(self, words: list[str], target: Path):
        """Take the command, and the file that it saves the model in."""
        self.progress = ""  # how far it is
        self._said = ""  # last
        self._command, self._target, self._process, self._is_stopped = words, target, None, False

    def run(self) -> None:
        """Return when the new model is there; raises UserError where nothing came of it, with why."""
        before = _mark(self._target)
        try:
            self._process = _started(self._command)
        except OSError as error:
            raise UserError(f"The training cannot be started ({error.strerror}).") from error
        if self._is_stopped:
            self._process.terminate()
        with self._process as process:
            for line in process.stdout:
                self._hear(line.strip())
        if _mark(self._target) != before:
            return  # whatever came afterwards: who is stopped then has learnt all the same
        if self._is_stopped:
            raise UserError("Learning was stopped; nothing was changed.")
        raise UserError(self._said or f"The training has stopped (exit code {process.returncode}).")

    def _hear(self, line):
        self._said = line or self._said
        if line.endswith("%"):
            self.progress = line

    def stop(self) -> None:
        """End it, wherever it is."""
        self._is_stopped = True
        if self._process:
            self._process.terminate()


def _mark(path):
    """Return what tells a file from the one that takes its place; None where there is none."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_ino, found.st_size
    return None


def _started(words):
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    calm = {"creationflags": subprocess.BELOW_NORMAL_PRIORITY_CLASS} if os.name == "nt" else {}
    pipe = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(words, env=environment, encoding="utf-8", errors="replace", **pipe, **calm)
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, process.pid, _CALM)
    return process
