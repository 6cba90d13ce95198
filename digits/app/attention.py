"""What people attend to: the focus that Tab moves, and the tip of a button that somebody points at for a while."""

import math
from itertools import chain

from digits.app.commands import BRUSH, BUTTONS, DIGITS, KEPT_BUTTONS, LEAVES, TOOLS
from digits.app.scene import Scene

POINTING = 0.5  # s: whoever points at a button so long without pressing it wants to know what it does
STOPS = (None, *BUTTONS, *chain(*TOOLS))  # of the focus, before the last drawings; None is the paper
KEPT_STOPS = (None, *KEPT_BUTTONS, *LEAVES)  # on the sheet of what is kept


class Attention:
    """Keeps the scene's focus and tip. All times are in seconds."""

    def __init__(self, scene: Scene, now: float):
        self._scene = scene
        self._target, self._since = None, now  # what is pointed at, and since when

    def move_focus(self, by: int) -> None:
        """Walk through what can be pressed now; between the last button and the first lies the paper, None."""
        scene = self._scene
        stops = (*(STOPS if scene.kept is None else KEPT_STOPS), *range(scene.places))
        at = (stops.index(scene.focus) if scene.focus in stops else 0) + by
        while not self._is_stop(stops[at % len(stops)]):
            at += by
        scene.focus = stops[at % len(stops)]

    def end_tip(self) -> None:
        """Show no tip until something else is pointed at: who has pressed a button need not be told what it does."""
        self._since = math.inf

    def notice(self, now: float) -> None:
        """Show the tip of what has been pointed at for some time."""
        scene = self._scene
        if scene.hover != self._target:
            self._target, self._since = scene.hover, now
        is_shown = now - self._since >= POINTING and scene.pressed != BRUSH and not scene.keys
        scene.tip = scene.hover if is_shown and (scene.hover is None or self._has_tip(scene.hover)) else None

    def _is_stop(self, name):
        return name is None or self._scene.can(name)

    def _has_tip(self, target):
        if isinstance(target, str) and target not in DIGITS:
            return True  # also of what can do nothing yet
        return self._scene.can(target) and (target in DIGITS or self._scene.kept is None)
