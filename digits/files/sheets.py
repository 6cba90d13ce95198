"""The sheet that something is written on: a flat part of a picture, told from desk and wall by its outline."""

from typing import NamedTuple

import numpy as np

from digits.files import marks, regions

_SMALL = 160  # pixels of the longer side of the picture in which outlines are looked for
_WIDEST = 0.12  # of that side: what is narrower is written on the sheet
_STEP = 0.05  # of the light, from one pixel to its neighbours: more is an outline


class Sheet(NamedTuple):
    """A flat part of a picture; all is measured in parts of the picture's width and height."""

    area: float  # share of the picture
    convexity: float  # share of its convex hull that it fills: a desk around a sheet has a hole
    straightness: float  # share of the narrowest rectangle around it that it fills
    turn: float  # degrees, clockwise, of that rectangle
    brightness: float  # 0 to 1
    around: float  # brightness of all the rest of the picture
    is_whole: bool  # whether there is no edge of it in the picture


class Sheets:
    """The flat parts of a picture."""

    def __init__(self, colours: np.ndarray):
        """Look for them in colours (height, width, 3), 0 to 1, of a picture with dark ink; any size will do."""
        step = -(-max(colours.shape) // _SMALL)
        small = _reduced(colours, step)
        side = max(3, round(_WIDEST * max(small.shape)))
        self._ground = np.stack([marks.closing(small[..., i], side) for i in range(3)], axis=-1)
        self._parts = regions.find(_steps(self._ground) < _STEP)
        self._step = step

    def number_at(self, rows: np.ndarray, columns: np.ndarray, weights: np.ndarray) -> int:
        """Return the number of the flat part in which most of some pixels lie, by their weight; 0 if between parts."""
        labels = self._parts.labels[rows // self._step, columns // self._step]
        return int(np.argmax(np.bincount(labels, weights)))

    def sheet(self, number: int) -> Sheet | None:
        """Return a flat part by its number, None for 0."""
        if not number:
            return None
        inside = self._parts.labels == number
        corners = _hull(inside)
        rectangle, turn = _rectangle(corners)
        area, whole = float(inside.sum()), inside.size
        top, bottom, left, right = self._parts.boxes[number - 1]
        height, width = inside.shape
        return Sheet(
            area / whole,
            area / max(area, _area(corners)),
            area / max(area, rectangle),
            turn,
            float(self._ground[inside].mean()),
            float(self._ground[~inside].mean()) if area < whole else 0.0,
            area > 0.9 * whole and top <= 1 and left <= 1 and bottom >= height - 1 and right >= width - 1,
        )


def _reduced(colours, step):
    height, width = (-(-side // step) * step for side in colours.shape[:2])
    padded = np.pad(colours, ((0, height - len(colours)), (0, width - colours.shape[1]), (0, 0)), mode="edge")
    return padded.reshape(height // step, step, width // step, step, 3).mean(axis=(1, 3), dtype=np.float32)


def _steps(ground):
    """Return how much each pixel differs from its neighbours, as a share of the light, in the colour most unlike."""
    padded = np.pad(ground, ((1, 1), (1, 1), (0, 0)), mode="edge")

    def most(levels):
        return marks.highest(marks.highest(levels, 3).swapaxes(0, 1), 3).swapaxes(0, 1)

    high, low = most(padded), -most(-padded)
    return ((high - low) / (high + 0.1)).max(axis=-1)


def _hull(inside):
    """Return the corners of the convex hull of a mask's pixels, (n, 2) x and y, in order (Andrew 1979)."""
    rows = np.flatnonzero(inside.any(axis=1))
    left, right = inside[rows].argmax(axis=1), inside.shape[1] - inside[rows, ::-1].argmax(axis=1)
    points = [(x, y) for y, a, b in zip(rows.tolist(), left.tolist(), right.tolist(), strict=True) for x in (a, b)]
    points = sorted({(x, y + down) for x, y in points for down in (0, 1)})
    return np.array(_half(points) + _half(points[::-1]), float)


def _half(points):
    chain = []
    for x, y in points:
        while len(chain) > 1:
            (x0, y0), (x1, y1) = chain[-2:]
            if (x1 - x0) * (y - y0) > (y1 - y0) * (x - x0):
                break
            chain.pop()
        chain.append((x, y))
    return chain[:-1]


def _area(corners):
    x, y = corners.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _rectangle(corners):
    """Return the area of the smallest rectangle around a hull, and by how much it is turned; a side lies along it."""
    sides = np.roll(corners, -1, axis=0) - corners
    angles = np.unique(np.round(np.degrees(np.arctan2(sides[:, 1], sides[:, 0])) % 90, 1))
    radians = np.radians(angles)
    across, down = (corners @ np.stack([np.cos(radians + turn), np.sin(radians + turn)]) for turn in (0, np.pi / 2))
    areas = np.ptp(across, axis=0) * np.ptp(down, axis=0)
    best = int(np.argmin(areas))
    return float(areas[best]), float(angles[best] if angles[best] <= 45 else angles[best] - 90)
