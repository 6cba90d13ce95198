"""What looks for findings in the page says what it was not given."""

import pytest

from digits.experiments import accessibility


def test_without_the_file_of_axe_it_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.argv", ["accessibility", str(tmp_path / "axe.min.js")])
    assert accessibility.main() == 1
    assert capsys.readouterr().err == f"{tmp_path / 'axe.min.js'}: there is no such file.\n"


@pytest.mark.parametrize(("text", "digits", "width"), [("3", 1, 28), ("385", 3, 68), ("02468", 1, 28)])
def test_what_is_written_fits_on_its_sheet(text, digits, width):
    paths = accessibility._written(text, digits)
    assert all(0 <= x <= width and 0 <= y <= 28 for path in paths for x, y in path)
