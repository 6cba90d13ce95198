"""The sheet of what is kept to be learnt: small drawings, of which a click takes one off, and what can be done."""

from dataclasses import replace

from digits.app.commands import KEPT_BUTTONS, LEAVES
from digits.window.buttons import draw_button
from digits.window.layout import NOWHERE, Box, Layout
from digits.window.strip import draw_small
from digits.window.tools import draw_tool

SIDE, GAP = 3.6, 0.7  # units
_LINE = 1.3  # units: the label below a drawing


def arrange_kept(layout: Layout, count: int) -> Layout:
    """Return the layout of the window while it shows so many kept drawings: as many of them as there is room for."""
    unit, gap = layout.unit, layout.unit * GAP
    head, rest = Box(0, 0, *layout.size).inside(unit).split(2.4 * unit)
    box = head.right_part(0.66 * head.width)
    buttons = dict(zip(KEPT_BUTTONS, box.columns(len(KEPT_BUTTONS), 0.4 * unit), strict=True))
    words, rest = rest.split(3.7 * unit)  # of two lines
    places = _places(rest.bottom_part(rest.height - 0.7 * unit), SIDE * unit, (SIDE + _LINE) * unit, gap)
    arrows = words.right_part(6 * unit).columns(len(LEAVES), 0.4 * unit)
    tools = dict(zip(LEAVES, arrows, strict=True)) if count > len(places) else {}
    nothing = dict.fromkeys(("paper", "status", "digit", "verdict"), NOWHERE)
    return replace(layout, **nothing, bars=(), tools=tools, buttons=buttons, history=tuple(places[:count]))


def _places(box, side, high, gap):
    """Return as many places for drawings as fit into a box, at least one."""
    across, down = (max(1, int((room + gap) / (each + gap))) for room, each in ((box.width, side), (box.height, high)))
    return [
        Box(round(box.x + column * (side + gap)), round(box.y + row * (high + gap)), round(side), round(high))
        for row in range(down)
        for column in range(across)
    ]


def draw_kept(canvas, scene):
    """Draw the sheet over everything."""
    layout, unit, colours = canvas.layout, canvas.unit, canvas.colours
    canvas.text("Your hand", 1.4, colours.text, (unit, 1.1 * unit), bold=True)
    for name in layout.buttons:
        draw_button(canvas, scene, name)
    for name in layout.tools:
        draw_tool(canvas, scene, name)
    width = min([layout.size[0], *(box.x for box in layout.tools.values())]) - 2 * unit
    for words, down in ((scene.message or _count(scene, len(layout.history)), 4.1), (_outcome(scene), 5.6)):
        canvas.line(words, 1, width, colours.quiet, (unit, down * unit))
    for number, (box, example) in enumerate(zip(layout.history, scene.kept[scene.first_kept :], strict=False)):
        draw_small(canvas, scene, number, example.ink, example.name, box)


def _count(scene, places):
    if not scene.kept:
        return "Nothing is kept yet: say what a drawing is by its digit's key or bar."
    count, first = len(scene.kept), scene.first_kept
    here = f", here {first + 1} to {min(first + places, count)}" if count > places else ""
    return f"Kept: {count:,}{here}. Click on a drawing to keep it no longer."


def _outcome(scene):
    return f"Learning: {scene.learning}" if scene.learning else "" if scene.learnt == scene.message else scene.learnt
