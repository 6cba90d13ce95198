"""NumPy's arrays from anywhere (.npy, and .npz as an archive of them): compared with a pattern, and nothing else.

NumPy itself evaluates an array's header as Python. The format: "numpy.lib.format" in NumPy's reference.
"""

import math
import re
import zipfile
from typing import NamedTuple

import numpy as np

from digits import UserError
from digits.files import archive

MOST_HEADER = 10_000  # bytes, before the numbers of an array; NumPy's own limit is about the same
_MAGIC = b"\x93NUMPY"
_LENGTHS = {1: 2, 2: 4, 3: 4}  # bytes that tell how long the header is, by version
_VALUE = r"""(['"])([<>|=]?[biufU][1-9]\d{0,6})\2|(True|False)|\(((?:\s*\d{1,12}L?\s*,)*(?:\s*\d{1,12}L?)?)\s*\)"""
_ENTRY = re.compile(rf"""\s*['"](descr|fortran_order|shape)['"]\s*:\s*(?:{_VALUE})\s*(?:,\s*|(?=\}}))""", re.ASCII)
_MOST_DIMENSIONS = 8


class ArrayError(UserError):
    """Why something is no array that is read here; where it comes from is not named."""


class Header(NamedTuple):
    """What an array says of itself."""

    dtype: np.dtype  # numbers, bool or text
    in_columns: bool  # whether the first index runs fastest
    shape: tuple[int, ...]
    size: int  # bytes of the header, before the numbers


def header(beginning: bytes) -> Header:
    """Return what an array says of itself, given its first MOST_HEADER bytes; raises ArrayError."""
    version = beginning[len(_MAGIC)] if beginning.startswith(_MAGIC) and len(beginning) > len(_MAGIC) + 1 else 0
    if version not in _LENGTHS:
        raise ArrayError("it holds something that is no array of NumPy")
    start = len(_MAGIC) + 2 + _LENGTHS[version]
    size = start + int.from_bytes(beginning[len(_MAGIC) + 2 : start], "little")
    if not start < size <= min(len(beginning), MOST_HEADER):
        raise ArrayError("the header of an array has an odd length")
    return _described(beginning[start:size].decode("latin-1"), size)


def _described(text, size):
    entries, at = {}, 1 if text.startswith("{") else len(text)
    while entry := _ENTRY.match(text, at):
        entries[entry[1]] = entry
        at = entry.end()
    try:
        kind, order, shape = entries["descr"][3], entries["fortran_order"][4], entries["shape"][5]
        numbers = tuple(int(number.rstrip("L")) for number in shape.replace(",", " ").split())
        dtype = np.dtype(kind)
    except (KeyError, AttributeError, TypeError):  # not there, of another kind, or a type that NumPy does not know
        raise ArrayError(f"the header of an array is not as expected: {ascii(text.strip())[:60]}") from None
    if text[at:].strip() != "}" or not order or len(numbers) > _MOST_DIMENSIONS:
        raise ArrayError(f"the header of an array is not as expected: {ascii(text.strip())[:60]}")
    return Header(dtype, order == "True", numbers, size)


def array(content: bytes) -> np.ndarray:
    """Return the array in the content of an .npy file, to be read only; raises ArrayError."""
    head = header(content[:MOST_HEADER])
    if len(content) - head.size != math.prod(head.shape) * head.dtype.itemsize:
        raise ArrayError("an array is longer or shorter than it says")
    numbers = np.frombuffer(content, head.dtype, offset=head.size)
    return numbers.reshape(head.shape, order="F" if head.in_columns else "C")


def headers(file: zipfile.ZipFile) -> dict[str, Header]:
    """Return what all arrays in an .npz file say of themselves, by the names of their members; raises UserError."""
    names = [name for name in file.namelist() if name.endswith(".npy")]
    return {name: header(archive.beginning(file, name, MOST_HEADER)) for name in names}
