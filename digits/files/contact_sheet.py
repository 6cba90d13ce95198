"""Many drawings as one picture, each with a line of text below it."""

from pathlib import Path

import numpy as np

from digits.assets import ASSETS
from digits.files import pictures, writing

_ACROSS = 6  # drawings in a row
_SIDE, _TEXT, _GAP = 168, 18, 12  # pixels: a drawing is so wide and high at most, a line of text so high
_FONT = ASSETS / "fonts" / "OpenSans-Regular.ttf"


def save(path: Path, drawings: list[tuple[np.ndarray, str]]) -> None:
    """Write ink (28, columns) and words, row by row, as a PNG file; raises UserError where that cannot be."""
    from PIL import Image, ImageDraw

    width, height = _SIDE + _GAP, _SIDE + _TEXT + 2 * _GAP
    rows = -(-len(drawings) // _ACROSS)
    image = Image.new("L", (min(len(drawings), _ACROSS) * width + _GAP, rows * height + _GAP), "white")
    pen = ImageDraw.Draw(image)
    for number, (ink, words) in enumerate(drawings):
        row, column = divmod(number, _ACROSS)
        x, y = _GAP + column * width, _GAP + row * height
        drawn = pictures.large(ink)
        drawn.thumbnail((_SIDE, _SIDE))
        image.paste(drawn, (x, y))
        pen.rectangle((x, y, x + drawn.width - 1, y + drawn.height - 1), outline=210)
        pen.text((x, y + drawn.height + _GAP // 2), words, fill=40, font=_font())
    writing.write_whole(path, lambda unfinished: image.save(unfinished, "PNG"))


def _font():
    from PIL import ImageFont

    try:
        return ImageFont.truetype(_FONT, _TEXT - 4)
    except OSError:  # left behind, or Pillow was built without FreeType
        return ImageFont.load_default()
