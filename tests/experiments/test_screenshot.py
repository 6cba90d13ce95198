"""The README's picture is drawn as a hand would draw, through the window's events."""

import numpy as np
import pytest

from digits.experiments import screenshot
from digits.ink.sheet import Sheet, columns_for
from digits.reading import sheets
from tests.support.sessions import new_session
from tests.support.written import network


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


@pytest.mark.parametrize("digits", [2, 6, 12])
def test_a_number_is_drawn_stroke_by_stroke_on_a_sheet_of_its_width_and_read(recogniser, tmp_path, digits):
    import pygame

    from digits.window.display import Window
    from digits.window.loop import Loop

    session = new_session(recogniser, tmp_path, sheet=Sheet(columns_for(digits)))
    loop = Loop(session, Window((960, 640)))
    pygame.event.clear()
    paths = screenshot.number(digits)
    for path in paths:
        screenshot.draw(loop, path)
    loop.window.close()
    assert [len(stroke.path) for stroke in session.sheet.strokes] == [len(path) for path in paths]
    read = sheets.read(session.sheet.ink, session.sheet.paths, network().probabilities, threshold=0.5)
    assert "".join(str(digit.probabilities.argmax()) for digit in read) == screenshot.NUMBER[:digits]
