"""Photographs: the digit is found on any desk, under any light and between any lines, and cut out where people say."""

from functools import cache

import numpy as np
import pytest
from PIL import Image

import digits
from digits import UserError
from digits.files import marks, photographs, pictures, rulings, sheets
from digits.ink import grid
from tests.support.photographs import KINDS
from tests.support.reading_photographs import drawings, save


@pytest.fixture(scope="module")
def reader():
    return digits.load()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_photograph_is_read(reader, tmp_path, kind):
    path, digit = save(kind, drawings(), 3, tmp_path, long=700)
    assert reader.read_picture(path).digit == digit


def stroke(levels, level=0.1):
    """Return a sheet with a thick 1 on it."""
    levels = levels.copy()
    levels[60:140, 96:104] = level
    return levels


def coloured(levels):
    return Image.fromarray((255 * np.clip(levels, 0, 1)).round().astype(np.uint8)).convert("RGB")


@cache
def on_a_dark_desk():
    """Return a photograph of a sheet that is turned by ten degrees."""
    sheet = Image.fromarray(stroke(np.full((200, 200), 0.9, np.float32)))
    return photographs.look(
        coloured(np.asarray(sheet.rotate(-10, Image.Resampling.BICUBIC, expand=True, fillcolor=0.2)))
    )


def extent(ink):
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0.5) for axis in (1, 0))
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


def test_what_was_found_is_said():
    assert on_a_dark_desk().found == "Found: a sheet of paper on a dark desk, turned by 10 degrees."


def test_a_turned_sheet_is_turned_back_and_the_digit_is_as_large_as_digits_are():
    photograph = on_a_dark_desk()
    ink = photograph.cut(photograph.corners)
    assert ink.shape == grid.SHAPE and ink.dtype == np.float32 and ink.max() == 1
    height, width = extent(ink)
    assert 19 <= height <= 21 and width <= 3


def test_the_frame_may_be_moved():
    photograph = on_a_dark_desk()
    moved = photograph.cut(photograph.corners + np.subtract(photograph.corners[1], photograph.corners[0]) / 4)
    assert np.nonzero(moved > 0.5)[1].mean() < 8
    with pytest.raises(UserError, match="nothing written in the frame"):
        photograph.cut(photograph.corners / 20)


@pytest.mark.parametrize(
    "corners", [np.zeros((4, 2)), np.full((4, 2), 1e6), np.eye(4, 2), [(9, 9), (9, 9), (99, 9), (99, 99)]]
)
def test_a_frame_of_any_shape_is_cut_out_or_refused_in_a_sentence(corners):
    try:
        assert on_a_dark_desk().cut(np.array(corners, float)).shape == grid.SHAPE
    except UserError as error:
        assert "frame" in str(error)


def test_for_a_wide_sheet_all_of_a_number_is_cut_out_and_a_page_has_all_of_it():
    levels = np.full((200, 400), 0.6)
    levels[20:180, 20:380] = stroke(np.full((160, 360), 0.9))
    levels[80:160, 150:158] = levels[80:160, 190:198] = 0.1
    photograph = photographs.look(coloured(levels), columns=84)
    for ink in (photograph.cut(photograph.corners, 84), photograph.page):
        assert np.count_nonzero(np.diff(np.flatnonzero(ink.max(axis=0) > 0.5)) > 3) == 2  # gaps


def test_chalk_is_told_from_ink_by_what_it_is_written_on():
    photograph = photographs.look(coloured(stroke(np.full((200, 300), 0.15), 0.8)))
    assert photograph.found == "Found: light strokes on a dark ground."
    assert extent(photograph.cut(photograph.corners))[1] <= 3


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (5, 5), (30, 40), (3000, 20)])
def test_no_size_and_no_noise_is_too_odd_to_be_looked_at(size):
    noise = np.random.default_rng(0).random((size[1], size[0]))
    try:
        photographs.look(coloured(noise))
    except UserError as error:
        assert "nothing but paper" in str(error)


def test_bare_paper_on_a_desk_has_nothing_on_it():
    levels = np.full((300, 300), 0.2)
    levels[50:250, 50:250] = 0.9
    with pytest.raises(UserError, match="nothing but paper"):
        photographs.look(coloured(levels))


def test_drawings_and_scans_are_not_taken_for_photographs(monkeypatch):
    monkeypatch.setattr(photographs, "look", lambda *_: pytest.fail("it was looked at as a photograph"))
    assert pictures.from_image(coloured(stroke(np.ones((200, 200))))).shape == grid.SHAPE


# Marks, lines, sheets


def test_the_edge_of_a_desk_a_strip_of_it_and_a_gradient_leave_no_marks():
    levels = np.linspace(0.6, 1, 200, dtype=np.float32)[:, None] * np.ones((200, 300), np.float32)
    levels[:, :80] *= 0.2
    levels[185:] *= 0.4
    assert marks.find(levels).contrast.max() < 0.02


def test_a_stroke_has_the_same_contrast_in_the_light_and_in_the_shade():
    levels = np.full((200, 200), 0.9, np.float32)
    levels[:, 100:] *= 0.6
    levels[90:96, 20:180] *= 0.3
    contrast = marks.find(levels).contrast[92]
    assert contrast[60] == pytest.approx(contrast[140], rel=0.15) and contrast[60] > 0.5


@pytest.mark.parametrize("turn", [-7, 0, 4])
def test_squares_are_taken_away_and_a_stroke_across_them_stays(turn):
    lines = np.zeros((300, 400), np.float32)
    lines[::25] = lines[:, ::25] = 0.3
    contrast = np.array(Image.fromarray(lines).rotate(-turn, Image.Resampling.BILINEAR))
    contrast[100:220, 150:158] = 0.8
    found = rulings.Rulings(contrast)
    left = found.taken_from(contrast)
    assert found.turn == pytest.approx(turn, abs=0.3)
    assert left[100:220, 152:156].min() > 0.35 and (left[:, 200:] > 0.1).mean() < 0.01


def test_a_one_is_not_taken_for_a_line():
    contrast = np.zeros((300, 400), np.float32)
    contrast[40:260, 200:206] = 0.5
    found = rulings.Rulings(contrast)
    np.testing.assert_array_equal(found.taken_from(contrast), contrast)
    assert not found.are_there


def test_a_fold_is_taken_away_and_is_no_ruling():
    contrast = np.zeros((300, 400), np.float32)
    contrast[:, 120:123] = 0.2
    found = rulings.Rulings(contrast)
    assert found.taken_from(contrast).max() < 0.01 and not found.are_there


def test_a_sheet_is_convex_and_the_desk_around_it_is_not():
    colours = np.full((300, 300, 3), 0.3, np.float32)
    colours[80:220, 60:240] = (0.9, 0.9, 0.8)
    found = sheets.Sheets(colours)
    inside, around = (found.sheet(found.number_at(*np.full((2, 1), place), np.ones(1))) for place in (150, 10))
    assert inside.convexity > 0.95 and inside.turn == 0 and inside.area == pytest.approx(0.28, abs=0.05)
    assert around.convexity < 0.8 and around.brightness < 0.4 < inside.brightness
