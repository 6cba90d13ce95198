"""Connected regions of any mask."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.files import regions


def flooded(mask):
    """Return the regions of a mask as sets of pixels, by filling one after the other."""
    left, found = {tuple(pixel) for pixel in np.argwhere(mask).tolist()}, []
    while left:
        todo, region = [left.pop()], set()
        while todo:
            row, column = todo.pop()
            region.add((row, column))
            near = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)} & left
            left -= near
            todo += near
        found.append(region)
    return found


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 12), st.integers(1, 12), st.floats(0, 1), st.integers(0, 1000))
def test_regions_are_those_that_flooding_finds(height, width, share, seed):
    mask = np.random.default_rng(seed).random((height, width)) < share
    found = regions.find(mask)
    sets = [{tuple(pixel) for pixel in np.argwhere(found.labels == i + 1).tolist()} for i in range(len(found.boxes))]
    assert sorted(map(sorted, sets)) == sorted(map(sorted, flooded(mask)))
    for region, box in zip(sets, found.boxes.tolist(), strict=True):
        rows, columns = zip(*region, strict=True)
        assert box == [min(rows), max(rows) + 1, min(columns), max(columns) + 1]
    np.testing.assert_array_equal(found.sums(np.ones(mask.shape)), [len(region) for region in sets])
