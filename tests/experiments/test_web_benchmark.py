"""What measures the page measures each thing that it promises a figure of."""

import pytest

from digits import UserError
from digits.experiments import web_benchmark


def test_a_cell_of_the_table_has_the_median_and_the_range():
    assert web_benchmark._cell([0.031, 0.012, 0.024], "s", 2) == "0.02 s, 0.01 to 0.03"


def test_without_a_browser_it_says_what_to_install(monkeypatch):
    pytest.importorskip("playwright")
    monkeypatch.setattr(web_benchmark.shutil, "which", lambda name: None)
    with pytest.raises(UserError, match="apt-get install chromium"), web_benchmark.browser():
        pass


def test_it_draws_ten_digits_and_more():
    paths = web_benchmark._paths()
    assert len(paths) > 100 and all(path.min() >= 0 and path.max() <= 28 for each in paths for path in each)


def test_the_numbers_it_times_have_six_digits_and_more_strokes_than_five():
    numbers = web_benchmark._numbers()
    assert len(numbers) == 40 and all(len(paths) >= 6 for paths in numbers)
