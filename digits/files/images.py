"""Files of images that somebody else made: idx, as MNIST's own, or npz; read within bounds and never unpickled."""

import gzip
import io
import math
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np

from digits import UserError
from digits.files import archive, guards
from digits.ink import grid

_MOST = 100_000_000  # bytes of pixels; Fashion-MNIST's 60,000 images have half of that
_MOST_HEADER = 12_000  # bytes; NumPy reads no longer header of an array either
_IDX_BYTES = b"\x00\x00\x08\x03"  # unsigned bytes in three dimensions (LeCun's idx, lecun.com/exdb/mnist)
_PREFERRED = "x_test"  # in an npz file with several arrays of images, as Keras names them


def read(path: Path) -> np.ndarray:
    """Return the images in a file, uint8 (n, 28, 28), white ink on black as in MNIST.

    Reads idx, also compressed by gzip (.gz), and npz: its array x_test, or else the only one of images.
    Raises UserError if the file cannot be read or holds something else.
    """
    if guards.is_special(path):
        raise UserError(f"{path} is no file of images.")
    try:
        images = _npz(path) if path.suffix == ".npz" else _idx(path)
    except FileNotFoundError as error:
        raise UserError(f"{path}: there is no such file of images.") from error
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise UserError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error}).") from error
    except (archive.ArchiveError, ValueError, struct.error, NotImplementedError, RuntimeError) as error:
        # an ArchiveError does not name the file; a RuntimeError is an encrypted zip
        raise UserError(f"{path} holds no images to measure on ({error}); expected 28 x 28 bytes each.") from error
    return images


def _idx(path):
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        head = file.read(16)
        if head[:4] != _IDX_BYTES:
            raise ValueError("it is no idx file of images")
        shape = struct.unpack(">3I", head[4:])
        pixels = file.read(_size(shape) + 1)
    return _shaped(pixels, shape)


def _npz(path):
    with path.open("rb") as file, _opened(file) as arrays:
        shapes = {name: _head(arrays, name)[0] for name in arrays.namelist() if name.endswith(".npy")}
        fitting = [name for name, (shape, _, dtype) in shapes.items() if dtype == np.uint8 and _fits(shape)]
        if f"{_PREFERRED}.npy" in fitting:
            fitting = [f"{_PREFERRED}.npy"]
        if len(fitting) != 1:
            raise ValueError(f"of its arrays {len(fitting)} are uint8 (n, 28, 28), and none of these is {_PREFERRED}")
        shape, in_columns, _ = shapes[fitting[0]]
        size = _size(shape)
        _, pixels = _head(arrays, fitting[0], size + 1)
    return _shaped(pixels, shape[::-1]).transpose() if in_columns else _shaped(pixels, shape)


def _opened(file):
    archive.check_frame(file, _MOST)
    return zipfile.ZipFile(file)


def _head(arrays, name, most=0):
    """Return (shape, whether the first index runs fastest, kind of numbers) of an array, and so many of its bytes."""
    with arrays.open(name) as file:
        beginning = io.BytesIO(file.read(_MOST_HEADER))
        described = _read_header(beginning)
        pixels = beginning.read(most)
        return described, pixels + file.read(most - len(pixels))


def _read_header(file):
    version = np.lib.format.read_magic(file)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"it has an array of format {version}")
    reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    return reader(file)


def _fits(shape):
    return len(shape) == 3 and shape[1:] == grid.SHAPE and shape[0] > 0


def _size(shape):
    if not _fits(shape):
        raise ValueError("its images are {1} x {2}, {0} of them".format(*shape))
    if (size := math.prod(shape)) > _MOST:
        raise ValueError(f"{shape[0]:,} images are too many, at most {_MOST // grid.SIZE**2:,} are read")
    return size


def _shaped(pixels, shape):
    if len(pixels) != math.prod(shape):
        raise ValueError("it is longer or shorter than it says")
    return np.frombuffer(pixels, np.uint8).reshape(shape)
