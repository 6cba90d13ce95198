"""Photographs of handwriting: what is on them, said in a sentence, and a piece of them cut out as ink."""

from dataclasses import dataclass

import numpy as np

from digits import UserError
from digits.files import candidates
from digits.ink import grid

SIDE = 800  # pixels of the longer side of the picture that is looked at
NEARER = 20 / 28  # of the sheet: how large a digit is cut out, as MNIST shows digits
_FINE = 8  # pixels a cell
_PAPER, _INK = 0.25, 0.8  # of the ink's usual strength: less is none, more is full
_UPRIGHT, _STEEPEST = 2, 30  # degrees: less is not worth turning back, more is as likely how it was written
_AS_LIGHT = 0.05  # of a picture: with so much as light as they are, light strokes are half as likely
_STRAIGHT = 0.9  # of its hull: a sheet that is no rectangle has no direction
_DARK, _LIGHT = 0.6, 0.9  # of the sheet's light: what a dark desk and a light one send back


@dataclass(frozen=True, eq=False)
class Photograph:
    """A picture, what was found in it, and where."""

    preview: np.ndarray  # (height, width, 3) uint8, at most SIDE pixels a side
    contrast: np.ndarray  # (height, width): ink alone, how much of the ground's light it takes, 0 to 1
    corners: np.ndarray  # (4, 2) of what is cut out at first, x and y in pixels of the preview, clockwise from top left
    found: str  # in words
    page: np.ndarray  # (height, width): all ink of the size of a digit on the same sheet, 0 to 1

    def cut(self, corners: np.ndarray, columns: int = grid.SIZE) -> np.ndarray:
        """Return the ink between four corners as (28, columns) float32, 0 to 1; raises UserError if there is none."""
        fine = np.asarray(_straightened(self.contrast, corners, columns))
        if not np.isfinite(fine).all() or fine.max() < candidates.FAINTEST:  # what lies behind the horizon is no number
            raise UserError("There is nothing written in the frame; move it over a digit.")
        cells = _ink(fine).reshape(grid.SIZE, _FINE, columns, _FINE).mean(axis=(1, 3))
        return np.clip(cells / np.median(cells[cells > cells.max() / 2]), 0, 1).astype(np.float32)


def look(image, columns: int = grid.SIZE) -> Photograph:
    """Find a digit in an upright Pillow image in RGB; raises UserError where nothing is written on it."""
    preview = _reduced(image, SIDE)
    dark, light = (_found(_reduced(preview, SIDE // 2), is_light) for is_light in (False, True))
    is_light = (light.score if light else 0) > (dark.score if dark else 0)
    if (digit := _found(preview, is_light)) is None:
        raise UserError("there is nothing but paper on it.")
    turn = _turn(digit)
    page = _ink(np.where(digit.row, digit.contrast, 0))
    frame = _frame(digit.row if columns > grid.SIZE else digit.mask, turn, columns)
    return Photograph(np.asarray(preview), digit.contrast, frame, _words(digit, is_light, turn), page)


def _ink(contrast):
    """Return as ink, 0 to 1, what stands out as strongly as most of what does."""
    full = np.median(contrast[contrast > contrast.max() / 2])
    return np.clip((contrast / full - _PAPER) / (_INK - _PAPER), 0, 1)


def _reduced(image, side):
    from PIL import Image

    factor = max(image.size) / side
    if factor <= 1:
        return image
    return image.resize([max(1, round(length / factor)) for length in image.size], Image.Resampling.BOX)


def _found(image, is_light):
    from PIL import ImageFilter

    smooth = image.convert("L").filter(ImageFilter.GaussianBlur(max(image.size) / SIDE))
    levels, colours = (np.asarray(picture, np.float32) / 255 for picture in (smooth, image))
    if not is_light:
        return candidates.find(levels, colours)
    digit = candidates.find(1 - levels, 1 - colours)
    return digit and digit._replace(score=digit.score * _rarity(levels, digit.mask))


def _rarity(levels, mask):
    """Return how rare it is, 0 to 1, to be as light as some light strokes: paper that dark ink runs around is not."""
    share = (levels > np.median(levels[mask])).mean() - mask.mean() / 2
    return 1 / (1 + share / _AS_LIGHT)


def _turn(digit):
    """Return by how many degrees, clockwise, what is written on is turned."""
    turn = 0.0
    if digit.rulings.are_there:
        turn = digit.rulings.turn
    elif digit.sheet and not digit.sheet.is_whole and digit.sheet.straightness > _STRAIGHT:
        turn = digit.sheet.turn
    return turn if _UPRIGHT <= abs(turn) <= _STEEPEST else 0.0


def _frame(mask, turn, columns):
    """Return the corners of a frame shaped like a sheet, turned like the paper, with a digit in its middle."""
    rows, across = np.nonzero(mask)
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    back = np.array([(cos, -sin), (sin, cos)])  # by which points, as rows, are turned back
    points = np.stack([across + 0.5, rows + 0.5], axis=1) @ back
    low, high = points.min(axis=0) - 0.5, points.max(axis=0) + 0.5
    height = max(high[1] - low[1], (high[0] - low[0]) * grid.SIZE / columns) / NEARER
    reach = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (height * columns / grid.SIZE, height) / 2
    return ((low + high) / 2 + reach) @ back.T


def _straightened(levels, corners, columns):
    """Return what lies between four corners as a Pillow image, (28 * _FINE, columns * _FINE)."""
    from PIL import Image

    size = columns * _FINE, grid.SIZE * _FINE
    numbers = _homography(np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * size, corners)
    return Image.fromarray(levels).transform(size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR)


def _homography(places, sources):
    """Return the eight numbers by which Pillow looks up, for every place, where in a picture it is from."""
    equations, values = [], []
    for (x, y), (u, v) in zip(places.tolist(), np.asarray(sources).tolist(), strict=True):
        equations += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    try:
        return np.linalg.solve(equations, values).tolist()
    except np.linalg.LinAlgError:
        raise UserError("The frame has no inside; pull its corners apart.") from None


def _words(digit, is_light, turn):
    """Say what was found."""
    thing = "light strokes on a dark ground" if is_light else f"a sheet of paper{_surroundings(digit.sheet)}"
    turned = f", turned by {abs(round(turn))} degrees" if turn else ""
    lines = "; its lines are left out" if digit.rulings.are_there else ""
    return f"Found: {thing}{turned}{lines}."


def _surroundings(sheet):
    if sheet is None or sheet.is_whole or sheet.straightness < _STRAIGHT:
        return ""
    share = sheet.around / max(sheet.brightness, 0.01)
    return " on a dark desk" if share < _DARK else " on a light desk" if share > _LIGHT else " on a desk"
