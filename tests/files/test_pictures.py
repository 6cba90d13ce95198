"""Pictures of every kind become the ink that is on them."""

import errno
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from digits import UserError
from digits.files import pictures, unipen
from digits.ink import grid
from digits.ink.sheet import Sheet
from tests.support import fuzz
from tests.support.drawings import draw_seven
from tests.support.project import ROOT

SEVEN = draw_seven()


def enlarged(side=280):
    """A seven as (side, side), 0 paper to 1 ink."""
    image = Image.fromarray((255 * SEVEN).astype(np.uint8)).resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(image, np.float32) / 255


def grey(levels):
    return Image.fromarray((255 * np.clip(levels, 0, 1)).round().astype(np.uint8))


def between(paper, ink, amount):
    """Return a coloured picture."""
    colours = np.array(paper) + amount[..., None] * (np.array(ink) - np.array(paper))
    return Image.fromarray(colours.astype(np.uint8))


def transparent(colour):
    image = Image.new("RGBA", (280, 280), colour)
    image.putalpha(grey(enlarged()))
    return image


def photograph(noise=0.03):
    """A seven on unevenly lit paper, a little out of focus, with the grain of a camera."""
    random = np.random.default_rng(0)
    ink = np.pad(np.asarray(grey(enlarged(300)).filter(ImageFilter.GaussianBlur(3)), np.float32) / 255, 150)
    y, x = np.mgrid[0 : 1 : len(ink) * 1j, 0 : 1 : len(ink) * 1j]
    light = 0.9 - 0.35 * x - 0.25 * y
    return grey(light * (1 - 0.7 * ink) + random.normal(0, noise, ink.shape))


def sixteen_bits():
    return Image.fromarray((60_000 * (1 - enlarged())).astype(np.uint16))


WHOLE = {
    "dark on light": lambda: grey(1 - enlarged()),
    "light on dark": lambda: grey(enlarged()),
    "pale": lambda: grey(0.8 - 0.2 * enlarged()),
    "coloured": lambda: between((250, 230, 120), (200, 30, 60), enlarged()),
    "coloured, light on dark": lambda: between((20, 60, 30), (250, 250, 90), enlarged()),
    "large": lambda: grey(1 - enlarged(1500)),
    "dark, transparent": lambda: transparent((20, 40, 90, 0)),
    "white, transparent": lambda: transparent((255, 255, 255, 0)),
    "16 bits": sixteen_bits,
    "palette": lambda: grey(1 - enlarged()).convert("P"),
    "black and white": lambda: grey(1 - enlarged()).convert("1", dither=Image.Dither.NONE),
    "uneven light": lambda: grey((1 - 0.8 * enlarged()) * np.linspace(0.6, 1, 280)[:, None]),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_any_kind_of_picture_becomes_paper_and_ink(kind):
    ink = pictures.from_image(WHOLE[kind]())
    assert ink.shape == grid.SHAPE and ink.dtype == np.float32
    assert np.abs(ink - SEVEN).mean() < 0.025
    assert np.corrcoef(ink.ravel(), SEVEN.ravel())[0, 1] > 0.96


def looks_like_a_seven(ink):
    """Compare where the ink lies, whatever its place and size."""
    rows, columns = np.nonzero(ink > 0.5)
    cut = grey(ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]).resize((20, 20))
    rows, columns = np.nonzero(SEVEN > 0.5)
    same = grey(SEVEN[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]).resize((20, 20))
    return np.corrcoef(np.asarray(cut).ravel(), np.asarray(same).ravel())[0, 1] > 0.85


@pytest.mark.parametrize("noise", [0, 0.03, 0.08])
def test_a_photograph_on_unevenly_lit_paper_works_too(noise):
    ink = pictures.from_image(photograph(noise))
    assert looks_like_a_seven(ink)
    assert (ink > 0.1).sum() < 2 * (SEVEN > 0.1).sum()


def test_a_small_digit_on_a_large_sheet_is_brought_nearer():
    sheet = np.zeros((900, 1200), np.float32)
    sheet[600:740, 100:240] = enlarged(140)
    ink = pictures.from_image(grey(1 - sheet))
    rows = np.nonzero(ink.max(axis=1) > 0.3)[0]
    assert looks_like_a_seven(ink) and 17 <= np.ptp(rows) + 1 <= 22


