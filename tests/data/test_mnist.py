"""MNIST: fetched with its checksum, checked before it is used, and split the same way for ever."""

import io
import os
import pickle
import sys
import zipfile

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits import UserError
from digits.data import mnist
from tests.support import fake_mnist

quick = settings(deadline=None, max_examples=50)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mnist")


@pytest.fixture(scope="module")
def file(folder):
    return fake_mnist.write(folder / "mnist.npz")


def assert_refused(path, *words):
    with pytest.raises(UserError) as refusal:
        mnist.load(path)
    assert not isinstance(refusal.value, mnist.DownloadError)
    sentence = str(refusal.value)
    assert str(path) in sentence and sentence.endswith(".") and "\n" not in sentence
    for word in words:
        assert word in sentence


# The split


def test_5000_training_images_are_set_aside(file):
    images = mnist.load(file)
    assert len(images.validation_images) == len(images.validation_labels) == 5000
    assert len(images.train_images) == len(images.train_labels) == 200
    assert len(images.test_images) == len(images.test_labels) == 60


def test_no_image_is_in_two_parts_and_none_is_lost(file):
    images = mnist.load(file)
    parts = [images.train_images, images.validation_images, images.test_images]
    assert sorted(np.concatenate([fake_mnist.numbers(part) for part in parts])) == list(range(5260))


def test_every_image_keeps_its_label(file):
    images, arrays = mnist.load(file), fake_mnist.arrays()
    labels = np.concatenate([arrays["y_train"], arrays["y_test"]])
    for part in ("train", "validation", "test"):
        numbers = fake_mnist.numbers(getattr(images, f"{part}_images"))
        np.testing.assert_array_equal(getattr(images, f"{part}_labels"), labels[numbers])


def test_the_split_is_the_same_every_time_and_takes_from_everywhere(file):
    first, second = mnist.load(file), mnist.load(file)
    np.testing.assert_array_equal(first.validation_images, second.validation_images)
    kept = fake_mnist.numbers(first.train_images)
    assert kept.min() < 200 and kept.max() > 5000
    np.testing.assert_array_equal(kept[:5], [3, 6, 9, 51, 57])  # these, in every version to come


def test_labels_of_another_whole_number_type_do(folder):
    labels = fake_mnist.arrays()["y_train"].astype(np.int64)
    assert len(mnist.load(fake_mnist.write(folder / "int64.npz", y_train=labels)).train_labels) == 200


# The file


def images_of(count, shape=(28, 28), kind=np.uint8):
    return np.zeros((count, *shape), kind)


WRONG = {
    "no_training_images": ({"x_train": None}, ["x_train"]),
    "no_test_labels": ({"y_test": None}, ["y_test"]),
    "floats": ({"x_train": images_of(5200, kind=np.float32)}, ["float32"]),
    "test_floats": ({"x_test": images_of(60, kind=np.float64)}, ["float64"]),
    "flat": ({"x_train": images_of(5200, (784,))}, ["(5200, 784)"]),
    "small": ({"x_train": images_of(5200, (8, 8))}, ["(5200, 8, 8)"]),
    "with_channels": ({"x_train": images_of(5200, (28, 28, 1))}, ["(5200, 28, 28, 1)"]),
    "no_test_images": ({"x_test": images_of(0), "y_test": np.zeros(0, np.uint8)}, ["(0, 28, 28)"]),
    "a_number_for_images": ({"x_train": np.uint8(3)}, ["uint8 ()"]),
    "too_few_labels": ({"y_train": np.zeros(5199, np.uint8)}, ["(5199,)"]),
    "targets_for_labels": ({"y_train": np.zeros((5200, 10), np.uint8)}, ["(5200, 10)"]),
    "float_labels": ({"y_train": np.zeros(5200)}, ["float64"]),
    "a_label_10": ({"y_train": np.full(5200, 10)}, ["10"]),
    "a_label_below_0": ({"y_test": np.full(60, -1)}, ["-1"]),
    "too_few_images": ({"x_train": images_of(5000), "y_train": np.zeros(5000, np.uint8)}, ["5000"]),
}


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_not_mnist_is_refused_in_one_sentence(folder, changes, words):
    assert_refused(fake_mnist.write(folder / "wrong.npz", **changes), *words)


def test_a_missing_file_and_a_folder_are_refused(folder):
    assert_refused(folder / "missing.npz", "no such file")
    assert_refused(folder)


