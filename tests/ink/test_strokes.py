"""Recorded pen drawings: what is written is read, what is wrong is said, and where a drawing is put."""

import gzip

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from digits import UserError
from digits.data import pens
from digits.files import unipen
from digits.ink import strokes
from digits.ink.strokes import Drawing

quick = settings(deadline=None, max_examples=50)
SEVEN = '.SEGMENT DIGIT 0 ? "7"\n.COMMENT 7 plain\n.PEN_DOWN\n 0 100\n 60 100\n 20 0\n.PEN_UP\n'

whole = st.integers(-999_999, 999_999)
path_units = st.lists(st.tuples(whole, whole), min_size=1, max_size=5)
words = st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters='"'), min_size=1, max_size=8)
drawings = st.builds(
    lambda label, paths, comment: Drawing(label, [np.array(path, np.float32) for path in paths], comment),
    words,
    st.lists(path_units, min_size=1, max_size=3),
    st.lists(words, max_size=3).map(" ".join),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("strokes")


def file_with(folder, content, name="drawings.dat"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def assert_same(read, written):
    assert [(one.label, one.comment) for one in read] == [(one.label, one.comment) for one in written]
    for one, other in zip(read, written, strict=True):
        for path, expected in zip(one.paths, other.paths, strict=True):
            np.testing.assert_array_equal(path, expected)


# Reading and writing


@quick
@given(st.lists(drawings, min_size=1, max_size=4))
def test_what_is_written_is_read(folder, written):
    path = folder / "written.dat"
    unipen.write(path, written)
    assert_same(unipen.read(path), written)


def test_a_compressed_file_is_read_too(folder):
    plain, packed = file_with(folder, SEVEN), file_with(folder, gzip.compress(SEVEN.encode()), "drawings.dat.gz")
    assert_same(unipen.read(packed), unipen.read(plain))


def test_y_points_up_in_a_file_and_down_on_the_sheet(folder):
    [seven] = unipen.read(file_with(folder, SEVEN))
    assert seven.label == "7" and seven.comment == "7 plain"
    np.testing.assert_array_equal(seven.paths, [[(0, -100), (60, -100), (20, 0)]])


def test_the_header_and_what_we_do_not_know_are_passed_over(folder):
    text = '.COMMENT us\n.LEXICON "7"\n.PEN_DOWN\n 5 5\n.PEN_UP\n' + SEVEN + ".DT 100\n 7 7\n.X_Y_Z\n"
    assert_same(unipen.read(file_with(folder, text)), unipen.read(file_with(folder, SEVEN, "seven.dat")))


def test_a_segment_without_ink_is_left_out(folder):
    [only] = unipen.read(file_with(folder, '.SEGMENT DIGIT 0 ? "3"\n.PEN_DOWN\n.PEN_UP\n' + SEVEN))
    assert only.label == "7"


def test_two_strokes_are_two_paths(folder):
    [drawing] = unipen.read(file_with(folder, SEVEN + ".PEN_DOWN\n 10 50\n 50 50\n.PEN_UP\n"))
    assert [len(path) for path in drawing.paths] == [3, 2]


MALFORMED = {
    "empty": "",
    "no_segment": ".PEN_DOWN\n 1 2\n.PEN_UP\n",
    "no_ink": '.SEGMENT DIGIT 0 ? "7"\n',
    "unquoted_label": SEVEN.replace('"7"', "7"),
    "half_quoted_label": SEVEN.replace('"7"', '"7'),
    "empty_label": SEVEN.replace('"7"', '""'),
    "letters_for_numbers": SEVEN.replace("60", "sixty"),
    "one_number": SEVEN.replace("60 100", "60"),
    "not_a_number": SEVEN.replace("60 100", "nan 100"),
    "not_a_number_either": SEVEN.replace("60 100", "60 nan"),
    "infinite": SEVEN.replace("60 100", "60 -inf"),
    "huge": SEVEN.replace("60 100", "1e300 100"),
    "noise": bytes(range(256)) * 8,
    "utf_16": SEVEN.encode("utf-16"),
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_file_is_refused_in_one_sentence(folder, content):
    assert_refused(file_with(folder, content, "wrong.dat"))


PACKED = gzip.compress(SEVEN.encode() * 40, mtime=0)
DAMAGED = {
    "truncated": PACKED[:-12],
    "only_a_header": PACKED[:10],
    "changed_midway": PACKED[:12] + b"\xff\xff\xff" + PACKED[15:],
    "wrong_checksum": PACKED[:-8] + bytes(8),
    "not_compressed": SEVEN.encode(),
    "empty": b"",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_compressed_file_is_refused_in_one_sentence(folder, content):
    assert_refused(file_with(folder, content, "wrong.dat.gz"))


def test_a_missing_file_and_a_folder_are_refused_in_one_sentence(folder):
    assert_refused(folder / "missing.dat")
    assert_refused(folder / "missing.dat.gz")
    assert_refused(folder)


def assert_refused(path):
    with pytest.raises(UserError) as refusal:
        unipen.read(path)
    sentence = str(refusal.value)
    assert str(path) in sentence
    assert sentence.endswith(".") and "\n" not in sentence


def test_a_refusal_names_the_line(folder):
    with pytest.raises(UserError, match="line 5"):
        unipen.read(file_with(folder, MALFORMED["letters_for_numbers"]))


def assert_read_or_refused(path):
    try:
        read = unipen.read(path)
    except UserError:
        return
    assert read
    for drawing in read:
        assert drawing.label and drawing.paths
        assert all(path.ndim == 2 and path.shape[1] == 2 and np.isfinite(path).all() for path in drawing.paths)


tokens = st.sampled_from([".SEGMENT", ".PEN_DOWN", ".PEN_UP", ".COMMENT", '"', "?", "nan", "1e999", "-", "\x85", " "])


@quick
@given(st.lists(st.tuples(st.integers(0, len(SEVEN)), st.integers(0, 9), tokens | st.text(max_size=3)), max_size=5))
def test_a_text_changed_anyhow_is_read_or_refused(folder, changes):
    text = SEVEN
    for at, gone, new in changes:
        text = text[:at] + new + text[at + gone :]
    assert_read_or_refused(file_with(folder, text.encode(errors="surrogatepass"), "changed.dat"))


@quick
@given(st.binary(max_size=200), st.sampled_from(["noise.dat", "noise.dat.gz"]))
def test_noise_is_read_or_refused(folder, content, name):
    assert_read_or_refused(file_with(folder, content, name))


@quick
@given(st.lists(st.tuples(st.integers(0, len(PACKED) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_compressed_file_changed_anyhow_is_read_or_refused(folder, changes):
    content = bytearray(PACKED)
    for at, byte in changes:
        content[at] = byte
    assert_read_or_refused(file_with(folder, bytes(content), "changed.dat.gz"))


def test_a_file_too_large_is_refused(folder, monkeypatch):
    monkeypatch.setattr(unipen, "_MOST", 50)
    assert_refused(file_with(folder, SEVEN, "large.dat"))
    assert_refused(file_with(folder, gzip.compress(SEVEN.encode() * 1000), "large.dat.gz"))


def test_labels_are_the_ten_digits(folder):
    ten = [Drawing(str(digit), []) for digit in range(10)]
    np.testing.assert_array_equal(unipen.labels(ten, folder), range(10))


@pytest.mark.parametrize("label", ["", "A", "10", "-1", "٣", "²"])
def test_a_label_that_is_no_digit_is_refused(folder, label):
    with pytest.raises(UserError, match="no digit"):
        unipen.labels([Drawing("3", []), Drawing(label, [])], folder)


# Curves

stops = st.tuples(st.integers(-20, 20), st.integers(-20, 20))
control_points = st.lists(stops, min_size=2, max_size=8).map(lambda path: np.array(path, np.float32))


def lengths(path):
    return np.hypot(*np.diff(path, axis=0).T)


@quick
@given(control_points)
def test_a_curve_passes_through_its_points(path):
    curve = strokes.smooth(path, 600)
    step = lengths(curve).max()
    distance = np.hypot(*(path[:, None] - curve).transpose(2, 0, 1)).min(axis=1)
    assert distance.max() <= 0.75 * step + 1e-4  # half-way between two points of the curve at most


@quick
@given(control_points, st.integers(2, 50))
def test_a_curve_has_the_points_asked_for_and_the_ends_given(path, count):
    curve = strokes.smooth(path, count)
    assert curve.shape == (count, 2) and curve.dtype == np.float32
    np.testing.assert_allclose(curve[[0, -1]], path[[0, -1]], atol=1e-4)


def test_the_points_of_a_curve_are_evenly_spaced():
    angle = np.cumsum([0, 0.2, 0.9, 0.3, 0.6, 1.1, 0.4])  # unevenly spaced on a circle
    curve = strokes.smooth(10 * np.stack([np.cos(angle), np.sin(angle)], axis=1), 80)
    step = lengths(curve)
    assert step.min() > 0.99 * step.max()


def test_a_curve_through_points_of_a_circle_is_round():
    angle = np.linspace(0, 2 * np.pi, 13)
    curve = strokes.smooth(10 * np.stack([np.cos(angle), np.sin(angle)], axis=1), 200)
    np.testing.assert_allclose(np.hypot(*curve.T), 10, atol=0.25)


def test_a_doubled_point_is_a_sharp_corner():
    curve = strokes.smooth(np.array([(0, 0), (10, 0), (10, 0), (10, 10)]), 81)
    assert ((curve[:, 1] == 0) | (curve[:, 0] == 10)).all()
    assert (curve == (10, 0)).all(axis=1).any()


def test_a_single_point_swings_through_a_corner():
    curve = strokes.smooth(np.array([(0, 0), (10, 0), (10, 10)]), 81)
    assert ((curve[:, 1] != 0) & (curve[:, 0] != 10)).any()


@pytest.mark.parametrize("path", [[(3, 4)], [(3, 4), (3, 4)], [(3, 4)] * 5])
def test_a_dot_stays_a_dot(path):
    np.testing.assert_array_equal(strokes.smooth(np.array(path), 6), [(3, 4)] * 6)


def test_a_smoothed_drawing_keeps_its_label_strokes_and_style():
    drawing = Drawing("4", [np.array([(0, 0), (1, 1), (2, 0)]), np.array([(5, 5), (6, 6)])], "4 open")
    smooth = strokes.smoothed(drawing, 16)
    assert (smooth.label, smooth.comment) == ("4", "4 open")
    np.testing.assert_array_equal(smooth.paths, [strokes.smooth(path, 16) for path in drawing.paths])


# Placing

any_paths = st.lists(path_units.map(lambda path: np.array(path, np.float32)), min_size=1, max_size=3)
heights = st.floats(9, 25.5)


def placed(paths, height, roam=0, seed=0):
    return strokes.place(paths, strokes.Placement((height, height), roam), np.random.default_rng(seed))


@quick
@given(any_paths, heights)
def test_a_drawing_is_put_in_the_very_middle_where_it_may_not_roam(paths, height):
    box = strokes.box(placed(paths, height))
    np.testing.assert_allclose((box.x, box.y), (14, 14), atol=1e-3)


@quick
@given(any_paths, heights)
def test_a_drawing_becomes_as_high_as_asked_or_as_wide_as_allowed(paths, height):
    before = strokes.box(paths)
    assume(max(before.width, before.height) > 1)
    box = strokes.box(placed(paths, height))
    widest = min(25, 1.25 * height)
    assert box.height <= height + 1e-3 and box.width <= widest + 1e-3
    assert box.height >= height - 1e-3 or box.width >= widest - 1e-3


@pytest.mark.parametrize(
    ("width", "height", "asked", "expected"),
    [  # the rule: asked / max(height, width * asked / 25, 0.8 * width)
        (60, 100, 20, 0.2),
        (100, 100, 25.5, 25 / 100),
        (200, 100, 20, 20 / 160),
        (200, 100, 12, 12 / 160),
        (150, 100, 12, 0.1),
        (0, 100, 12, 0.12),
        (100, 0, 12, 12 / 80),
    ],
)
def test_the_scale_follows_the_rule_of_the_measures(width, height, asked, expected):
    box = strokes.box(placed([np.array([(0, 0), (width, height)])], asked))
    np.testing.assert_allclose((box.width, box.height), (width * expected, height * expected), atol=1e-6)


@quick
@given(any_paths, st.integers(0, 1000))
def test_placed_anywhere_a_drawing_stays_on_the_sheet(paths, seed):
    rng = np.random.default_rng(seed)
    points = np.concatenate(strokes.place(paths, strokes.Placement((11, 25), 1), rng))
    assert points.min() >= 1.2 - 1e-3 and points.max() <= 26.8 + 1e-3  # cells from either edge


def test_anywhere_is_everywhere_and_of_any_size():
    rng = np.random.default_rng(0)
    one = [np.array([(0, 0), (10, 100)])]
    boxes = np.array([strokes.box(strokes.place(one, strokes.Placement((11, 25), 1), rng)) for _ in range(300)])
    x, y, _, height = boxes.T
    assert x.min() < 4 and x.max() > 24 and y.min() < 9 and y.max() > 19
    assert height.min() < 12 and height.max() > 24


def test_roaming_half_way_takes_half_of_the_room():
    one = [np.array([(0, 0), (10, 100)])]
    offset = [strokes.box(placed(one, 12, 0.5, seed)).y - 14 for seed in range(200)]
    assert 0.9 * 3.4 < max(offset) <= 3.4 + 1e-6  # half of 14 - 1.2 - 6 cells


def test_the_parts_of_a_drawing_keep_their_places():
    whole_one = np.array([(0, 0), (30, 80), (60, 20), (10, 50)], np.float32)
    apart = placed([whole_one[:2], whole_one[2:]], 20, 1)
    np.testing.assert_allclose(np.concatenate(apart), placed([whole_one], 20, 1)[0], atol=1e-5)


def test_a_dot_is_placed_too():
    np.testing.assert_allclose(placed([np.array([(700, 300)])], 20), [[(14, 14)]])


# Our own pen drawings


@pytest.fixture(scope="module")
def pen_digits():
    return unipen.read(pens.PEN_DIGITS)


def test_there_are_enough_pen_digits_of_all_ten_labels(pen_digits):
    counts = np.bincount(unipen.labels(pen_digits, pens.PEN_DIGITS), minlength=10)
    assert counts.sum() >= 150
    assert counts.min() >= 10


def test_every_pen_digit_says_its_style(pen_digits):
    for drawing in pen_digits:
        assert drawing.comment.startswith(f"{drawing.label} ")


def test_every_pen_digit_has_a_size(pen_digits):
    for drawing in pen_digits:
        box = strokes.box(drawing.paths)
        assert 700 < max(box.width, box.height) < 1300


def test_no_two_pen_digits_are_the_same(pen_digits):
    written = {b"".join(path.tobytes() for path in drawing.paths) for drawing in pen_digits}
    assert len(written) == len(pen_digits)
