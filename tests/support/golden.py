"""Pictures compared with golden ones, block by block: what browsers draw otherwise by a hair does not count."""

import io

import numpy as np
from PIL import Image

BLOCK = 8  # pixels a side
MOST = 0.003  # of the blocks may differ by more than a little


def read(content):
    """Return the mean colour of every block of a PNG."""
    colours = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), np.float32)
    height, width = (side // BLOCK for side in colours.shape[:2])
    return colours[: height * BLOCK, : width * BLOCK].reshape(height, BLOCK, width, BLOCK, 3).mean(axis=(1, 3))


def difference(one, other):
    """Return the share of blocks that differ by more than a little; of pictures of two sizes all."""
    return (np.abs(one - other).max(axis=-1) > 12).mean() if one.shape == other.shape else 1.0
