"""What strangers may send, other than models: everything is read or refused in a sentence.

With all that is slow, and what each takes: python -m tests.support.strangers
"""

import random
import sys
import tracemalloc

import numpy as np
import pytest

from digits.files import archive, images, npz
from tests.support import hostile_arrays, hostile_zips, strangers

KINDS = [(family, kind) for family, of in strangers.FAMILIES.items() for kind in of.kinds if kind not in of.slow]


@pytest.mark.parametrize(("family", "kind"), KINDS, ids=[f"{family}: {kind}" for family, kind in KINDS])
def test_a_file_of_a_stranger_is_refused_in_a_sentence(tmp_path, family, kind):
    outcome = strangers.outcome(family, strangers.made(family, kind, tmp_path, seed=0))
    assert outcome == "refused" or not strangers.FAMILIES[family].all_are_refused


def test_half_of_what_may_be_odd_is_refused_too(tmp_path):
    outcomes = []
    for number, kind in enumerate(strangers.hostile_pictures.DAMAGED):
        (tmp_path / str(number)).mkdir()
        outcomes.append(strangers.outcome("pictures", strangers.made("pictures", kind, tmp_path / str(number), seed=0)))
    assert outcomes.count("refused") > len(outcomes) / 2 and "read" in outcomes


@pytest.mark.parametrize("kind", hostile_arrays.GOOD_HEADERS)
def test_an_array_is_read_however_its_header_is_written(tmp_path, kind):
    content = hostile_zips.npy(hostile_arrays.SHOWN, hostile_arrays.GOOD_HEADERS[kind])
    hostile_arrays.in_images(content)(tmp_path / "images.npz", random.Random(0))
    assert images.read(tmp_path / "images.npz").shape == (3, 28, 28)


def test_an_archive_that_does_not_lie_is_read(tmp_path):
    members = hostile_zips.mnist_members()
    (tmp_path / "whole.npz").write_bytes(hostile_zips.packed(members))
    assert archive.read(tmp_path / "whole.npz", {name: len(content) for name, content in members.items()}) == members


def test_of_a_stream_that_is_longer_than_it_says_no_more_is_unpacked(tmp_path):
    path = strangers.made("archives", "the same with the checksum of its beginning", tmp_path, seed=0)
    tracemalloc.start()
    try:
        assert strangers.outcome("archives", path) == "refused"
        assert tracemalloc.get_traced_memory()[1] < hostile_zips.BOMB / 2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("dtype", ["|b1", "|u1", "<i8", ">u4", "<f2", ">f8", "<U3"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (1, 0, 2)])
def test_arrays_are_what_numpy_reads(dtype, shape, tmp_path):
    written = np.ones(shape, dtype)
    np.save(tmp_path / "array.npy", written)
    found = npz.array((tmp_path / "array.npy").read_bytes())
    assert found.dtype == written.dtype
    np.testing.assert_array_equal(found, written)


@pytest.mark.skipif(sys.platform == "win32", reason="processes do not fork here")
def test_what_a_file_takes_is_measured_in_a_process_of_its_own():
    cost = strangers.measured("images", "noise", seed=0)
    assert cost.outcome == "refused" and 0 < cost.seconds < strangers.TIME and cost.bytes > 10_000_000
