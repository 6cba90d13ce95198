"""The README's picture is drawn as a hand would draw, through the window's events."""

import numpy as np

from digits.experiments import screenshot


def test_a_smooth_curve_runs_through_its_points_without_a_corner():
    path = screenshot.smooth(screenshot.THREE)
    for point in screenshot.THREE:
        assert np.abs(path - point).sum(axis=1).min() < 1e-9
    ways = np.diff(path, axis=0)
    turns = np.abs(np.diff(np.unwrap(np.arctan2(ways[:, 1], ways[:, 0]))))
    assert np.degrees(turns).max() < 60


def test_the_digit_is_one_stroke_on_the_paper(app):
    path = screenshot.smooth(screenshot.THREE)
    screenshot.draw(app, path)
    (stroke,) = app.sheet.strokes
    assert len(stroke.path) == len(path)
    assert app.scene.answer.digit == 7  # what the recogniser at hand says of anything
    assert 60 < (app.sheet.ink > 0.5).sum() < 200
