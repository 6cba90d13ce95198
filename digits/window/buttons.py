"""The buttons."""

from digits.app.scene import Scene

TOGGLES = {"eraser": "erasing", "live": "live", "why": "why"}  # a button that stays down, and the scene's word for it


def draw_button(canvas, scene, command):
    """Draw a button: its name, its key, whether it is on, has the focus, lies under the pointer or is pressed."""
    box, colours, unit = canvas.layout.buttons[command.name], canvas.colours, canvas.unit
    face, text, quiet = _button_colours(scene, command, colours)
    radius = 0.35 * unit
    canvas.panel(box, face, radius)
    canvas.panel(box, colours.edge, radius, canvas.hair)
    if scene.focus == command.name:
        canvas.panel(box.inside(-0.2 * unit), colours.text, 1.5 * radius, 2 * canvas.hair)
    inner = box.inside(0.5 * unit, 0)
    if command.name in TOGGLES:
        is_on = getattr(scene, TOGGLES[command.name])
        canvas.disc((inner.x + 0.3 * unit, inner.centre[1]), 0.3 * unit, text, 0 if is_on else 0.1 * unit)
        inner = inner.right_part(inner.width - 0.95 * unit)
    words = canvas.text(command.label, 1, text, (inner.x, inner.centre[1]), "midleft")
    key = command.shown_keys[0]
    if words.right + 0.3 * unit + canvas.width(key, 0.75) <= inner.right:
        canvas.text(key, 0.75, quiet, (inner.right, inner.centre[1]), "midright")


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
