"""The buttons with words."""

from digits.app.commands import BY_NAME
from digits.app.framing import LABELS

TOGGLES = {"live": "live", "why": "why"}  # a button that stays down, and the scene's word for it


def draw_button(canvas, scene, name):
    """Draw a button: its name, its key, whether it is on, has the focus, lies under the pointer or is pressed."""
    box, colours, unit, command = canvas.layout.buttons[name], canvas.colours, canvas.unit, BY_NAME[name]
    face, text, quiet = _button_colours(scene, name, colours)
    radius = 0.35 * unit
    canvas.panel(box, face, radius)
    canvas.panel(box, colours.edge, radius, canvas.hair)
    if scene.focus == name:
        canvas.panel(box.inside(-0.2 * unit), colours.text, 1.5 * radius, 2 * canvas.hair)
    inner = box.inside(min(0.5 * unit, 0.08 * box.width), 0)
    if name in TOGGLES:
        is_on = getattr(scene, TOGGLES[name])
        canvas.disc((inner.x + 0.3 * unit, inner.centre[1]), 0.3 * unit, text, 0 if is_on else 0.1 * unit)
        inner = inner.right_part(inner.width - 0.95 * unit)
    label = LABELS.get(name, command.label) if scene.framing else command.label
    label = "Stop" if name == "learn" and scene.learning else label
    size = canvas.fitting(label, 1, inner.width)
    words = canvas.text(label, size, text, (inner.x, inner.centre[1]), "midleft")
    key = command.shown_keys[0]
    if words.right + 0.3 * unit + canvas.width(key, 0.75) <= inner.right:
        canvas.text(key, 0.75, quiet, (inner.right, inner.centre[1]), "midright")


def _button_colours(scene, name, colours):
    """Return the colours of its face, its name and its key."""
    if not scene.can(name):
        return colours.ground, colours.bar, colours.bar
    is_main = name == "classify" and (scene.framing or not scene.live)
    if is_main or scene.pressed == name == scene.hover:
        return colours.accent, colours.on_accent, colours.on_accent
    return (colours.hover if scene.hover == name else colours.key), colours.text, colours.quiet
