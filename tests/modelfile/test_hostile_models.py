"""Model files from anywhere: each gets its sentence, nothing of it is run, and no other file is opened for it.

Every kind through every program, with the time and memory it takes: python -m tests.support.refused
"""

import errno
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits import UserError, modelfile, quiet
from digits.files import pictures
from digits.modelfile import blueprint
from tests.support import fake_mnist, hostile_models, hostile_networks, model_files, mutations
from tests.support.drawings import draw_seven
from tests.support.project import ROOT

GRIDS = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
KERNEL = np.random.default_rng(1).normal(size=(784, 10)).astype(np.float32)


@pytest.fixture
def canary(tmp_path):
    """Where a file would appear if anything of a model file were run."""
    (tmp_path / "cage").mkdir()
    return tmp_path / "cage" / "canary"


def refusal(call, path):
    with pytest.raises(UserError) as refused:
        call(path)
    sentence = str(refused.value)
    assert str(path) in sentence and "\n" not in sentence and len(sentence) < 1000 and sentence.isprintable()
    return sentence


@pytest.mark.parametrize("kind", hostile_models.BAD)
def test_a_bad_model_file_gets_its_sentence_without_tensorflow_and_does_nothing(kind, tmp_path, canary, monkeypatch):
    make, *words = hostile_models.BAD[kind]
    path = tmp_path / "model.keras"
    make(path, canary)
    monkeypatch.setattr(quiet, "load_tensorflow", lambda: pytest.fail("TensorFlow was wanted"))
    for call in (modelfile.load, modelfile.check_source)[: 1 if kind in hostile_models.SEEN_LATE else 2]:
        sentence = refusal(call, path)
        assert all(word in sentence for word in words), sentence
    assert not canary.exists()


def test_a_file_that_may_not_be_read_gets_its_sentence(tmp_path, monkeypatch):
    path = model_files.write(tmp_path / "model.keras")

    def forbidden(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    for call in (modelfile.load, modelfile.check_source, modelfile.read_notes):
        assert "cannot be read (Permission denied)" in refusal(call, path)


def test_the_canary_could_have_sung(tmp_path, canary):
    import keras

    path = model_files.write(tmp_path / "model.keras", hostile_networks.with_lambda(canary))
    keras.saving.load_model(path, safe_mode=False)(GRIDS)
    assert canary.exists()


@settings(deadline=None, max_examples=100)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_a_file_with_a_byte_changed_is_refused_or_is_read_as_it_was(tmp_path_factory, place, change):
    path = model_files.write(tmp_path_factory.mktemp("flip") / "model.keras", weights=model_files.hdf5(kernel=KERNEL))
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= change
    path.write_bytes(content)
    try:
        loaded = modelfile.load(path)
    except UserError as error:
        assert str(path) in str(error) and "\n" not in str(error)
    else:
        np.testing.assert_array_equal(loaded.get_weights()[0], KERNEL)


def test_a_description_with_anything_changed_is_refused_in_a_sentence_or_is_a_network():
    source, read = random.Random(0), 0
    networks = mutations.networks()
    for _ in range(3000):
        described = mutations.mutated(source.choice(networks), source)
        try:
            read += bool(blueprint.read(json.dumps(described).encode()))
        except UserError as error:
            assert str(error).isprintable() and len(str(error)) < 600
    assert read > 100


# Through the programs

PROGRAMS = {
    "the window": lambda path, picture, images: ["recognition.py", path],
    "reading": lambda path, picture, images: ["recognition.py", path, "--read", picture],
    "measuring": lambda path, picture, images: ["-m", "digits.evaluation", path, "--mnist", images],
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    "kind", ["cut at 50 %", "2,000 members", "code in a layer", "letters", "a way to another file"]
)
def test_both_programs_say_it_in_one_line_and_end(kind, program, tmp_path):
    assert_refused_by(program, kind, tmp_path)


def assert_refused_by(program, kind, folder):
    """Give a program a bad model file: one line, exit code 1, and nothing of the file is run."""
    make, *words = hostile_models.BAD[kind]
    path, canary = folder / "model.keras", folder / "cage" / "canary"
    canary.parent.mkdir(exist_ok=True)
    make(path, canary)
    given = path, pictures.save(draw_seven(), folder), fake_mnist.write(folder / "mnist.npz")
    command = [sys.executable, *PROGRAMS[program](*given)]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    seconds = time.monotonic() - began
    assert (done.returncode, done.stdout) == (1, ""), (program, kind, done)
    assert done.stderr.count("\n") == 1 and str(path) in done.stderr, (program, kind, done)
    assert all(word in done.stderr for word in words), (program, kind, done)
    assert not canary.exists(), (program, kind)
    return seconds


# What is let in


def test_the_smallest_good_file_is_loaded(tmp_path):
    path = model_files.write(tmp_path / "model.keras")
    modelfile.check_source(path)
    np.testing.assert_allclose(modelfile.load(path)(GRIDS), np.full((4, 10), 0.1), rtol=1e-5)


def test_so_is_one_through_a_link(tmp_path):
    model_files.write(tmp_path / "model.keras")
    (tmp_path / "link.keras").symlink_to("model.keras")
    assert modelfile.load(tmp_path / "link.keras")


def test_how_it_was_to_be_trained_is_passed_over(tmp_path, canary):
    config = model_files.sequential() | {
        "compile_config": hostile_networks.with_lambda(canary),
        "build_config": {"x": [1]},
    }
    assert modelfile.load(model_files.write(tmp_path / "model.keras", config))
    assert not canary.exists()


HOSTILE_NOTES = [
    {},
    [],
    None,
    "notes",
    {"digits": None},
    {"digits": [1]},
    {"digits": {"threshold": float("nan")}},
    {"digits": {"threshold": float("inf")}},
    {"digits": {"threshold": 10**400}},
    {"digits": {"threshold": "0.9"}},
    {"digits": {"threshold": {"a": []}}},
    {"keras_version": ["3"], "digits": {"threshold": -0.1}},
]


@pytest.mark.parametrize("metadata", HOSTILE_NOTES)
def test_notes_that_are_none_do_no_harm(tmp_path, metadata):
    path = model_files.write(tmp_path / "model.keras", metadata=metadata)
    assert isinstance(modelfile.read_notes(path), dict) and modelfile.read_threshold(path) == 0.5
    modelfile.check_source(path)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 90_000, b'{"digits": ' * 8000])
def test_nor_does_metadata_that_is_none(tmp_path, content):
    path = tmp_path / "model.keras"
    with model_files.zipfile.ZipFile(path, "w") as archive:
        for name, good in (model_files.members() | {"metadata.json": content}).items():
            archive.writestr(name, good)
    assert modelfile.read_notes(path) == {} and modelfile.load(path)


def test_weights_that_overflow_on_an_empty_sheet_are_refused(tmp_path):
    weights = model_files.hdf5(kernel=np.full((784, 10), 3e38, np.float32))
    config = model_files.sequential(end=model_files.dense(activation="linear"))
    path = model_files.write(tmp_path / "model.keras", config, weights)
    assert "not finite" in refusal(modelfile.load, path)
