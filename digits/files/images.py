"""Files of images that somebody else made: idx, as MNIST's own, or npz; read within bounds and never unpickled."""

import math
import struct
from pathlib import Path

import numpy as np

from digits import UserError
from digits.files import archive, bounded, guards, npz
from digits.ink import grid

_MOST = 100_000_000  # bytes of pixels; Fashion-MNIST's 60,000 images have half of that
_IDX_HEADER = 16  # bytes
_IDX_BYTES = b"\x00\x00\x08\x03"  # unsigned bytes in three dimensions (LeCun's idx, lecun.com/exdb/mnist)
_PREFERRED = "x_test.npy"  # in an npz file with several arrays of images, as Keras names them


def read(path: Path) -> np.ndarray:
    """Return the images in a file, uint8 (n, 28, 28), white ink on black as in MNIST.

    Reads idx, also compressed by gzip (.gz), and npz: its array x_test, or else the only one of images.
    Raises UserError if the file cannot be read or holds something else.
    """
    if guards.is_special(path):
        raise UserError(f"{path} is no file of images.")
    try:
        return _npz(path) if path.suffix == ".npz" else _idx(bounded.read_file(path, _MOST + _IDX_HEADER))
    except FileNotFoundError as error:
        raise UserError(f"{path}: there is no such file of images.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from error
    except UserError as error:  # which does not name the file
        raise UserError(f"{path} holds no images to measure on ({error}); expected 28 x 28 bytes each.") from error


def _idx(content):
    if content[:4] != _IDX_BYTES or len(content) < _IDX_HEADER:
        raise UserError("it is no idx file of images")
    shape = struct.unpack(">3I", content[4:_IDX_HEADER])
    _check_shape(shape)
    if len(content) - _IDX_HEADER != math.prod(shape):
        raise UserError("it is longer or shorter than it says")
    return np.frombuffer(content, np.uint8, offset=_IDX_HEADER).reshape(shape)


def _npz(path):
    with path.open("rb") as file, archive.opened(file, _MOST) as arrays:
        headers = npz.headers(arrays)
        fitting = [name for name, head in headers.items() if head.dtype == np.uint8 and _fits(head.shape)]
        if _PREFERRED in fitting:
            fitting = [_PREFERRED]
        if len(fitting) != 1:
            raise UserError(f"of its arrays {len(fitting)} are uint8 (n, 28, 28), and none of these is x_test")
        _check_shape(headers[fitting[0]].shape)
        return npz.array(archive.content(arrays, fitting[0], _MOST + npz.MOST_HEADER))


def _fits(shape):
    return len(shape) == 3 and shape[1:] == grid.SHAPE and shape[0] > 0


def _check_shape(shape):
    if not _fits(shape):
        raise UserError("its images are {1:,} x {2:,}, {0:,} of them".format(*shape))
    if math.prod(shape) > _MOST:
        raise UserError(f"{shape[0]:,} images are too many, at most {_MOST // grid.SIZE**2:,} are read")
