"""Sheets in a file: what is written is read, and nothing else is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digits import UserError
from digits.files import kept
from digits.files.kept import Page
from digits.ink.sheet import Picture, Stroke
from tests.support import fuzz

ANSWER = np.float32([0.1] * 10 + [0.4])
DIGITS = np.float32([[1, 5, 5, 9, 20, *[0.1] * 10], [0, 12, 5, 20, 20, *[0.1] * 10]])
points = st.tuples(st.floats(-1000, 1000, width=32), st.floats(-1000, 1000, width=32), st.floats(0.25, 3, width=32))
strokes = st.builds(
    lambda erase, path: Stroke(erase, [np.float32(path)]), st.booleans(), st.lists(points, min_size=1, max_size=4)
)


def picture(columns, level=0.5):
    return Picture(np.full((28, columns), level, np.float32))


@st.composite
def pages(draw):
    columns = draw(st.sampled_from([1, 28, 84]))
    acts = draw(st.lists(st.one_of(strokes, st.just(picture(columns))), max_size=4))
    answer = draw(st.sampled_from([(None, None), (ANSWER, None), (ANSWER, DIGITS)]))
    return Page(columns, tuple(acts), draw(st.integers(0, len(acts))), *answer)


def plain(page):
    """Return a page as values that can be compared."""
    acts = [act.ink.tolist() if isinstance(act, Picture) else (act.erase, act.points.tolist()) for act in page.acts]
    answer = [numbers is not None and numbers.tolist() for numbers in (page.answer, page.digits)]
    return page.columns, acts, page.undone, answer


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("kept") / "sheet.npz"


@settings(deadline=None, max_examples=30)
@given(st.lists(pages(), max_size=4))
def test_what_is_written_is_read(path, given):
    kept.write(path, given)
    assert [*map(plain, kept.read(path))] == [*map(plain, given)]


SOME = [
    Page(28, (Stroke(False, [np.float32([[5, 5, 1], [9, 9, 1]])]), picture(28)), 1, ANSWER, DIGITS),
    Page(84, (picture(84),)),
]


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False))
def test_a_file_changed_anyhow_is_read_or_refused(path, source):
    kept.write(path, SOME)
    path.write_bytes(fuzz.changed(path.read_bytes(), source))
    try:
        assert all(kept.fits(page.acts) for page in kept.read(path))
    except UserError as error:
        assert "\n" not in str(error)


def changed(path, **changes):
    """Write some pages, with some arrays put in the place of theirs."""
    kept.write(path, SOME)
    with np.load(path) as file:
        arrays = dict(file)
    for name, change in changes.items():
        arrays[name] = change(arrays[name]) if callable(change) else change
    np.savez(path, **arrays)


def at(row, column, value):
    def change(array):
        array[row, column] = value
        return array

    return change


@pytest.mark.parametrize(
    "changes",
    [
        {"points": at(0, 0, np.nan)},
        {"points": at(0, 1, 5000)},
        {"points": at(0, 2, 1e6)},
        {"points": lambda array: array.astype(np.float64)},
        {"points": lambda array: array[:1]},
        {"cells": at(0, 0, 2)},
        {"cells": lambda array: array[:-1]},
        {"answers": at(0, 0, -1)},
        {"answers": lambda array: array[:1]},
        {"acts": at(0, 0, 7)},
        {"acts": at(0, 1, 0)},
        {"acts": at(0, 1, -1)},
        {"pages": at(0, 0, 0)},
        {"pages": at(0, 0, 100_000)},
        {"pages": at(0, 1, 50)},
        {"pages": at(0, 2, 3)},
        {"pages": lambda array: array.ravel()},
        {"digits": at(0, 1, 4)},
        {"digits": at(0, 1, -1)},
        {"digits": at(1, 2, np.nan)},
        {"digits": at(1, 6, 1.5)},
        {"digits": lambda array: array[:, :-1]},
        {"more": np.zeros(1)},
    ],
)
def test_what_cannot_be_a_sheet_is_refused(path, changes):
    changed(path, **changes)
    with pytest.raises(UserError):
        kept.read(path)


def test_a_file_from_before_numbers_were_kept_is_read(path):
    kept.write(path, SOME)
    with np.load(path) as file:
        np.savez(path, **{name: file[name] for name in file.files if name != "digits"})
    assert [page.digits for page in kept.read(path)] == [None, None]


def test_strokes_that_would_take_long_to_draw_do_not_fit():
    path = np.float32([[-1000, 0, 1], [1000, 0, 1]] * 50)
    assert not kept.fits((Stroke(False, [path]),))
    assert not kept.fits((Stroke(False, [np.ones((60_000, 3))]),))
    assert not kept.fits((picture(28),) * 201)