def test_a_wide_picture_keeps_the_shape_of_the_digit():
    assert looks_like_a_seven(pictures.from_image(grey(1 - np.pad(enlarged(), ((0, 0), (0, 200))))))


def test_a_hair_line_is_as_strong_as_a_stroke():
    sheet = np.ones((1000, 1000), np.float32)
    sheet[150:850, 500] = 0
    assert pictures.from_image(grey(sheet)).max() == 1


@pytest.mark.parametrize("flip", [False, True])
def test_28_by_28_is_taken_as_it_is(flip):
    exact = np.round(SEVEN * 255) / 255
    np.testing.assert_allclose(pictures.from_image(grey(1 - exact if flip else exact)), exact, atol=1e-6)


def test_a_saved_drawing_reads_back_the_same_and_replaces_nothing(tmp_path):
    first, second = pictures.save(SEVEN, tmp_path), pictures.save(1 - SEVEN, tmp_path)
    assert (first.name, second.name) == ("digit-1.png", "digit-2.png")
    np.testing.assert_allclose(pictures.read(first), SEVEN, atol=0.5 / 255 + 1e-6)
    with Image.open(first) as image:
        assert image.size == grid.SHAPE


def number(*lefts, height=280):
    """Return a picture of sevens beside each other, (height, 3 * height), 0 paper to 1 ink."""
    levels = np.zeros((height, 3 * height), np.float32)
    for left in lefts:
        levels[:, left : left + height] = np.maximum(levels[:, left : left + height], enlarged(height))
    return levels


def test_a_wide_picture_fills_a_wide_sheet():
    ink = pictures.from_image(grey(1 - number(0, 280, 560)), columns=84)
    assert ink.shape == (28, 84)
    for left in (0, 28, 56):
        assert np.abs(ink[:, left : left + 28] - SEVEN).mean() < 0.025


def test_a_square_picture_stands_in_the_middle_of_a_wide_sheet():
    ink = pictures.from_image(grey(1 - enlarged()), columns=84)
    assert np.abs(ink[:, 28:56] - SEVEN).mean() < 0.025 and ink[:, :28].max() == ink[:, 56:].max() == 0


def test_a_small_number_on_a_large_paper_is_brought_nearer_as_far_as_the_sheet_is_wide():
    paper = np.zeros((1800, 2000), np.float32)
    paper[1500:1600, 200:500] = number(0, 100, 200, height=100)
    ink = pictures.from_image(grey(1 - paper), columns=84)
    columns = np.nonzero(ink.max(axis=0) > 0.3)[0]
    assert 50 <= np.ptp(columns) + 1 <= 62 and abs(columns.mean() - 42) < 4


def test_a_drawing_on_a_wide_sheet_is_saved_and_read_back_the_same(tmp_path):
    drawing = np.hstack([SEVEN, np.zeros_like(SEVEN), SEVEN])
    path = pictures.save(drawing, tmp_path)
    np.testing.assert_allclose(pictures.read(path, columns=84), drawing, atol=0.5 / 255 + 1e-6)


