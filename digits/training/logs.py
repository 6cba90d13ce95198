"""The history of a training while it goes on, for other programs: a table (CSV), and TensorBoard."""

import csv
import importlib.util
import io
from collections.abc import Callable
from pathlib import Path

from digits import UserError
from digits.files import writing


def check(table: Path | None, tensorboard: Path | None) -> None:
    """Raise UserError unless a history can be written to these places, of which either may be None."""
    if tensorboard and not importlib.util.find_spec("tensorboard"):
        raise UserError("--tensorboard needs TensorBoard; install it with: python -m pip install tensorboard")
    if tensorboard and tensorboard.exists() and not tensorboard.is_dir():
        raise UserError(f"{tensorboard} is a file, and TensorBoard needs a folder; give another name.")
    if table:
        _check_table(table)


def writer(table: Path | None, tensorboard: Path | None, known: int) -> Callable[[tuple[dict, ...]], None]:
    """Return what is to be called with a history whenever it has grown; raises UserError where it cannot be written.

    known: how many epochs of it an earlier run has written to TensorBoard.
    """
    board = _board(tensorboard, known) if tensorboard else lambda history: None

    def write(history):
        if table:
            _write_table(table, history)
        board(history)

    return write


def _check_table(path):
    try:
        path.open("ab").close()
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}).") from error


def _write_table(path, history):
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, history[0] if history else ())
    lines.writeheader()
    lines.writerows(history)
    writing.write_whole(path, lambda unfinished: unfinished.write_text(text.getvalue(), "utf-8", newline=""))


def _board(folder, known):
    import tensorflow as tf

    events = tf.summary.create_file_writer(str(folder))
    shown = known

    def write(history):
        nonlocal shown
        with events.as_default():
            for entry in history[shown:]:
                for name, value in entry.items():
                    tf.summary.scalar(name, value, step=entry["epoch"])
        shown = len(history)
        events.flush()

    return write
