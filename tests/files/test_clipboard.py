"""What was copied elsewhere is pasted: pictures, and files copied in file managers."""

import pytest

from digits import UserError
from digits.files import clipboard, pictures, x11
from tests.support.drawings import draw_seven
from tests.support.fake_display import FakeDisplay

SEVEN = draw_seven()


@pytest.fixture(autouse=True)
def display(monkeypatch):
    """A display of its own, for whoever runs this has something in the clipboard."""
    monkeypatch.setattr(x11, "_connected", FakeDisplay().connect)
    monkeypatch.setattr("PIL.ImageGrab.grabclipboard", lambda: None)


@pytest.fixture
def seven(tmp_path):
    """A file with a name that URIs have to spell."""
    return pictures.save(SEVEN, tmp_path).rename(tmp_path / "a seven, 100 %.png")


@pytest.mark.parametrize(
    ("copied", "said"), [(None, "no picture"), ([], "no picture"), (["/nowhere/at/all.png"], "no such file")]
)
def test_a_clipboard_without_a_picture_is_said(monkeypatch, copied, said):
    monkeypatch.setattr("PIL.ImageGrab.grabclipboard", lambda: copied)
    with pytest.raises(UserError, match=said):
        clipboard.read()


def test_a_picture_in_the_clipboard_is_read(monkeypatch, seven):
    monkeypatch.setattr("PIL.ImageGrab.grabclipboard", lambda: pictures.large(SEVEN))
    assert abs(clipboard.read() - SEVEN).mean() < 0.03


@pytest.mark.parametrize("kind", ["text/uri-list", "UTF8_STRING"])
@pytest.mark.parametrize(
    "text",
    [
        "{uri}\r\n",
        "# two files\r\n{uri}\r\nfile:///nowhere.png\r\n",
        "copy\n{uri}",
        "cut\n{uri}\n",
        "{path}",
        "{path}\n/nowhere.png",
    ],
)
def test_a_file_copied_in_a_file_manager_is_read(text, kind, seven):
    x11.offer({kind: text.format(uri=seven.as_uri(), path=seven).encode()})
    assert abs(clipboard.read() - SEVEN).max() < 0.01


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "7 - 98 %",
        "copy",
        "/no/such/file",
        "http://host/seven.png",
        "file://host/seven.png",
        "\0",
        "a" * 9999,
    ],
)
def test_other_text_names_no_file(text):
    assert clipboard.file_in(text) is None


def test_a_copied_file_that_is_gone_meanwhile_is_said():
    x11.offer({"text/uri-list": b"file:///nowhere/seven.png"})
    with pytest.raises(UserError, match=r"seven\.png: there is no such file"):
        clipboard.read()


def test_the_drawing_is_copied_as_a_picture_and_the_answer_as_text():
    assert clipboard.put(SEVEN, "7 - 98 %")
    assert x11.get(("UTF8_STRING",)) == ("UTF8_STRING", b"7 - 98 %")
    assert abs(clipboard.read() - SEVEN).mean() < 0.03


def test_where_there_is_no_display_nothing_is_copied_as_a_picture(monkeypatch):
    def refuse(_):
        raise OSError("there is no display")

    monkeypatch.setattr(x11, "_connected", refuse)
    assert not clipboard.put(SEVEN, "7 - 98 %")
    with pytest.raises(UserError, match="no picture in the clipboard"):
        clipboard.read()
