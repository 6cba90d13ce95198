"""Photographs of handwritten digits, made: paper, board and desk, pens, light, a camera. Any of them by its seed.

Every kind is wide on purpose: colours, textures, pens, sizes, turns, light and camera all differ, so that what reads
these photographs does not read the quirks of one.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from digits.ink import strokes

ON_DESKS = ("dark desk", "light desk", "strip")
KINDS = (*ON_DESKS, "shadow", "squares", "ruled", "chalk", "pencil", "corner", "plain")
LONG = 1200  # pixels of a picture's longer side
_PENS = {"ball": (0.018, 0.045), "felt": (0.04, 0.09), "marker": (0.08, 0.14)}  # width, of the digit's height
_INKS = ((15, 15, 20), (25, 35, 110), (30, 60, 170), (170, 25, 30), (20, 95, 50), (60, 30, 90), (50, 45, 45))


class _Paper(NamedTuple):
    """A flat sheet and where it lies in the picture."""

    colours: np.ndarray  # (height, width, 3), 0 to 1: how much light comes back
    corners: np.ndarray  # (4, 2) in the picture, x and y, clockwise from the top left


def photograph(kind: str, drawing: strokes.Drawing, seed: int, long: int = LONG) -> Image.Image:
    """Return a photograph of a drawing, RGB, `long` pixels along its longer side."""
    rng = np.random.default_rng((KINDS.index(kind), seed))
    size = (long, round(long * 0.75)) if rng.random() < 0.5 else (round(long * 0.75), long)
    paper = _on_desk(kind, drawing, size, rng) if kind in ON_DESKS else _filling(kind, drawing, size, rng)
    seen = _laid(paper, size, kind, rng)
    return _camera(seen * _light(size, rng, kind == "shadow")[..., None], rng)


# Where the sheet lies, and the digit on it


def _filling(kind, drawing, size, rng):
    """Return a sheet or board that reaches over the edges of the picture."""
    flat = tuple(round(1.5 * side) for side in size)
    height = min(size) * _log_uniform(rng, *((0.07, 0.2) if kind == "corner" else (0.16, 0.75)))
    reach = np.maximum(0, np.array(size) / 2 - 0.62 * height) * 0.85
    away = rng.uniform(0.7, 1, 2) * rng.choice((-1, 1), 2) if kind == "corner" else rng.uniform(-1, 1, 2)
    colours = _written(kind, drawing, flat, height, np.array(flat) / 2 + away * reach, rng)
    return _Paper(colours, _corners(flat, np.array(size) / 2, rng.normal(0, 4), 0.03, rng))


def _on_desk(kind, drawing, size, rng):
    """Return a sheet with at least one of its edges in the picture."""
    flat = np.array(size) * (1.5 if kind == "strip" else rng.uniform(0.5, 0.85))
    if kind != "strip" and rng.random() < 0.4:
        flat[:] = flat.min() * np.array([1, rng.uniform(1, 1.25)])  # a note
    middle = np.array(size) / 2 + rng.uniform(-0.5, 0.5, 2) * np.maximum(0, size - flat)
    if kind != "strip" and rng.random() < 0.25:
        middle += rng.choice((-1, 1), 2) * (rng.random(2) < 0.5) * 0.2 * flat  # partly out of the picture
    offset = np.zeros(2)
    if kind == "strip":
        axis, side = rng.integers(2), rng.choice((-1, 1))
        offset[axis] = side * (flat[axis] / 2 - size[axis] * (0.5 - rng.uniform(0.03, 0.2)))
        middle = np.array(size) / 2 + -offset
    seen = np.minimum(flat, size)
    height = seen.min() * _log_uniform(rng, 0.18, 0.7)
    reach = np.maximum(0, seen / 2 - 0.62 * height) * 0.6
    place = flat / 2 + (offset if kind == "strip" else 0) + rng.uniform(-1, 1, 2) * reach
    place += np.clip(np.array(size) / 2 - middle, -0.2 * flat, 0.2 * flat) * (kind != "strip")
    flat = tuple(flat.round().astype(int).tolist())
    ruling = str(rng.choice(("plain", "plain", "plain", "squares", "ruled", "pencil")))
    colours = _written(ruling, drawing, flat, height, place, rng)
    return _Paper(colours, _corners(flat, middle, rng.normal(0, 3 if kind == "strip" else 9), 0.04, rng))


def _corners(flat, middle, degrees, skew, rng):
    width, height = flat
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (width / 2, height / 2)
    corners = corners * (1 + rng.uniform(-skew, skew, (4, 2)))
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return corners @ np.array([(cos, sin), (-sin, cos)]) + middle


# What is on the sheet


def _written(kind, drawing, flat, height, place, rng):
    """Return the colours of a sheet with a digit on it."""
    paper = _board(flat, rng) if kind == "chalk" else _paper(flat, rng)
    if kind in ("squares", "ruled"):
        paper = _ruled(paper, height, kind == "squares", rng)
    pen = str(rng.choice(("ball", "felt") if kind in ("pencil", "chalk") else tuple(_PENS)))
    cover = _stroked(drawing, flat, height, place, max(1.6, height * _log_uniform(rng, *_PENS[pen])), rng)
    if kind == "pencil":
        grey = np.full(3, rng.uniform(0.2, 0.4))
        return _over(paper, grey, cover * _grain(flat, rng, 0.45) * rng.uniform(0.45, 0.9))
    if kind == "chalk":
        chalk = np.array(((0.95, 0.95, 0.92), (0.95, 0.9, 0.6), (0.95, 0.75, 0.75))[rng.integers(3)])
        return _over(paper, chalk, cover * _grain(flat, rng, 0.5) * rng.uniform(0.6, 1))
    ink = np.array(_INKS[rng.integers(len(_INKS))]) / 255
    return _over(paper, ink, cover * _grain(flat, rng, 0.12) * rng.uniform(0.8, 1))


def _paper(flat, rng):
    white = rng.uniform(0.8, 0.97) * np.array((1, rng.uniform(0.97, 1), rng.uniform(0.86, 1)))
    rough = 1 + rng.uniform(0.002, 0.02) * rng.standard_normal((flat[1], flat[0]), np.float32)
    paper = white.astype(np.float32) * (rough * (1 + 0.03 * _clouds(flat, rng, 4)))[..., None]
    if rng.random() < 0.15:  # specks
        specks = Image.new("L", flat)
        for x, y in rng.uniform(0, 1, (rng.integers(3, 12), 2)) * flat:
            radius = rng.uniform(0.5, 0.002 * max(flat))
            ImageDraw.Draw(specks).ellipse((x - radius, y - radius, x + radius, y + radius), 150)
        paper = _over(paper, np.full(3, 0.4), np.asarray(specks, np.float32) / 255)
    if rng.random() < 0.12:  # a fold
        x = np.abs(np.arange(flat[0]) - rng.uniform(0.2, 0.8) * flat[0])
        paper = paper * (1 - rng.uniform(0.03, 0.12) * np.exp(-((x / (0.003 * flat[0])) ** 2)))[None, :, None]
    return paper.astype(np.float32)


def _board(flat, rng):
    dark = np.array(((0.1, 0.2, 0.15), (0.08, 0.08, 0.09), (0.1, 0.14, 0.22), (0.2, 0.22, 0.22))[rng.integers(4)])
    dust = np.clip(_clouds(flat, rng, 5) + rng.uniform(-0.5, 1), 0, None) * rng.uniform(0, 0.08)
    rough = 1 + rng.uniform(0.02, 0.1) * rng.standard_normal((flat[1], flat[0]), np.float32)
    return (dark * rough[..., None] + dust[..., None]).astype(np.float32)


def _ruled(paper, height, is_square, rng):
    """Return paper with printed lines, or squares; some have a margin."""
    rows, columns = paper.shape[:2]
    pitch = max(9.0, height / rng.uniform(1, 8) if is_square else height / rng.uniform(0.7, 4))
    width = max(0.8, pitch * rng.uniform(0.02, 0.07))
    cover = np.zeros((rows, columns), np.float32)
    start = rng.uniform(0, pitch)
    y, x = np.arange(rows)[:, None], np.arange(columns)[None]
    for along in (y, x) if is_square else (y,):
        distance = np.abs((along - start) % pitch - pitch / 2)
        cover = np.maximum(cover, np.clip(width / 2 + 0.5 - distance, 0, 1))
    line = np.array(((0.45, 0.6, 0.85), (0.6, 0.6, 0.62), (0.6, 0.5, 0.75), (0.5, 0.75, 0.65))[rng.integers(4)])
    paper = _over(paper, line, cover * rng.uniform(0.3, 0.9))
    if rng.random() < 0.3:
        margin = np.clip(width / 2 + 0.5 - np.abs(x - rng.uniform(0.1, 0.3) * columns), 0, 1)
        paper = _over(paper, np.array((0.85, 0.3, 0.3)), margin * np.ones((rows, 1)) * rng.uniform(0.4, 0.9))
    return paper


def _stroked(drawing, flat, height, place, width, rng, fine=2):
    """Return how much of each point of a sheet a pen has covered, (rows, columns), 0 to 1."""
    image = Image.new("L", tuple(fine * side for side in flat))
    draw = ImageDraw.Draw(image)
    paths = strokes.smoothed(drawing, 80).paths
    box = strokes.box(paths)
    scale = fine * height / max(box.height, box.width, 1e-6)
    sway = 1 + rng.uniform(0, 0.2) * np.sin(np.linspace(0, rng.uniform(3, 20), 80) + rng.uniform(0, 6))
    for path in paths:
        points = (path - (box.x, box.y)) * scale + fine * np.asarray(place)
        steps = np.linspace(0, len(points) - 1, 8 * len(points))
        x, y, r = (np.interp(steps, np.arange(len(points)), v) for v in (*points.T, sway * fine * width / 2))
        for left, top, right, bottom in np.stack([x - r, y - r, x + r, y + r], axis=1).tolist():
            draw.ellipse((left, top, right, bottom), 255)
    return np.asarray(image.reduce(fine), np.float32) / 255


def _over(ground, colour, cover):
    return (ground + cover[..., None] * (colour - ground)).astype(np.float32)


def _grain(flat, rng, strength):
    """Return how well a pen covers, (rows, columns), 0 to 1: less where the ground is rough."""
    rough = _noise(flat, rng, rng.uniform(1.2, 3)) + 0.7 * _clouds(flat, rng, 30)
    return np.clip(1 - strength * np.clip(0.5 + 0.6 * rough, 0, 1.6), 0, 1)


# What the sheet lies on


def _laid(paper, size, kind, rng):
    """Return the colours of everything in the picture, (height, width, 3)."""
    flat = Image.fromarray((255 * np.clip(paper.colours, 0, 1)).round().astype(np.uint8)).convert("RGBA")
    rows = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * flat.size
    seen = flat.transform(size, Image.Transform.PERSPECTIVE, _homography(paper.corners, rows), Image.Resampling.BICUBIC)
    seen = np.asarray(seen, np.float32) / 255
    if kind not in ON_DESKS:
        return seen[..., :3]
    cover = seen[..., 3:]
    depth = rng.uniform(0.002, 0.02) * max(size)
    shade = Image.fromarray((255 * cover[..., 0]).astype(np.uint8)).filter(ImageFilter.GaussianBlur(depth))
    shade = np.roll(np.asarray(shade, np.float32) / 255, np.round(rng.normal(0, depth, 2)).astype(int), (0, 1))
    is_dark = kind == "dark desk" or (kind == "strip" and rng.random() < 0.5)
    desk = _desk(size, is_dark, rng) * (1 - rng.uniform(0.1, 0.6) * shade[..., None])
    return seen[..., :3] * cover + desk * (1 - cover)


def _desk(size, is_dark, rng):
    if is_dark:
        colour = np.array(
            ((0.3, 0.2, 0.13), (0.06, 0.06, 0.07), (0.25, 0.25, 0.27), (0.1, 0.13, 0.25), (0.35, 0.15, 0.1))
        )
    else:
        colour = np.array(
            ((0.8, 0.68, 0.5), (0.85, 0.85, 0.84), (0.65, 0.65, 0.66), (0.85, 0.78, 0.65), (0.6, 0.7, 0.75))
        )
    colour = colour[rng.integers(5)] * rng.uniform(0.85, 1.1)
    texture = rng.choice(("wood", "cloth", "stone", "bare"), p=(0.4, 0.2, 0.15, 0.25))
    if texture == "wood":
        grain = _stretched(size, rng) + 0.4 * _clouds(size, rng, 6)
    elif texture == "cloth":
        x, y = np.arange(size[0])[None], np.arange(size[1])[:, None]
        pitch = rng.uniform(4, 14)
        grain = np.sin(2 * np.pi * x / pitch) * np.sin(2 * np.pi * y / pitch) + 0.5 * _noise(size, rng, 2)
    elif texture == "stone":
        grain = _noise(size, rng, rng.uniform(1, 5))
    else:
        grain = 0.3 * _clouds(size, rng, 4)
    return np.clip(colour * (1 + rng.uniform(0.03, 0.14) * grain)[..., None], 0, 1)


def _stretched(size, rng):
    """Return the grain of wood along one of the picture's sides."""
    across = rng.integers(20, 90)
    cells = (int(rng.integers(2, 6)), int(across)) if rng.random() < 0.5 else (int(across), int(rng.integers(2, 6)))
    return _enlarged(rng.standard_normal(cells[::-1]), size)


