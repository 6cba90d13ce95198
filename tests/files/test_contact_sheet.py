"""Many drawings as one picture: each with its own words below it, whatever they are."""

import numpy as np
import pytest
from PIL import Image

from digits.files import contact_sheet
from digits.ink import grid

SIDE, GAP, LINE = 168, 12, 18  # pixels: of a drawing, between two of them, and of a line of words
WIDE = np.zeros((28, 252), np.float32)
BELOW = GAP + SIDE // 9 + GAP // 2  # pixels: where the words below a wide one begin


@pytest.fixture
def saved(tmp_path):
    def save(*drawings):
        contact_sheet.save(tmp_path / "all.png", drawings)
        with Image.open(tmp_path / "all.png") as image:
            return np.asarray(image)

    return save


@pytest.mark.parametrize("words", ["123456789012 - 81 %, or 123456789013", "1" * 60, "-1 234 - 3 %, ? may be no digit"])
def test_the_words_below_a_drawing_keep_off_its_neighbours(saved, words):
    sheet = saved(*[(WIDE, words)] * 8)
    for column in range(7):
        assert (sheet[:, column * (SIDE + GAP) :][:, :GAP] == 255).all()


def test_a_number_is_cut_after_a_comma_and_nowhere_else(saved):
    number, other = "123 456 789 012 - 81 %,", "or 123 456 789 013"
    both, first, second = (saved((WIDE, words))[BELOW:] for words in (f"{number} {other}", number, other))
    assert (both[:LINE] == first[:LINE]).all()
    assert (both[LINE : 2 * LINE] == second[:LINE]).all() and (second[:LINE] < 128).any()


def test_one_line_is_all_that_single_digits_need(saved):
    sheet = saved((grid.empty(), "7 - 98 %"), (grid.empty(), "7 - 30 %, not a digit?"))
    assert sheet.shape[0] == SIDE + LINE + 3 * GAP
