"""Golden pictures: each state at three sizes and in both themes.

Edges of letters differ a little from system to system, so pictures are compared by the mean colours of small blocks,
and a few of those may differ. After a wanted change write the pictures anew with
`REWRITE=1 python -m pytest tests/window/test_view.py`, and look at them.
"""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest

from digits.app.corrections import NO_DIGIT, Example
from digits.app.history import Entry
from digits.app.scene import Scene
from digits.app.session import HINT
from digits.ink import grid
from digits.ink.sheet import columns_for
from digits.ink.strokes import Drawing
from digits.reading.answer import Answer, Layer, Number, Place
from digits.window.canvas import LEGIBLE, Canvas
from digits.window.key_list import best_plan
from digits.window.number import draw_labels, draw_number
from digits.window.paint import PALETTES, Painter
from digits.window.paper import cell_colours
from digits.window.plans import arrange
from digits.window.strip import draw_history
from digits.window.view import View, place_message
from tests.support.drawings import draw_seven
from tests.support.framings import new_framing
from tests.support.sessions import probabilities, reason
from tests.support.written import read_number

GOLDEN = Path(__file__).parent / "golden"
SIZES = [(480, 320), (900, 600), (560, 860)]
BLOCK = 8  # pixels a side
MOST = 0.003  # of the blocks may differ by more than a little


INK = draw_seven()
ANSWER = Answer(INK, probabilities(7, 0.97))
HALF, QUARTER = (np.stack([INK[::step, ::step] * part / 12 for part in range(1, 13)]) for step in (2, 4))
LAYERS = Layer(HALF), Layer(HALF.transpose(0, 2, 1)), Layer(QUARTER)
NO_IDEA = np.float32([0.09, 0.05, 0.1, 0.04, 0.12, 0.08, 0.07, 0.3, 0.05, 0.1])
HISTORY = tuple(
    Entry(np.roll(INK, shift, axis=1), (), answer)
    for shift, answer in ((0, ANSWER), (-5, None), (5, Answer(INK, NO_IDEA)), (3, ANSWER))
)
EXAMPLES = tuple(
    Example(Drawing(label, []), np.roll(INK, shift, axis=1)) for shift, label in enumerate(["7", "1", NO_DIGIT] * 12)
)
LEARNT = "Of your drawings 80 % were read right, and now 95 %."
BARE = Scene(ink=grid.empty())
READ = Scene(
    ink=INK, is_bare=False, state="ready", answer=ANSWER, bars=tuple(ANSWER.probabilities.tolist()), can_undo=True
)
NUMBER = read_number("304917", columns_for(6), {2: 0.3, 4: 0.7})  # one digit in doubt, one torn
LONG = read_number("123456789012", columns_for(12), {3: 0.7}, gap=6)
NUMBERS = tuple(Entry(one.ink, (), one) for one in (LONG, NUMBER, LONG, read_number("42", columns_for(6)), LONG))


def scene_of(number):
    """Return the scene of a number, with numbers in the history."""
    bars = tuple(number.probabilities.tolist())
    return replace(READ, ink=number.ink, answer=number, bars=bars, history=NUMBERS)


