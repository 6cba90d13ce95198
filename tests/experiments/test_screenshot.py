"""The README's picture is drawn as a hand would draw, through the window's events."""

import numpy as np

from digits.experiments import screenshot


def test_the_pointer_passes_every_point_of_the_three():
    path = screenshot.curve()
    for point in screenshot.THREE:
        assert np.hypot(*(path - point).T).min() < 0.3


def test_the_digit_is_one_stroke_on_the_paper(app):
    path = screenshot.curve()
    screenshot.draw(app, path)
    (stroke,) = app.sheet.strokes
    assert len(stroke.path) == len(path)
    assert app.scene.answer.digit == 7  # what the recogniser at hand says of anything
    assert 60 < (app.sheet.ink > 0.5).sum() < 200
