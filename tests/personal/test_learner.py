"""A tiny network learns a few drawings."""

import keras
import numpy as np
import pytest

from digits.data import negatives, pens
from digits.files import unipen
from digits.personal import learner
from digits.personal.learner import Course, Learner

COURSE = Course(steps=12, own=8, each=3, replayed=8, rate=0.02)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Let little come with the program."""
    folder = tmp_path_factory.mktemp("few")
    with pytest.MonkeyPatch.context() as patch:
        for module, name, every in ((pens, "PEN_DIGITS", 8), (negatives, "PEN_OTHERS", 40)):
            path = folder / f"{name}.dat"
            unipen.write(path, unipen.read(getattr(module, name))[::every])
            patch.setattr(module, name, path)
        yield


@pytest.fixture(scope="module")
def learning(few):
    """Return a learner, and drawings of a person who writes sevens alone."""
    keras.utils.set_random_seed(0)
    layers = keras.layers
    network = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.AveragePooling2D(4), layers.Flatten(), layers.Dense(10), layers.Softmax()]
    )
    drawings = [drawing for drawing in unipen.read(pens.PEN_DIGITS) if drawing.label == "7"]
    return Learner(network, None, COURSE), drawings


def sureness(learning, weights):
    """Return how probable the network finds the digit that the person wrote, with these weights."""
    taught, drawings = learning
    taught.network.set_weights(weights)
    grids, _ = next(taught._own_batches(drawings))
    return taught.network.predict(grids, verbose=0)[:, 7].mean()


def test_what_a_person_draws_is_learnt(learning):
    taught, drawings = learning
    assert sureness(learning, taught.learn(drawings)) > 2 * sureness(learning, taught.before)


def test_each_training_begins_where_the_network_was(learning):
    taught, drawings = learning
    first = taught.learn(drawings)
    for once, again in zip(first, taught.learn(drawings), strict=True):
        np.testing.assert_allclose(once, again, atol=1e-5)


def test_a_drawing_of_no_digit_is_wanted_as_none_more_than_another():
    wanted = learner.targets(np.array(["3", "none"]))
    np.testing.assert_array_equal(wanted[0], np.eye(10)[3])
    np.testing.assert_allclose(wanted[1], 0.1)


def test_its_adam_steps_like_that_of_keras_whenever_it_begins():
    rng, shapes = np.random.default_rng(0), ((2, 3), (4,))
    ours, theirs = ([keras.Variable(np.ones(shape)) for shape in shapes] for _ in range(2))
    adam, expected = learner._Adam(ours), keras.optimizers.Adam(0.1)
    adam.step([np.ones(shape, np.float32) for shape in shapes], 0.0)
    adam.begin()
    for _ in range(3):
        gradients = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
        adam.step(gradients, 0.1)
        expected.apply(gradients, theirs)
    for weights, same in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(weights.numpy(), same.numpy(), atol=1e-5)


def test_a_frozen_network_stays_as_it_is():
    learner._Adam([]).step([], 0.1)


def test_few_drawings_are_a_small_part_of_a_batch(learning):
    taught, drawings = learning
    sizes = [len(next(taught._own_batches(drawings[:count]))[0]) for count in (1, 2, 3)]
    assert sizes == [COURSE.each, 2 * COURSE.each, COURSE.own]


def test_between_old_and_new_weights_lie_all_others(learning):
    taught, drawings = learning
    learnt = taught.learn(drawings)
    taught.blend(learnt, 0.25)
    for old, new, now in zip(taught.before, learnt, taught.network.get_weights(), strict=True):
        np.testing.assert_allclose(now, 0.75 * old + 0.25 * new, atol=1e-6)


def test_every_step_is_told(learning):
    taught, drawings = learning
    steps = []
    taught.learn(drawings, lambda: steps.append(1))
    assert len(steps) == COURSE.steps


def test_what_is_rehearsed_has_the_answers_that_the_network_gave(learning):
    taught, _ = learning
    grids, answers = taught._rehearsal
    taught.network.set_weights(taught.before)
    np.testing.assert_allclose(taught.network.predict(grids[3], verbose=0), answers[3], atol=1e-5)
