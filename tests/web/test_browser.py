"""The page in a real browser: the same ink, the same answers, the same app."""

import json
import os
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from digits import UserError, modelfile
from digits.assets import ASSETS, MODEL
from digits.data import pens
from digits.evaluation import numbers, testsets
from digits.files import pictures, unipen
from digits.ink import grid, sheet, strokes
from digits.modelfile import blueprint
from digits.reading import engine, sheets
from digits.reading.answer import Answer, answered
from digits.training import networks
from digits.web import network
from tests.support import browsers, golden
from tests.support.written import with_signs, written

PAGE = ASSETS / "digits.html"
GOLDEN = Path(__file__).parent / "golden"
SIZES = [(390, 844), (1400, 900)]
LIKELY_A_3 = [0.95 if digit == 3 else 0.05 if digit == 8 else 0.0 for digit in range(grid.CLASSES)]
DRAWINGS = [strokes.smoothed(drawing, 12) for drawing in unipen.read(pens.PEN_DIGITS)]
ONE_OF_EACH = [next(one for one in DRAWINGS if one.label == str(digit)) for digit in range(grid.CLASSES)]
THRESHOLD = modelfile.read_threshold(MODEL)
CENTRED = testsets.PLACEMENTS["centred"]


@pytest.fixture(scope="module")
def opened(browser):
    page = browsers.Page(browser, PAGE, reduced_motion="reduce")  # which spares the browser many frames
    page.write_in(ASSETS / "fonts")
    yield page
    assert not page.complaints
    assert [url for url in page.asked_for if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()


@pytest.fixture
def page(opened):
    """The page with a new sheet."""
    opened.begin()
    return opened


@pytest.fixture(scope="module")
def bench(browser):
    return browsers.Bench(browser)


@pytest.fixture(scope="module")
def reader():
    return engine.load(MODEL)


def placed(drawing):
    return strokes.place(drawing.paths, CENTRED, np.random.default_rng(0))


def test_it_answers_recorded_digits_as_python_does(page, reader):
    grids = strokes.draw(DRAWINGS[::4], testsets.PLACEMENTS["anywhere"])
    np.testing.assert_allclose(page.probabilities(grids), reader.probabilities(grids), atol=1e-5)
    assert page.run("digits.engine.kernel") == "vectors"


def test_without_vectors_plain_javascript_answers_the_same(bench, reader):
    grids = strokes.draw(ONE_OF_EACH, CENTRED)
    answers, kind = bench.probabilities(network.read(MODEL), grids, ["plain"])
    assert kind == "plain"
    np.testing.assert_allclose(answers, reader.probabilities(grids), atol=1e-5)


@pytest.mark.parametrize("name", networks.ANCESTORS)
def test_the_ancestors_answer_as_in_keras(bench, name):
    keras.utils.set_random_seed(0)
    model = networks.ANCESTORS[name]()
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):  # as if it were trained
            layer.set_weights([np.random.default_rng(0).uniform(0.5, 1.5, one.shape) for one in layer.get_weights()])
    plan = blueprint.read(json.dumps(keras.saving.serialize_keras_object(model)).encode())
    arrays = [model.get_layer(layer.path[-1]).get_weights() if layer.weights else [] for layer in plan.layers]
    made = network.compiled(plan, arrays)
    grids = strokes.draw(ONE_OF_EACH, CENTRED)
    answers, _ = bench.probabilities(network.Network(*made, 0.5), grids)
    np.testing.assert_allclose(answers, model(grids[..., None], training=False), atol=1e-5)


def foreign(path, *layers):
    """Save a network as another program would, which says nothing of how it was trained."""
    keras.utils.set_random_seed(0)
    keras.Sequential([keras.Input((784,)), *layers]).save(path)
    return path


def test_a_model_of_another_program_gets_what_it_takes_and_answers_in_probabilities(bench, tmp_path):
    path = foreign(tmp_path / "own.keras", keras.layers.Rescaling(1 / 255), keras.layers.Dense(10))
    grids = strokes.draw(ONE_OF_EACH, CENTRED)
    answers, _ = bench.probabilities(network.read(path), grids)
    np.testing.assert_allclose(answers, engine.Keras(path).probabilities(grids), atol=1e-5)


