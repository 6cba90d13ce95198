"""A look inside: what some of a network's layers see, as small pictures."""

import contextlib

import numpy as np

from digits.ink import brush, grid
from digits.reading.answer import Layer
from digits.reading.engine import Engine

_LAYERS = 3  # the first, the last, and one between them
_MAPS = 12  # of each layer, those that differ most from place to place
_LEAST = 1e-6  # a response so weak is none
_FAINT = 0.2  # of what the cross in the ring gives: where no map reaches it, all stay as faint as they are
_CROSS = [(7, 7, 21, 21), (21, 7, 7, 21), (4, 14, 24, 14), (14, 4, 14, 24)]  # lines in cells: all directions


class Inside:
    """Shows the layers of a network: always the same ones, and of each always the same maps, so that they stay put."""

    def __init__(self, engine: Engine):
        """Look into an engine, which is opened at the first look."""
        self._engine, self._eyes = engine, None

    def look(self, ink: np.ndarray) -> tuple[Layer, ...]:
        """Return what the layers see of a grid (28, 28), the first one first; empty where they see no pictures.

        What bare paper gives is left out, and in each layer 1 is the strongest response.
        """
        if self._eyes is None:
            self._eyes = self._open()
        layers = self._engine.layers(ink[None]) if self._eyes else []
        return tuple(Layer(eye.look(layers[eye.number][0])) for eye in self._eyes)

    def _open(self):
        """Choose what is shown, by how the network sees a cross in a ring."""
        with contextlib.suppress(Exception):  # models differ, and none need fail for this
            layers = self._engine.layers(np.stack([grid.empty(), _probe()]))
            return [_Eye(number, *layers[number]) for number in _some(len(layers))]
        return []


class _Eye:
    """What is shown of one layer."""

    def __init__(self, number, bare, probe):
        response = np.abs(probe - bare)
        self.number, self._bare = number, bare
        self._maps = np.argsort(-response.std(axis=(0, 1)), kind="stable")[:_MAPS]
        self._most = np.maximum(response.max(axis=(0, 1)), _LEAST)

    def look(self, given):
        """Return maps (k, h, w) in [0, 1] of what a layer gives (h, w, c)."""
        seen = (np.abs(given - self._bare) / self._most)[..., self._maps]
        return (seen / max(seen.max(), _FAINT)).transpose(2, 0, 1).astype(np.float32)


def _some(count):
    """Return the numbers of a few of so many layers, evenly from the first to the last."""
    return np.linspace(0, count - 1, min(_LAYERS, count)).round().astype(int).tolist()


def _probe():
    turns = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack([14 + 10 * np.cos(turns), 14 + 10 * np.sin(turns)], axis=1)
    ink = grid.empty()
    brush.draw(ink, np.concatenate([brush.lines(ring), np.float32(_CROSS)]))
    return ink
