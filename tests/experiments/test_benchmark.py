"""The benchmark's pen really draws, and sees when the picture shows the answer to what it drew."""

import zipfile

import numpy as np

from digits import modelfile
from digits.evaluation import testsets
from digits.experiments import pen as pens
from digits.experiments.benchmark import _cell, _median, _percentile, _repacked, differences
from digits.experiments.pen import Pen, changes, draw_until, titles_while_drawing
from digits.reading import conversion
from tests.support import model_files
from tests.support.drawings import SEVEN
from tests.support.fake_model import write_model


def test_the_pen_draws_and_every_move_is_answered(loop, session):
    pen = Pen(loop)
    work, frames = draw_until(pen, lambda: pen.moves >= 30)
    assert not session.scene.is_bare and session.scene.answer.digit == 7
    assert len(pen.behind) >= 25 and min(pen.behind) > 0
    assert 0 < len(work) <= len(frames)


def test_what_is_not_answered_does_not_count(loop, recogniser):
    recogniser.is_prompt = False
    pen = Pen(loop)
    draw_until(pen, lambda: pen.moves >= 5)
    assert pen.behind == []


def test_the_titles_that_a_digit_leaves_are_seen(loop, monkeypatch):
    monkeypatch.setattr(pens, "MOVE", 0.001)
    monkeypatch.setattr(pens, "LIFTED", 0.001)
    monkeypatch.setattr("digits.app.dialogue.PAUSE", 0.05)
    monkeypatch.setattr(pens, "RESTING", 0.2)
    titles = titles_while_drawing(loop, [np.float32(SEVEN)])
    assert titles[0] == "draw a digit" and titles[-1] == "7 - 98 %" and changes(titles) == 1


def test_percentiles_and_medians_are_values_that_occurred():
    assert _percentile([0.004, 0.001, 0.003, 0.002], 50) == 2
    assert _percentile([i / 1000 for i in range(1, 101)], 95) == 95
    assert _median([3, 1, 2]) == 2


def test_a_model_of_ones_own_is_the_same_network_in_other_bytes(tmp_path):
    path = model_files.write(tmp_path / "model.keras")
    own = _repacked(path, tmp_path / "own.keras")
    modelfile.check_source(own)
    assert own.read_bytes() != path.read_bytes()
    assert members(own) == members(path)


def test_both_answer_so_much_alike(tmp_path, monkeypatch):
    write_model(tmp_path / "model.keras")
    conversion.keep(tmp_path / "model.keras")
    monkeypatch.setattr(testsets, "PLACEMENTS", {"centred": testsets.PLACEMENTS["centred"]})
    [(shown, difference)] = differences(tmp_path / "model.keras", None).items()
    assert shown.startswith("drawn digits") and difference < 1e-5


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_cell_of_the_table_has_the_median_and_the_range():
    assert _cell([0.031, 0.012, 0.024], "s", 2) == "0.02 s, 0.01 to 0.03"
    assert _cell([None, None, None], "MB", 0) == "-"
