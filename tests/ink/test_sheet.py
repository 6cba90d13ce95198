"""What a sheet keeps, and what undo brings back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits.ink import brush, grid
from digits.ink.sheet import KEPT, Sheet

PATH = np.array([(5, 5), (14, 20), (22, 8)], np.float32)


def drawn(*paths, columns=28, **how):
    sheet = Sheet(columns)
    for path in paths:
        sheet.begin(path[0], **how)
        sheet.extend(path[1:])
        sheet.end()
    return sheet


def test_a_new_sheet_is_empty():
    assert Sheet().is_empty
    assert Sheet().ink.shape == grid.SHAPE
    assert Sheet().ink.dtype == np.float32


@pytest.mark.parametrize("columns", [1, 28, 84, 336])
def test_a_sheet_is_as_wide_as_it_was_asked_for_and_28_cells_high(columns):
    assert Sheet(columns).shape == Sheet(columns).ink.shape == (28, columns)


def test_a_wide_sheet_is_drawn_on_erased_cleared_and_brought_back_up_to_its_right_edge():
    sheet = drawn([(4, 14), (83, 14)], columns=84)
    line = sheet.ink
    assert line[13:15, 5:].min() > 0.4
    sheet.begin((70, 5), erase=True)
    sheet.extend((70, 23))
    assert sheet.ink[14, 70] == 0 < sheet.ink[14, 60]
    sheet.clear()
    assert sheet.is_empty and sheet.ink.shape == (28, 84)
    sheet.undo()
    sheet.undo()
    np.testing.assert_array_equal(sheet.ink, line)


def test_a_picture_of_another_size_is_refused():
    with pytest.raises(ValueError, match="broadcast"):
        Sheet(84).put(grid.empty())


def test_a_stroke_is_what_the_brush_draws():
    expected = grid.empty()
    brush.draw(expected, brush.lines(PATH))
    np.testing.assert_array_equal(drawn(PATH).ink, expected)


def test_a_press_without_a_move_is_a_dot():
    sheet = Sheet()
    sheet.begin((14, 14))
    sheet.end()
    assert sheet.ink[13:15, 13:15].min() > 0.5


def test_point_by_point_is_the_same_as_all_at_once():
    sheet = Sheet()
    sheet.begin(PATH[0])
    for point in PATH[1:]:
        sheet.extend(point)
        assert sheet.ink is sheet.ink  # looked at between the points
    np.testing.assert_array_equal(sheet.ink, drawn(PATH).ink)


def test_ink_only_adds_up():
    sheet = drawn(PATH)
    before = sheet.ink
    sheet.begin((14, 3))
    sheet.extend([(15, 25)])
    assert (sheet.ink >= before).all()
    assert (sheet.ink > before).any()


def test_a_look_at_the_ink_is_not_changed_by_later_strokes():
    sheet = drawn(PATH)
    before = sheet.ink
    kept = before.copy()
    sheet.begin((1, 1))
    assert not np.array_equal(sheet.ink, before)
    np.testing.assert_array_equal(before, kept)


def test_a_stroke_that_leaves_the_sheet_and_returns_continues():
    out_and_back = drawn([(5, 5), (-8, 5), (-8, 20), (5, 20)]).ink
    assert out_and_back[5, 0] > 0 and out_and_back[20, 0] > 0
    assert out_and_back[10:15].max() == 0


def test_a_pointer_at_the_end_of_the_world_costs_nothing():
    assert drawn([(14, 14), (1e12, 14)]).ink[14, 20] > 0


def test_a_move_without_a_stroke_leaves_nothing():
    sheet = Sheet()
    sheet.extend([(14, 14), (20, 20)])
    assert sheet.is_empty


def test_the_radius_can_change_on_the_way():
    sheet = Sheet()
    sheet.begin((3, 14), radius=0.5)
    sheet.extend((14, 14))
    sheet.extend((25, 14), radius=3)
    assert (sheet.ink[:, 24] > 0).sum() > (sheet.ink[:, 6] > 0).sum()


def test_erasing_takes_ink_away_only_where_it_passes():
    sheet = drawn([(4, 14), (24, 14)])
    before = sheet.ink
    sheet.begin((14, 5), erase=True)
    sheet.extend((14, 23))
    assert sheet.ink[14, 14] == 0
    np.testing.assert_array_equal(sheet.ink[:, :10], before[:, :10])


def test_undo_and_redo_go_by_whole_strokes():
    first, second = [(4, 4), (24, 4)], [(4, 24), (24, 24)]
    sheet = drawn(first, second)
    sheet.undo()
    np.testing.assert_array_equal(sheet.ink, drawn(first).ink)
    sheet.undo()
    assert sheet.is_empty and not sheet.can_undo
    sheet.redo()
    sheet.redo()
    np.testing.assert_array_equal(sheet.ink, drawn(first, second).ink)
    assert not sheet.can_redo


def test_undo_and_redo_with_nothing_to_do_do_nothing():
    sheet = Sheet()
    sheet.undo()
    sheet.redo()
    assert sheet.is_empty


def test_clear_can_be_undone():
    sheet = drawn(PATH)
    before = sheet.ink
    sheet.clear()
    assert sheet.is_empty
    sheet.undo()
    np.testing.assert_array_equal(sheet.ink, before)


def test_clearing_bare_paper_is_not_an_act():
    sheet = Sheet()
    sheet.clear()
    assert not sheet.can_undo


def test_undo_passes_over_what_made_no_difference():
    sheet = drawn(PATH)
    sheet.begin((1, 26), erase=True)  # there is nothing to erase here
    sheet.end()
    sheet.undo()
    assert sheet.is_empty


def test_a_new_stroke_forgets_what_was_undone():
    sheet = drawn(PATH)
    sheet.undo()
    sheet.begin((2, 2))
    assert not sheet.can_redo


def test_undo_while_drawing_takes_the_stroke_and_closes_it():
    sheet = Sheet()
    sheet.begin((14, 14))
    sheet.undo()
    sheet.extend((20, 20))
    assert sheet.is_empty and not sheet.is_drawing


def test_an_abandoned_stroke_is_gone_with_no_other_and_can_be_done_again():
    sheet = drawn(PATH)
    before = sheet.ink
    sheet.begin((1, 26), erase=True)  # there is nothing to erase here
    sheet.abandon()
    sheet.abandon()
    np.testing.assert_array_equal(sheet.ink, before)
    assert sheet.can_redo and not sheet.is_drawing


def test_a_picture_covers_what_was_there_and_is_kept_as_it_was():
    sheet, picture = drawn(PATH), grid.empty() + np.float32(0.5)
    sheet.put(picture)
    picture[:] = 0
    assert (sheet.ink == 0.5).all()
    sheet.undo()
    np.testing.assert_array_equal(sheet.ink, drawn(PATH).ink)


def test_the_strokes_since_the_last_picture_can_be_read():
    sheet = drawn(PATH)
    sheet.clear()
    sheet.begin(PATH[0])
    sheet.extend(PATH[1])
    sheet.extend(PATH[2])
    assert [stroke.path.tolist() for stroke in sheet.strokes] == [PATH.tolist()]


def test_acts_of_long_ago_are_forgotten_but_not_their_ink():
    sheet = drawn(PATH)
    for i in range(KEPT):
        sheet.put(np.full(grid.SHAPE, i % 2))
    while sheet.can_undo:
        sheet.undo()
    np.testing.assert_array_equal(sheet.ink, drawn(PATH).ink)
    assert sheet.strokes == []


def test_a_stroke_without_end_goes_on_as_another(monkeypatch):
    monkeypatch.setattr("digits.ink.sheet.LONGEST", 5)
    sheet, path = Sheet(), [(x, 14 + x % 3) for x in range(4, 25)]
    sheet.begin(path[0], radius=2)
    for point in path[1:]:
        sheet.extend(point)
    np.testing.assert_array_equal(sheet.ink, drawn(path, radius=2).ink)
    assert len(sheet.strokes) > 1 and max(len(stroke.pieces) for stroke in sheet.strokes) <= 5


def test_a_lifted_stroke_is_one_piece_and_the_same_path():
    sheet = Sheet()
    sheet.begin(PATH[0], radius=1)
    sheet.extend(PATH[1], radius=2)
    sheet.extend(PATH[2], radius=3)
    sheet.end()
    (stroke,) = sheet.strokes
    assert [piece.tolist() for piece in stroke.pieces] == [[[5, 5, 1], [14, 20, 2], [22, 8, 3]]]


points = st.tuples(st.floats(-40, 70, width=32), st.floats(-40, 70, width=32))
acts = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), points, st.floats(0.5, 4), st.booleans()),
        st.tuples(st.just("extend"), st.lists(points, min_size=1, max_size=5)),
        st.sampled_from([("end",), ("clear",), ("undo",), ("redo",)]),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(acts)
def test_whatever_is_done_ink_stays_ink_and_undo_brings_back_every_step(steps):
    sheet, seen = Sheet(), []
    for name, *arguments in steps:
        seen.append(sheet.ink)
        getattr(sheet, name)(*arguments)
        assert sheet.ink.min() >= 0 and sheet.ink.max() <= 1
    while sheet.can_undo:
        sheet.undo()
        assert any(np.array_equal(sheet.ink, before) for before in seen)
    assert sheet.is_empty


@settings(deadline=None)
@given(acts)
def test_a_drawing_carried_out_on_bare_paper_has_the_same_ink(steps):
    sheet, copy = Sheet(), Sheet()
    for name, *arguments in steps:
        getattr(sheet, name)(*arguments)
    copy.repeat(sheet.drawing)
    np.testing.assert_array_equal(copy.ink, sheet.ink)


def test_a_stroke_that_grew_thinner_is_repeated_with_its_thick_beginning():
    sheet, copy = Sheet(), Sheet()
    sheet.begin((14, 14), radius=3)
    sheet.extend((14, 20), radius=0.5)
    copy.repeat(sheet.drawing)
    np.testing.assert_array_equal(copy.ink, sheet.ink)


def test_a_drawing_on_a_picture_is_the_picture_and_what_followed():
    sheet, copy = drawn(PATH), Sheet()
    sheet.put(np.full(grid.SHAPE, 0.5))
    sheet.begin((3, 3))
    assert len(sheet.drawing) == 2
    copy.repeat(sheet.drawing)
    np.testing.assert_array_equal(copy.ink, sheet.ink)


@settings(deadline=None)
@given(acts)
def test_a_wide_sheet_has_the_ink_of_a_narrow_one_where_they_overlap(steps):
    narrow, wide = Sheet(), Sheet(84)
    for name, *arguments in steps:
        if name in ("begin", "extend", "end"):  # what undo passes over depends on all of the sheet
            getattr(narrow, name)(*arguments)
            getattr(wide, name)(*arguments)
        np.testing.assert_array_equal(wide.ink[:, :28], narrow.ink)


def test_redo_goes_no_further_than_undo_came_from():
    sheet = drawn(PATH)
    before = sheet.ink
    sheet.undo()
    sheet.redo()
    sheet.begin((1, 26), erase=True)
    sheet.end()
    sheet.clear()
    sheet.undo()
    sheet.undo()
    sheet.redo()
    np.testing.assert_array_equal(sheet.ink, before)
