"""The sheet of what is kept: where its drawings lie, and that a click takes one off."""

import numpy as np
import pytest

from digits.app.corrections import Example
from digits.app.teaching import Hand
from digits.assets import MODEL
from digits.ink.strokes import Drawing
from digits.window.kept import arrange_kept
from digits.window.plans import arrange


@pytest.mark.parametrize("size", [(240, 240), (480, 320), (900, 600), (3840, 2160)])
def test_everything_on_it_lies_in_the_window_and_apart(size):
    layout = arrange_kept(arrange(*size), 500)
    boxes = [*layout.targets.values()]
    assert len(boxes) > 3
    for number, box in enumerate(boxes):
        assert box.x >= 0 and box.y >= 0 and box.right <= size[0] and box.bottom <= size[1]
        assert not any(
            box.x < other.right and other.x < box.right and box.y < other.bottom and other.y < box.bottom
            for other in boxes[:number]
        )


def test_it_has_a_place_for_each_of_few_drawings():
    assert len(arrange_kept(arrange(900, 600), 5).history) == 5


def test_a_click_on_a_drawing_takes_it_off_and_the_paper_stays_as_it_was(hands, loop, session, monkeypatch):
    taken = []
    monkeypatch.setattr(session._teaching, "remove", taken.append)
    session.scene.kept = tuple(Example(Drawing("7", []), np.zeros((28, 28), np.float32)) for _ in range(3))
    hands.frame()
    layout = arrange_kept(loop.layout, 3)
    hands.press(layout.history[1].centre).release(layout.history[1].centre)
    hands.press((400, 500)).release((400, 500))
    assert taken == [1] and session.sheet.is_empty
    hands.press(layout.buttons["kept"].centre).release(layout.buttons["kept"].centre)
    assert session.scene.kept is None


def test_the_hand_of_a_session_may_be_nobodys():
    assert Hand(None, MODEL).corrections.examples() == ()
