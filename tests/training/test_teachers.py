"""Networks that teach another one."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from digits import UserError, modelfile
from digits.recipe import DEFAULT, WIDE
from digits.training import networks, teachers
from tests.support import tiny_network, users_models


@pytest.fixture
def two(monkeypatch, tmp_path):
    """Return the files of two networks that say different things."""
    monkeypatch.setattr(networks, "convolutional", tiny_network.convolutional)
    return saved(tmp_path, DEFAULT.channels, DEFAULT.channels)


@pytest.fixture(scope="module")
def narrow_and_wide(tmp_path_factory):
    """Return the files of two networks of ours."""
    return saved(tmp_path_factory.mktemp("ours"), DEFAULT.channels, WIDE)


def saved(folder, *widths):
    """Return the files of untrained networks of such channels."""
    files = [folder / f"{seed}.keras" for seed in range(len(widths))]
    for seed, (channels, file) in enumerate(zip(widths, files, strict=True)):
        keras.utils.set_random_seed(seed)
        modelfile.save(networks.convolutional(replace(DEFAULT, channels=channels)), file, {})
    return files


def assert_mean_of(files, apart):
    """Assert that what is taught is the mean of what two networks answer, whose probabilities are so far apart."""
    grids = np.random.default_rng(0).random((2, 5, 28, 28, 1), np.float32)
    batches = tf.data.Dataset.from_tensor_slices((grids, np.zeros((2, 5, 182), np.float32)))
    taught = [*teachers.taught(batches, teachers.read(files, DEFAULT), DEFAULT).as_numpy_iterator()]
    for (shown, targets), given in zip(taught, grids, strict=True):
        np.testing.assert_array_equal(shown, given)
        folded = targets[:, :10] + targets[:, 10:].sum(axis=1, keepdims=True) / 10
        answers = [modelfile.load(file)(given).numpy() for file in files]
        assert np.abs(answers[0] - answers[1]).max() > apart
        np.testing.assert_allclose(folded, np.mean(answers, axis=0), atol=1e-6)


def test_what_all_of_them_answer_on_average_takes_the_place_of_targets(two):
    assert_mean_of(two, apart=0.004)


def test_a_wide_network_teaches_one_of_the_usual_width(narrow_and_wide):
    assert_mean_of(narrow_and_wide, apart=0.001)
    read = teachers.read(narrow_and_wide, DEFAULT)
    assert [teacher.channels for teacher in read] == [DEFAULT.channels, WIDE]


def test_nobody_goes_on_with_a_network_of_another_width(narrow_and_wide):
    with pytest.raises(UserError, match=r"1\.keras is not as wide as what is to go on with it; name one that is first"):
        teachers.read(narrow_and_wide[::-1], DEFAULT)


def test_a_network_of_another_kind_cannot_teach(two):
    users_models.convnet().save(two[1])
    with pytest.raises(UserError, match=r"1\.keras cannot teach, for its network is not ours; train"):
        teachers.read(two, DEFAULT)
