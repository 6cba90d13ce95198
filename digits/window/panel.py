"""What stands beside the sheet: what the program is doing, the answer, and ten bars."""

from digits.window.layout import Box
from digits.window.number import draw_number

LEAST = 0.005  # of a probability that is worth a word: one that is shown as 1 % or more


def draw_status(canvas, scene):
    """Draw what the program is doing: a sign of its own shape for each state, and words."""
    box, colours, unit = canvas.layout.status, canvas.colours, canvas.unit
    if not box.height:
        return
    centre = (box.x + 0.45 * unit, box.y + box.height // 2)
    words, colour = _status(scene, colours)
    canvas.disc(centre, 0.32 * unit, colour, 0 if scene.state == "ready" else 0.13 * unit)
    if scene.state == "stopped":
        canvas.text("!", 0.8, colour, centre, "center", bold=True)
    size = canvas.fitting(words, 0.95, box.width - 1.2 * unit)
    canvas.text(words, size, colours.text, (box.x + 1.2 * unit, centre[1]), "midleft")


def _status(scene, colours):
    if scene.state == "loading":
        return f"Loading the model \u2026 {scene.seconds:.1f} s", colours.against
    if scene.state == "thinking":
        return "Thinking \u2026" + (f" {scene.seconds:.0f} s" if scene.seconds >= 1 else ""), colours.accent
    if scene.learning:
        return f"Learning your hand: {scene.learning}", colours.accent
    if scene.state == "stopped":
        return "Stopped: press Classify", colours.alarm
    return ("Ready: it reads as you draw" if scene.live else "Ready: press Classify"), colours.accent


def draw_answer(canvas, scene):
    """Draw the digit large, its probability and the runner-up, or what is wanted instead."""
    if scene.trouble:
        return say(canvas, scene.trouble, canvas.colours.alarm)
    if scene.is_bare:
        return _invite(canvas, scene)
    if scene.answer is None:
        waiting = "The answer comes when the model is loaded." if scene.state == "loading" else "Press Classify."
        return say(canvas, waiting if scene.state != "thinking" else "", canvas.colours.quiet)
    if scene.answer.is_doubtful and not (scene.is_number or scene.may_refuse):
        return say(canvas, "\u2026", canvas.colours.quiet, 1.8)
    return _draw_reading(canvas, scene)


def _draw_reading(canvas, scene):
    if scene.is_number:
        return draw_number(canvas, scene)
    return _draw_doubt(canvas, scene) if scene.answer.is_doubtful else _draw_digit(canvas, scene)


def _invite(canvas, scene):
    """Say what to do on an empty sheet, and at the first start how."""
    return say(canvas, scene.hint or scene.invitation, canvas.colours.quiet, 1 if scene.hint else 1.5)


def _draw_doubt(canvas, scene):
    """Say that it is perhaps no digit, and only in small letters which one it would be."""
    answer, digit = scene.answer, canvas.layout.digit
    guess = f"at best a {answer.digit}: {answer.percent} %"
    middle, quiet = digit.centre[1], canvas.colours.quiet
    strong = quiet if scene.is_old else canvas.colours.text
    width = canvas.layout.verdict.right - digit.x
    place, below = (digit.x, middle + 0.3 * canvas.unit), (digit.x, middle + 0.5 * canvas.unit)
    canvas.line("not a digit?", 1.8, width, strong, place, "bottomleft", bold=True)
    canvas.line("an earlier drawing" if scene.is_old else guess, 1, width, quiet, below)


def say(canvas, words, colour, size=1.0):
    """Write a sentence in the place of the answer."""
    digit, verdict = canvas.layout.digit, canvas.layout.verdict
    box = Box(digit.x, digit.y, max(1, verdict.right - digit.x), digit.height)
    lines, height = canvas.wrapped(words, size, box.width)
    while height > box.height and size > 0.7:  # a long complaint in a small window
        size -= 0.1
        lines, height = canvas.wrapped(words, size, box.width)
    canvas.lines(lines, size, colour, (box.x, box.y + max(0, box.height - height) // 2))


def _draw_digit(canvas, scene):
    answer, digit, verdict = scene.answer, canvas.layout.digit, canvas.layout.verdict
    strong = canvas.colours.quiet if scene.is_old else canvas.colours.text
    size = max(1, min(1.1 * digit.height, 1.5 * digit.width)) / canvas.unit
    canvas.text(str(answer.digit), size, strong, digit.centre, "center", bold=True)
    middle = verdict.centre[1]
    first, second = _verdict(answer)
    below = "an earlier drawing" if scene.is_old else second
    baseline = middle + (0.3 if below else 1.3) * canvas.unit
    canvas.line(first, 2, verdict.width, strong, (verdict.x, baseline), "bottomleft", bold=True)
    canvas.line(below, 1, verdict.width, canvas.colours.quiet, (verdict.x, middle + 0.4 * canvas.unit))


def _verdict(answer):
    """Return what stands beside a digit, in large and in small letters: how sure it is, or which one else it may be."""
    chance = answer.probabilities[answer.runner_up]
    if answer.is_torn:
        return f"or {answer.runner_up}", f"{answer.percent} % to {_percent(chance)}"
    return f"{answer.percent} %", f"or {answer.runner_up}: {_percent(chance)}" if chance >= LEAST else ""


def draw_bars(canvas, scene):
    """Draw ten bars; the winner's is told by colour and bold figures, the runner-up's by its outline."""
    shown = None if scene.is_bare or scene.trouble else scene.answer
    for digit, row in enumerate(canvas.layout.bars):
        _draw_bar(canvas, scene, row, digit, shown)


def _draw_bar(canvas, scene, row, digit, answer):
    colours, unit, size = canvas.colours, canvas.unit, min(1, canvas.layout.bars[0].height / canvas.unit / 1.02)
    is_first = answer is not None and digit == answer.digit
    is_second = answer is not None and digit == answer.runner_up and answer.probabilities[digit] >= LEAST
    strong = colours.text if is_first or is_second else colours.quiet
    middle = row.centre[1]
    if scene.hover == str(digit) and scene.can(scene.hover):
        canvas.panel(row.inside(-0.3 * unit, 0), colours.hover, 0.3 * unit)
    canvas.text(str(digit), size, strong, (row.x, middle), "midleft", is_first)
    height = max(1, round(min(0.62 * row.height, 0.9 * unit)))
    track = Box(row.x + round(1.2 * unit), middle - height // 2, max(0, row.width - round(4.6 * unit)), height)
    canvas.panel(track, colours.line, height / 2)
    canvas.surface.set_clip(track.left_part(max(scene.bars[digit] * track.width, 0)))
    canvas.panel(track, colours.accent if is_first and not scene.is_old else colours.bar, height / 2)
    canvas.surface.set_clip(None)
    if is_second:
        canvas.panel(track, colours.quiet, height / 2, canvas.hair)
    if answer is not None:
        canvas.text(_percent(answer.probabilities[digit]), size, strong, (row.right, middle), "midright", is_first)


def _percent(probability):
    return f"{round(100 * float(probability))} %"
