"""Other programs read digits in a few lines, and get plain numbers."""

import json

import numpy as np
import pytest

import digits
from digits.files import pictures
from digits.ink import grid
from tests.support import fake_model
from tests.support.drawings import draw_seven


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A reader of the network that takes ink on the left for a 3, and bare paper for a 5."""
    path = tmp_path_factory.mktemp("models") / "model.keras"
    fake_model.write_model(path)
    return digits.load(str(path))


def left_and_bare():
    grids = grid.empty(2)
    grids[0, :, :14] = 1
    return grids


def test_each_grid_gets_its_digit_and_all_probabilities_in_plain_numbers(reader):
    three, five = reader.read(left_and_bare())
    assert (three.digit, five.digit) == (3, 5)
    assert three.probability == three.probabilities[3] == max(three.probabilities)
    assert len(three.probabilities) == 10 and sum(three.probabilities) == pytest.approx(1)
    assert json.loads(json.dumps(three._asdict()))["digit"] == 3


def test_an_answer_below_the_threshold_of_the_model_is_doubtful(reader):
    three, five = reader.read(left_and_bare())
    assert three.probability > 0.5 > five.probability
    assert five.is_doubtful and not three.is_doubtful


def test_no_grids_get_no_answers(reader):
    assert reader.read(grid.empty(0)) == []


def test_a_picture_is_read_as_the_grid_that_it_shows(reader, tmp_path):
    path = pictures.save(draw_seven(), tmp_path)
    assert [reader.read_picture(str(path))] == reader.read(pictures.read(path)[None])


@pytest.mark.parametrize(
    "grids", [grid.empty(), grid.empty(1)[:, :27], 255 * left_and_bare(), left_and_bare() - 1, np.nan * grid.empty(1)]
)
def test_what_is_no_grids_is_refused_as_a_mistake_of_the_program(reader, grids):
    with pytest.raises(ValueError, match=r"expected grids \(n, 28, 28\) from 0 to 1"):
        reader.read(grids)


def test_a_picture_that_is_not_there_is_an_error_of_the_user(reader, tmp_path):
    with pytest.raises(digits.UserError, match="no such file"):
        reader.read_picture(tmp_path / "none.png")


def test_a_model_that_is_not_there_is_an_error_of_the_user(tmp_path):
    with pytest.raises(digits.UserError, match="no such file"):
        digits.load(tmp_path / "none.keras")


def test_the_model_that_comes_along_is_the_one_by_default():
    [reading] = digits.load().read(draw_seven()[None])
    assert reading.digit == 7 and not reading.is_doubtful
