"""The tools: icons, the slider of the brush, and the tip of the button that somebody points at."""

from itertools import chain

from digits.app.commands import BRUSH, TOOLS, WHY_NOT, tip
from digits.ink import brush
from digits.window.icons import ICONS
from digits.window.layout import Box


def draw_tools(canvas, scene):
    """Draw all tools."""
    for name in chain(*TOOLS):
        if name == BRUSH:
            _draw_slider(canvas, scene)
        else:
            draw_tool(canvas, scene, name)


def draw_tool(canvas, scene, name):
    """Draw an icon that can be pressed."""
    face, colour = _tool_colours(scene, name, canvas.colours)
    box = canvas.layout.tools[name]
    side = min(box.width, box.height)
    inner, radius = box.inside(0.06 * side), 0.18 * side
    if face:
        canvas.panel(inner, face, radius)
    if scene.focus == name:
        canvas.panel(inner, canvas.colours.text, radius, 2 * canvas.hair)
    icon = "window" if name == "fullscreen" and scene.fullscreen else name
    canvas.icon(ICONS[icon], box.centre, 0.6 * side, colour)


def _tool_colours(scene, name, colours):
    """Return the colour of its face, None for none, and of its icon."""
    if not scene.can(name):
        return None, colours.bar
    is_on = (name == "eraser" and scene.erasing) or (name == "inside" and scene.inside)
    if is_on or scene.pressed == name == scene.hover:
        return colours.accent, colours.on_accent
    return (colours.hover if scene.hover == name else None), colours.text


def _draw_slider(canvas, scene):
    """Draw the slider: on its knob the brush, smaller or larger."""
    box, colours = canvas.layout.tools[BRUSH], canvas.colours
    thin, thick = canvas.layout.track
    side = min(box.width, box.height)
    line = Box(round(min(thin[0], thick[0])), round(min(thin[1], thick[1])), 0, 0)
    width, height = round(abs(thick[0] - thin[0])), round(abs(thick[1] - thin[1]))
    half = max(1, round(0.05 * side))
    canvas.panel(Box(line.x - half, line.y - half, width + 2 * half, height + 2 * half), colours.edge, half)
    knob = tuple(start + scene.brush_share * (end - start) for start, end in zip(thin, thick, strict=True))
    canvas.disc(knob, 0.42 * side, colours.hover if scene.chooses_brush else colours.key)
    ring = (colours.text, 2 * canvas.hair) if scene.focus == BRUSH else (colours.edge, canvas.hair)
    canvas.disc(knob, 0.42 * side, *ring)
    colour = colours.ink if scene.can(BRUSH) else colours.bar
    canvas.disc(knob, 0.32 * side * scene.radius / brush.THICKEST, colour)


def draw_tip(canvas, scene):
    """Say beside a button what it is for and which keys do it, or what a drawing was read as."""
    unit, (width, height) = canvas.unit, canvas.layout.size
    lines, high = canvas.wrapped(_words(scene), 0.9, max(1, round(min(width - 2 * unit, 24 * unit))))
    wide = max(canvas.width(line, 0.9) for line in lines)
    box = _beside(canvas, canvas.layout.targets[scene.tip], round(wide + 1.2 * unit), round(high + 0.6 * unit))
    box = Box(max(0, min(box.x, width - box.width)), max(0, min(box.y, height - box.height)), *box[2:])
    canvas.panel(box, canvas.colours.text, 0.3 * unit)
    canvas.lines(lines, 0.9, canvas.colours.ground, (box.x + 0.6 * unit, box.y + (box.height - high) // 2))


def _words(scene):
    if isinstance(scene.tip, str):
        return WHY_NOT[scene.tip] if scene.tip in WHY_NOT and not scene.can(scene.tip) else tip(scene.tip)
    return f"Take back: {scene.history[scene.tip].words or 'no answer'}"


def _beside(canvas, place, width, height):
    """Return where a tip of this size stands: right of a column, below a row at the top, else above, if it can."""
    paper, gap = canvas.layout.paper, round(0.4 * canvas.unit)
    if place.right <= paper.x:
        return Box(place.right + gap, place.centre[1] - height // 2, width, height)
    above = place.y - gap - height
    top = place.bottom + gap if place.bottom <= paper.y or above < 0 else above
    return Box(place.centre[0] - width // 2, top, width, height)
