"""What the window shows: a scene goes in, a picture comes out. It reads the scene and keeps nothing of it."""

from dataclasses import dataclass, field, replace

import numpy as np
import pygame

from digits.app.commands import BUTTONS, COMMANDS
from digits.ink import grid
from digits.reading.answer import Answer
from digits.window.layout import Box, Layout
from digits.window.paint import PALETTES, Painter, Palette

TOGGLES = {"eraser": "erasing", "live": "live", "why": "why"}  # a button that stays down, and the scene's word for it


@dataclass
class Scene:
    """All that can be seen, as plain data. Values are replaced, never changed in place."""

    theme: str = "light"
    ink: np.ndarray = field(default=None, compare=False)  # (28, columns); told apart by identity, see `equals`
    is_bare: bool = True  # no ink at all
    state: str = "loading"  # or ready, thinking, stopped
    seconds: float = 0  # how long it has been loading, or thinking when that is long
    trouble: str = ""
    answer: Answer | None = None
    bars: tuple[float, ...] = (0.0,) * grid.CLASSES  # as long as they are just now
    pointer: tuple[float, float] | None = None  # cells; where the brush hovers
    radius: float = 1  # cells
    erasing: bool = False
    live: bool = True
    why: bool = False
    cursor: tuple[int, int] | None = None  # column and row of the keyboard's cursor
    focus: str | None = None  # names of buttons
    hover: str | None = None
    pressed: str | None = None
    message: str = ""
    keys: bool = False  # the list of keys lies over everything
    can_undo: bool = False
    can_redo: bool = False

    @property
    def is_old(self) -> bool:
        """Whether the answer is to an earlier drawing, and nobody has asked again."""
        return self.answer is not None and not self.live and self.answer.ink is not self.ink

    @property
    def shows_why(self) -> bool:
        """Whether the cells tell what they say; only of the very drawing that the answer is about."""
        answer = self.answer
        return self.why and answer is not None and answer.why is not None and answer.ink is self.ink

    @property
    def caption(self) -> str:
        """The answer in the window's caption, for people and for programs that read captions."""
        if self.trouble:
            return "no answer"
        if self.is_bare:
            return "draw a digit"
        return str(self.answer or "Digits")

    def copy(self) -> "Scene":
        """Return the scene as it is now."""
        return replace(self)

    def equals(self, other: "Scene") -> bool:
        """Whether another scene looks the same."""
        return self.ink is other.ink and self == other


class View:
    """Draws scenes; all it keeps is rendered text and shapes."""

    def __init__(self):
        self._painter = Painter()

    def draw(self, surface: pygame.Surface, layout: Layout, scene: Scene) -> None:
        """Draw a whole scene."""
        pen = _Pen(surface, layout, self._painter, PALETTES[scene.theme])
        surface.fill(pen.colours.ground)
        draw_paper(pen, scene)
        draw_status(pen, scene)
        draw_answer(pen, scene)
        draw_bars(pen, scene)
        for command in BUTTONS:
            draw_button(pen, scene, command)
        if scene.message:
            draw_message(pen, scene.message)
        if scene.keys:
            draw_keys(pen)


def icon(ink: np.ndarray) -> pygame.Surface:
    """Return a picture of a drawing for the window's icon."""
    cells = cell_colours(Scene(ink=ink), PALETTES["light"])
    return pygame.transform.scale(pygame.surfarray.make_surface(cells.swapaxes(0, 1)), (64, 64))


@dataclass
class _Pen:
    """What every part needs in order to draw."""

    surface: pygame.Surface
    layout: Layout
    paint: Painter
    colours: Palette

    @property
    def unit(self):
        return self.layout.unit

    def text(self, string, size, colour, place, anchor="topleft", bold=False):
        """Write, with a size in units."""
        return self.paint.text(self.surface, string, size * self.unit, colour, place, anchor, bold)

    def wrapped(self, string, size, width):
        """Cut a text into lines, and return them with their height together."""
        lines = self.paint.wrapped(string, size * self.unit, width)
        return lines, len(lines) * self.paint.line_height(size * self.unit)

    def lines(self, lines, size, colour, place):
        """Write lines of text, one below the other."""
        for i, line in enumerate(lines):
            self.text(line, size, colour, (place[0], place[1] + i * self.paint.line_height(size * self.unit)))

    @property
    def hair(self):
        """The width of a fine line."""
        return max(1, round(self.unit / 16))


