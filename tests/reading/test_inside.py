"""A look inside: what layers see of the ink, the same layers and the same maps every time."""

import numpy as np
import pytest

from digits.assets import MODEL
from digits.ink import grid
from digits.reading import engine
from digits.reading.inside import Inside
from tests.support.drawings import draw_seven


class Layered:
    """An engine whose layers each have feature maps: the ink, so many times over, at half size."""

    def __init__(self, *features):
        self.features, self.asked = features, 0

    def layers(self, grids):
        self.asked += 1
        half = grids[:, ::2, ::2, None]
        return [5 + half * np.arange(count, dtype=np.float32) for count in self.features]


def test_the_first_the_middle_and_the_last_layer_are_shown():
    shown = Inside(Layered(2, 3, 4, 5, 6)).look(draw_seven())
    assert [len(layer.maps) for layer in shown] == [2, 4, 6]
    assert all(layer.maps.shape[1:] == (14, 14) for layer in shown)
    assert [len(layer.maps) for layer in Inside(Layered(2, 3)).look(draw_seven())] == [2, 3]


def test_bare_paper_is_seen_as_nothing_and_the_strongest_response_as_one():
    inside = Inside(Layered(3))
    [bare], [inked] = inside.look(grid.empty()), inside.look(draw_seven())
    assert not bare.maps.any()
    assert inked.maps.max() == pytest.approx(1) and inked.maps.min() == 0


def test_of_many_maps_a_dozen_are_shown_and_always_the_same():
    inside = Inside(Layered(40))
    first, second = ([layer.maps for layer in inside.look(ink)] for ink in (draw_seven(), draw_seven()))
    assert len(first[0]) == 12
    np.testing.assert_array_equal(first, second)


def test_an_engine_is_opened_at_the_first_look():
    layered = Layered(3)
    inside = Inside(layered)
    assert layered.asked == 0
    inside.look(draw_seven())
    assert layered.asked == 2
    inside.look(draw_seven())
    assert layered.asked == 3


def test_a_model_in_which_nothing_can_be_seen_shows_nothing():
    class Blind:
        def layers(self, grids):
            raise RuntimeError("there are no pictures in it")

    assert Inside(Blind()).look(draw_seven()) == Inside(Layered()).look(draw_seven()) == ()


def test_the_shipped_model_shows_three_layers_that_see_the_drawing():
    shown = Inside(engine.load(MODEL)).look(draw_seven())
    assert [layer.maps.shape for layer in shown] == [(12, 14, 14), (12, 14, 14), (12, 7, 7)]
    for layer in shown:
        assert layer.maps.min() >= 0 and layer.maps.max() == pytest.approx(1)
        assert (layer.maps.std(axis=(1, 2)) > 0.001).sum() >= 10  # one or two may be for what a seven has not
