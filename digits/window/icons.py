"""The icons of the tools: lines, areas and dots on a square of 24 steps, x to the right and y downwards."""

import math


def _arc(centre, radius, start, end, steps=16):
    """Return points along an arc; angles in degrees, clockwise from the right."""
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return tuple((centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in angles)


def _box(left, top, right, bottom):
    return "line", ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))


def _line(*points):
    return "line", points


def _mirrored(shapes):
    return tuple((kind, tuple((24 - x, y) for x, y in points)) for kind, points in shapes)


_UNDO = (_line((9, 4), (4, 9), (9, 14)), _line((4, 9), *_arc((14, 14), 5, -90, 90), (9, 19)))
_CORNERS = (_line((4, 9), (4, 4), (9, 4)), _line((4, 15), (4, 20), (9, 20)))
_INNER_CORNERS = (_line((9, 4), (9, 9), (4, 9)), _line((9, 20), (9, 15), (4, 15)))

ICONS = {
    "eraser": (
        _line((3.5, 14.5), (13, 5), (19.5, 11.5), (10.5, 20.5), (9.5, 20.5), (3.5, 14.5)),
        _line((8, 10), (14.5, 16.5)),
        _line((10, 20.5), (21, 20.5)),
    ),
    "undo": _UNDO,
    "redo": _mirrored(_UNDO),
    "open": (_line((3, 19), (3, 5), (9, 5), (12, 8), (21, 8), (21, 19), (3, 19)),),
    "newer": (_line((5, 15), (12, 8), (19, 15)),),
    "older": (_line((5, 9), (12, 16), (19, 9)),),
    "save": (
        _line((4, 4), (16, 4), (20, 8), (20, 20), (4, 20), (4, 4)),
        _line((8, 4), (8, 9), (15, 9), (15, 4)),
        _line((8, 20), (8, 14), (16, 14), (16, 20)),
    ),
    "save_history": (_box(4, 4, 10, 10), _box(14, 4, 20, 10), _box(4, 14, 10, 20), _box(14, 14, 20, 20)),
    "copy": (_box(9, 9, 20, 20), _line((5, 15), (4, 15), (4, 4), (15, 4), (15, 5))),
    "paste": (
        _line((8, 5), (5, 5), (5, 21), (19, 21), (19, 5), (16, 5)),
        _box(9, 3, 15, 7),
        _line((9, 12), (15, 12)),
        _line((9, 16), (15, 16)),
    ),
    "inside": (
        _line((12, 3), (21, 8), (12, 13), (3, 8), (12, 3)),
        _line((3, 12.5), (12, 17.5), (21, 12.5)),
        _line((3, 17), (12, 22), (21, 17)),
    ),
    "no_digit": (_line((7, 5), (11, 5), (6, 19), (17, 19)), _line((4, 20), (20, 4))),
    "kept": (
        _line((2, 9), (12, 4), (22, 9), (12, 14), (2, 9)),
        _line((6, 11), (6, 17), *_arc((12, 15.5), 6.2, 165, 15), (18, 11)),
        _line((22, 9), (22, 16)),
    ),
    "theme": (_line(*_arc((12, 12), 8.5, 0, 360, 48)), ("area", _arc((12, 12), 8.5, -90, 90, 24))),
    "fullscreen": _CORNERS + _mirrored(_CORNERS),
    "window": _INNER_CORNERS + _mirrored(_INNER_CORNERS),
    "keys": (
        _box(2, 6, 22, 18),
        ("dots", ((6, 10), (10, 10), (14, 10), (18, 10))),
        _line((8, 14), (16, 14)),
    ),
}
