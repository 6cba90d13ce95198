"""The file that holds an unfinished training."""

import hashlib
import io
import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from digits import UserError
from digits.files import writing
from digits.recipe import DEFAULT
from digits.training import checkpoint
from digits.training.checkpoint import Checkpoint, State

HISTORY = ({"epoch": 1, "loss": 0.5, "accuracy": 0.9, "val_loss": 0.4, "val_accuracy": 0.91, "seconds": 20.1},)
VARIABLES = (np.arange(6, dtype=np.float32).reshape(2, 3), np.array(7, np.int64), np.zeros((0, 4), np.float32))
BEGUN = Checkpoint(
    replace(DEFAULT, seed=3, batch_size=16, precision="mixed_bfloat16", in_halves=False),
    "abc",
    "python handwriting.py model.keras --seed 3 --resume",
    State(430, 21.5, HISTORY, VARIABLES),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.training"


def assert_same(one, other):
    assert one._replace(state=None) == other._replace(state=None)
    assert one.state[:3] == other.state[:3]
    for array, same in zip(one.state.variables, other.state.variables, strict=True):
        assert array.dtype == same.dtype
        np.testing.assert_array_equal(array, same)


def test_what_is_written_is_read(path):
    checkpoint.write(path, BEGUN)
    assert_same(checkpoint.read(path), BEGUN)
    assert list(path.parent.iterdir()) == [path]


@settings(deadline=None, max_examples=50)  # each waits for the disk
@given(
    st.lists(
        st.sampled_from([np.float32, np.int64, np.uint32]).flatmap(
            lambda kind: arrays_of.arrays(
                kind,
                arrays_of.array_shapes(min_dims=0),
                elements=arrays_of.from_dtype(np.dtype(kind), allow_nan=False, allow_infinity=False),
            )
        ),
        max_size=12,
    )
)
def test_any_variables_are_read_as_they_were(tmp_path_factory, variables):
    path = tmp_path_factory.mktemp("any") / "model.training"
    begun = BEGUN._replace(state=State(1, 0.5, (), tuple(variables)))
    checkpoint.write(path, begun)
    assert_same(checkpoint.read(path), begun)


@settings(deadline=None, max_examples=50)  # each waits for the disk
@given(st.data())
def test_damage_anywhere_is_noticed(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("damaged") / "model.training"
    checkpoint.write(path, BEGUN)
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[place] ^= data.draw(st.integers(1, 255))
    else:
        del content[place:]
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"damaged and cannot be resumed; delete it"):
        checkpoint.read(path)


def test_a_write_that_fails_leaves_the_earlier_state(path, monkeypatch):
    checkpoint.write(path, BEGUN)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(UserError, match="could not be saved"):
        checkpoint.write(path, BEGUN._replace(data="another"))
    assert_same(checkpoint.read(path), BEGUN)
    assert list(path.parent.iterdir()) == [path]


def test_a_state_that_cannot_be_read_is_an_error_in_a_sentence(path):
    path.mkdir()
    with pytest.raises(UserError, match="cannot be read"):
        checkpoint.read(path)


@pytest.mark.parametrize("recipe", [{}, {"recipe": {}}, {"recipe": asdict(DEFAULT) | {"more": 1}}])
def test_a_state_that_another_version_kept_is_an_error_in_a_sentence(path, recipe):
    about = {"command": "", "step": 1, "seconds": 1, "history": []} | recipe
    archive = io.BytesIO()
    np.savez(archive, about=np.array(json.dumps(about)))
    path.write_bytes(hashlib.sha256(archive.getvalue()).digest() + archive.getvalue())
    with pytest.raises(UserError, match="another version of this program; delete it and start anew"):
        checkpoint.read(path)


# May it go on?


def test_a_training_begins_where_none_was_interrupted_and_goes_on_where_one_was(tmp_path):
    model = tmp_path / "model.keras"
    checkpoint.check(model, resume=False)
    with pytest.raises(UserError, match="nothing to resume"):
        checkpoint.check(model, resume=True)
    checkpoint.write(checkpoint.path_beside(model), BEGUN)
    checkpoint.check(model, resume=True)
    with pytest.raises(UserError, match=r"go on with it by --resume, or delete that file"):
        checkpoint.check(model, resume=False)


def test_other_settings_are_named_with_the_command_that_fits():
    asked = replace(BEGUN.recipe, precision="", in_halves=True)  # as it was asked for, before a machine chose
    checkpoint.check_same(BEGUN, asked, "abc")
    with pytest.raises(UserError, match=r"other settings \(seed\); go on with: .*--seed 3 --resume"):
        checkpoint.check_same(BEGUN, replace(asked, seed=4), "abc")
    with pytest.raises(UserError, match=r"other settings \(batch size, images and drawings\);"):
        checkpoint.check_same(BEGUN, replace(asked, batch_size=4), "def")


def test_a_command_that_does_something_else_is_not_told():
    asked = replace(BEGUN.recipe, seed=4)
    for command in ("python handwriting.py m; rm -rf ~", "rm -rf ~", "python handwriting.py '", "digits-train $(x)"):
        with pytest.raises(UserError) as refused:
            checkpoint.check_same(BEGUN._replace(command=command), asked, "abc")
        assert command not in str(refused.value) and str(refused.value).endswith("go on with those.")


def test_a_state_beyond_the_end_is_refused():
    with pytest.raises(UserError, match="gone on for longer"):
        checkpoint.check_same(BEGUN._replace(state=State(10**9)), BEGUN.recipe, "abc")


NESTED = (np.arange(4, dtype=np.uint8), [{"label": "3", "paths": [np.zeros((2, 2))]}], None)


@pytest.mark.parametrize(
    "other",
    [
        (np.arange(4, dtype=np.int8), *NESTED[1:]),
        (np.arange(4, dtype=np.uint8).reshape(2, 2), *NESTED[1:]),
        (np.array([0, 1, 3, 2], np.uint8), *NESTED[1:]),
        (NESTED[0], [{"label": "4", "paths": [np.zeros((2, 2))]}], None),
        (NESTED[0], [{"label": "3", "paths": [np.zeros((2, 2)), np.zeros((2, 2))]}], None),
        NESTED[:2],
    ],
    ids=["kind", "shape", "order", "text", "length", "end"],
)
def test_a_fingerprint_is_of_the_whole_content(other):
    again = (NESTED[0].copy(), [{"label": "3", "paths": [np.zeros((2, 2))]}], None)
    assert checkpoint.fingerprint(NESTED) == checkpoint.fingerprint(again)
    assert checkpoint.fingerprint(NESTED) != checkpoint.fingerprint(other)
