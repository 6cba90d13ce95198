"""How fast the page is, and how like the program: python -m digits.experiments.web_benchmark [model.keras].

Chromium opens the page of a model from a file, with the network off; the mouse draws recorded digits in it.
"""

import argparse
import contextlib
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np

from digits import UserError
from digits.assets import MODEL
from digits.command_line import exit_code, positive
from digits.data import pens
from digits.evaluation import numbers, testsets
from digits.files import unipen
from digits.ink import grid, strokes
from digits.ink.sheet import drawn
from digits.reading import engine
from digits.web import network, page

BROWSERS = "chromium", "chromium-browser", "google-chrome"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
MEASURES = {  # what is measured: its unit, digits, and what is allowed
    "from opening to the first answer": ("s", 2, "0.5 s"),
    "one answer, median": ("ms", 2, "3 ms"),
    "answer behind the pen, once the browser hands a move over, 95th percentile": ("ms", 1, "12 ms"),
    "the same from the move itself, with the browser's wait for its next frame": ("ms", 1, ""),
    "one answer in plain JavaScript, median": ("ms", 1, ""),
    "one number of six digits, median": ("ms", 1, "30 ms"),
}
_POINTS = 24  # a stroke: so many moves of the mouse
_DIGITS = 6  # of a number
_NUMBERS_READ = 40
_OPENED = "globalThis.digits?.session.scene.answer && performance.now() / 1000"
_ANSWERS = "(grids) => grids.map((grid) => [...digits.engine.probabilities(Float32Array.from(grid))])"
_TIMES = """([grids, kind]) => {
    const { steps } = JSON.parse(document.getElementById("network").textContent);
    const weights = atob(document.getElementById("weights").textContent);
    const bytes = Uint8Array.from(weights, (letter) => letter.charCodeAt(0));
    const engine = new digits.engine.constructor(steps, new Float32Array(bytes.buffer), [kind]);
    return grids.map((grid) => {
        const ink = Float32Array.from(grid);
        const began = performance.now();
        engine.probabilities(ink);
        return performance.now() - began;
    });
}"""
_NUMBERS = """([digits, numbers]) => {
    const { session } = globalThis.digits;
    const clock = () => performance.now() / 1000;
    const times = numbers.map((paths) => {
        session.widen(1);
        session.widen(digits);
        for (const [first, ...others] of paths) {
            session.sheet.begin(first);
            for (const point of others) session.sheet.extend(point);
            session.sheet.end();
        }
        const began = performance.now();
        do session.update(clock); while (session.scene.answer?.ink !== session.sheet.ink);
        return performance.now() - began;
    });
    session.widen(1);
    return times;
}"""
_WATCH = """() => {
    globalThis.moves = [];
    let began = 0;
    const { session } = digits;
    const tick = session.tick.bind(session);
    session.tick = (now) => { began = performance.now(); tick(now); };
    document.addEventListener("pointermove", ({ timeStamp }) => requestAnimationFrame(() => {
        const now = performance.now();
        moves.push([now - timeStamp, now - began]);
    }));
}"""
_INK = """(paths) => {
    const sheet = new digits.session.sheet.constructor();
    for (const [first, ...others] of paths) {
        sheet.begin(first);
        for (const point of others) sheet.extend(point);
        sheet.end();
    }
    return [...sheet.ink];
}"""


@exit_code
def main() -> None:
    """Open the page some times, and print the table."""
    options = _parse()
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        path = Path(folder) / "page.html"
        path.write_text(page.written(network.read(options.model)), "utf-8")
        measured = [_run_once(chromium, path) for _ in range(options.runs)]
        print(f"Chromium {chromium.version}, opened {options.runs} times: median, lowest to highest\n")
        print("| measure | page | at most |\n|---|---|---|")
        print(f"| file | {path.stat().st_size / 1e6:.2f} MB | 1.5 MB |")
        for name, (unit, places, limit) in MEASURES.items():
            print(f"| {name} | {_cell([run[name] for run in measured], unit, places)} | {limit} |")
        for name, (difference, limit) in differences(chromium, path, options.model).items():
            print(f"| largest difference to {name} | {difference:.1g} | {limit} |")


