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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "file"), "No space left on device"),
        (FileNotFoundError(2, "No such file or directory"), "No such file or directory"),
        (Exception("<urlopen error [Errno -2] Name unknown>"), "<urlopen error Name unknown>"),
        (ValueError("[WinError 5] Access is denied"), "Access is denied"),
    ],
)
def test_an_error_of_the_system_is_said_without_its_number(error, said):
    assert errors.first_line(error) == said


@pytest.mark.parametrize(
    ("error", "is_lack"),
    [
        (MemoryError(), True),
        (ImportError("libx.so: failed to map segment from shared object"), True),
        (OSError(12, "Cannot allocate memory"), True),
        (ImportError("DLL load failed: The paging file is too small for this operation to complete."), True),
        (ImportError("No module named 'numpy'"), False),
        (ValueError("cannot allocate memory"), False),
    ],
)
def test_a_lack_of_memory_is_known_for_what_it_is(error, is_lack):
    assert errors.is_lack_of_memory(error) is is_lack


def test_a_library_that_is_wordy_may_be_given_more_room():
    assert errors.first_line(ValueError(200 * "x"), most=150) == 146 * "x" + " ..."
