"""What is offered in X11's clipboard is what others get, whole, and nothing else."""

import struct

import pytest

from digits.files import x11
from tests.support.fake_display import FakeDisplay

PNG, WORDS = b"\x89PNG\0" + bytes(range(256)), "7 \u2212 98 %".encode()


@pytest.fixture(autouse=True)
def display(monkeypatch, tmp_path):
    monkeypatch.setenv("XAUTHORITY", str(tmp_path / "cookies"))
    return use(FakeDisplay(), monkeypatch)


def use(display, monkeypatch):
    monkeypatch.setattr(x11, "_connected", display.connect)
    return display


def test_an_empty_clipboard_has_nothing():
    assert x11.get(("image/png",)) is None


def test_what_is_offered_is_had_in_each_kind_that_it_is_offered_in():
    x11.offer({"image/png": PNG, "UTF8_STRING": WORDS})
    assert x11.get(("image/png",)) == ("image/png", PNG)
    assert x11.get(("text/uri-list", "UTF8_STRING", "image/png")) == ("UTF8_STRING", WORDS)
    assert x11.get(("text/uri-list",)) is None


def test_who_asks_is_told_which_kinds_there_are(display):
    x11.offer({"image/png": PNG, "UTF8_STRING": WORDS})
    _, kinds = x11.get(("TARGETS",))
    names = {number: name for name, number in display.atoms.items()}
    assert [names[number] for number in struct.unpack("<3I", kinds)] == ["TARGETS", "image/png", "UTF8_STRING"]


def test_a_later_offer_takes_the_place_of_an_earlier_one():
    x11.offer({"image/png": PNG})
    x11.offer({"UTF8_STRING": WORDS})
    assert x11.get(("image/png", "UTF8_STRING")) == ("UTF8_STRING", WORDS)


def test_large_content_comes_in_parts_and_is_put_together(monkeypatch):
    use(FakeDisplay(part=100), monkeypatch)
    x11.offer({"image/png": PNG * 3})
    assert x11.get(("image/png",)) == ("image/png", PNG * 3)


def test_no_more_is_taken_than_was_foreseen(monkeypatch):
    use(FakeDisplay(part=100), monkeypatch)
    x11.offer({"image/png": PNG * 3})
    monkeypatch.setattr(x11, "MOST", 500)
    with pytest.raises(OSError, match="more than"):
        x11.get(("image/png",))


def test_what_is_too_large_to_be_handed_over_is_not_offered():
    with pytest.raises(OSError, match="too large"):
        x11.offer({"image/png": bytes(300_000)})


def test_a_program_that_does_not_answer_is_not_waited_for_long(display, monkeypatch):
    x11.offer({"UTF8_STRING": WORDS})
    monkeypatch.setattr(x11, "PATIENCE", 0.05)
    monkeypatch.setattr(display, "_request_25", lambda *_: None)
    with pytest.raises(TimeoutError):
        x11.get(("UTF8_STRING",))


def test_the_cookie_of_the_display_is_shown_where_there_is_one(display, tmp_path):
    def entry(family, number, cookie):
        parts = (b"host", number, b"MIT-MAGIC-COOKIE-1", cookie)
        return struct.pack(">H", family) + b"".join(struct.pack(">H", len(part)) + part for part in parts)

    (tmp_path / "cookies").write_bytes(entry(256, b"1", b"other one") + entry(256, b"0", b"sixteen letters."))
    assert x11.get(("image/png",)) is None
    assert display.cookies == [b"sixteen letters."]


@pytest.mark.parametrize("name", ["", "nonsense", ":x"])
def test_where_there_is_no_display_it_is_said(monkeypatch, name):
    monkeypatch.undo()
    monkeypatch.setenv("DISPLAY", name)
    with pytest.raises(OSError, match="no display"):
        x11.get(("image/png",))