def test_answers_that_are_no_probabilities_are_refused_in_one_sentence(tmp_path):
    path = foreign(tmp_path / "own.keras", keras.layers.Dense(10, activation="sigmoid"))
    with pytest.raises(
        UserError, match=r"own.keras cannot run in a page: its ten answers are no probabilities; let it"
    ):
        network.read(path)


def random_acts(rng):
    """Return acts on a sheet, as the names and arguments of the methods that do them."""
    for _ in range(rng.integers(1, 8)):
        name = rng.choice(["stroke", "stroke", "stroke", "undo", "redo", "clear"])
        yield from random_stroke(rng, bool(rng.random() < 0.3)) if name == "stroke" else [(name, [])]


def random_stroke(rng, erase):
    yield "begin", [rng.uniform(-2, 30, 2).tolist(), float(rng.uniform(0.25, 3)), erase]
    for _ in range(rng.integers(0, 6)):
        yield "extend", [rng.uniform(-5, 33, 2).tolist(), float(rng.uniform(0.25, 3))]
    yield "end", []


def on_both_sheets(page, sessions, seen):
    """Return pairs: what is seen of a sheet of the page after acts, as an expression, and a sheet here after them."""
    found = page.run(
        f"""(sessions) => sessions.map((acts) => {{
        const sheet = new digits.session.sheet.constructor();
        for (const [name, given] of acts) sheet[name](...given);
        return {seen};
    }})""",
        sessions,
    )
    for acts, there in zip(sessions, found, strict=True):
        here = sheet.Sheet()
        for name, given in acts:
            getattr(here, name)(*given)
        yield there, here


def test_a_path_leaves_the_same_ink_as_in_python(page):
    sessions = [list(random_acts(np.random.default_rng(seed))) for seed in range(40)]
    sessions += [
        [("begin", [path[0].tolist()]), *(("extend", [point.tolist()]) for point in path[1:])]
        for drawing in ONE_OF_EACH
        for path in placed(drawing)
    ]
    for ink, expected in on_both_sheets(page, sessions, "[...sheet.ink]"):
        np.testing.assert_allclose(np.reshape(ink, grid.SHAPE), expected.ink, atol=1e-5)


def test_an_eraser_leaves_the_same_parts_of_strokes_as_in_python(page):
    rngs = map(np.random.default_rng, range(40))
    sessions = [[act for erase in (False, False, True) for act in random_stroke(rng, erase)] for rng in rngs]
    cut = 0
    for paths, expected in on_both_sheets(page, sessions, "sheet.paths"):
        for path, same in zip(paths, expected.paths, strict=True):
            np.testing.assert_allclose(path, same, atol=1e-4)
        cut += len(paths) > 2
    assert cut > 10


@pytest.mark.parametrize("digit", range(grid.CLASSES))
def test_a_digit_that_is_drawn_with_a_mouse_is_read_as_in_the_window(page, reader, digit):
    page.draw(placed(ONE_OF_EACH[digit]))
    page.settle()
    ink = page.ink
    expected = Answer(ink, reader.probabilities(ink[None])[0], threshold=THRESHOLD)
    assert page.answer == str(expected) and expected.digit == digit
    np.testing.assert_allclose(ink, sheet.drawn(placed(ONE_OF_EACH[digit])), atol=0.05)  # a mouse goes by pixels


def test_fingers_draw_and_only_the_first_one(browser):
    page = browsers.Page(browser, PAGE, (390, 844), has_touch=True)
    touch = page.context.new_cdp_session(page.tab)

    def send(kind, *points):
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(page.pixels(points))]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    send("touchStart", (8, 6))
    send("touchMove", (20, 6))
    send("touchStart", (20, 6), (2, 26))
    send("touchMove", (13, 23), (26, 26))
    send("touchEnd")
    page.settle()
    np.testing.assert_allclose(page.ink, sheet.drawn([np.array([(8, 6), (20, 6), (13, 23)])]), atol=0.05)
    assert page.answer.startswith("7")
    page.close()


