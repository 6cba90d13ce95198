"""The one pointer that acts, whatever leads it: a mouse button, a finger, a pen or the space bar."""

from typing import Protocol

from digits.app.commands import BRUSH
from digits.app.framing import Cutting
from digits.app.scene import Scene
from digits.ink.sheet import Sheet
from digits.window.layout import Layout

LIGHTEST = 0.5  # of the brush's radius, where a pen hardly touches; full pressure, or none told, gives all of it


class Target(Protocol):
    """What gestures and keys act on: a `digits.app.session.Session`, and no more of it than this."""

    sheet: Sheet
    scene: Scene
    cutting: Cutting

    def do(self, name: str) -> None:
        """Carry out a command."""

    def choose_brush(self, share: float) -> None:
        """Take the brush at a share of the way from the thinnest to the thickest."""

    def take_back(self, number: int) -> None:
        """Put one of the last drawings on the sheet."""


class Pointer:
    """Draws on the sheet and presses buttons; whoever goes down first leads it until they come up."""

    def __init__(self, target: Target):
        self._target = target
        self._leader = None
        self._grip = None  # a corner of a photograph's frame, or None for all of it, and where it was last

    @property
    def is_down(self) -> bool:
        """Whether somebody draws or holds a button."""
        return self._leader is not None

    def leads(self, who) -> bool:
        """Whether this one leads the pointer."""
        return who == self._leader

    def hover(self, layout: Layout, pixel) -> None:
        """Show what lies under a pointer that may be up."""
        scene = self._target.scene
        scene.hover = layout.target_at(pixel)
        scene.pointer = tuple(layout.cells(pixel).tolist()) if layout.paper.holds(pixel) else None

    def leave(self) -> None:
        """Show no more of a pointer that is gone."""
        self._target.scene.hover = self._target.scene.pointer = None

    def press(self, who, layout: Layout, pixel, erase: bool = False, pressure: float = 1.0) -> None:
        """Go down at a pixel: on the paper, on a button, or beside both."""
        if self.is_down:
            return
        scene, button = self._target.scene, layout.target_at(pixel)
        scene.focus = scene.cursor = None
        if scene.keys:
            self._target.do("keys")
        elif button is not None and not erase:
            self._press_button(who, button, layout, pixel)
        elif layout.paper.holds(pixel) and scene.framing:
            self._leader, size = who, scene.framing.size
            point = layout.on_picture(pixel, size)
            self._grip = scene.framing.handle_at(point, layout.reach_on_picture(size)), point
        elif layout.paper.holds(pixel):
            self.begin(who, layout.cells(pixel), erase, pressure)

    def _press_button(self, who, button, layout, pixel):
        scene = self._target.scene
        scene.hover = button
        if not scene.can(button):
            return
        self._leader = who
        scene.pressed = button
        if button == BRUSH:
            self._target.choose_brush(layout.share_at(pixel))

    def begin(self, who, cells, erase: bool = False, pressure: float = 1.0) -> None:
        """Go down on the paper; only a pointer that is up can."""
        self._leader = who
        self._target.sheet.begin(cells, self._radius(pressure), erase or self._target.scene.erasing)

    def move(self, who, layout: Layout, pixel, pressure: float = 1.0) -> None:
        """Go on to a pixel."""
        if not self.leads(who):
            return
        if self._target.scene.framing:
            return self._pull(layout, pixel)
        if not self._target.scene.is_covered:
            self._target.sheet.extend(layout.cells(pixel), self._radius(pressure))
        if self._target.scene.pressed is not None:
            self._target.scene.hover = layout.target_at(pixel)
        if self._target.scene.pressed == BRUSH:
            self._target.choose_brush(layout.share_at(pixel))

    def _pull(self, layout, pixel):
        if self._grip:
            handle, last = self._grip
            point = layout.on_picture(pixel, self._target.scene.framing.size)
            self._target.cutting.pull(handle, point - last)
            self._grip = handle, point

    def release(self, who, layout: Layout, pixel) -> None:
        """Come up at a pixel; a button acts if the pointer is still on it."""
        if not self.leads(who):
            return
        self.lift(who)
        scene = self._target.scene
        pressed, scene.pressed = scene.pressed, None
        if pressed is not None and layout.target_at(pixel) == pressed:
            self._act(pressed)

    def _act(self, pressed):
        if isinstance(pressed, int):
            self._target.take_back(pressed)
        elif pressed != BRUSH:
            self._target.do(pressed)

    def lift(self, who) -> None:
        """Come up, wherever that is."""
        if self.leads(who):
            self._leader = self._grip = None
            self._target.sheet.end()

    def _radius(self, pressure):
        return self._target.scene.radius * (LIGHTEST + (1 - LIGHTEST) * pressure)
