"""The stroke under the pen: as wide as the brush, smooth at its edges, and the same in however many pieces it came."""

import numpy as np
import pygame
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digits.app.scene import Scene
from digits.ink import grid
from digits.window.canvas import Canvas
from digits.window.paint import PALETTES, Painter
from digits.window.plans import arrange
from digits.window.trail import Trail

LAYOUT = arrange(240, 240)  # the smaller, the faster


def picture(trail, *pieces, erases=False):
    """Return the paper, (width, height, 3), on which a trail has drawn the pieces (k, 3) of a stroke."""
    surface, paper = pygame.Surface(LAYOUT.size), LAYOUT.paper
    surface.fill("#ffffff")
    scene = Scene(ink=grid.empty(), stroke=pieces, stroke_erases=erases)
    trail.draw(Canvas(surface, LAYOUT, Painter(), PALETTES["light"]), scene)
    return pygame.surfarray.array3d(surface)[paper.x : paper.right, paper.y : paper.bottom]


def darkness(path, trail=None, **how):
    """Return how dark a path makes the pixels of the paper, (width, height): 0 to 1."""
    dark = 255 - picture(trail or Trail(), np.float32(path), **how).mean(axis=2)
    return dark / max(1, dark.max())


def test_it_is_as_wide_as_the_brush_and_its_edges_are_smooth():
    across = darkness([(5, 14.03, 1.5), (23, 14.03, 1.5)])[14 * LAYOUT.cell]
    assert across.sum() == pytest.approx(3 * LAYOUT.cell, abs=0.1)
    assert 1 <= ((across > 0) & (across < 1)).sum() <= 2


positions = st.tuples(st.floats(-5, 33, width=32), st.floats(-5, 33, width=32), st.floats(0.5, 3, width=32))


@settings(max_examples=15, deadline=None)
@given(path=st.lists(positions, min_size=3, max_size=6))
@example(path=[(5, 5, 1), (6, 5, 1), (6.1, 5, 1), (6.1, 9, 1)])  # so near that a point is left out
def test_a_stroke_that_grows_looks_like_one_drawn_at_once(path):
    growing, pieces = Trail(), (np.float32(path[:2]), np.float32(path[1:]))
    picture(growing, *pieces[:1])
    np.testing.assert_array_equal(picture(growing, *pieces), picture(Trail(), *pieces))


def test_another_stroke_begins_anew():
    trail = Trail()
    darkness([(5, 5, 1), (20, 5, 1)], trail)
    assert darkness([(5, 20, 1), (20, 20, 1)], trail)[:, : 10 * LAYOUT.cell].max() == 0


def test_an_eraser_leaves_paper():
    assert darkness([(5, 5, 1), (20, 5, 1)], erases=True).max() == 0
