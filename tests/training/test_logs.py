"""The history of a training for other programs."""

import csv
import importlib.util

import pytest

from digits import UserError
from digits.training import logs

HISTORY = tuple(
    {"epoch": epoch, "loss": 1 / epoch, "accuracy": 0.9, "val_loss": 0.4, "val_accuracy": 0.91, "seconds": 20.1}
    for epoch in (1, 2, 3)
)


def test_the_table_has_a_row_for_each_epoch(tmp_path):
    table = tmp_path / "log.csv"
    for length in (1, 1, 3):
        logs.write_table(table, HISTORY[:length])
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [{name: float(value) for name, value in row.items()} for row in rows] == [dict(epoch) for epoch in HISTORY]


def test_a_place_is_checked_before_anything_slow_and_nothing_there_is_lost(tmp_path):
    table = tmp_path / "log.csv"
    table.write_text("an earlier run")
    logs.check(table, None)
    assert table.read_text() == "an earlier run"
    with pytest.raises(UserError, match="cannot be written"):
        logs.check(tmp_path / "missing" / "log.csv", None)


def test_tensorboard_is_asked_for_in_a_sentence_where_it_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="python -m pip install tensorboard"):
        logs.check(None, tmp_path / "board")


def test_tensorboard_needs_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="needs a folder"):
        logs.check(None, tmp_path / "file")