def test_what_is_no_zip_is_refused(folder, file):
    whole, path = file.read_bytes(), folder / "damaged.npz"
    for content in (b"", b"PK", b"not a zip at all", whole[: len(whole) // 2], whole[:-30], whole[30:]):
        path.write_bytes(content)
        assert_refused(path)


def test_a_single_array_is_refused(folder):
    path = folder / "single.npz"
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    assert_refused(path)


SUNG = []


def sing():
    SUNG.append("unpickled")


class Canary:
    """Sings when anybody unpickles it."""

    def __reduce__(self):
        return sing, ()


def test_a_pickle_in_the_file_is_never_opened(folder):
    poisoned = np.array([Canary()] * 5200, object)
    assert_refused(fake_mnist.write(folder / "poisoned.npz", y_train=poisoned))
    assert_refused(fake_mnist.write(folder / "poisoned.npz", x_train=poisoned))
    with zipfile.ZipFile(folder / "raw.npz", "w") as file:
        for key in ("x_train", "y_train", "x_test", "y_test"):
            file.writestr(f"{key}.npy", pickle.dumps(Canary()))
    assert_refused(folder / "raw.npz")
    assert not SUNG
    pickle.loads(pickle.dumps(Canary()))
    assert SUNG  # so the canary could have sung


def small_file(save):
    content = io.BytesIO()
    save(content, **{key: value[:3] for key, value in fake_mnist.arrays(8, 8).items()})
    return content.getvalue()


SMALL = {"plain": small_file(np.savez), "packed": small_file(np.savez_compressed)}  # too few images even when whole


@quick
@given(st.sampled_from([*SMALL]), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=4))
def test_a_file_changed_anyhow_is_refused_and_nothing_worse(folder, kind, changes):
    content = bytearray(SMALL[kind])
    for at, byte in changes:
        content[int(at * (len(content) - 1))] = byte
    path = folder / "changed.npz"
    path.write_bytes(content)
    with pytest.raises(UserError):
        mnist.load(path)


def zipped(path, **contents):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for key in ("x_train", "y_train", "x_test", "y_test"):
            archive.writestr(f"{key}.npy", contents.get(key, b""))
    return path


def test_a_bomb_is_not_unpacked(folder):
    path = zipped(folder / "bomb.npz", x_train=bytes(60_000_001))
    assert_refused(path, "unpacks to 60,000,001 bytes")


def test_an_array_that_is_larger_than_its_file_is_refused(folder):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (10**10, 28, 28)})
    assert_refused(zipped(folder / "large.npz", x_train=header.getvalue()))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes as files")
def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe.npz")
    assert_refused(folder / "pipe.npz", "no file")


# The download


def test_the_download_asks_for_keras_file_with_its_checksum(file, monkeypatch):
    asked = {}

    def get_file(name, **how):
        asked.update(how, name=name)
        return str(file)

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    assert len(mnist.load().train_images) == 200
    assert asked == {"name": "mnist.npz", "origin": mnist.URL, "file_hash": mnist.SHA256}
    assert mnist.URL.startswith("https://") and mnist.URL.endswith("/mnist.npz")
    assert len(bytes.fromhex(mnist.SHA256)) == 32


def test_url_and_checksum_are_those_that_keras_uses(file, monkeypatch):
    asked = []
    module = sys.modules[keras.datasets.mnist.load_data.__module__]
    monkeypatch.setattr(module, "get_file", lambda *_, **how: asked.append(how) or str(file))
    keras.datasets.mnist.load_data()
    assert asked[0]["origin"] == mnist.URL and asked[0]["file_hash"] == mnist.SHA256


FAILURES = [
    Exception("URL fetch failure on https://...: None -- timed out"),
    Exception("URL fetch failure on https://...: None -- [Errno -3] Temporary failure in name resolution"),
    OSError(28, "No space left on device"),
    ValueError("Incomplete or corrupted file detected.\nThe sha256 file hash does not match."),
    Exception(),
]


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
def test_a_failed_download_is_one_sentence_that_says_what_to_do(failure, monkeypatch):
    def get_file(*_, **__):
        raise failure

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    with pytest.raises(mnist.DownloadError) as refusal:
        mnist.load()
    sentence = str(refusal.value)
    assert "--mnist FILE" in sentence and not any(odd in sentence for odd in ("https:", "Errno", "--  ", "None"))
    assert sentence.endswith(".") and "\n" not in sentence


def test_a_stop_by_the_user_is_not_a_failed_download(monkeypatch):
    def get_file(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    with pytest.raises(KeyboardInterrupt):
        mnist.load()


def test_a_damaged_file_in_the_cache_is_a_refusal_too(folder, monkeypatch):
    path = folder / "cached.npz"
    path.write_bytes(b"half a download")
    monkeypatch.setattr(keras.utils, "get_file", lambda *_, **__: str(path))
    with pytest.raises(UserError, match=r"cached\.npz"):
        mnist.load()