def draw_paper(pen, scene):
    """Draw the sheet: what the network sees, cell by cell."""
    paper, cell = pen.layout.paper, pen.layout.cell
    image = pygame.surfarray.make_surface(cell_colours(scene, pen.colours).swapaxes(0, 1))
    sheet = pygame.transform.scale(image, paper[2:])
    if cell >= 4:  # lines between cells, which bare paper shows and ink covers
        lines = pen.paint.lattice(*scene.ink.shape, cell, pen.colours.line, pen.colours.paper)
        sheet.blit(lines, (0, 0), special_flags=pygame.BLEND_MIN if scene.theme == "light" else pygame.BLEND_MAX)
    pen.surface.blit(sheet, paper[:2])
    pygame.draw.rect(pen.surface, pen.colours.edge, paper.inside(-pen.hair), pen.hair)
    pen.surface.set_clip(paper)
    if scene.shows_why:
        _draw_signs(pen, scene.answer.why)
    if scene.cursor:
        _draw_cursor(pen, scene.cursor)
    if scene.pointer:
        _draw_brush(pen, scene)
    pen.surface.set_clip(None)


def cell_colours(scene: Scene, colours: Palette) -> np.ndarray:
    """Return the colour of every cell, (28, columns, 3) uint8: paper to ink, tinted by what the cell says."""
    paper, ink = (np.array(pygame.Color(name)[:3], np.float32) for name in (colours.paper, colours.ink))
    cells = paper + scene.ink[..., None] * (ink - paper)
    if scene.shows_why:
        weight = _weights(scene.answer.why)[..., None]
        speaks_for, against = (np.array(pygame.Color(c)[:3]) for c in (colours.speaks_for, colours.against))
        cells += 0.75 * np.abs(weight) * (np.where(weight > 0, speaks_for, against) - cells)
    return cells.round().astype(np.uint8)


