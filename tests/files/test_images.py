"""Files of images from elsewhere: what is read, and that everything else is a sentence."""

import gzip
import os
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digits import UserError
from digits.files import images

SHOWN = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)


def idx(shown, count=None):
    """Return the bytes of an idx file of images; `count` is what it says, where that is a lie."""
    height, width = shown.shape[1:]
    return struct.pack(">4B3I", 0, 0, 8, 3, len(shown) if count is None else count, height, width) + shown.tobytes()


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


@pytest.fixture
def savez(tmp_path):
    def savez(**arrays):
        np.savez_compressed(tmp_path / "x.npz", **arrays)
        return tmp_path / "x.npz"

    return savez


def test_idx_is_read(write):
    np.testing.assert_array_equal(images.read(write("boots-idx3-ubyte", idx(SHOWN))), SHOWN)


def test_idx_is_read_through_gzip(write):
    np.testing.assert_array_equal(images.read(write("boots-idx3-ubyte.gz", gzip.compress(idx(SHOWN)))), SHOWN)


def test_of_an_npz_file_the_test_images_are_read(savez):
    path = savez(x_train=SHOWN[::-1], x_test=SHOWN, y_test=np.arange(3))
    np.testing.assert_array_equal(images.read(path), SHOWN)


def test_or_the_only_images_there_are(savez):
    np.testing.assert_array_equal(images.read(savez(boots=SHOWN, names=np.array(["a", "b"]))), SHOWN)


def test_images_laid_down_by_columns_stand_upright(savez):
    np.testing.assert_array_equal(images.read(savez(boots=np.asfortranarray(SHOWN))), SHOWN)


def test_nothing_is_unpickled(savez):
    class Bomb:
        def __reduce__(self):
            return pytest.fail, ("unpickled",)

    with pytest.raises(UserError):
        images.read(savez(x_test=np.array([Bomb()], object)))


def refused(path):
    """Return the sentence that a file is refused with."""
    with pytest.raises(UserError) as error:
        images.read(path)
    sentence = str(error.value)
    assert str(path) in sentence and sentence.endswith(".") and "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x00\x08",
        b"\x00\x00\x08\x01" + bytes(20),  # labels
        idx(SHOWN)[:-1],
        idx(SHOWN) + b"x",
        idx(SHOWN[:0]),
        idx(SHOWN[:, 1:]),
        idx(SHOWN, count=2**32 - 1),
    ],
)
def test_what_is_no_idx_of_grids_is_refused(write, content):
    assert "28 x 28" in refused(write("boots", content))


def test_what_gzip_cannot_read_is_refused(write):
    packed = gzip.compress(idx(SHOWN))
    for content in (idx(SHOWN), packed[:-30], packed[:40] + b"\xff" * 20 + packed[60:]):
        refused(write("boots.gz", content))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "images.idx")
    with pytest.raises(UserError, match="is no file of images"):
        images.read(tmp_path / "images.idx")


def test_an_npz_file_of_a_thousand_members_is_refused_before_they_are_listed(tmp_path):
    with zipfile.ZipFile(tmp_path / "images.npz", "w") as file:
        for number in range(1000):
            file.writestr(f"{number}.npy", b"")
    with pytest.raises(UserError, match="list of members is not as expected"):
        images.read(tmp_path / "images.npz")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "no such file" in refused(tmp_path / "missing.gz")
    assert "no such file" in refused(tmp_path / "missing.npz")
    refused(tmp_path)


@pytest.mark.parametrize(
    "arrays",
    [
        {"x_test": SHOWN.astype(np.float32)},
        {"x_test": SHOWN[:, :, 1:]},
        {"x_test": SHOWN[:0]},
        {"labels": np.arange(3)},
        {"one": SHOWN, "other": SHOWN},
    ],
)
def test_an_npz_file_without_the_one_array_of_grids_is_refused(savez, arrays):
    assert "uint8" in refused(savez(**arrays))


def test_an_npz_file_that_promises_more_than_fits_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w") as archive, archive.open("x_test.npy", "w") as file:
        head = {"descr": "|u1", "fortran_order": False, "shape": (10**9, 28, 28)}
        np.lib.format.write_array_header_1_0(file, head)
    assert "too many" in refused(path)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40), st.integers(0, 60), st.sampled_from(["x", "x.gz", "x.npz"]))
def test_a_damaged_file_is_read_whole_or_refused(tmp_path, noise, at, name):
    np.savez_compressed(tmp_path / "whole.npz", x_test=SHOWN)
    whole = {"x": idx(SHOWN), "x.gz": gzip.compress(idx(SHOWN)), "x.npz": (tmp_path / "whole.npz").read_bytes()}[name]
    path = tmp_path / name
    path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    try:
        assert images.read(path).shape[1:] == (28, 28)
    except UserError as error:
        assert "\n" not in str(error)
