"""Converted models are found again if they are whole, of this very model and one's own, and never pile up."""

import os

import platformdirs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digits.reading import converted

MODEL = bytes(range(256)) * 4
SOURCE, OTHER = b"s" * 32, b"o" * 32


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of the cache, which is not there yet."""
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path)
    return tmp_path / "converted"


@pytest.fixture
def file(folder):
    """The file in which a converted model is kept."""
    assert converted.may_try(SOURCE)
    converted.keep(MODEL, SOURCE)
    (file,) = folder.iterdir()
    return file


def test_what_is_kept_is_found_for_that_model_alone(file):
    assert converted.find(SOURCE) == MODEL
    assert converted.find(OTHER) is None


def test_where_nothing_was_kept_nothing_is_found(folder):
    assert converted.find(SOURCE) is None and not folder.exists()


def test_the_file_of_another_model_is_not_taken_for_it(file):
    file.rename(file.with_stem(OTHER.hex()))
    assert converted.find(OTHER) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_damage_goes_unnoticed(file, data):
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytes([whole[at] ^ data.draw(st.integers(1, 255))])
    damaged = data.draw(st.sampled_from([whole[:at], whole[:at] + flipped + whole[at + 1 :], whole + flipped, b""]))
    file.write_bytes(damaged)
    assert converted.find(SOURCE) is None
    file.write_bytes(whole)
    assert converted.find(SOURCE) == MODEL


def test_a_damaged_one_is_made_anew(file):
    file.write_bytes(b"damaged")
    assert converted.may_try(SOURCE)
    converted.keep(MODEL, SOURCE)
    assert converted.find(SOURCE) == MODEL


def test_one_of_an_older_kind_is_made_anew(file, monkeypatch):
    monkeypatch.setattr(converted, "_KIND", b"digits-litert-2\n")
    assert converted.find(SOURCE) is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files belong to users")
def test_what_belongs_to_somebody_else_is_not_read(file, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: file.stat().st_uid + 1)
    assert converted.find(SOURCE) is None


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_nobody_else_may_write_there(file):
    assert file.parent.stat().st_mode & 0o077 == 0


def test_what_is_too_large_is_not_read(file, monkeypatch):
    monkeypatch.setattr(converted, "_LARGEST", 1000)
    assert converted.find(SOURCE) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
@pytest.mark.parametrize("make", [os.mkdir, getattr(os, "mkfifo", None)])
def test_what_is_no_file_is_not_read(file, make):
    file.unlink()
    make(file)
    assert converted.find(SOURCE) is None


def test_a_user_without_a_home_has_no_cache(monkeypatch):
    def refuse(*_, **__):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(platformdirs, "user_cache_path", refuse)
    assert converted.find(SOURCE) is None


def sources(count):
    return [bytes([number]) * 32 for number in range(count)]


def keep_in_turn(folder, sources):
    """Keep a model for each, a second after the one before."""
    for second, source in enumerate(sources):
        converted.may_try(source)
        converted.keep(MODEL, source)
        os.utime(folder / f"{source.hex()}.tflite", (second, second))


def test_the_longest_unused_are_dropped(folder):
    first, second, *others = sources(converted._MOST + 1)
    keep_in_turn(folder, [first, second, *others[:-1]])
    assert converted.find(first)  # which makes it the newest
    keep_in_turn(folder, others[-1:])
    assert len([*folder.iterdir()]) == converted._MOST
    assert converted.find(first) and converted.find(others[-1]) and not converted.find(second)


def test_all_of_them_take_no_more_than_so_many_bytes(folder, monkeypatch):
    monkeypatch.setattr(converted, "_MOST_BYTES", 3 * (len(MODEL) + 100))
    keep_in_turn(folder, sources(6))
    assert [bool(converted.find(source)) for source in sources(6)] == [False] * 3 + [True] * 3


def test_who_fails_three_times_is_not_tried_again(folder):
    assert [converted.may_try(SOURCE) for _ in range(5)] == [True, True, True, False, False]
    assert converted.may_try(OTHER)
    converted.keep(MODEL, SOURCE)
    assert converted.may_try(SOURCE)


def test_the_digest_is_that_of_all_bytes(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"abc")
    assert converted.digest(tmp_path / "model.keras").hex().startswith("ba7816bf8f01cfea")  # FIPS 180-2, B.1