def draw_status(pen, scene):
    """Draw what the program is doing: a sign of its own shape for each state, and words."""
    box, colours, unit = pen.layout.status, pen.colours, pen.unit
    centre = (box.x + 0.45 * unit, box.y + box.height // 2)
    words, colour = _status(scene, colours)
    pen.paint.disc(pen.surface, centre, 0.32 * unit, colour, 0 if scene.state == "ready" else 0.13 * unit)
    if scene.state == "stopped":
        pen.text("!", 0.8, colour, centre, "center", bold=True)
    pen.text(words, 0.95, colours.text, (box.x + 1.2 * unit, centre[1]), "midleft")


def _status(scene, colours):
    if scene.state == "loading":
        return f"Loading the model \u2026 {scene.seconds:.1f} s", colours.against
    if scene.state == "thinking":
        return "Thinking \u2026" + (f" {scene.seconds:.0f} s" if scene.seconds >= 1 else ""), colours.accent
    if scene.state == "stopped":
        return "Stopped: press Classify", colours.alarm
    if scene.shows_why:
        return f"+ speaks for {scene.answer.digit}, \u2212 for {scene.answer.runner_up}", colours.accent
    return ("Ready: it reads as you draw" if scene.live else "Ready: press Classify"), colours.accent


def draw_answer(pen, scene):
    """Draw the digit large, its probability and the runner-up, or what is wanted instead."""
    if scene.trouble:
        return _say(pen, scene.trouble, pen.colours.alarm)
    if scene.is_bare:
        return _say(pen, "draw a digit", pen.colours.quiet, 1.5)
    if scene.answer is None:
        waiting = "The answer comes when the model is loaded." if scene.state == "loading" else "Press Classify."
        return _say(pen, waiting if scene.state != "thinking" else "", pen.colours.quiet)
    if scene.answer.is_doubtful:
        return _draw_doubt(pen, scene)
    return _draw_digit(pen, scene)


def _draw_doubt(pen, scene):
    """Say that it is perhaps no digit, and only in small letters which one it would be."""
    answer, digit = scene.answer, pen.layout.digit
    guess = f"at best a {answer.digit}: {answer.percent} %"
    middle, quiet = digit.centre[1], pen.colours.quiet
    strong = quiet if scene.is_old else pen.colours.text
    pen.text("not a digit?", 1.8, strong, (digit.x, middle + 0.3 * pen.unit), "bottomleft", bold=True)
    pen.text("an earlier drawing" if scene.is_old else guess, 1, quiet, (digit.x, middle + 0.5 * pen.unit))


def _say(pen, words, colour, size=1.0):
    digit, verdict = pen.layout.digit, pen.layout.verdict
    box = Box(digit.x, digit.y, max(1, verdict.right - digit.x), digit.height)
    lines, height = pen.wrapped(words, size, box.width)
    while height > box.height and size > 0.7:  # a long complaint in a small window
        size -= 0.1
        lines, height = pen.wrapped(words, size, box.width)
    pen.lines(lines, size, colour, (box.x, box.y + max(0, box.height - height) // 2))


def _draw_digit(pen, scene):
    answer, digit, verdict = scene.answer, pen.layout.digit, pen.layout.verdict
    strong = pen.colours.quiet if scene.is_old else pen.colours.text
    size = max(1, min(1.1 * digit.height, 1.5 * digit.width)) / pen.unit
    pen.text(str(answer.digit), size, strong, digit.centre, "center", bold=True)
    middle = verdict.centre[1]
    first, second = _verdict(answer)
    pen.text(first, 2, strong, (verdict.x, middle + 0.3 * pen.unit), "bottomleft", bold=True)
    pen.text(
        "an earlier drawing" if scene.is_old else second, 1, pen.colours.quiet, (verdict.x, middle + 0.4 * pen.unit)
    )


def _verdict(answer):
    """Return what stands beside a digit, in large and in small letters: how sure it is, or which one else it may be."""
    chance = answer.probabilities[answer.runner_up]
    if answer.is_torn:
        return f"or {answer.runner_up}", f"{answer.percent} % to {_percent(chance)}"
    return f"{answer.percent} %", f"or {answer.runner_up}: {_percent(chance) if chance >= 0.005 else '< 1 %'}"


def draw_bars(pen, scene):
    """Draw ten bars; the winner's is told by colour and bold figures, the runner-up's by its outline."""
    shown = None if scene.is_bare or scene.trouble else scene.answer
    for digit, row in enumerate(pen.layout.bars):
        _draw_bar(pen, scene, row, digit, shown)


def _draw_bar(pen, scene, row, digit, answer):
    colours, unit, size = pen.colours, pen.unit, min(1, pen.layout.bars[0].height / pen.unit / 1.02)
    is_first = answer is not None and digit == answer.digit
    is_second = answer is not None and digit == answer.runner_up
    strong = colours.text if is_first or is_second else colours.quiet
    middle = row.centre[1]
    pen.text(str(digit), size, strong, (row.x, middle), "midleft", is_first)
    height = max(1, round(min(0.62 * row.height, 0.9 * unit)))
    track = Box(row.x + round(1.2 * unit), middle - height // 2, max(0, row.width - round(4.6 * unit)), height)
    pen.paint.panel(pen.surface, track, colours.line, height / 2)
    pen.surface.set_clip(track.left_part(max(scene.bars[digit] * track.width, 0)))
    pen.paint.panel(pen.surface, track, colours.accent if is_first and not scene.is_old else colours.bar, height / 2)
    pen.surface.set_clip(None)
    if is_second:
        pen.paint.panel(pen.surface, track, colours.quiet, height / 2, pen.hair)
    if answer is not None:
        pen.text(_percent(answer.probabilities[digit]), size, strong, (row.right, middle), "midright", is_first)


def _percent(probability):
    return f"{round(100 * float(probability))} %"


def draw_button(pen, scene, command):
    """Draw a button: its name, its key, whether it is on, has the focus, lies under the pointer or is pressed."""
    box, colours, unit = pen.layout.buttons[command.name], pen.colours, pen.unit
    face, text, quiet = _button_colours(scene, command, colours)
    radius = 0.35 * unit
    pen.paint.panel(pen.surface, box, face, radius)
    pen.paint.panel(pen.surface, box, colours.edge, radius, pen.hair)
    if scene.focus == command.name:
        pen.paint.panel(pen.surface, box.inside(-0.2 * unit), colours.text, 1.5 * radius, 2 * pen.hair)
    inner = box.inside(0.5 * unit, 0)
    if command.name in TOGGLES:
        is_on = getattr(scene, TOGGLES[command.name])
        pen.paint.disc(
            pen.surface, (inner.x + 0.3 * unit, inner.centre[1]), 0.3 * unit, text, 0 if is_on else 0.1 * unit
        )
        inner = inner.right_part(inner.width - 0.95 * unit)
    words = pen.text(command.label, 1, text, (inner.x, inner.centre[1]), "midleft")
    key = command.shown_keys[0]
    if words.right + 0.3 * unit + pen.paint.width(key, 0.75 * unit) <= inner.right:
        pen.text(key, 0.75, quiet, (inner.right, inner.centre[1]), "midright")


def _button_colours(scene, command, colours):
    name = command.name
    if not is_enabled(scene, name):
        return colours.ground, colours.bar, colours.bar
    if scene.pressed == name and scene.hover == name:
        return colours.accent, colours.on_accent, colours.on_accent
    if name == "classify":
        return colours.accent, colours.on_accent, colours.on_accent
    return (colours.hover if scene.hover == name else colours.key), colours.text, colours.quiet


def is_enabled(scene: Scene, name: str) -> bool:
    """Whether a button can do anything now."""
    return {"undo": scene.can_undo, "redo": scene.can_redo}.get(name, True)


def draw_message(pen, words):
    """Lay a strip with a message over the lower edge of the paper."""
    paper, unit = pen.layout.paper, pen.unit
    lines, height = pen.wrapped(words, 1, max(1, paper.width - 3 * unit))
    height = round(height + 0.6 * unit)
    strip = Box(paper.x, paper.bottom - height - round(0.6 * unit), paper.width, height).inside(0.6 * unit, 0)
    pen.paint.panel(pen.surface, strip, pen.colours.text, 0.4 * unit)
    pen.lines(lines, 1, pen.colours.ground, (strip.x + 0.8 * unit, strip.y + 0.3 * unit))


def draw_keys(pen):
    """Lay the list of all keys over everything."""
    width, height = pen.layout.size
    colours = pen.colours
    pen.surface.fill(colours.ground)
    rows = [(" or ".join(c.shown_keys), c.help) for c in COMMANDS]
    rows += [("Arrows, Space", "move a cursor, draw with it"), ("Drop a picture", "put it on the grid")]
    step = max(1.0, min(1.7 * pen.unit, (height - 3.6 * pen.unit) / len(rows)))
    size = min(1, step / pen.unit / 1.35)
    left = max(pen.unit, (width - 38 * size * pen.unit) / 2)
    top = (height - step * (len(rows) + 1.6)) / 2
    title = pen.text("Keys", 1.4 * size, colours.text, (left, top), bold=True)
    pen.text(
        "Esc or a click closes this list",
        0.9 * size,
        colours.quiet,
        (title.right + pen.unit, title.bottom),
        "bottomleft",
    )
    for i, (keys, words) in enumerate(rows):
        y = top + step * (i + 1.9)
        pen.text(keys, size, colours.text, (left, y), bold=True)
        pen.text(words, size, colours.text, (left + 12.5 * size * pen.unit, y))


def _weights(why):
    """Return how much each cell says, -1 to 1; a few cells that shout must not drown the others."""
    loud = np.quantile(np.abs(why), 0.98)
    return np.clip(why / loud, -1, 1) if loud > 0 else np.zeros_like(why)


def _draw_signs(pen, why):
    """Mark what a cell says with a sign too, for colour alone is not for everybody."""
    cell, weights = pen.layout.cell, _weights(why)
    for row, column in np.argwhere(np.abs(weights) > 0.35).tolist():
        x, y = pen.layout.pixel_of((column + 0.5, row + 0.5))
        arm, colour = max(1, round(cell * 0.22)), pen.colours.paper
        pygame.draw.line(pen.surface, colour, (x - arm, y), (x + arm, y), pen.hair)
        if weights[row, column] > 0:
            pygame.draw.line(pen.surface, colour, (x, y - arm), (x, y + arm), pen.hair)


def _draw_cursor(pen, cursor):
    x, y = pen.layout.pixel_of(cursor)
    cell = pen.layout.cell
    pygame.draw.rect(pen.surface, pen.colours.against, Box(round(x), round(y), cell, cell).inside(-1), 1 + pen.hair)


def _draw_brush(pen, scene):
    """Show where the brush hovers and how large it is."""
    place, radius = pen.layout.pixel_of(scene.pointer), scene.radius * pen.layout.cell
    pen.paint.disc(pen.surface, place, radius + pen.hair, pen.colours.paper, pen.hair)
    pen.paint.disc(pen.surface, place, radius, pen.colours.against if scene.erasing else pen.colours.accent, pen.hair)
