"""The benchmark's pen really draws, and sees when the picture shows the answer to what it drew."""

from digits.experiments.benchmark import MEASURES, _draw_until, _median, _Pen, _percentile


def test_the_pen_draws_and_every_move_is_answered(loop, session):
    pen = _Pen(loop)
    work, frames = _draw_until(pen, lambda: pen.moves >= 30)
    assert not session.scene.is_bare and session.scene.answer.digit == 7
    assert len(pen.behind) >= 25 and min(pen.behind) > 0
    assert 0 < len(work) <= len(frames)


def test_what_is_not_answered_does_not_count(loop, recogniser):
    recogniser.is_prompt = False
    pen = _Pen(loop)
    _draw_until(pen, lambda: pen.moves >= 5)
    assert pen.behind == []


def test_percentiles_and_medians_are_values_that_occurred():
    assert _percentile([0.004, 0.001, 0.003, 0.002], 50) == 2
    assert _percentile([i / 1000 for i in range(1, 101)], 95) == 95
    assert _median([3, 1, 2]) == 2


def test_every_limit_has_a_measure():
    assert {name for name, (*_, limit) in MEASURES.items() if limit} == {
        "first_frame", "ready", "worst_frame", "behind", "work", "idle",
    }  # fmt: skip