SCENES = {
    "loading": replace(BARE, seconds=1.3),
    "ready": replace(BARE, state="ready", pointer=(14.0, 14.0)),
    "read": READ,
    "torn": replace(READ, answer=Answer(INK, probabilities(7, 0.6)), bars=tuple(probabilities(7, 0.6).tolist())),
    "doubtful": replace(READ, answer=Answer(INK, NO_IDEA), bars=tuple(NO_IDEA.tolist())),
    "unsettled": replace(READ, answer=Answer(INK, NO_IDEA), bars=tuple(NO_IDEA.tolist()), is_settled=False),
    "old": replace(READ, ink=INK.copy(), live=False),
    "thinking": replace(READ, answer=None, bars=BARE.bars, state="thinking", seconds=2),
    "stopped": replace(READ, state="stopped", trouble="The recogniser has stopped (exit code -9), 4 times in a row."),
    "why": replace(READ, answer=replace(ANSWER, why=reason(INK)), aside="why"),
    "inside": replace(READ, answer=replace(ANSWER, inside=LAYERS), aside="inside"),
    "editing": replace(READ, erasing=True, pointer=(20.0, 20.0), radius=2.5, can_redo=True, message="Saved: 7.png"),
    "keyboard": replace(READ, cursor=(5, 20), focus="reset", hover="undo", pressed="undo"),
    "first start": replace(BARE, state="ready", hint=HINT, focus="live"),
    "teaching": replace(READ, hover="4", tip="4", learning="40 %", message="Kept as a 4; 12 drawings to learn."),
    "kept": replace(READ, kept=EXAMPLES, hover="forget", tip="forget", focus=2, learning="40 %"),
    "leafed": replace(READ, kept=EXAMPLES * 9, first_kept=60, places=60, has_learnt=True, learnt=LEARNT),
    "brush": replace(READ, hover="brush", pressed="brush", radius=2.5, live=False),
    "stroke": replace(READ, stroke=(np.float32([(5, 14, 1), (12, 20, 1), (20, 12, 2)]),), cursor=(19, 11)),
    "tip": replace(READ, hover="theme", tip="theme", history=HISTORY),
    "drawing": replace(READ, hover=1, tip=1, history=HISTORY, fullscreen=True, live=False),
    "photograph": replace(READ, framing=new_framing()),
    "keys": replace(READ, keys=True),
    "number": scene_of(NUMBER),
    "long number": scene_of(LONG),
}


@pytest.fixture(scope="module")
def view():
    pygame.font.init()
    yield View()
    pygame.quit()


@pytest.fixture
def painter(view):
    return Painter()


@pytest.fixture
def texts(monkeypatch):
    """All that is written from here on: each text with its size and its rectangle."""
    written, text = [], Canvas.text
    monkeypatch.setattr(Canvas, "text", lambda *put, **how: written.append((*put[1:3], text(*put, **how))))
    return written


@pytest.fixture
def paint(painter):
    """Draw a part of a scene with an answer, and return the layout."""

    def painted(part, size, answer, **scene):
        canvas = Canvas(pygame.Surface(size), arrange(*size, sheet=answer.ink.shape), painter, PALETTES["light"])
        part(canvas, replace(READ, **{"ink": answer.ink, "answer": answer} | scene))
        return canvas.layout

    return painted


def picture(view, scene, size, scale=1):
    surface = pygame.Surface(size)
    view.draw(surface, arrange(*size, scale, scene.ink.shape), scene)
    return surface


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("name", SCENES)
def test_it_looks_as_it_should(view, name, size, theme):
    drawn = picture(view, replace(SCENES[name], theme=theme), size)
    path = GOLDEN / f"{name}-{size[0]}x{size[1]}-{theme}.png"
    if os.environ.get("REWRITE"):
        GOLDEN.mkdir(exist_ok=True)
        pygame.image.save(drawn, path)
    expected = pygame.image.load(path)
    assert difference(drawn, expected) <= MOST


def difference(one, other):
    """Return the share of pixels that differ by more than a little."""
    return share_that_differs(blocks(one), blocks(other))


def share_that_differs(blocks, others):
    return (np.abs(blocks - others).max(axis=-1) > 12).mean()


