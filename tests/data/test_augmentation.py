"""The random changes of a batch: always the same for a seed, never more or less than they say."""

import numpy as np
import pytest
import tensorflow as tf

from digits.data import augmentation
from digits.ink import brush, grid

CHANGES = [augmentation.nudge, augmentation.spread]
CENTRE = (14.0, 14.0)


def crosses(count):
    """Return the same upright cross in the middle, `count` times: 16 cells high, 12 wide."""
    ink = grid.empty(1)
    brush.draw(ink, np.array([(14, 7, 14, 21), (9, 14, 19, 14)]))
    return tf.constant(ink.repeat(count, axis=0))


def noise(count):
    return tf.constant(np.random.default_rng(0).random((count, 28, 28), np.float32))


def centres_of_mass(grids):
    """Return x and y (n,) in cells."""
    at = np.arange(28) + 0.5
    total = grids.sum(axis=(1, 2))
    return grids.sum(axis=1) @ at / total, grids.sum(axis=2) @ at / total


def warped(grids, matrix=((1, 0), (0, 1)), source=CENTRE, target=CENTRE):
    count = len(grids)
    each = (np.broadcast_to(np.float32(value), (count, *np.shape(value))) for value in (matrix, source, target))
    return augmentation.warp(tf.constant(grids, tf.float32), *each).numpy()


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_seed_gives_the_same_change(change):
    np.testing.assert_array_equal(change(crosses(8), (3, 5)), change(crosses(8), (3, 5)))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", [(3, 6), (4, 5), (5, 3)])
def test_another_seed_or_step_gives_another_change(change, seed):
    assert (change(crosses(8), (3, 5)).numpy() != change(crosses(8), seed).numpy()).any(axis=(1, 2)).all()


@pytest.mark.parametrize("change", CHANGES)
def test_every_image_is_changed_in_its_own_way(change):
    changed = change(crosses(30), (0, 0)).numpy().reshape(30, -1)
    assert len(np.unique(changed, axis=0)) == 30


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("images", [crosses, noise, lambda count: tf.ones((count, 28, 28))])
def test_ink_stays_between_nothing_and_all(change, images):
    changed = change(images(40), (1, 2)).numpy()
    assert changed.shape == (40, 28, 28) and changed.dtype == np.float32
    assert changed.min() >= 0 and changed.max() <= 1


@pytest.mark.parametrize("change", CHANGES)
def test_bare_paper_stays_bare(change):
    np.testing.assert_array_equal(change(tf.zeros((5, 28, 28)), (0, 0)), grid.empty(5))


@pytest.mark.parametrize("change", CHANGES)
def test_no_digit_is_lost(change):
    changed = change(crosses(300), (0, 0)).numpy()
    assert (changed.max(axis=(1, 2)) > 0.5).all()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("count", [1, 2])
def test_a_batch_may_be_small(change, count):
    assert change(crosses(count), (0, 0)).shape == (count, 28, 28)


def test_a_nudge_moves_a_digit_a_few_cells_at_most_and_in_every_direction():
    moved = np.array(centres_of_mass(augmentation.nudge(crosses(400), (0, 0)).numpy())) - 14
    assert np.abs(moved).max() < 2.5
    assert moved.min(axis=1).max() < -1.5 and moved.max(axis=1).min() > 1.5


def test_spreading_puts_digits_everywhere():
    x, y = centres_of_mass(augmentation.spread(crosses(400), (0, 0)).numpy())
    for at in (x, y):
        assert at.min() < 8 and at.max() > 20
        assert abs(at.mean() - 14) < 1


def test_spreading_makes_digits_of_every_size():
    ink = augmentation.spread(crosses(400), (0, 0)).numpy() > 0.3
    rows = ink.any(axis=2).sum(axis=1)
    assert rows.min() < 12 and rows.max() > 24
    assert rows.min() >= 5


def test_the_pen_hardly_follows_the_size():
    line = grid.empty(1)
    brush.draw(line, np.array([(14, 5, 14, 23)]))
    ink = augmentation.spread(tf.constant(line.repeat(400, axis=0)), (0, 0)).numpy()
    length = (ink > 0.3).any(axis=2).sum(axis=1)
    width = ink.sum(axis=(1, 2)) / length
    large, small = length > 22, length < 13
    assert length[large].mean() > 2 * length[small].mean()
    assert 0.7 < width[large].mean() / width[small].mean() < 1.4


# The warp itself


def test_the_warp_that_changes_nothing_changes_nothing():
    grids = noise(5).numpy()
    np.testing.assert_allclose(warped(grids), grids, atol=1e-5)


@pytest.mark.parametrize(("dx", "dy"), [(3, 0), (0, -4), (-2, 5), (27, 0), (40, -40)])
def test_a_shift_by_whole_cells_is_exact_and_what_leaves_the_sheet_is_gone(dx, dy):
    grids = noise(3).numpy()
    around = np.pad(grids, [(0, 0), (40, 40), (40, 40)])
    expected = around[:, 40 - dy : 68 - dy, 40 - dx : 68 - dx]
    np.testing.assert_allclose(warped(grids, target=(14 + dx, 14 + dy)), expected, atol=1e-6)


def test_source_goes_to_target():
    ink = grid.empty(1)
    ink[0, 5, 20] = 1
    moved = warped(ink, matrix=[(0.3, 0.9), (-1.2, 0.4)], source=(20.5, 5.5), target=(10.5, 12.5))
    assert moved[0, 12, 10] == pytest.approx(1, abs=1e-5)


def test_a_quarter_turn_is_exact():
    grids = noise(2).numpy()  # x to the right and y down: (x, y) -> (-y, x) turns to the right
    np.testing.assert_allclose(warped(grids, matrix=[(0, -1), (1, 0)]), np.rot90(grids, -1, axes=(1, 2)), atol=1e-5)


def test_twice_the_size_is_four_times_the_ink():
    ink = grid.empty(1)
    ink[0, 11:17, 12:16] = 1
    doubled = warped(ink, matrix=[(2, 0), (0, 2)])
    assert doubled.sum() == pytest.approx(4 * ink.sum(), rel=0.01)
    assert doubled[0, 9:19, 11:17].min() == 1


def test_half_a_cell_is_shared_by_two():
    ink = grid.empty(1)
    ink[0, 10, 10] = 1
    moved = warped(ink, target=(14.5, 14))
    np.testing.assert_allclose(moved[0, 10, 9:13], [0, 0.5, 0.5, 0], atol=1e-6)


def test_no_bend_is_like_one_by_nothing():
    matrix, *places = tf.constant([[[1.2, 0.1], [-0.2, 0.8]]]), tf.constant([(13.0, 15.0)]), tf.constant([(14.5, 9.0)])
    bent = augmentation.warp(noise(1), matrix, *places, bend=[tf.zeros((1, 28, 28))] * 2)
    np.testing.assert_allclose(augmentation.warp(noise(1), matrix, *places), bent, atol=1e-5)


def test_a_bend_takes_ink_from_elsewhere():
    grids = noise(1)
    where = tf.constant([CENTRE])
    bend = [tf.fill((1, 28, 28), 3.0)] * 2
    bent = augmentation.warp(grids, tf.eye(2)[None], where, where, bend).numpy()
    np.testing.assert_allclose(bent[:, :-3, :-3], grids.numpy()[:, 3:, 3:], atol=1e-5)
