"""A photograph that is looked at before it goes on the sheet, and the frame that is cut out of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from digits import UserError
from digits.files.photographs import Photograph

_INSTEAD = {"classify": "use", "reset": "drop", "leave": "drop"}  # commands that do something else meanwhile
_AS_EVER = ("open", "paste", "theme", "fullscreen", "keys", "next_focus", "last_focus", "close")
MEANWHILE = (*_INSTEAD, *_AS_EVER)  # all that can be done
LABELS = {"classify": "Use it", "reset": "Cancel"}  # of buttons, meanwhile
HOW = "Pull the frame around the digit; Enter puts it on the grid."


@dataclass(frozen=True)
class Framing:
    """A photograph with a frame; all positions are in pixels of its preview, x and y."""

    photograph: Photograph
    corners: tuple[tuple[float, float], ...]  # four, clockwise from the top left
    columns: int  # of the sheet that it is for

    @property
    def size(self) -> tuple[int, int]:
        """The width and height of the preview."""
        height, width = self.photograph.preview.shape[:2]
        return width, height

    @property
    def handles(self) -> np.ndarray:
        """Where the corners can be taken hold of, (4, 2): inside the photograph, also where the frame is not."""
        return np.clip(self.corners, 0, self.size)

    @cached_property
    def ink(self) -> np.ndarray | None:
        """What the frame holds, (28, columns), None where nothing is written in it."""
        try:
            return self.photograph.cut(np.array(self.corners), self.columns)
        except UserError:
            return None

    def handle_at(self, point, reach: float) -> int | None:
        """Return the corner that is nearest to a point, None where none is within reach: the frame as a whole."""
        distances = np.hypot(*(self.handles - point).T)
        nearest = int(np.argmin(distances))
        return nearest if distances[nearest] <= reach else None

    def pulled(self, handle: int | None, by) -> "Framing":
        """Return it with a corner moved by so many pixels, or all of the frame; it does not leave the photograph."""
        corners = np.array(self.corners)
        if handle is None:
            middle = corners.mean(axis=0)
            corners += np.clip(middle + by, 0, self.size) - middle
        else:
            corners[handle] = np.clip(self.handles[handle] + by, 0, self.size)
        return replace(self, corners=tuple(map(tuple, corners.tolist())))


class Cutting:
    """Shows a photograph in a scene until something is cut out of it, or nothing."""

    def __init__(self, scene, put: Callable[[np.ndarray], None], say: Callable[[str], None]):
        """put: is given the ink (28, columns) that was cut out; say: a sentence."""
        self._scene, self._put, self._say = scene, put, say

    def begin(self, photograph: Photograph, columns: int) -> None:
        """Show a photograph in the place of whatever is shown, with the frame that was found."""
        self._scene.kept = None
        self._scene.framing = Framing(photograph, tuple(map(tuple, photograph.corners.tolist())), columns)

    def pull(self, handle: int | None, by) -> None:
        """Move a corner by so many pixels of the photograph, or all of the frame."""
        self._scene.framing = self._scene.framing.pulled(handle, by)

    def takes(self, command: str) -> bool:
        """Whether a command is for the photograph, or has to wait, for it would change what lies under it."""
        return self._scene.framing is not None and not self._scene.keys and command not in _AS_EVER

    def do(self, command: str) -> None:
        """Use what the frame holds, or drop the photograph; all else waits."""
        if _INSTEAD.get(command) == "drop":
            self._scene.framing = None
        elif command in _INSTEAD and self._scene.framing.ink is None:
            self._say("There is nothing written in the frame; move it over a digit.")
        elif command in _INSTEAD:
            self._put(self._scene.framing.ink)
