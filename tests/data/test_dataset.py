"""The stream that a network is trained on, and what it is watched on."""

import functools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.data import dataset, mnist, negatives, pens, recordings
from digits.files import unipen
from digits.recipe import DEFAULT
from tests.support import fake_mnist

RECIPE = replace(DEFAULT, batch_size=16, seed=7, smoothing=0)
NUDGED_ALONE = replace(RECIPE, nudged=1, spread=0, drawn=0, negatives=0)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return mnist.load(fake_mnist.write(tmp_path_factory.mktemp("dataset") / "mnist.npz"))


@pytest.fixture(scope="module")
def pen_digits():
    return unipen.read(pens.PEN_DIGITS)


@pytest.fixture(scope="module")
def others():
    return unipen.read(negatives.PEN_OTHERS)[::15]


@pytest.fixture(scope="module", params=["with_mnist", "without_mnist"])
def make(request, images, pen_digits, others):
    """Return a source by what its recipe has that others have not."""

    @functools.cache
    def make(**changes):
        with_images = images if request.param == "with_mnist" else None
        return dataset.Source(with_images, pen_digits[::4], others, replace(RECIPE, **changes))

    return make


@pytest.fixture(scope="module")
def source(make):
    return make()


@pytest.fixture(scope="module")
def shown(source):
    """Return the first three batches of a source, only to be read."""
    return batches(source)


def batches(source, steps=3, first=0):
    return list(source.stream(steps, first).as_numpy_iterator())


def digits_among(targets):
    return targets[:, :10].max(axis=1) > 0.5


def assert_same(some, others):
    for batch, other in zip(some, others, strict=True):
        for part, same in zip(batch, other, strict=True):
            np.testing.assert_array_equal(part, same)


# The stream


def test_a_batch_is_grids_of_ink_and_what_is_wanted_of_them(shown):
    for grids, targets in shown:
        assert grids.shape == (16, 28, 28, 1) and grids.dtype == np.float32
        assert grids.min() >= 0 and grids.max() <= 1
        assert targets.shape == (16, dataset.CLASSES) and targets.dtype == np.float32
        assert targets.min() >= 0
        np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-6)


def test_there_are_as_many_batches_as_asked(source):
    stream = source.stream(5)
    assert len(stream) == len([*stream]) == 5


def test_nothing_holds_up_the_end_of_a_stream(source):
    assert not source.stream(5).options().autotune.enabled  # TensorFlow waits for a thread of it that sleeps for long


def test_a_sample_is_a_batch_of_the_same_mix_without_targets(source, make):
    grids = source.sample()
    assert grids.shape == (RECIPE.batch_size, 28, 28, 1) and grids.dtype == np.float32
    assert grids.min() >= 0 and grids.max() <= 1 and (grids.max(axis=(1, 2, 3)) > 0).mean() > 0.9
    np.testing.assert_array_equal(grids, make().sample())


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_a_batch_may_be_small(make, size):
    [(grids, targets)] = batches(make(batch_size=size), steps=1)
    assert len(grids) == len(targets) == size


def test_the_same_seed_gives_the_same_stream(source, shown):
    assert_same(batches(source), shown)


def test_a_batch_depends_on_its_number_and_not_on_the_length_of_the_run(source, shown):
    longer = batches(source, steps=6)
    assert_same(shown, longer[:3])
    assert_same(longer[4:], source.stream(6).skip(4).as_numpy_iterator())


def test_a_stream_may_begin_at_any_batch(source):
    whole = batches(source, steps=9)
    for first in (3, 4, 5, 9):  # at and around where a block of drawings begins
        later = source.stream(9, first)
        assert len(later) == 9 - first
        assert_same(whole[first:], later.as_numpy_iterator())


def test_another_seed_gives_another_stream_and_no_two_batches_are_alike(make, shown):
    first, second, _ = shown
    [other] = batches(make(seed=RECIPE.seed + 1), steps=1)
    for one, two in [(first, second), (first, other)]:
        assert (one[0] != two[0]).any(axis=(1, 2, 3)).all()


