"""The README's picture is drawn as a hand would draw, through the window's events."""

import numpy as np

from digits.experiments import screenshot


def test_the_pointer_passes_every_point_of_the_three():
    path = screenshot.curve()
    for point in screenshot.THREE:
        assert np.hypot(*(path - point).T).min() < 0.3


def test_the_digit_is_one_stroke_on_the_paper(loop, session):
    path = screenshot.curve()
    screenshot.draw(loop, path)
    (stroke,) = session.sheet.strokes
    assert len(stroke.path) == len(path)
    assert session.scene.answer.digit == 7  # what the recogniser at hand says of anything
    assert 60 < (session.sheet.ink > 0.5).sum() < 200