def blocks(surface):
    """Return the mean colour of every block."""
    colours = pygame.surfarray.array3d(surface).astype(np.float32)
    width, height = (side // BLOCK for side in colours.shape[:2])
    cut = colours[: width * BLOCK, : height * BLOCK]
    return cut.reshape(width, BLOCK, height, BLOCK, 3).mean(axis=(1, 3))


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_the_tolerance_is_not_wider_than_what_it_is_there_to_notice(view, size):
    drawn = [blocks(picture(view, scene, size)) for scene in SCENES.values()]
    for i, one in enumerate(drawn):
        assert all(share_that_differs(one, other) > MOST for other in drawn[:i])


@pytest.mark.parametrize("size", [(240, 240), (1, 1), (40, 3), (3, 900), (200, 150), (3000, 60)])
def test_no_size_is_too_odd_to_be_drawn(view, size):
    for scene in SCENES.values():
        picture(view, scene, size)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_wide_sheet_is_shown_cell_by_cell_to_its_right_edge(view, theme):
    ink = np.hstack([INK, grid.empty(), INK])
    for scene in SCENES.values():
        picture(view, replace(scene, theme=theme, ink=ink, aside=None), (900, 600))
    layout = arrange(900, 600, sheet=ink.shape)
    surface = picture(view, replace(READ, theme=theme, ink=ink), (900, 600))
    middle = layout.cell // 2  # of a cell, where no line passes
    paper = pygame.surfarray.array3d(surface)[layout.paper.x : layout.paper.right, layout.paper.y : layout.paper.bottom]
    shown = paper[middle :: layout.cell, middle :: layout.cell].swapaxes(0, 1)
    np.testing.assert_array_equal(shown, cell_colours(replace(READ, ink=ink), PALETTES[theme]))


def test_what_is_kept_of_ever_new_sizes_stays_small(painter, monkeypatch):
    monkeypatch.setattr("digits.window.paint.KEPT_PIXELS", 100_000)
    surface = pygame.Surface((1, 1))
    for side in range(1, 12):
        painter.lattice(28, 28, side, "#000000", "#ffffff")
        assert sum(image.get_width() * image.get_height() for image in painter._kept.values()) < 200_000
    for number in range(3000):
        painter.text(surface, str(number), 12, "#000000", (0, 0))
        assert len(painter._kept) <= 1000


@pytest.mark.parametrize("text", ["\0", "\udcff", "a\nb", "\u202e\u200d\u0301", "\U0001f600", "x" * 5000])
def test_any_text_can_be_written_for_names_of_files_hold_anything(painter, text):
    painter.text(pygame.Surface((9, 9)), text, 12, "#000000", (0, 0))
    assert painter.width(text, 12) > 0 and painter.wrapped(text, 12, 50)


def test_without_its_font_files_it_writes_with_the_font_at_hand(view, monkeypatch, tmp_path):
    monkeypatch.setattr("digits.window.paint.FONTS", tmp_path)
    assert Painter().width("seven", 12) > 0
    for content in (b"torn", b""):
        (tmp_path / "OpenSans-Regular.ttf").write_bytes(content)
        assert Painter().width("seven", 12) > 0


def test_on_a_dense_display_everything_is_twice_as_large_and_as_sharp(view):
    once, twice = arrange(900, 600), arrange(1800, 1200, 2)
    assert twice.cell >= 2 * once.cell
    assert twice.unit == pytest.approx(2 * once.unit)
    cells = twice.cells(twice.pixel((300, 200)))
    np.testing.assert_allclose(twice.pixel_of(cells), (600, 400))


WIDTHS, HEIGHTS = [*range(240, 2000, 190), 3840], [*range(240, 1400, 135), 2160]


@pytest.mark.parametrize(
    ("width", "height", "columns"),
    [(width, height, 28) for width in WIDTHS for height in HEIGHTS]
    + [(width, height, columns) for width in WIDTHS[2:] for height in HEIGHTS[2:] for columns in (84, 168)],
)
def test_everything_lies_in_the_window_and_nothing_on_anything_else(width, height, columns):
    layout = arrange(width, height, sheet=(28, columns))
    assert layout.paper[2:] == (columns * layout.cell, 28 * layout.cell)
    boxes = [layout.paper, layout.digit, layout.verdict, *layout.targets.values()]
    boxes += [layout.status] if layout.bars else []
    for i, box in enumerate(boxes):
        assert box.x >= 0 and box.y >= 0 and box.right <= width and box.bottom <= height
        assert box.width > 0 and box.height > 0
        assert not any(overlap(box, other) for other in boxes[:i])


@pytest.mark.parametrize(("size", "side"), [((952, 635), 44), ((420, 800), 44), ((1600, 1000), 44), ((480, 320), 26)])
def test_tools_are_as_large_as_a_finger_where_there_is_room(size, side):
    assert all(min(box[2:]) >= side for box in arrange(*size).tools.values())


@pytest.mark.parametrize("size", [(480, 320), (420, 800), (952, 635), (1600, 1000)])
@pytest.mark.parametrize("words", ["Saved.", "Saved: /home/somebody/Pictures/2026/digits.png " * 2])
def test_a_message_hides_neither_the_answer_nor_a_button(painter, size, words):
    layout = arrange(*size)
    card, *_ = place_message(Canvas(pygame.Surface(size), layout, painter, PALETTES["light"]), words)
    seen = [layout.digit, layout.verdict, layout.paper, *layout.buttons.values(), *layout.tools.values()]
    assert not any(overlap(card, box) for box in seen)


def test_a_phone_held_upright_has_room_for_the_last_drawings():
    assert len(arrange(420, 800).history) >= 5


@pytest.mark.parametrize("size", [(480, 320), (420, 800), (900, 600), (1600, 1000)])
def test_the_list_of_keys_fits_in_text_that_can_be_read(painter, size):
    layout = arrange(*size)
    plan = best_plan(Canvas(pygame.Surface(size), layout, painter, PALETTES["light"]))
    assert plan.fits and plan.is_whole and plan.size * layout.unit > 9


@pytest.mark.parametrize(("size", "is_below"), [((900, 600), True), ((560, 860), True), ((1900, 500), False)])
def test_the_panel_stands_where_it_leaves_a_wide_paper_the_larger_cells(size, is_below):
    layout = arrange(*size, sheet=(28, 84))
    assert (layout.status.y >= layout.paper.bottom) == is_below
    assert (layout.status.x >= layout.paper.right) != is_below


def test_a_window_of_any_comfortable_size_shows_the_longest_number_and_a_panel_that_can_be_read():
    layout = arrange(480, 320, sheet=(28, columns_for(12)))
    assert layout.panel.width > 15 * layout.unit and layout.paper.width >= columns_for(12)


@pytest.mark.parametrize(
    ("digits", "gap", "labels", "listed"),
    [
        (2, 8, ["99 %", "7 or 2", "99 %"], []),
        (6, 8, ["99 %", "7 or 2", "99 %"], []),
        (6, 6, ["99", "7 or 2", "99"], []),
        (12, 4, ["7 or 2"], ["4: 99 %", "7 or 2", "1: 99 %"]),
    ],
)
def test_each_digit_says_how_likely_it_is_below_its_box_or_where_it_cannot_beside_the_sheet(
    paint, texts, digits, gap, labels, listed
):
    answer = read_number("471", columns_for(digits), {1: 0.6}, gap=gap)
    paint(draw_labels, (480, 320), answer)
    assert [words for words, *_ in texts] == labels
    paint(draw_number, (480, 320), answer)
    assert [words for words, *_ in texts[len(labels) :]] == [*listed, "471", f"{answer.percent} %, or 421"]


@pytest.mark.parametrize("size", [(480, 320), (900, 600), (1200, 700)], ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("text", ["31", "310411", "310411791114"])
@pytest.mark.parametrize("place", [{"gap": 3, "top": 2, "height": 24}, {"gap": 4}, {"gap": 9, "height": 10}])
def test_what_is_said_of_digits_can_be_read_and_lies_on_nothing_else(paint, texts, size, text, place):
    answer = read_number(text, columns_for(len(text)), {1: 0.6, 2: 0.3}, **place)
    layout = paint(draw_labels, size, answer)
    labels = len(texts)
    paint(draw_number, size, answer)
    listed = len(texts) - labels - 2  # but for the whole number
    assert len(text) == (listed or labels)
    inked = [layout.pixel_of((x + 0.5, y + 0.5)) for y, x in np.argwhere(answer.ink > 0).tolist()]
    for number, (_, text_size, box) in enumerate(texts[:-2]):
        assert text_size >= LEGIBLE and pygame.Rect(0, 0, *size).contains(box)
        assert box.collidelist([other for *_, other in texts[:number]]) == -1
        assert not any(map(box.collidepoint, inked))


@pytest.mark.parametrize(
    ("scene", "label", "number", "remark"),
    [
        ({}, "?", "4?7", "29 %, ? may be no digit"),
        ({"is_settled": False}, "\u2026", "4\u20267", "29 %"),
        ({"is_settled": False, "live": False, "ink": INK}, "?", "4?7", "29 %, an earlier drawing"),
    ],
)
def test_nobody_who_still_writes_is_told_that_a_digit_of_the_number_is_none(paint, texts, scene, label, number, remark):
    answer = read_number("427", columns_for(6), {1: 0.3})
    paint(draw_labels, (900, 600), answer, **scene)
    assert [words for words, *_ in texts] == ["99 %", label, "99 %"]
    paint(draw_number, (900, 600), answer, **scene)
    assert [words for words, *_ in texts[3:]] == [number, remark]


@pytest.mark.parametrize(("sure", "told"), [(0.98, "bars: least certain digit"), (0.6, "or 71")])
def test_beside_a_number_stands_which_other_it_may_be_or_whose_the_bars_are(painter, monkeypatch, sure, told):
    written = []
    monkeypatch.setattr(Canvas, "line", lambda _, words, *__, **___: written.append(words))
    places = [Place((x, 4, x + 10, 22), Answer(INK, probabilities(7, at))) for x, at in ((5, 0.99), (25, sure))]
    number = Number(INK, places[1].answer.probabilities, places=tuple(places))
    layout = arrange(900, 600, sheet=(28, columns_for(4)))
    draw_number(Canvas(pygame.Surface((900, 600)), layout, painter, PALETTES["light"]), replace(READ, answer=number))
    assert written == ["77", f"{number.percent} %, {told}"]


def test_of_one_digit_after_a_minus_nobody_asks_whose_the_bars_are(painter, monkeypatch):
    written = []
    monkeypatch.setattr(Canvas, "line", lambda _, words, *__, **___: written.append(words))
    seven = Answer(INK, probabilities(7, 0.98))
    number = Number(INK, seven.probabilities, places=(Place((15, 4, 25, 22), seven, "-"),))
    draw_number(
        Canvas(pygame.Surface((900, 600)), arrange(900, 600), painter, PALETTES["light"]), replace(READ, answer=number)
    )
    assert written == ["-7", "98 %"]


def test_an_earlier_drawing_of_a_number_has_all_of_it_below_even_where_a_digit_is_in_doubt(painter, monkeypatch):
    written = []
    monkeypatch.setattr(Canvas, "text", lambda _, words, *__, **___: written.append(words))
    answers = read_number("42", 84), read_number("427", 84, {1: 0.3}), Answer(INK, NO_IDEA), None
    canvas = Canvas(pygame.Surface((900, 600)), arrange(900, 600), painter, PALETTES["light"])
    draw_history(canvas, replace(READ, history=tuple(Entry(INK, (), answer) for answer in answers)))
    assert written == ["42", "4?7", "?", "?"]


@pytest.mark.parametrize(("digits", "is_whole"), [("42", True), ("304917", True), ("123456789012", False)])
def test_below_an_earlier_drawing_nothing_runs_into_its_neighbour_or_is_too_small(paint, texts, digits, is_whole):
    answer = read_number(digits, 128)
    layout = paint(draw_history, (480, 320), answer, history=(Entry(answer.ink, (), answer),) * 24)
    for box, (words, size, place) in zip(layout.history, texts, strict=True):
        assert box.x - 1 <= place.left and place.right <= box.right + 1
        assert size >= LEGIBLE and (words == digits) == is_whole
        assert digits.startswith(words.rstrip("\u2026"))


@pytest.mark.parametrize("bold", [False, True])
def test_a_line_is_no_wider_than_there_is_room(painter, bold):
    canvas = Canvas(pygame.Surface((744, 496)), arrange(744, 496), painter, PALETTES["light"])
    words = "100 %, bars: least certain digit"
    for width in range(60, 260, 7):
        assert canvas.width(words, canvas.fitting(words, 1.3, width, bold), bold) <= width


def overlap(one, other):
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme):
    colours = PALETTES[theme]
    pairs = [("text", "ground"), ("quiet", "ground"), ("alarm", "ground"), ("text", "key"), ("quiet", "key")]
    pairs += [("text", "hover"), ("on_accent", "accent"), ("ink", "paper"), ("accent", "ground")]
    for front, back in pairs:
        assert contrast(getattr(colours, front), getattr(colours, back)) >= 4.5, (front, back)


def contrast(front, back):
    """Return the contrast of two colours as the web's accessibility guidelines define it."""
    light, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = np.array(pygame.Color(colour)[:3]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
