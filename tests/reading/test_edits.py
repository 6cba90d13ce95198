"""What could be changed in a drawing: each change is one that a person could make, and there are not too many."""

import numpy as np
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays

from digits.ink import grid
from digits.ink.sheet import drawn
from digits.reading.edits import edits

DOWN, ACROSS = np.array([(14, 4), (14, 24)]), np.array([(6, 14), (22, 14)])


def stroke(path, radius=1.0):
    return np.hstack([path, np.full((len(path), 1), radius)]).astype(np.float32)


def of_kind(kind, paths):
    """Return the edits of a kind of what a mouse has drawn."""
    return [edit for edit in edits(drawn(paths), [stroke(path) for path in paths]) if edit.kind == kind]


def test_each_stroke_is_taken_away_and_what_crosses_it_stays():
    without_down, without_across = of_kind("stroke", [DOWN, ACROSS])
    np.testing.assert_allclose(without_down.ink, drawn([ACROSS]), atol=1e-6)
    np.testing.assert_allclose(without_across.ink, drawn([DOWN]), atol=1e-6)


def test_of_a_single_stroke_or_a_picture_pieces_are_taken_away_and_no_stroke():
    for strokes in ([stroke(DOWN)], []):
        kinds = [edit.kind for edit in edits(drawn([DOWN]), strokes)]
        assert "stroke" not in kinds and kinds.count("piece") >= 5


def test_pieces_lie_together_and_make_up_the_whole():
    ink = drawn([DOWN])
    pieces = [edit for edit in edits(ink, []) if edit.kind == "piece"]
    assert np.max([edit.change for edit in pieces], axis=0).sum() == ink.sum()
    for edit in pieces:
        rows = np.flatnonzero(edit.change.any(axis=1))
        assert np.ptp(rows) <= 16 and (np.diff(rows) == 1).all()


def test_pieces_that_do_not_touch_are_taken_away_one_by_one():
    apart = [DOWN[:1], np.array([(4, 20), (24, 20)])]
    loose = of_kind("loose piece", apart)
    assert sorted(round(float(edit.change.sum())) for edit in loose) == sorted(
        round(float(drawn([path]).sum())) for path in apart
    )
    assert not of_kind("loose piece", [DOWN, ACROSS])


def test_a_gap_between_two_ends_is_filled_and_the_paper_around_is_not():
    filled = of_kind("gap", [DOWN * (1, 0.3) + (0, 1), DOWN * (1, 0.3) + (0, 14)])
    assert filled
    for edit in filled:
        row, column = np.unravel_index(edit.change.argmax(), grid.SHAPE)
        assert 7 <= row <= 17 and 12 <= column <= 16
        assert edit.ink[row, column] > 0.8


def test_a_stroke_goes_on_at_both_ends_the_way_it_went():
    longer = of_kind("end", [np.array([(14, 9), (14, 18)])])
    middles = [np.average(np.arange(28), weights=edit.change.sum(axis=1)) for edit in longer]
    assert len(longer) == 4 and sum(middle < 9 for middle in middles) == sum(middle > 18 for middle in middles) == 2
    assert all(edit.change[:, :12].sum() == edit.change[:, 16:].sum() == 0 for edit in longer)


def test_a_dot_and_a_stroke_that_was_rubbed_out_go_nowhere():
    assert not of_kind("end", [DOWN[:1]])
    rubbed_out = drawn([ACROSS])
    assert all(edit.kind != "end" for edit in edits(rubbed_out, [stroke(DOWN + (8, 0))]))


@settings(max_examples=10, deadline=None)
@given(arrays.arrays(np.float32, grid.SHAPE, elements={"min_value": 0, "max_value": 1}))
def test_whatever_is_drawn_edits_are_grids_that_differ_and_their_number_is_bounded(ink):
    made = edits(ink, [stroke(DOWN), stroke(ACROSS), stroke(DOWN * 3)] * 9)
    assert len(made) <= 250
    for edit in made:
        assert edit.ink.min() >= 0 and edit.ink.max() <= 1
        np.testing.assert_array_equal(edit.change, np.abs(edit.ink - ink))