def test_a_pen_draws_as_wide_as_it_presses(page):
    path = np.array([(5, 14), (20, 14)])
    (x0, y0), (x1, y1) = page.pixels(path)
    held = {"button": "left", "buttons": 1, "pointerType": "pen", "force": 0, "clickCount": 1}
    pen = page.context.new_cdp_session(page.tab)
    pen.send("Input.dispatchMouseEvent", {"type": "mousePressed", "x": x0, "y": y0, **held})
    pen.send("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x1, "y": y1, **held})
    pen.send("Input.dispatchMouseEvent", {"type": "mouseReleased", "x": x1, "y": y1, **held})
    page.settle()
    np.testing.assert_allclose(page.ink, sheet.drawn([path], radius=0.5), atol=0.05)


def test_undo_redo_reset_and_the_eraser_do_what_they_do_in_the_window(page):
    page.draw([[(5, 5), (20, 20)]])
    page.settle()
    before = page.ink
    page.press("undo")
    page.settle()
    assert not page.ink.any() and page.answer is None
    page.press("redo")
    page.press("eraser")
    page.draw([[(20, 5), (5, 20)]])
    page.settle()
    assert page.ink.sum() < before.sum()
    page.press("reset")
    page.settle()
    assert not page.ink.any()
    page.tab.keyboard.press("Control+z")
    page.settle()
    assert page.ink.any()


def test_what_was_reset_can_be_taken_back_from_the_history(page):
    page.draw(placed(ONE_OF_EACH[3]))
    page.settle()
    before = page.ink
    page.press("reset")
    page.tab.locator("#history button").first.click()
    page.settle()
    assert (page.ink == before).all() and page.answer.startswith("3")


def test_keys_draw_and_command(page):
    page.tab.locator("#paper").focus()
    for key in ["ArrowUp"] * 8 + [" "] + ["ArrowDown"] * 16:
        page.tab.keyboard.down(key)
    page.tab.keyboard.up(" ")
    page.settle()
    path = np.stack([np.full(17, 14.5), np.arange(6.5, 23)], axis=1)
    np.testing.assert_allclose(page.ink, sheet.drawn([path]), atol=1e-5)
    page.tab.keyboard.press("]")
    page.tab.keyboard.press("e")
    assert page.run("[digits.session.scene.radius, digits.session.scene.erasing]") == [1.25, True]
    page.run("digits.session.brush(1)")


def test_a_bare_sheet_asks_for_what_it_is_for(page):
    for digits, words in ((1, "draw a digit"), (4, "write a number")):
        page.widen(digits)
        page.tab.wait_for_function(f"document.title === 'Digits: {words}'")
        assert page.tab.locator("#verdict").inner_text() == words


def side_by_side(number, columns=grid.SIZE):
    """Return the paths of recorded digits, side by side on one sheet."""
    room = columns / len(number)
    for at, drawing in enumerate(ONE_OF_EACH[int(digit)] for digit in number):
        box = strokes.box(drawing.paths)
        scale = min((room - 3) / max(box.width, 1e-6), 15 / box.height)
        yield from ((path - (box.x, box.y)) * scale + (room * (at + 0.5), 14) for path in drawing.paths)


def in_haste(paths):
    """Return paths with half of their points: a browser takes its time for each move of a mouse."""
    return [path[np.append(np.arange(0, len(path) - 1, 2), -1)].astype(float) for path in paths]


def rest(page):
    """Wait until all is said about what is on the sheet."""
    page.hear()
    page.tab.wait_for_function("!digits.session.isLively")


def read_by_window(page, reader):
    """Return the ink and the paths on a page's sheet, and the digits that the window would read there."""
    ink, paths = page.ink, [np.float32(path) for path in page.run("digits.session.sheet.paths")]
    return ink, paths, sheets.read(ink, paths or None, reader.probabilities, THRESHOLD)


@pytest.mark.parametrize(("number", "digits"), [("42", 1), ("75", 1), ("304917", 6)])
def test_several_digits_are_read_as_the_number_that_the_window_reads(page, reader, number, digits):
    page.widen(digits)
    page.draw(in_haste(side_by_side(number, sheet.columns_for(digits))))
    rest(page)
    ink, _, read = read_by_window(page, reader)
    assert page.answer == str(answered(ink, read, THRESHOLD)) and page.answer.startswith(number)
    boxes = page.run("digits.session.scene.answer.places.map(({ box }) => box)")
    np.testing.assert_allclose(boxes, [digit.box for digit in read], atol=1e-3)


@pytest.mark.parametrize(("number", "digits"), [("-3.5", 6), ("12 345", 8), ("-7", 1)])
def test_signs_are_read_as_in_the_window_with_strokes_and_without(page, reader, number, digits):
    page.widen(digits)
    page.lay(with_signs(number, left=3, height=16, gap=4))
    rest(page)
    ink, _, read = read_by_window(page, reader)
    assert page.answer == str(answered(ink, read, THRESHOLD)) and page.answer.startswith(f"{number} - ")
    page.run("digits.session.put(digits.session.sheet.ink.slice()); digits.session.changed();")
    page.hear()
    ink, known, read = read_by_window(page, reader)
    assert known == [] and page.answer == str(answered(ink, read, THRESHOLD))


def test_numbers_without_their_strokes_are_read_as_in_the_window(page, reader):
    page.widen(6)
    for number in numbers.composed(DRAWINGS, numbers.GAPS["tight"], 4):
        written = sheet.Sheet(sheet.columns_for(6))
        for path in number.paths:
            written.begin(path[0])
            written.extend(path[1:])
        put = "(ink) => { digits.session.put(Float32Array.from(ink)); digits.session.changed(); }"
        page.run(put, written.ink.ravel().tolist())
        page.hear()
        ink, paths, read = read_by_window(page, reader)
        assert paths == [] and page.answer == str(answered(ink, read, THRESHOLD))


@pytest.mark.parametrize("far", [[(0, 40)], [(8, 60), (2, 60), (2, 2)]], ids=["away", "and back"])
def test_a_stroke_that_leaves_the_sheet_is_read_as_far_as_it_is_seen_as_in_the_window(page, reader, far):
    page.widen(3)
    paths = written("427", gap=6)
    paths[-1] = np.concatenate([paths[-1], paths[-1][-1:] + np.float32(far)])
    page.lay(paths)
    rest(page)
    ink, _, read = read_by_window(page, reader)
    assert page.answer == str(answered(ink, read, THRESHOLD)) and page.answer.startswith("427 - ")
    boxes = page.run("digits.session.scene.answer.places.map(({ box }) => box)")
    np.testing.assert_allclose(boxes, [digit.box for digit in read], atol=1e-3)


def test_a_number_that_was_erased_in_part_is_read_by_the_strokes_that_are_left_as_in_the_window(page, reader):
    page.widen(3)
    paths = written("427", gap=6)
    end = paths[-1][-1]
    paths[-1] = np.concatenate([paths[-1], [(end[0] + 15, end[1])]])
    page.lay(paths)
    page.press("eraser")
    page.draw([[end + (2, 0), end + (16, 0)]])
    rest(page)
    ink, known, read = read_by_window(page, reader)
    assert len(known) == len(paths) and known[-1][-1, 0] < end[0] + 2
    assert page.answer == str(answered(ink, read, THRESHOLD)) and page.answer.startswith("427 - ")
    boxes = page.run("digits.session.scene.answer.places.map(({ box }) => box)")
    np.testing.assert_allclose(boxes, [digit.box for digit in read], atol=1e-3)


def test_a_line_erased_until_it_is_faint_is_answered_as_in_the_window(page, reader):
    page.run("""() => {
        const { sheet, changed } = digits.session;
        for (const [y, erase] of [[14, false], [12.8, true], [15.2, true]]) {
            sheet.begin([erase ? 0 : 4, y], 1, erase);
            sheet.extend([erase ? 28 : 24, y]);
            sheet.end();
        }
        changed();
    }""")
    rest(page)
    ink, paths, read = read_by_window(page, reader)
    assert paths == [] and ink.max() == pytest.approx(0.2, abs=1e-5)
    assert page.answer == str(answered(ink, read, THRESHOLD))
    assert page.run("digits.session.scene.trouble") == ""


def test_a_digit_alone_on_a_wide_sheet_is_read_and_explained(page, reader):
    page.widen(2)
    page.draw(placed(ONE_OF_EACH[5]))
    page.press("why")
    page.tab.wait_for_function("digits.session.scene.reasons")
    ink, paths, read = read_by_window(page, reader)
    assert page.answer == str(answered(ink, read, THRESHOLD)) and page.answer.startswith("5 - ")
    page.settle()
    expected = sheets.explain(ink, read, paths, reader.probabilities, THRESHOLD)
    assert page.tab.locator("#reason .sentence").inner_text() == expected.sentence


@pytest.mark.parametrize("number", ["4", "7", "42"])
def test_why_says_what_the_window_says(page, reader, number):
    page.draw(side_by_side(number))
    page.press("why")
    page.tab.wait_for_function("digits.session.scene.reasons")
    ink, paths, read = read_by_window(page, reader)
    expected = sheets.explain(ink, read, paths, reader.probabilities, THRESHOLD)
    page.settle()
    assert page.tab.locator("#reason .sentence").inner_text() == expected.sentence
    effects, place = (page.run(f"[...digits.session.scene.reasons.{name}]") for name in ("effects", "place"))
    most = 0 if len(read) == 1 else 0.05  # where a digit's own cells begin on the sheet is a matter of rounding
    assert (np.abs(np.reshape(effects, grid.SHAPE) - expected.effects) > 1e-3).mean() <= most
    assert (np.reshape(place, grid.SHAPE) != expected.place).mean() <= most


def test_an_answer_is_said_when_it_has_settled_and_only_once(page):
    page.run("""
        globalThis.said = [];
        const heard = document.querySelector("#spoken");
        const hear = () => heard.textContent && said.push(heard.textContent);
        new MutationObserver(hear).observe(heard, { childList: true });
    """)
    with page.answering(*LIKELY_A_3):
        page.draw(placed(ONE_OF_EACH[8]))
        page.tab.wait_for_function("said.length")
        page.settle()
    assert page.run("said") == ["3, 95 per cent"]
    assert page.tab.title() == "Digits: 3 - 95 %"


def test_of_a_number_with_doubtful_digits_the_others_are_said_too(page):
    page.widen(4)
    page.lay(written("3049", gap=6))
    rest(page)
    doubt(page, 0.3, places=[1])
    assert page.tab.locator("#spoken").text_content() == "3, perhaps 0, 49"


def test_nobody_who_still_draws_is_told_that_it_is_no_digit(page):
    page.run("""
        globalThis.shown = [];
        const words = document.querySelector("#verdict strong");
        new MutationObserver(() => shown.push(words.textContent)).observe(words, { childList: true });
    """)
    with page.answering(*[0.1] * grid.CLASSES):
        page.draw([[(4, 4), (24, 24)], [(24, 4), (4, 24)]])
        page.tab.wait_for_function("shown.at(-1) === 'not a digit?'")
    shown = page.run("shown")
    assert "\u2026" in shown[: shown.index("not a digit?")]


def test_nobody_who_still_writes_is_told_that_a_digit_of_the_number_is_none(page):
    page.widen(2)
    page.run("""
        globalThis.shown = [];
        const [number, labels] = ["#digit", "#labels"].map((name) => document.querySelector(name));
        const look = () => shown.push(number.textContent + labels.textContent);
        for (const one of [number, labels]) new MutationObserver(look).observe(one, { childList: true });
    """)
    with page.answering(*[0.1] * grid.CLASSES):
        page.draw([[(8, 5), (8, 22)], [(34, 5), (34, 22)]])
        page.tab.wait_for_function("shown.at(-1) === '????'")
    shown = page.run("shown")
    assert "\u2026\u2026\u2026\u2026" in shown[: shown.index("????")]


def doubt(page, probability, places=range(12)):
    """Let digits of the number be as probable as this, the first of them the least certain; 8 or 3 is the runner-up."""
    page.run(
        """([probability, places]) => {
        const { answer } = digits.session.scene;
        const answers = answer.places.filter((_, i) => places.includes(i)).map((place) => place.answer);
        for (const answer of answers) {
            answer.probabilities[answer.digit] = probability;
            answer.runnerUp = answer.digit === 8 ? 3 : 8;
        }
        [answer.probabilities, answer.digit] = [answers[0].probabilities, answers[0].digit];
        digits.session.changed();
    }""",
        [probability, list(places)],
    )
    page.settle()


@pytest.mark.parametrize(("is_still", "at_once"), [(False, 0.15), (True, 1)])
def test_bars_glide_unless_they_are_to_jump(page, is_still, at_once):
    with page.answering(*LIKELY_A_3):
        bar = page.run(
            """(isStill) => {
                const { session } = digits, now = performance.now() / 1000;
                [[5, 5], [20, 20]].forEach((point, i) => session.sheet[i ? "extend" : "begin"](point));
                session.sheet.end();
                [0, 0.01].forEach((later) => session.tick(now + later));
                session.update(() => now + 0.01, isStill);
                return session.scene.bars[3];
            }""",
            is_still,
        )
    assert bar == pytest.approx(at_once * LIKELY_A_3[3], abs=0.02)


def test_for_people_who_want_nothing_to_move_bars_jump(page):
    page.run(
        """() => {
            const look = () => globalThis.seen?.push(digits.session.scene.bars[3]) && requestAnimationFrame(look);
            globalThis.seen = [];
            look();
        }"""
    )
    with page.answering(*LIKELY_A_3):
        page.lay([np.array([[5.0, 5.0], [20.0, 20.0]])])
        page.pause()
    seen = page.run("[globalThis.seen, globalThis.seen = undefined][0]")
    assert set(np.round(seen, 6)) == {0, LIKELY_A_3[3]}


def test_while_it_waits_for_the_pen_to_rest_it_draws_nothing_anew(page):
    page.run(
        """() => {
            const of = CanvasRenderingContext2D.prototype, drawImage = of.drawImage;
            globalThis.times = 0;
            of.drawImage = function (...given) { times += 1; drawImage.apply(this, given); };
            globalThis.countNoMore = () => { of.drawImage = drawImage; };
        }"""
    )
    with page.answering(*LIKELY_A_3):
        page.lay([np.array([[5.0, 5.0], [20.0, 20.0]])])
        page.pause()
    page.run("countNoMore()")
    assert 1 <= page.run("times") <= 4  # of about 25 frames


@pytest.mark.parametrize(
    ("size", "number", "probability", "words"),
    [
        ((390, 844), "304917", 0.99, "99 %"),
        ((390, 844), "304917304917", 0.7, "or 8"),
        ((390, 844), "1" * 12, 0.3, "?"),
        ((960, 640), "304917304917", 0.7, "or 8"),
    ],
    ids=str,
)
def test_what_is_said_of_digits_is_never_left_out_and_lies_on_nothing_else(page, size, number, probability, words):
    page.widen(len(number))
    page.show(size, "light")
    page.lay(written(number, gap=4, height=22))
    rest(page)
    doubt(page, probability)
    labels = page.run(
        "[...document.querySelectorAll('#labels span')].map((one) => { const { left, top, right, bottom } = "
        "one.getBoundingClientRect(); return [one.textContent, left, top, right, bottom]; })"
    )
    assert len(labels) == len(number) and all(words in text for text, *_ in labels)
    rights = [0, *(right for *_, right, _ in labels)]
    assert all(left > right for right, (_, left, *_) in zip(rights, labels, strict=False)) and rights[-1] <= size[0]
    below = page.pixels([(0, max(path[:, 1].max() for path in written(number, gap=4, height=22)) + 1)])[0][1]
    answer = page.tab.locator("#status" if size[0] > 500 else "#digit").bounding_box()
    assert all(top >= below and bottom <= answer["y"] + answer["height"] / 2 for _, _, top, _, bottom in labels)


def test_what_was_drawn_is_there_again_when_the_page_is_opened_again(browser):
    page = browsers.Page(browser, PAGE)
    page.draw(placed(ONE_OF_EACH[6]))
    page.widen(2)
    page.draw(side_by_side("17", sheet.columns_for(2)))
    page.pause()
    page.press("reset")
    page.draw(placed(ONE_OF_EACH[5]))
    page.pause()
    before = page.ink
    page.tab.reload()
    page.hear()
    np.testing.assert_allclose(page.ink, before, atol=1e-3)
    assert page.answer.startswith("5")
    assert page.run("digits.session.scene.history.map(({ answer }) => answer.text)") == ["17", "6"]
    page.close()


def chosen(page, path):
    """Open a picture as people do, and return the ink that comes of it."""
    with page.tab.expect_file_chooser() as chooser:
        page.press("open")
    page.tab.wait_for_timeout(600)  # nothing moves any more, and yet what comes is seen
    chooser.value.set_files(path)
    page.hear()
    return page.ink


def test_a_drawing_that_was_saved_is_opened_and_saved_as_it_was(page, tmp_path):
    ink = sheet.drawn(placed(ONE_OF_EACH[2]))
    np.testing.assert_allclose(chosen(page, pictures.save(ink, tmp_path)), ink, atol=1 / 255)
    page.settle()
    with page.tab.expect_download() as saved:
        page.press("save")
    np.testing.assert_allclose(pictures.read(saved.value.path()), ink, atol=1 / 255)


def test_a_photograph_of_a_digit_on_paper_is_read(page, tmp_path):
    ink = np.kron(sheet.drawn(placed(ONE_OF_EACH[2])), np.ones((10, 10)))
    paper = np.linspace(0.6, 0.9, 400) + np.random.default_rng(0).normal(0, 0.02, (500, 400))
    paper[150:430, 60:340] *= 1 - 0.7 * ink
    Image.fromarray((255 * paper.clip(0, 1)).astype(np.uint8)).save(tmp_path / "photograph.png")
    found = chosen(page, tmp_path / "photograph.png")
    page.settle()
    assert page.answer.startswith("2 - ") and (found > 0.5).mean() > 0.03


def test_what_is_copied_is_the_drawing_and_the_answer(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.draw(placed(ONE_OF_EACH[1]))
    page.press("copy")
    page.tab.wait_for_function("digits.session.scene.message.startsWith('Copied: 1 - ')")
    types = page.run("navigator.clipboard.read().then(([item]) => item.types)")
    assert {"text/plain", "image/png"} <= set(types)
    before = page.ink
    page.press("reset")
    page.tab.keyboard.press("Control+v")
    page.hear()
    np.testing.assert_allclose(page.ink, before, atol=1 / 255)


def test_what_is_shared_is_the_drawing_and_the_answer(page):
    page.run(
        "navigator.share = (what) => Promise.resolve(globalThis.shared = what), navigator.canShare = () => true, 0"
    )
    page.draw(placed(ONE_OF_EACH[0]))
    page.settle()
    page.run("digits.session.do('share')")
    page.tab.wait_for_function("globalThis.shared")
    assert page.run("[shared.text.slice(0, 4), shared.files[0].type]") == ["0 - ", "image/png"]


def test_what_is_no_picture_is_said(page, tmp_path):
    (tmp_path / "no.png").write_bytes(b"none")
    with page.tab.expect_file_chooser() as chooser:
        page.press("open")
    chooser.value.set_files(tmp_path / "no.png")
    page.tab.wait_for_function("document.querySelector('#message').textContent")
    assert page.tab.locator("#message").inner_text() == "no.png cannot be read as a picture."


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_it_looks_as_it_should(page, size, theme):
    page.show(size, theme)
    page.run("document.querySelector('[data-command=share]').hidden = true")  # which only some browsers can
    with page.answering(*LIKELY_A_3):
        page.draw(placed(ONE_OF_EACH[3]))
        page.tab.mouse.move(0, 0)
        page.tab.wait_for_function("!digits.session.isLively")
    page.settle()
    drawn, path = page.tab.screenshot(), GOLDEN / f"{size[0]}x{size[1]}-{theme}.png"
    if os.environ.get("REWRITE"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(drawn)
    assert golden.difference(golden.read(drawn), golden.read(path.read_bytes())) <= golden.MOST


@pytest.mark.parametrize("digits", [1, 3])
@pytest.mark.parametrize("size", [(320, 568), (390, 844), (844, 390), (1400, 900), (3840, 2160)], ids=str)
def test_everything_fits_into_the_width_and_can_be_hit_with_a_finger(page, size, digits):
    page.widen(digits)
    page.show(size, "light")
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    boxes = page.run(
        "[...document.querySelectorAll('main button')].filter((one) => one.offsetWidth).map((one) => "
        "{ const { left, right, height } = one.getBoundingClientRect(); return [left, right, height]; })"
    )
    assert len(boxes) > 10 and all(left >= 0 and right <= size[0] and height >= 44 for left, right, height in boxes)
    cut = page.run(
        "[...document.querySelectorAll('main button')].filter((one) => one.scrollWidth > one.clientWidth).length"
    )
    assert cut == 0


@pytest.mark.parametrize("size", [(320, 568), (360, 640), (375, 667), (390, 844), (844, 390), (960, 640)], ids=str)
def test_nobody_has_to_scroll_for_a_button(page, size):
    page.show(size, "light")
    bottoms = "[...document.querySelectorAll('main button')].map((one) => one.getBoundingClientRect().bottom)"
    assert max(page.run(bottoms)) <= size[1]
