"""Recorded pen drawings: what is written is read, and what is wrong is said."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits import UserError
from digits.data import pens
from digits.files import unipen, unipen_text
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


def test_a_missing_file_and_an_empty_folder_are_refused_in_one_sentence(folder):
    assert_refused(folder / "missing.dat")
    assert_refused(folder / "missing.dat.gz")
    (folder / "empty").mkdir(exist_ok=True)
    assert_refused(folder / "empty")


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
    monkeypatch.setattr(unipen_text, "MOST_BYTES", 50)
    assert_refused(file_with(folder, SEVEN, "large.dat"))
    assert_refused(file_with(folder, gzip.compress(SEVEN.encode() * 1000), "large.dat.gz"))


# Folders as UNIPEN is distributed


DATA = """.VERSION 1.0
.INCLUDE pad/pad1.doc
.INCLUDE pad/data/anna.dat
.SEGMENT CHARACTER 0 ? "7"
.SEGMENT CHARACTER 1-2 OK "4"
.SEGMENT CHARACTER 2,0 ? "x"
.SEGMENT CHARACTER 0:1-0:2 ? "\\\""
.SEGMENT CHARACTER 1:1-2:0 OK "1"
.SEGMENT WORD 0-2 ? "seven"
"""
INK = """.WRITER_ID somebody
.COORD X Y T
.PEN_DOWN
0 10 1
5 10 2
5 0 3
.PEN_UP
1 1 1
.PEN_DOWN
9 9 4
9 8 5
.PEN_UP
.PEN_DOWN
7 7 6
.PEN_UP
"""


@pytest.fixture
def collection(tmp_path):
    """Return a function that lays a collection out as it is distributed, and returns its folder."""

    def lay(data=DATA, ink=INK):
        for path, text in {"data/1a/pad/anna.dat": data, "include/pad/data/anna.dat": ink}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return tmp_path

    return lay


def test_segments_name_components_of_included_files(collection):
    drawings = unipen.read(collection())
    assert [drawing.label for drawing in drawings] == ["7", "4", "x", '"', "1"]
    paths = [[path.tolist() for path in drawing.paths] for drawing in drawings]
    first, second, third = [[0, -10], [5, -10], [5, 0]], [[9, -9], [9, -8]], [[7, -7]]
    assert paths == [[first], [second, third], [third, first], [first[1:]], [second[1:], third]]


def test_a_backslash_in_a_label_is_one_but_before_a_quote_or_another(collection):
    labels = [r"\@", r"\"", r"\\", r"\\@", r"a\b"]
    read = unipen.read(collection(DATA + "".join(f'.SEGMENT CHARACTER 0 ? "{label}"\n' for label in labels)))
    assert [drawing.label for drawing in read[5:]] == [r"\@", '"', "\\", r"\@", r"a\b"]


def test_the_path_of_the_ink_tells_provider_and_writer(collection):
    assert {(drawing.source, drawing.writer) for drawing in unipen.read(collection())} == {("pad", "anna")}


def test_a_part_of_a_collection_finds_its_ink_too(collection):
    assert len(unipen.read(collection() / "data" / "1a" / "pad" / "anna.dat")) == 5


def test_files_of_a_collection_may_be_packed(collection):
    folder = collection() / "data" / "1a" / "pad"
    (folder / "anna.b.dat.gz").write_bytes(gzip.compress((folder / "anna.dat").read_bytes()))
    (folder / "anna.dat").rename(folder / "anna.a.dat")
    (folder / "anna.data").write_text("something else")
    assert len(unipen.read(folder)) == 10


def test_components_may_be_parted_by_a_comma_and_a_space(collection):
    read = unipen.read(collection(DATA + '.SEGMENT CHARACTER 0, 1 OK "8"\n'))
    assert read[-1].label == "8" and len(read[-1].paths) == 2


def test_a_path_from_inside_a_collection_finds_its_ink_too(collection, monkeypatch):
    monkeypatch.chdir(collection() / "data")
    assert len(unipen.read(Path("1a/pad"))) == 5


@pytest.mark.parametrize("components", ["3", "1-3", "7-9", "2-1", "0:3-0:9", "0-", "one", "9999999", "-1", "0:5"])
def test_segments_without_their_ink_are_left_out_and_counted(collection, components):
    found = unipen.scan(collection(DATA + f'.SEGMENT CHARACTER {components} ? "8"\n'))
    assert len(found.drawings) == 5 and found.without_ink == 1


def test_ink_that_was_taken_out_of_a_collection_is_missing(collection):
    found = unipen.scan(collection(ink=INK.replace("7 7 6", "0 0")))
    assert [drawing.label for drawing in found.drawings] == ["7", '"'] and found.without_ink == 3


@pytest.mark.parametrize("name", ["../../secret.dat", "/etc/passwd", "pad/../../secret.dat", "nowhere.dat", "", "a\0b"])
def test_nothing_is_included_from_elsewhere(collection, name):
    folder = collection(DATA.replace("pad/data/anna.dat", name))
    (folder / "secret.dat").write_text(INK)
    assert_refused(folder)  # which leaves no ink at all


def test_files_that_include_each_other_without_end_are_refused(collection):
    assert_refused(collection(ink=INK + ".INCLUDE pad/data/anna.dat\n"))


def test_the_comments_of_a_recording_tell_its_writer(folder):
    text = SEVEN.replace("7 plain", "7 12  224") + SEVEN + SEVEN.replace("7 plain", "8 12 224")
    assert [drawing.writer for drawing in unipen.read(file_with(folder, text))] == ["12", "", ""]


def test_too_many_drawings_are_refused(folder, monkeypatch):
    monkeypatch.setitem(unipen_text.MOST, "drawings", 3)
    assert len(unipen.read(file_with(folder, SEVEN * 3))) == 3
    assert_refused(file_with(folder, SEVEN * 4))


# Labels


def test_labels_are_the_ten_digits(folder):
    ten = [Drawing(str(digit), []) for digit in range(10)]
    np.testing.assert_array_equal(unipen.labels(ten, folder), range(10))


@pytest.mark.parametrize("label", ["", "A", "10", "-1", "٣", "²"])
def test_a_label_that_is_no_digit_is_refused(folder, label):
    with pytest.raises(UserError, match="no digit"):
        unipen.labels([Drawing("3", []), Drawing(label, [])], folder)


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