def test_the_turn_of_a_camera_is_undone(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: to be shown a quarter to the right
    grey(1 - np.rot90(enlarged())).save(tmp_path / "turned.jpg", exif=exif)
    assert np.corrcoef(pictures.read(tmp_path / "turned.jpg").ravel(), SEVEN.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("content", [b"", b"seven", b"\x89PNG\r\n\x1a\n", b"GIF89a\xff\xff\xff\xff", b"\xff\xd8\xff"])
def test_what_is_no_picture_gets_its_sentence(tmp_path, content):
    path = tmp_path / "seven.png"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"seven\.png"):
        pictures.read(path)


def test_a_picture_cut_short_gets_its_sentence(tmp_path):
    whole = pictures.save(SEVEN, tmp_path)
    cut = tmp_path / "cut.png"
    cut.write_bytes(whole.read_bytes()[:-60])
    with pytest.raises(UserError, match=r"cut\.png"):
        pictures.read(cut)


def test_a_picture_that_is_not_there_gets_its_sentence(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        pictures.read(tmp_path / "none.png")


@pytest.mark.parametrize("level", [0, 128, 255])
def test_bare_paper_is_said_to_be_bare(level):
    with pytest.raises(UserError, match="nothing but paper"):
        pictures.from_image(Image.new("L", (300, 200), level))


@pytest.mark.parametrize("kind", WHOLE)
def test_a_large_picture_is_made_smaller_before_anything_takes_memory(kind, monkeypatch):
    monkeypatch.setattr(pictures, "_WORKED_ON", 20_000)
    assert looks_like_a_seven(pictures.from_image(WHOLE[kind]()))


def test_a_jpeg_that_goes_over_its_pixels_too_often_is_refused(tmp_path, monkeypatch):
    grey(1 - enlarged()).save(tmp_path / "seven.jpg", progressive=True)
    assert looks_like_a_seven(pictures.read(tmp_path / "seven.jpg"))
    monkeypatch.setattr(pictures, "_MOST_SCANNED", 280 * 280)
    with pytest.raises(UserError, match=r"packed in \d+ layers"):
        pictures.read(tmp_path / "seven.jpg")


def test_a_picture_of_too_many_pixels_or_bytes_is_refused(tmp_path, monkeypatch):
    grey(1 - enlarged()).save(tmp_path / "seven.png")
    for limit, words in (("_MOST_PIXELS", "280 x 280 pixels are too many"), ("_MOST_BYTES", "bytes, at most 100 are")):
        with monkeypatch.context() as patched, pytest.raises(UserError, match=words):
            patched.setattr(pictures, limit, 100)
            pictures.read(tmp_path / "seven.png")


def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.png"
    Image.new("1", (12_000, 12_000)).save(path)
    with pytest.raises(UserError, match=r"bomb\.png"):
        pictures.read(path)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(fuzz.photographs()), st.randoms(use_true_random=False))
def test_a_picture_changed_anyhow_is_read_or_refused_and_nothing_is_printed(tmp_path_factory, content, source):
    path = tmp_path_factory.getbasetemp() / "changed.png"
    path.write_bytes(fuzz.changed(content, source))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a warning would be a line in the terminal
        try:
            assert pictures.read(path).shape == grid.SHAPE
        except UserError as error:
            assert str(path) in str(error) and "\n" not in str(error)


def test_nothing_is_printed_about_an_odd_picture(tmp_path):
    Image.new("RGB", (40, 30), "white").save(tmp_path / "odd.tif")
    samples = b"\x15\x01\x03\x00\x01\x00\x00\x00"  # how many each pixel has: the tag, its kind, one number
    content = (tmp_path / "odd.tif").read_bytes()
    assert samples + b"\x03" in content
    (tmp_path / "odd.tif").write_bytes(content.replace(samples + b"\x03", samples + b"\x99"))
    code = "import sys, pathlib, digits.files.pictures as p\ntry: p.read(pathlib.Path(sys.argv[1]))\n"
    code += "except p.UserError: print(1)"
    command = [sys.executable, "-c", code, str(tmp_path / "odd.tif")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("1", "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes as files")
@pytest.mark.parametrize("read", [pictures.read, unipen.read])
def test_a_pipe_is_not_waited_for(tmp_path, read):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="no file"):
        read(tmp_path / "pipe")


def test_a_drawing_that_cannot_be_saved_gets_its_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="No space left on device"):
        pictures.save(SEVEN, tmp_path)
    assert not [*tmp_path.iterdir()]


def test_a_large_picture_has_smooth_edges_where_the_brush_drew_them():
    sheet = Sheet()
    sheet.begin((4, 4), radius=1)
    sheet.extend((24, 20))
    large = 1 - np.asarray(pictures.large(sheet.ink), np.float32) / 255
    y, x = np.mgrid[:560, :560] / 20 + 0.025
    along = np.clip(((x - 4) * 20 + (y - 4) * 16) / (20**2 + 16**2), 0, 1)
    is_inside = np.hypot(x - 4 - 20 * along, y - 4 - 16 * along) < 1
    assert large.shape == (560, 560) and np.mean((large > 0.5) != is_inside) < 0.01
    assert np.mean((large > 0.05) & (large < 0.95)) < 0.02
