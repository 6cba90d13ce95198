"""The drawing and its answer are copied: as a picture and as text where the clipboard takes both, else as text."""

from collections.abc import Callable

from digits.app.background import BackgroundTasks
from digits.app.desktop import Desktop
from digits.app.history import Entry


def copy(entry: Entry, desktop: Desktop, tasks: BackgroundTasks, say: Callable[[str], None]) -> None:
    """Copy what can be copied, the picture in the background, and say what there is to paste now."""
    has_text = bool(entry.words) and desktop.put_text(entry.words)
    tasks.begin("copy", lambda both: say(_said(entry.words, has_text, both)), desktop.put_both, entry.ink, entry.words)


def _said(words, has_text, has_both):
    if has_both:
        return f"Copied: the drawing as a picture, and {words} as text." if words else "Copied: the drawing."
    if has_text:
        return f"Copied: {words}"
    return "The clipboard cannot be reached." if words else "There is no answer to copy yet."
