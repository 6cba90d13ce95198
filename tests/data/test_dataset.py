"""The stream that a network is trained on, and what it is watched on."""

from collections import Counter

import numpy as np
import pytest

from digits.data import dataset, mnist, negatives, pens
from digits.files import unipen
from digits.ink import strokes
from tests.support import fake_mnist

SEED = 7


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
def source(request, images, pen_digits, others):
    return dataset.Source(images if request.param == "with_mnist" else None, pen_digits[::4], others)


def batches(source, batch_size=16, steps=3, seed=SEED):
    return list(source.stream(batch_size, steps, seed).as_numpy_iterator())


def assert_same(some, others):
    for batch, other in zip(some, others, strict=True):
        for part, same in zip(batch, other, strict=True):
            np.testing.assert_array_equal(part, same)


# The stream


def test_a_batch_is_grids_of_ink_and_what_is_wanted_of_them(source):
    for grids, targets in batches(source):
        assert grids.shape == (16, 28, 28, 1) and grids.dtype == np.float32
        assert grids.min() >= 0 and grids.max() <= 1
        assert targets.shape == (16, 10) and targets.dtype == np.float32
        assert targets.min() >= 0
        np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-6)


def test_there_are_as_many_batches_as_asked(source):
    assert len(source.stream(16, 5, SEED)) == 5
    assert len(batches(source, steps=5)) == 5


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_a_batch_may_be_small(source, size):
    [(grids, targets)] = batches(source, size, steps=1)
    assert len(grids) == len(targets) == size


def test_the_same_seed_gives_the_same_stream(source):
    assert_same(batches(source), batches(source))


def test_a_batch_depends_on_its_number_and_not_on_the_length_of_the_run(source):
    assert_same(batches(source, steps=3), batches(source, steps=6)[:3])
    assert_same(batches(source, steps=6)[4:], source.stream(16, 6, SEED).skip(4).as_numpy_iterator())


def test_a_stream_may_begin_at_any_batch(source):
    later = source.stream(16, 6, SEED, first=4)
    assert len(later) == 2
    assert_same(batches(source, steps=6)[4:], later.as_numpy_iterator())


def test_another_seed_gives_another_stream_and_no_two_batches_are_alike(source):
    first, second = batches(source, steps=2)
    [other] = batches(source, steps=1, seed=SEED + 1)
    for one, two in [(first, second), (first, other)]:
        assert (one[0] != two[0]).any(axis=(1, 2, 3)).all()


def test_three_in_sixteen_are_no_digits_and_wanted_as_no_class_more_than_another(source):
    [(_, targets)] = batches(source, 64, steps=1)
    is_digit = targets.max(axis=1) == 1
    assert is_digit.sum() == 52
    np.testing.assert_allclose(targets[~is_digit], 0.1)


def test_the_shares_of_a_batch_add_up():
    assert sum(dataset.SHARES) == pytest.approx(1)
    assert min(dataset.SHARES) > 0


def test_every_label_comes_up(source):
    targets = np.concatenate([targets for _, targets in batches(source, 64, steps=3)])
    labels = targets[targets.max(axis=1) == 1].argmax(axis=1)
    assert set(labels) == set(range(10))


def test_an_image_keeps_its_label(images, pen_digits, others):
    ink = np.zeros((500, 28, 28), np.uint8)
    ink[:, 9:19, 9:19] = 25 + 25 * (np.arange(500) % 10)[:, None, None]  # a block as bright as the label says
    bright = images._replace(train_images=ink, train_labels=(np.arange(500) % 10).astype(np.uint8))
    source = dataset.Source(bright, pen_digits[::4], others, dataset.Shares(nudged=1, spread=0, pen=0, no_digit=0))
    for grids, targets in batches(source, 64):
        brightness = np.round(grids.max(axis=(1, 2, 3)) * 255)
        np.testing.assert_array_equal(brightness, 25 + 25 * targets.argmax(axis=1))


