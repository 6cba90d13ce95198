"""Reading pictures without a window."""

import json

import numpy as np
import pytest
from PIL import Image

from digits import UserError
from digits.files import pictures
from digits.ink import brush
from digits.reading import sheets
from digits.reading.answer import Trouble, answered
from digits.reading.numbers import Digit
from digits.reading.readout import print_answers
from tests.support.drawings import draw_seven
from tests.support.sessions import FakeRecogniser, probabilities
from tests.support.written import network, written


@pytest.fixture
def files(tmp_path):
    """A picture of a seven, and a file that is none."""
    (tmp_path / "notes.txt").write_text("seven")
    return [pictures.save(draw_seven(), tmp_path), tmp_path / "notes.txt"]


def test_each_picture_gets_a_line_with_digit_and_probability(recogniser, files, capsys):
    assert print_answers(recogniser, [files[0], files[0]], as_json=False)
    assert capsys.readouterr().out == f"{files[0]}: 7 - 98 %\n" * 2
    np.testing.assert_allclose(recogniser.asked[0][0], draw_seven(), atol=0.003)


def test_a_file_that_is_no_picture_gets_its_sentence_and_the_others_their_answers(recogniser, files, capsys):
    assert not print_answers(recogniser, files[::-1], as_json=False)
    output, errors = capsys.readouterr()
    assert output == f"{files[0]}: 7 - 98 %\n"
    assert errors.startswith(f"{files[1]} cannot be read as a picture") and errors.count("\n") == 1


def test_json_has_all_of_it(recogniser, files, capsys):
    print_answers(recogniser, files, as_json=True)
    read, refused = json.loads(capsys.readouterr().out)
    assert (read["file"], read["digit"], read["probability"]) == (str(files[0]), 7, 0.98)
    assert len(read["probabilities"]) == 10
    assert refused["file"] == str(files[1]) and "notes.txt" in refused["error"]


class Counting(FakeRecogniser):
    """Finds a seven after a minus on every sheet."""

    def poll(self, now):
        return answered(draw_seven(), [Digit((2, 4, 8, 9), probabilities(7, 0.98), draw_seven(), 1, "-")], 0.5)


def test_a_number_has_its_minus_and_is_no_single_digit(files, capsys):
    print_answers(Counting(), files[:1], as_json=True)
    [read] = json.loads(capsys.readouterr().out)
    assert (read["number"], read["answer"], read["digit"], read["probabilities"]) == ("-7", "-7 - 98 %", None, None)
    assert [part["digit"] for part in read["digits"]] == [7]


def test_trouble_with_one_picture_is_said(recogniser, files, capsys):
    recogniser.say = Trouble("Out of memory.")
    assert not print_answers(recogniser, [files[0], files[0]], as_json=False)
    output, errors = capsys.readouterr()
    assert errors == f"{files[0]}: Out of memory.\n" and output == f"{files[0]}: 7 - 98 %\n"


def test_a_recogniser_that_has_stopped_ends_it(recogniser, files):
    recogniser.has_stopped, recogniser.trouble = True, "It has stopped."
    with pytest.raises(UserError, match=r"It has stopped\. .* not read"):
        print_answers(recogniser, files, as_json=False)


# Read by the shipped model


class Shipped(FakeRecogniser):
    """Reads with the shipped model, in this process."""

    def poll(self, now):
        ink = self.asked[-1][0]
        return answered(ink, sheets.read(ink, None, network().probabilities, 0.7), 0.7)


def save_picture(path, *lines):
    """Save a picture of lines of digits, 500 x 400 pixels; return the box around the ink of each digit."""
    ink, boxes = np.zeros((400, 500), np.float32), []
    for number, text in enumerate(lines):
        for at, character in enumerate(text):
            paths = written(character, left=60 + 90 * at, top=60 + 170 * number, height=90)
            brush.draw(ink, np.concatenate([brush.lines(one) for one in paths]), radius=4)
            points = np.concatenate(paths)
            boxes.append([*(points.min(axis=0) - 4), *(points.max(axis=0) + 4)])
    Image.fromarray((255 * (1 - ink)).astype(np.uint8)).save(path)
    return boxes


def read_out(path, capsys):
    """Return what is read on a picture, as data."""
    assert print_answers(Shipped(), [path], as_json=True)
    [read] = json.loads(capsys.readouterr().out)
    return read


def test_two_lines_are_a_number_of_two_lines_with_a_box_for_each_digit_in_order(tmp_path, capsys):
    boxes = save_picture(tmp_path / "two.png", "42", "817")
    read = read_out(tmp_path / "two.png", capsys)
    assert (read["number"], read["digit"], read["probabilities"], read["doubtful"]) == ("42\n817", None, None, False)
    assert [part["digit"] for part in read["digits"]] == [4, 2, 8, 1, 7]
    assert read["probability"] == pytest.approx(np.prod([part["probability"] for part in read["digits"]]), abs=5e-4)
    np.testing.assert_allclose([part["box"] for part in read["digits"]], boxes, atol=2)
    assert print_answers(Shipped(), [tmp_path / "two.png"], as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(".png: ")[1].split(" - ")[0] for line in lines] == ["42", "817"]


def test_a_single_digit_has_its_number_too(tmp_path, capsys):
    [box] = save_picture(tmp_path / "seven.png", "7")
    read = read_out(tmp_path / "seven.png", capsys)
    assert (read["number"], read["digit"]) == ("7", 7) and read["probabilities"][7] == read["probability"]
    [part] = read["digits"]
    assert (part["digit"], part["probability"]) == (7, read["probability"])
    np.testing.assert_allclose(part["box"], box, atol=2)


@pytest.mark.parametrize(("name", "limit", "most"), [("a.png", "_WORKED_ON", 60_000), ("a.jpg", "_FINEST", 200)])
def test_boxes_are_in_pixels_of_the_picture_as_it_was_given_be_it_reduced(
    tmp_path, capsys, monkeypatch, name, limit, most
):
    boxes = save_picture(tmp_path / name, "42", "817")
    monkeypatch.setattr(pictures, limit, most)
    with Image.open(tmp_path / name) as image:
        assert pictures._decoded(image, 28).width == 250
    read = read_out(tmp_path / name, capsys)
    np.testing.assert_allclose([part["box"] for part in read["digits"]], boxes, atol=4)


def test_boxes_are_in_pixels_of_a_picture_that_lies_on_its_side(tmp_path, capsys, monkeypatch):
    boxes = save_picture(tmp_path / "lying.jpg", "42", "817")
    with Image.open(tmp_path / "lying.jpg") as image:
        image.load()
        exif = image.getexif()
        exif[0x0112] = 6  # shown turned by a quarter, clockwise
        image.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "lying.jpg", exif=exif)
    monkeypatch.setattr(pictures, "_WORKED_ON", 60_000)
    read = read_out(tmp_path / "lying.jpg", capsys)
    np.testing.assert_allclose([part["box"] for part in read["digits"]], boxes, atol=4)
