"""Whether everybody can use the page: python -m digits.experiments.accessibility axe.min.js [page.html].

axe-core looks at what the page shows at every size, light and dark; `npm install axe-core` brings the file.
"""

import argparse
import sys
from itertools import product
from pathlib import Path

import numpy as np

from digits import UserError
from digits.assets import ASSETS
from digits.command_line import exit_code
from digits.data import pens
from digits.evaluation import testsets
from digits.experiments.web_benchmark import browser
from digits.files import unipen
from digits.ink import strokes

SIZES = (320, 568), (390, 844), (844, 390), (820, 1180), (1440, 900)
THEMES = "light", "dark"
VIEWS = {  # digits that the sheet is for, what is written on it, and what else is to be seen
    "empty": (1, "", {}),
    "an answer": (1, "3", {}),
    "no answer without being asked, the eraser": (1, "5", {"live": False, "erasing": True}),
    "Why?": (1, "7", {"why": True}),
    "no digit": (1, "02468", {}),
    "a number": (6, "304917", {}),
    "a number and Why?": (3, "385", {"why": True}),
    "the keys": (1, "3", {"keys": True}),
}
_PATIENCE = 120_000  # ms
_ROOM = 20  # columns from one digit to the next
_SHOW = """([wide, paths, seen]) => {
    const { session } = digits;
    session.reset();
    session.widen(wide);
    for (const [first, ...others] of paths) {
        session.sheet.begin(first);
        for (const point of others) session.sheet.extend(point);
        session.sheet.end();
    }
    Object.assign(session.scene, { why: false, live: true, erasing: false, keys: false, ...seen });
    session.changed();
}"""
_LOOK = "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))"


@exit_code
def main() -> None:
    """Print all that axe-core finds; raise UserError if that is something."""
    options = _parse()
    with browser() as chromium:
        found = [line for size, theme in product(SIZES, THEMES) for line in _findings(chromium, options, size, theme)]
    views = len(SIZES) * len(THEMES) * len(VIEWS)
    if found:
        raise UserError("\n".join([f"axe-core has {len(found)} findings in {views} views of the page:", *found]))
    print(f"axe-core has no finding in {views} views of the page.")


def _parse():
    parser = argparse.ArgumentParser(
        prog="python -m digits.experiments.accessibility", description="Let axe-core look for what shuts people out."
    )
    parser.add_argument("axe", type=Path, help="axe.min.js, as npm install axe-core brings it")
    parser.add_argument("page", type=Path, nargs="?", default=ASSETS / "digits.html", help="(default: the shipped one)")
    options = parser.parse_args()
    for path in (options.axe, options.page):
        if not path.is_file():
            raise UserError(f"{path}: there is no such file.")
    return options


def _findings(chromium, options, size, theme):
    """Return a line for each finding at a size."""
    viewport = dict(zip(("width", "height"), size, strict=True))
    tab = chromium.new_page(viewport=viewport, color_scheme=theme, reduced_motion="reduce", offline=True)  # none fades
    tab.goto(options.page.resolve().as_uri())
    tab.evaluate(f"{options.axe.read_text('utf-8')}; 0")
    found = []
    for name, (digits, text, seen) in VIEWS.items():
        tab.evaluate(_SHOW, [digits, _written(text, digits), seen])
        tab.wait_for_function("!digits.session.isLively", timeout=_PATIENCE)
        where = f"{size[0]} x {size[1]}, {theme}, {name}"
        found += [f"{where}: {rule}: {html}" for rule, nodes in tab.evaluate(_LOOK) for html in nodes]
    tab.close()
    return found


def _written(text, digits):
    """Return the paths of recorded digits, in cells, side by side; those over each other that the sheet is not for."""
    drawings = unipen.read(pens.PEN_DIGITS)
    rng, centred = np.random.default_rng(0), testsets.PLACEMENTS["centred"]
    chosen = [next(drawing for drawing in drawings if drawing.label == label) for label in text]
    placed = [strokes.place(strokes.smoothed(drawing).paths, centred, rng) for drawing in chosen]
    left = [_ROOM * min(at, digits - 1) for at in range(len(placed))]
    return [(path + (x, 0)).tolist() for x, paths in zip(left, placed, strict=True) for path in paths]


if __name__ == "__main__":
    sys.exit(main())