def test_in_each_round_every_image_is_shown_once(images, pen_digits, others):
    ink = np.zeros((12, 28, 28), np.uint8)
    ink[:, 9:19, 9:19] = 20 * np.arange(1, 13)[:, None, None]
    twelve = images._replace(train_images=ink, train_labels=np.zeros(12, np.uint8))
    source = dataset.Source(twelve, pen_digits[::4], others, dataset.Shares(nudged=1, spread=0, pen=0, no_digit=0))
    shown = [np.round(grids.max(axis=(1, 2, 3)) * 255 / 20).tolist() for grids, _ in batches(source, 6, steps=6)]
    rounds = [first + second for first, second in zip(shown[::2], shown[1::2], strict=True)]
    assert all(sorted(each) == list(range(1, 13)) for each in rounds)
    assert rounds[0] != rounds[1]


def test_without_mnist_the_pen_digits_take_its_place(pen_digits, others):
    upright = [drawing for drawing in pen_digits if drawing.label in "34679"]
    [(grids, targets)] = batches(dataset.Source(None, upright, others), 64, steps=1)
    is_digit = targets.max(axis=1) == 1
    assert is_digit.sum() == 52
    assert set(targets[is_digit].argmax(axis=1)) == {3, 4, 6, 7, 9}
    assert (grids[is_digit].max(axis=(1, 2, 3)) > 0.9).all()


def test_every_part_of_a_batch_has_the_same_mix(source):
    is_digit = np.concatenate([targets.max(axis=1) == 1 for _, targets in batches(source, 128, steps=12)])
    quarters = is_digit.reshape(12, 4, 32).mean(axis=(0, 2))
    np.testing.assert_allclose(quarters, 104 / 128, atol=0.08)  # three standard deviations are 0.06


def test_without_mnist_pens_are_as_thick_as_its_own(pen_digits, others, images):
    def most_ink(mnist):
        [(grids, _)] = batches(dataset.Source(mnist, pen_digits, others, dataset.Shares(0, 0, 1, 0)), 256, steps=1)
        return np.quantile(grids.sum(axis=(1, 2, 3)), 0.98)

    assert most_ink(None) > 1.3 * most_ink(images)


# The validation data


@pytest.fixture(scope="module")
def split(pen_digits):
    return dataset.split(pen_digits)


def test_every_pen_digit_is_either_trained_on_or_validated_on(split, pen_digits):
    train, held_out = ({id(drawing) for drawing in part} for part in split)
    assert not train & held_out
    assert train | held_out == {id(drawing) for drawing in pen_digits}


def test_no_held_out_drawing_has_a_twin_among_those_trained_on(split):
    train, held_out = ({b"".join(path.tobytes() for path in drawing.paths) for drawing in part} for part in split)
    assert not train & held_out


def test_no_style_is_lost_to_validation(split, pen_digits):
    train, held_out = split
    assert {drawing.comment for drawing in train} == {drawing.comment for drawing in pen_digits}
    assert len(held_out) >= 20


def test_each_digit_gives_away_the_last_take_of_its_two_commonest_styles():
    styles = ["plain"] * 4 + ["barred"] * 3 + ["hooked"] * 3 + ["slanted"] * 2
    drawings = [strokes.Drawing("7", [], f"7 {style}") for style in styles]
    drawings += [strokes.Drawing("1", [], "1 bare"), strokes.Drawing("1", [], "1 bare")]  # too few to give any
    train, held_out = dataset.split(drawings)
    assert [drawing.comment for drawing in held_out] == ["7 plain", "7 barred"]
    assert held_out[0] is drawings[3] and held_out[1] is drawings[6]
    assert len(train) == len(drawings) - 2


def test_the_built_in_digits_held_out_are_two_of_each(split):
    assert Counter(drawing.label for drawing in split[1]) == {str(digit): 2 for digit in range(10)}


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
    np.testing.assert_array_equal(targets, np.eye(10)[first.labels])


def test_validation_without_mnist_is_pen_digits(split):
    pen_digits = dataset.validation(None, split[1])
    assert pen_digits.grids.shape == (2500, 28, 28)
    assert pen_digits.drawn.all()