def _clouds(size, rng, cells):
    return _enlarged(rng.standard_normal((max(2, round(cells * 0.8)), cells)), size)


def _noise(size, rng, coarse):
    return _enlarged(rng.standard_normal([max(2, round(side / coarse)) for side in size[::-1]]), size)


def _enlarged(field, size):
    return np.asarray(Image.fromarray(field.astype(np.float32)).resize(size, Image.Resampling.BICUBIC))


def _homography(source, target):
    """Return the eight numbers by which Pillow looks up each point of a picture: corners `source` show `target`."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source.tolist(), target.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.linalg.solve(np.array(rows), np.array(values)).tolist()


# Light and camera


def _light(size, rng, is_shadowed):
    """Return how much light falls on each pixel."""
    y, x = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 + rng.uniform(0, 0.3) * (np.cos(angle) * x + np.sin(angle) * y) / 1.4
    light *= 1 - rng.uniform(0, 0.25) * (x * x + y * y) / 2
    if is_shadowed or rng.random() < 0.25:
        darkest = rng.uniform(0.3, 0.6) if is_shadowed else rng.uniform(0.05, 0.25)
        light *= 1 - darkest * _shadow(x, y, rng)
    return light


def _shadow(x, y, rng):
    """Return a shadow, 0 to 1: of a hand or head, or of an edge."""
    softness = _log_uniform(rng, 0.04, 0.5)
    angle, place = rng.uniform(0, 2 * np.pi), rng.uniform(-0.6, 0.6, 2)
    along, across = np.cos(angle) * (x - place[0]) + np.sin(angle) * (y - place[1]), 0
    if rng.random() < 0.5:
        across = np.cos(angle) * (y - place[1]) - np.sin(angle) * (x - place[0])
        along = np.hypot(along / rng.uniform(0.7, 1.5), across) - rng.uniform(0.3, 0.9)
    return 1 / (1 + np.exp(np.clip(along / (softness / 4), -30, 30)))


def _camera(seen, rng):
    """Return a picture as a camera takes it: exposure, colour cast, blur, noise and JPEG."""
    cast = 1 + rng.normal(0, 0.04, 3)
    seen = np.clip(seen * cast * rng.uniform(0.65, 1.05), 0, 1) ** rng.uniform(0.75, 1.15)
    image = Image.fromarray((255 * seen).round().astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 1.6) * max(seen.shape) / LONG))
    strength = 255 * _log_uniform(rng, 0.003, 0.035)
    noise = rng.standard_normal(seen.shape[:2], np.float32)[..., None] + 0.4 * rng.standard_normal(
        seen.shape, np.float32
    )
    levels = np.asarray(image, np.float32) + strength * noise
    return Image.fromarray(np.clip(levels, 0, 255).round().astype(np.uint8))


def _log_uniform(rng, low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
