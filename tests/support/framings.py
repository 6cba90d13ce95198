"""A photograph with a frame, without a picture file: a seven on a turned sheet on a desk."""

import numpy as np
from PIL import Image

from digits.app.framing import Framing
from digits.files.photographs import Photograph
from tests.support.drawings import draw_seven

CORNERS = np.array([(110, 40), (230, 70), (200, 190), (80, 160)], float)


def new_photograph():
    """Return a photograph (200, 300) whose ink is a seven in the frame, turned with it."""
    seven = Image.fromarray(draw_seven()).resize((124, 124), Image.Resampling.BICUBIC)
    contrast = Image.new("F", (300, 200))
    contrast.paste(seven.rotate(-14, Image.Resampling.BICUBIC, expand=True), (80, 40))
    ink = np.clip(np.asarray(contrast), 0, 1)
    levels = np.where(np.hypot(*np.mgrid[-100:100, -150:150]) < 95, 230, 90) * (1 - 0.8 * ink)
    preview = np.repeat(levels.round().astype(np.uint8)[..., None], 3, axis=2)
    return Photograph(preview, ink, CORNERS, "Found: a sheet of paper on a dark desk, turned by 14 degrees.", ink)


def new_framing():
    return Framing(new_photograph(), tuple(map(tuple, CORNERS.tolist())), 28)
