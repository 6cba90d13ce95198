"""Networks that teach another one."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from digits import UserError, modelfile
from digits.recipe import DEFAULT
from digits.training import networks, teachers
from tests.support import tiny_network, users_models


@pytest.fixture
def two(monkeypatch, tmp_path):
    """Return the files of two networks that say different things."""
    monkeypatch.setattr(networks, "convolutional", tiny_network.convolutional)
    files = [tmp_path / "0.keras", tmp_path / "1.keras"]
    for seed, file in enumerate(files):
        keras.utils.set_random_seed(seed)
        modelfile.save(networks.convolutional(), file, {})
    return files


def test_what_all_of_them_answer_on_average_takes_the_place_of_targets(two):
    grids = np.random.default_rng(0).random((2, 5, 28, 28, 1), np.float32)
    batches = tf.data.Dataset.from_tensor_slices((grids, np.zeros((2, 5, 182), np.float32)))
    taught = [*teachers.taught(batches, teachers.read(two, DEFAULT), DEFAULT).as_numpy_iterator()]
    for (shown, targets), given in zip(taught, grids, strict=True):
        np.testing.assert_array_equal(shown, given)
        folded = targets[:, :10] + targets[:, 10:].sum(axis=1, keepdims=True) / 10
        answers = [modelfile.load(file)(given).numpy() for file in two]
        assert np.abs(answers[0] - answers[1]).max() > 0.004
        np.testing.assert_allclose(folded, np.mean(answers, axis=0), atol=1e-6)


def test_a_network_of_another_kind_cannot_teach(two):
    users_models.convnet().save(two[1])
    with pytest.raises(UserError, match=r"1\.keras cannot teach, for its network is not the one that learns; train"):
        teachers.read(two, DEFAULT)
