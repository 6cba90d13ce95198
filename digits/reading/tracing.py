"""Strokes of ink that nobody saw drawn: the ink is thinned to lines, and these are followed straight over crossings.

Zhang and Suen, "A Fast Parallel Algorithm for Thinning Digital Patterns" (1984). Where lines meet, the two that go on
most nearly straight are one stroke, as a pen does not turn at a crossing.
"""

from collections import defaultdict
from itertools import combinations
from typing import NamedTuple

import numpy as np

from digits.reading.labels import label

_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # clockwise from above: row, column
_STRAIGHT = 0.5  # cosine of the angle by which a stroke may turn where it meets another
_SHORT = 1.0  # times as long as a stroke is thick: lines that thinning makes of a thick crossing
_SPUR = 0.7  # and those that it makes of a thick end
_REACH = 1.5  # and how far from a crossing the direction of a line is seen


class _End(NamedTuple):
    """The end of a line where it comes to a crossing."""

    line: int
    is_last: bool  # not the first of its points
    heading: np.ndarray  # (2,), of length 1, away from the crossing


def strokes(ink: np.ndarray, thickness: float) -> list[np.ndarray]:
    """Return the paths (k, 2) of strokes, x and y in places of the ink (rows, columns); see `thin` for its meaning."""
    skeleton = thin(ink)
    around = _neighbours(skeleton)
    branches = (~around & np.roll(around, -1, axis=0)).sum(axis=0)
    crossings = label(skeleton & ((branches >= 3) | (around.sum(axis=0) >= 4)))
    lines = _lines(skeleton & (crossings == 0))
    lines, ends = _at_crossings(lines, crossings, thickness)
    return [path[:, ::-1] + 0.5 for path in _followed(lines, _pairs(ends))]


def thin(ink: np.ndarray) -> np.ndarray:
    """Return ink (rows, columns), bool, thinned to lines one place wide."""
    thinned, before = np.pad(ink, 1), -1
    while (now := int(thinned.sum())) != before:
        before = now
        for first in (0, 2):
            thinned[1:-1, 1:-1] &= ~_is_edge(thinned, first)
    return thinned[1:-1, 1:-1]


def _is_edge(padded, first):
    """Return which places one of the two passes takes away."""
    rows, columns = padded.shape
    around = [padded[1 + r : rows - 1 + r, 1 + c : columns - 1 + c] for r, c in _AROUND]
    count = sum(place.astype(np.int8) for place in around)
    steps = sum((~one & other).astype(np.int8) for one, other in zip(around, around[1:] + around[:1], strict=True))
    up, right, down, left = around[::2]
    open_side = (
        ~(up & right & down) & ~(right & down & left) if first == 0 else ~(up & right & left) & ~(up & down & left)
    )
    return padded[1:-1, 1:-1] & (count >= 2) & (count <= 6) & (steps == 1) & open_side


def _neighbours(places):
    """Return whether each of the eight places around every place is one of these (8, rows, columns)."""
    rows, columns = places.shape
    padded = np.pad(places, 1)
    return np.stack([padded[1 + r : rows + 1 + r, 1 + c : columns + 1 + c] for r, c in _AROUND])


def _lines(places):
    """Return the points (k, 2), row and column, of lines without crossings, each from one end to the other."""
    labels = label(places)
    points = defaultdict(set)
    for row, column in np.argwhere(labels).tolist():
        points[labels[row, column]].add((row, column))
    lines = []
    for left in points.values():
        while left:  # what a walk leaves out, where lines touch, is another line
            lines.append(_walk(left))
    return lines


def _walk(left):
    """Take the points of a line out of these, and return them in order from an end; a ring begins anywhere."""
    at = min(left, key=lambda point: (len(_beside(point, left)), point))
    walked = []
    while at is not None:
        walked.append(at)
        left.discard(at)
        at = min(_beside(at, left), default=None, key=lambda point: abs(point[0] - at[0]) + abs(point[1] - at[1]))
    return np.array(walked)


def _beside(point, points):
    return [other for r, c in _AROUND if (other := (point[0] + r, point[1] + c)) in points]


def _at_crossings(lines, crossings, thickness):
    """Return lines without what thinning made of thick places, and the ends that come together at each crossing."""
    touched = [_touched(line, crossings) for line in lines]
    same = np.arange(crossings.max() + 1)
    kept = []
    for line, (first, last) in zip(lines, touched, strict=True):
        if first and last and first != last and len(line) <= _SHORT * thickness:
            same[same == same[last]] = same[first]
        elif len(line) > _SPUR * thickness or bool(first) == bool(last):
            kept.append((line, first, last))
    ends = defaultdict(list)
    for number, (line, first, last) in enumerate(kept):
        for crossing, points, is_last in ((first, line, False), (last, line[::-1], True)):
            if crossing:
                far = points[min(len(points) - 1, int(_REACH * thickness))] - points[0]
                ends[same[crossing]].append(_End(number, is_last, far / max(np.hypot(*far), 1e-6)))
    return [line for line, *_ in kept], ends


def _touched(line, crossings):
    """Return the crossings, by number, that a line's first and last point touch, 0 for none."""
    found = []
    for row, column in (line[0], line[-1]):
        area = crossings[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        found.append(sorted(set(area[area > 0].tolist())))
    first, last = found
    if len(line) == 1 and len(first) > 1:
        return first[0], first[1]
    return (first[0] if first else 0), (last[0] if last else 0)


def _pairs(ends):
    """Return which end, (line, is_last), goes on as which other."""
    pairs = {}
    for meeting in ends.values():
        for one, other in sorted(combinations(meeting, 2), key=lambda two: float(two[0].heading @ two[1].heading)):
            is_straight = -(one.heading @ other.heading) >= _STRAIGHT or len(meeting) == 2
            if is_straight and one[:2] not in pairs and other[:2] not in pairs:
                pairs[one[:2]], pairs[other[:2]] = other[:2], one[:2]
    return pairs


def _followed(lines, pairs):
    """Return the paths of lines that go on as one another, put together."""
    left = set(range(len(lines)))
    starts = [
        (line, is_last) for line in range(len(lines)) for is_last in (False, True) if (line, is_last) not in pairs
    ]
    rings = ((line, False) for line in range(len(lines)))
    return [_follow(start, lines, pairs, left) for start in [*starts, *rings] if start[0] in left]


def _follow(start, lines, pairs, left):
    """Return the path that begins at an end of a line."""
    path, end = [], start
    while end is not None and end[0] in left:
        line, is_last = end
        left.discard(line)
        path.append(lines[line][::-1] if is_last else lines[line])
        end = pairs.get((line, not is_last))
    return np.concatenate(path)
