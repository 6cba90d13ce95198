"""Many drawings as one picture, each with a line of text below it, or more where one is not enough."""

import re
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

    font = _font()
    captions = [_lines(words, font) for _, words in drawings]
    width, height = _SIDE + _GAP, _SIDE + max(map(len, captions)) * _TEXT + 2 * _GAP
    rows = -(-len(drawings) // _ACROSS)
    image = Image.new("L", (min(len(drawings), _ACROSS) * width + _GAP, rows * height + _GAP), "white")
    pen = ImageDraw.Draw(image)
    for number, ((ink, _), caption) in enumerate(zip(drawings, captions, strict=True)):
        row, column = divmod(number, _ACROSS)
        x, y = _GAP + column * width, _GAP + row * height
        drawn = pictures.large(ink)
        drawn.thumbnail((_SIDE, _SIDE))
        image.paste(drawn, (x, y))
        pen.rectangle((x, y, x + drawn.width - 1, y + drawn.height - 1), outline=210)
        for line, words in enumerate(caption):
            pen.text((x, y + drawn.height + _GAP // 2 + line * _TEXT), words, fill=40, font=font)
    writing.write_whole(path, lambda unfinished: image.save(unfinished, "PNG"))


def _lines(words, font):
    """Cut words into lines no wider than a drawing: after a comma, else anywhere, for a space may be of a number."""
    lines = [""]
    for part in re.split("(?<=, )", words):
        fits = font.getlength(part.rstrip()) <= _SIDE
        for piece in [part] if fits else part:
            if font.getlength((lines[-1] + piece).rstrip()) > _SIDE:
                lines.append("")
            lines[-1] += piece
    return lines


def _font():
    from PIL import ImageFont

    try:
        return ImageFont.truetype(_FONT, _TEXT - 4)
    except OSError:  # left behind, or Pillow was built without FreeType
        return ImageFont.load_default()
