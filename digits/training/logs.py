"""The history of a training while it goes on, for other programs: a table (CSV), and TensorBoard."""

import csv
import importlib.util
import io
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


def write_table(path: Path, history: tuple[dict, ...]) -> None:
    """Write a history of at least one epoch as a table (CSV), a line for each; raises UserError where it cannot be.

    Keras's `CSVLogger` knows the epochs of one run alone, and a run that was killed leaves it half a line.
    """
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, history[0])
    lines.writeheader()
    lines.writerows(history)
    writing.write_whole(path, lambda unfinished: unfinished.write_text(text.getvalue(), "utf-8", newline=""))


def _check_table(path):
    try:
        path.open("ab").close()
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}).") from error