def _parse():
    parser = argparse.ArgumentParser(
        prog="python -m digits.experiments.web_benchmark", description="Measure the page in Chromium."
    )
    parser.add_argument("model", type=Path, nargs="?", default=MODEL, help="a Keras model (default: the shipped one)")
    parser.add_argument("--runs", type=positive, default=5, help="(default: %(default)s)")
    return parser.parse_args()


def find_browser() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def browser():
    """Start Chromium; raises UserError where there is none."""
    from playwright.sync_api import sync_playwright

    if not (path := find_browser()):
        raise UserError("There is no Chromium to measure the page in; on Debian: apt-get install chromium.")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        chromium.close()


def _cell(values, unit, places):
    low, middle, high = (f"{of(values):.{places}f}" for of in (min, statistics.median, max))
    return f"{middle} {unit}, {low} to {high}"


@contextlib.contextmanager
def _opened(chromium, path):
    """Open a page as it is on a first visit."""
    context = chromium.new_context(viewport={"width": 1000, "height": 700}, offline=True)
    tab = context.new_page()
    tab.goto(path.as_uri())
    yield tab
    context.close()


def _run_once(chromium, path):
    grids = np.stack([drawn(paths) for paths in _paths()])
    with _opened(chromium, path) as tab:
        tab.evaluate(_WATCH)
        for paths in _paths()[::20]:
            _draw(tab, paths)
        behind, work = np.array(tab.evaluate("moves")).T
        vectors, plain = (
            tab.evaluate(_TIMES, [grids.reshape(len(grids), -1).tolist(), kind]) for kind in ("vectors", "plain")
        )
        tab.wait_for_function("digits.session.scene.isSettled")  # then it is kept, and answered when it is opened again
        tab.reload(wait_until="commit")
        opening = tab.wait_for_function(_OPENED).json_value()
        written = tab.evaluate(_NUMBERS, [_DIGITS, _numbers()])
    behind = [np.percentile(times, 95) for times in (work, behind)]
    answers = (statistics.median(times) for times in (vectors, plain, written))
    one, *others = answers
    return dict(zip(MEASURES, (opening, one, *behind, *others), strict=True))


def _draw(tab, paths):
    """Draw on a new sheet with the mouse."""
    tab.evaluate("digits.session.reset()")
    box = tab.locator("#paper").bounding_box()
    cell = box["width"] / grid.SIZE
    for path in paths:
        first, *others = (path * cell + (box["x"], box["y"])).tolist()
        tab.mouse.move(*first)
        tab.mouse.down()
        for point in others:
            tab.mouse.move(*point)
        tab.mouse.up()


def differences(chromium, path: Path, model: Path) -> dict[str, tuple[float, str]]:
    """Return by how much the page differs at most from Keras and from the program's ink, and what is allowed."""
    grids = np.stack([drawn(paths) for paths in _paths()])
    with _opened(chromium, path) as tab:
        answers = np.array(tab.evaluate(_ANSWERS, grids.reshape(len(grids), -1).tolist()))
        paths = _paths()
        inks = [tab.evaluate(_INK, [path.tolist() for path in each]) for each in paths]
    ink = max(np.abs(np.reshape(of, grid.SHAPE) - drawn(each)).max() for of, each in zip(inks, paths, strict=True))
    keras = np.abs(engine.Keras(model).probabilities(grids) - answers).max()
    return {
        f"Keras, {len(grids)} recorded digits": (keras, "1e-4"),
        f"the window's ink, {len(paths)} recorded digits": (ink, "1e-5"),
    }


def _numbers():
    """Return the paths of numbers of six recorded digits each, in cells."""
    [drawings] = testsets.held_out().values()
    composed = numbers.composed(drawings, numbers.GAPS["apart"], numbers.COUNT)
    return [[path.tolist() for path in one.paths] for one in composed if len(one.label) == _DIGITS][:_NUMBERS_READ]


def _paths():
    """Return the paths of recorded digits, in cells, one digit in four of those that come along."""
    rng, centred = np.random.default_rng(0), testsets.PLACEMENTS["centred"]
    smoothed = [strokes.smoothed(drawing, _POINTS) for drawing in unipen.read(pens.PEN_DIGITS)[::4]]
    return [strokes.place(drawing.paths, centred, rng) for drawing in smoothed]


if __name__ == "__main__":
    sys.exit(main())