def test_some_are_no_digits_and_wanted_as_what_they_are(make):
    [(_, targets)] = batches(make(batch_size=64), steps=1)
    assert (targets.max(axis=1) == 1).all()
    assert digits_among(targets).sum() == 52  # of 64; the recipe's share of no digits is 0.18
    assert len(np.unique(targets.argmax(axis=1)[~digits_among(targets)])) > 2


def test_the_shares_of_a_batch_add_up():
    shares = DEFAULT.nudged, DEFAULT.spread, DEFAULT.drawn, DEFAULT.negatives
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0


def test_every_label_comes_up(make):
    targets = np.concatenate([targets for _, targets in batches(make(batch_size=64))])
    labels = targets[digits_among(targets)].argmax(axis=1)
    assert set(labels) == set(range(10))


def test_an_image_keeps_its_label(images, pen_digits, others):
    ink = np.zeros((500, 28, 28), np.uint8)
    ink[:, 9:19, 9:19] = 25 + 25 * (np.arange(500) % 10)[:, None, None]  # a block as bright as the label says
    bright = images._replace(train_images=ink, train_labels=(np.arange(500) % 10).astype(np.uint8))
    source = dataset.Source(bright, pen_digits[::4], others, replace(NUDGED_ALONE, batch_size=64))
    for grids, targets in batches(source):
        brightness = np.round(grids.max(axis=(1, 2, 3)) * 255)
        np.testing.assert_array_equal(brightness, 25 + 25 * targets.argmax(axis=1))


def test_in_each_round_every_image_is_shown_once(images, pen_digits, others):
    ink = np.zeros((12, 28, 28), np.uint8)
    ink[:, 9:19, 9:19] = 20 * np.arange(1, 13)[:, None, None]
    twelve = images._replace(train_images=ink, train_labels=np.zeros(12, np.uint8))
    source = dataset.Source(twelve, pen_digits[::4], others, replace(NUDGED_ALONE, batch_size=6))
    shown = [np.round(grids.max(axis=(1, 2, 3)) * 255 / 20).tolist() for grids, _ in batches(source, steps=6)]
    rounds = [first + second for first, second in zip(shown[::2], shown[1::2], strict=True)]
    assert all(sorted(each) == list(range(1, 13)) for each in rounds)
    assert rounds[0] != rounds[1]


def test_without_mnist_the_pen_digits_take_its_place(pen_digits, others):
    upright = [drawing for drawing in pen_digits if drawing.label in "34679"]
    [(grids, targets)] = batches(dataset.Source(None, upright, others, replace(RECIPE, batch_size=64)), steps=1)
    is_digit = digits_among(targets)
    assert is_digit.sum() == 52
    assert set(targets[is_digit].argmax(axis=1)) == {3, 4, 6, 7, 9}
    assert (grids[is_digit].max(axis=(1, 2, 3)) > 0.7).all()


def test_every_part_of_a_batch_has_the_same_mix(make):
    shown = batches(make(batch_size=128), steps=12)
    is_digit = np.concatenate([digits_among(targets) for _, targets in shown])
    quarters = is_digit.reshape(12, 4, 32).mean(axis=(0, 2))
    np.testing.assert_allclose(quarters, 105 / 128, atol=0.08)  # three standard deviations are 0.06


def test_without_mnist_pens_are_as_soft_as_its_own(pen_digits, others, images):
    recipe = replace(RECIPE, batch_size=256, nudged=0, spread=0, drawn=1, negatives=0, hardest=DEFAULT.softest)

    def edges(mnist):
        [(grids, _)] = batches(dataset.Source(mnist, pen_digits, others, recipe), steps=1)
        return ((grids > 0.02) & (grids < 0.98)).sum() / (grids > 0.5).sum()

    assert edges(None) > 1.1 * edges(images)


def test_targets_of_digits_are_smoothed_as_the_recipe_says(make):
    for _, targets in batches(make(smoothing=0.1)):
        assert set(np.round(targets.max(axis=1), 4)) <= {np.float32(0.91), np.float32(1)}
        np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-6)


