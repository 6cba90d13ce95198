"""What the errors of libraries say fits into a sentence."""

import pytest

from digits import errors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Broken.", "Broken"),
        ("\n  First line.\nSecond line.", "First line"),
        ("", "ValueError"),
        (" \n ", "ValueError"),
        ("It cannot. " + 20 * "Please ensure this. ", "It cannot"),
        (60 * "abc ", 28 * "abc " + "abc ..."),
        (200 * "x", 116 * "x" + " ..."),
    ],
)
def test_the_first_line_of_an_error(text, said):
    assert errors.first_line(ValueError(text)) == said


def test_a_library_that_is_wordy_may_be_given_more_room():
    assert errors.first_line(ValueError(200 * "x"), most=150) == 146 * "x" + " ..."
