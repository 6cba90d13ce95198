"""Text of strangers is shown and never acted upon."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digits import UserError, safe_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("eine Sieben, \u4e03 \u0667 \U0001f600", "eine Sieben, \u4e03 \u0667 \U0001f600"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("two\nlines\r\ttab\0", r"two\nlines\r\ttab\x00"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\x9b31m\u2028\u2029\u200b\ufeff", r"\x9b31m\u2028\u2029\u200b\ufeff"),
        ("not UTF-8: \udcff", r"not UTF-8: \udcff"),
        (7.5, "7.5"),
        ("", ""),
    ],
)
def test_what_a_terminal_might_act_upon_is_shown_as_its_escape(text, shown):
    assert safe_text.shown(text) == shown


def test_what_is_long_is_cut():
    assert safe_text.shown("x" * 201) == "x" * 196 + " ..."
    assert safe_text.shown("x" * 200) == "x" * 200
    assert safe_text.shown("label" * 10, most=10) == "labell ..."


@given(st.text(st.characters(), max_size=300))
def test_any_text_is_safe_and_then_stays(text):
    shown = safe_text.shown(text, 10**6)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert safe_text.shown(shown, 10**6) == shown
    shown.encode()


def test_an_error_quotes_nothing_that_a_terminal_would_act_upon():
    assert str(UserError("no file \x1b[2J\n.")) == r"no file \x1b[2J\n."
    assert len(str(UserError("x" * 10_000_000))) == 2000