def test_a_grid_is_mixed_with_its_neighbour_as_its_target_is(make, shown):
    for (grids, targets), (mixed, mixed_targets) in zip(shown, batches(make(mixup=0.5)), strict=True):
        neighbours, neighbour_targets = (np.roll(part, 1, axis=0) for part in (grids, targets))
        apart = (neighbours - grids).reshape(16, -1)
        share = ((mixed - grids).reshape(16, -1) * apart).sum(1) / (apart**2).sum(1)
        assert share.min() >= -1e-6 and share.max() <= 1 + 1e-6 and np.ptp(share) > 0.1
        expected = grids + share[:, None, None, None] * (neighbours - grids)
        np.testing.assert_allclose(mixed, expected, atol=1e-5)
        np.testing.assert_allclose(mixed_targets, targets + share[:, None] * (neighbour_targets - targets), atol=1e-5)


def test_little_mixing_leaves_most_grids_nearly_as_they_are(make, shown):
    for (grids, _), (mixed, _) in zip(shown, batches(make(mixup=0.01)), strict=True):
        farther = np.abs(mixed - grids).max(axis=(1, 2, 3))
        nearer = np.minimum(farther, np.abs(mixed - np.roll(grids, 1, axis=0)).max(axis=(1, 2, 3)))
        assert np.isfinite(mixed).all() and np.median(nearer) < 0.01  # one of the two, all of it


def test_what_is_drawn_is_shown_again_somewhere_else(pen_digits, others):
    def different(showings):
        recipe = replace(RECIPE, batch_size=32, negatives=0, showings=showings, epoch_size=1000)
        grids = np.concatenate([grids for grids, _ in batches(dataset.Source(None, pen_digits, others, recipe), 8)])
        return len(np.unique(grids.sum(axis=(1, 2, 3)).round(2))), len(np.unique(grids.reshape(256, -1), axis=0))

    inks, grids = different(2)
    assert inks < 140 and grids > 230  # 128 drawings, most of them at two places
    assert different(1)[0] > 230


@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(1, 20))
@settings(deadline=None, max_examples=50)
def test_ink_that_is_moved_stays_on_the_sheet_and_as_it_is(seed, height, width):
    rng = np.random.default_rng(seed)
    grids = np.zeros((5, 28, 28), np.float32)
    top, left = rng.integers(28 - height + 1), rng.integers(28 - width + 1)
    grids[:4, top : top + height, left : left + width] = rng.uniform(0.1, 1, (4, height, width))
    for before, after in zip(grids, dataset.moved(grids, rng), strict=True):
        np.testing.assert_array_equal(after[after > 0], before[before > 0])
        for axis in (0, 1):
            spans = [np.flatnonzero(ink.any(axis=axis)) for ink in (before, after)]
            assert len(spans[0]) == len(spans[1]) and (np.diff(spans[1]) == 1).all()


# The validation data


@pytest.fixture(scope="module")
def split(pen_digits):
    return recordings.split(pen_digits)


def test_validation_is_the_same_every_time_and_holds_digits_only(images, split):
    first, second = (dataset.validation(images, split[1]) for _ in range(2))
    np.testing.assert_array_equal(first.grids, second.grids)
    assert first.grids.shape == (10_000, 28, 28)
    assert first.grids.min() >= 0 and first.grids.max() <= 1
    assert first.drawn[:5000].all() and not first.drawn[5000:].any()
    np.testing.assert_allclose(first.grids[5000:], images.validation_images / 255, atol=1e-6)
    np.testing.assert_array_equal(first.labels[5000:], images.validation_labels)
    grids, targets = (np.concatenate(column) for column in zip(*first.batches().as_numpy_iterator(), strict=True))
    np.testing.assert_array_equal(grids[..., 0], first.grids)
    np.testing.assert_array_equal(targets, np.eye(dataset.CLASSES)[first.labels])


def test_validation_without_mnist_is_pen_digits(split):
    pen_digits = dataset.validation(None, split[1])
    assert pen_digits.grids.shape == (2500, 28, 28)
    assert pen_digits.drawn.all()
