"""A browser that draws in the page as people do, and a page that says what it knows."""

import base64
import contextlib

import numpy as np
import pytest

from digits.experiments import web_benchmark
from digits.ink import grid
from digits.web import bundle
from tests.support.project import ROOT

WEB = ROOT / "digits" / "web"
READ = """([packed, engine]) => {
    const grids = unpacked(packed);
    const size = 28 * 28;
    return Array.from({ length: grids.length / size },
        (_, i) => [...engine.probabilities(grids.subarray(i * size, (i + 1) * size))]);
}"""
UNPACK = """void (globalThis.unpacked = (text) =>
    new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer));"""


def packed(numbers):
    """Return numbers as a text for `unpacked` in a page."""
    return base64.b64encode(np.ascontiguousarray(numbers, "<f4").tobytes()).decode()


@contextlib.contextmanager
def started():
    """Start a browser; the test is skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser; pip installs it")
    path = web_benchmark.find_browser()
    if path is None:
        pytest.skip("the page is tested in Chromium, and there is none here; on Debian: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=web_benchmark.OPTIONS)
        yield browser
        browser.close()


class Page:
    """The page in a tab of its own, opened from a file and with the network off."""

    def __init__(self, browser, path, size=(960, 640), **options):
        width, height = size
        self.context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        self.complaints, self.asked_for = [], []
        self.tab = self.context.new_page()
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("request", lambda request: self.asked_for.append(request.url[:100]))
        self.tab.goto(path.as_uri())

    def close(self):
        self.context.close()

    def run(self, code, given=None):
        """Run JavaScript in the page, an expression or a function of what is given, and return what it returns."""
        return self.tab.evaluate(code, given)

    def press(self, command):
        """Press the button of a command."""
        self.tab.locator(f"#buttons [data-command={command}], #tools [data-command={command}]").click()

    @property
    def ink(self):
        """The sheet (28, columns)."""
        return np.float32(self.run("[...digits.session.sheet.ink]")).reshape(grid.SIZE, -1)

    @property
    def answer(self):
        """The answer in words, None where there is none."""
        return self.run("digits.session.scene.answer && String(digits.session.scene.answer)")

    def pixels(self, path):
        """Return where the points of a path (k, 2), in cells, are in the window."""
        box = self.tab.locator("#paper").bounding_box()
        return [[box["x"] + x * box["height"] / grid.SIZE, box["y"] + y * box["height"] / grid.SIZE] for x, y in path]

    def draw(self, paths):
        """Draw along paths (k, 2) with the mouse."""
        mouse = self.tab.mouse
        for path in paths:
            first, *others = self.pixels(path)
            mouse.move(*first)
            mouse.down()
            for pixel in others:
                mouse.move(*pixel)
            mouse.up()

    def lay(self, paths):
        """Lay strokes along paths (k, 2) at once, which takes a mouse long on a wide sheet."""
        self.run(
            """(paths) => {
            const { sheet, changed } = digits.session;
            for (const [first, ...others] of paths) {
                sheet.begin(first);
                others.forEach((point) => sheet.extend(point));
                sheet.end();
            }
            changed();
        }""",
            [path.tolist() for path in paths],
        )

    def write_in(self, fonts):
        """Write with font files in place of the system's fonts, which differ from one machine to the next."""
        faces = ""
        for weight, name in ((400, "Regular"), (600, "Semibold")):
            text = base64.b64encode((fonts / f"OpenSans-{name}.ttf").read_bytes()).decode()
            faces += f'@font-face {{ font-family: "Open Sans"; font-weight: {weight}; '
            faces += f"src: url(data:font/ttf;base64,{text}); }}"
        self.tab.add_style_tag(content=faces)
        self.run(
            "document.fonts.load('600 1em Open Sans').then(() => document.fonts.load('1em Open Sans')).then(() => 0)"
        )

    def show(self, size, theme):
        """Show the page in a window of a size, light or dark."""
        self.tab.set_viewport_size({"width": size[0], "height": size[1]})
        self.tab.emulate_media(color_scheme=theme)
        self.settle()

    def begin(self):
        """Take a new sheet for one digit, and forget what was done before."""
        self.run("digits.session.reset(), digits.session.widen(1)")
        self.run(
            "Object.assign(digits.session.scene, { why: false, erasing: false, live: true, history: [], message: '' })"
        )
        self.run("document.querySelector('#paper').dispatchEvent(new PointerEvent('pointerleave'))")
        self.settle()

    def widen(self, digits):
        """Choose a sheet for so many digits."""
        self.tab.locator("#width select").select_option(str(digits))
        self.settle()

    @contextlib.contextmanager
    def answering(self, *probabilities):
        """Let the network answer with these probabilities (10,), whatever model the page has."""
        self.run("(given) => { digits.engine.probabilities = () => Float32Array.from(given); }", probabilities)
        yield
        self.run("delete digits.engine.probabilities")

    def settle(self):
        """Wait until what was done is seen."""
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def hear(self):
        """Wait until what is on the sheet is answered."""
        self.tab.wait_for_function("digits.session.scene.answer?.ink === digits.session.sheet.ink")

    def pause(self):
        """Wait until the pen has rested so long that it is done for now."""
        self.tab.wait_for_function(
            "digits.session.scene.ink === digits.session.sheet.ink && digits.session.scene.isSettled"
        )

    def probabilities(self, grids):
        """Return what the page's network says of grids (n, 28, 28)."""
        self.run(UNPACK)
        return np.float32(self.run(f"(packed) => ({READ})([packed, digits.engine])", packed(grids)))


class Bench:
    """An empty page with the engine alone, which runs any network by any kernel."""

    def __init__(self, browser):
        self.tab = browser.new_page()
        script = bundle.bundled(WEB / "reading" / "engine.js", WEB)
        self.tab.evaluate(f"{script}\nglobalThis.Engine = $reading_engine.Engine;\n{UNPACK}")

    def probabilities(self, network, grids, kinds=("vectors", "plain")):
        """Return what a network says of grids (n, 28, 28), and the kind of kernel that it was run by."""
        given = [network.steps, packed(network.weights), packed(grids), kinds]
        self.tab.evaluate(
            "([steps, weights, , kinds]) => { engine = new Engine(steps, unpacked(weights), kinds); }", given
        )
        answers = self.tab.evaluate(f"(packed) => ({READ})([packed, engine])", packed(grids))
        return np.float32(answers), self.tab.evaluate("engine.kernel")
