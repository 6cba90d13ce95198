"""Reading and unpacking with an end: no more than was foreseen, whatever a file promises and whatever it holds."""

import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO

from digits import UserError

_PIECE = 2**20  # bytes at once: a stream unpacks as much in one go as it is asked for
_GZIP = b"\x1f\x8b\x08"  # how each part of a gzip file begins (RFC 1952)
_MOST_PARTS = 1000  # of a gzip file; a million empty ones take a minute and have 20 MB


class BoundsError(UserError):
    """Why a file is not read; the file is not named."""


def read(stream: BinaryIO, most: int) -> bytes:
    """Return all that is left in a stream; raises BoundsError where that is more than `most` bytes."""
    pieces, size = [], 0
    while piece := stream.read(min(_PIECE, most + 1 - size)):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise BoundsError(f"it has more than {most:,} bytes")
    return b"".join(pieces)


def read_file(path: Path, most: int) -> bytes:
    """Return the content of a file, unpacked where its name ends in .gz, of at most so many bytes.

    Raises BoundsError where it has more or is no gzip file, and OSError where it cannot be read. Whether it is a file
    and no pipe is to be seen first (`guards.is_special`).
    """
    with path.open("rb") as file:
        content = read(file, most)
    return _unpacked(content, most) if path.suffix == ".gz" else content


def _unpacked(content, most):
    if content.count(_GZIP) > _MOST_PARTS:
        raise BoundsError(f"it is packed in more than {_MOST_PARTS:,} parts")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return read(file, most)
    except (OSError, EOFError, zlib.error) as error:  # gzip's own word for a bad checksum is an OSError
        raise BoundsError("it is no gzip file, or damaged") from error
