"""What an image is."""

import numpy as np

from digits.ink import grid


def test_an_empty_grid_is_bare_paper():
    assert grid.empty().shape == (28, 28)
    assert grid.empty().dtype == np.float32
    assert not grid.empty().any()


def test_many_empty_grids_come_at_once():
    assert grid.empty(3).shape == (3, 28, 28)
    assert grid.empty(2, 5).shape == (2, 5, 28, 28)


def test_two_empty_grids_are_two_sheets():
    first, second = grid.empty(), grid.empty()
    first[:] = 1
    assert not second.any()


def test_bytes_become_ink_between_nothing_and_all():
    images = np.arange(256, dtype=np.uint8).repeat(784).reshape(256, 28, 28)
    grids = grid.from_bytes(images)
    assert grids.dtype == np.float32 and grids.shape == images.shape
    assert grids[0].max() == 0 and grids[255].min() == 1
    assert (np.diff(grids[:, 0, 0]) > 0).all()
