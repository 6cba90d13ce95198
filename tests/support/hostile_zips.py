"""Zip archives that lie about what is in them, and idx files, plain and packed, of the same mind."""

import functools
import gzip
import random
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

import numpy as np

BOMB = 40_000_000  # bytes, unpacked; packed a thousandth


def npy(array: np.ndarray, header: bytes | None = None) -> bytes:
    """Return an array as an .npy file, with another header where one is given."""
    kind = f"{{'descr': '{array.dtype.str}', 'fortran_order': False, 'shape': {array.shape}, }}"
    text = (kind.encode() if header is None else header) + b"\n"
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(text)) + text + array.tobytes()


def mnist_members() -> dict[str, bytes]:
    """Return what makes a small MNIST, always the same."""
    source = np.random.default_rng(0)
    train, test = (source.integers(0, 256, (count, 28, 28), np.uint8) for count in (5001, 2))
    arrays = {"x_train": train, "y_train": train[:, 0, 0] % 10, "x_test": test, "y_test": test[:, 0, 0] % 10}
    return {f"{name}.npy": npy(array) for name, array in arrays.items()}


def packed(members: dict[str, bytes], lies: dict[str, dict] | None = None) -> bytes:
    """Return a zip archive, written byte by byte.

    lies: by member what its records say, `size` and `crc` of its content, `method` and `flags`, or its `stream`.
    """
    archive, directory = b"", b""
    for name, content in members.items():
        told = {"stream": deflated(content), "size": len(content), "crc": zlib.crc32(content), "method": 8, "flags": 0}
        told |= (lies or {}).get(name, {})
        common = struct.pack("<HHHHHLLLHH", 20, told["flags"], told["method"], 0, 33, told["crc"], len(told["stream"]),
                             told["size"], len(name), 0)  # fmt: skip
        directory += struct.pack("<4sH", b"PK\1\2", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, len(archive))
        directory += name.encode()
        archive += b"PK\3\4" + common + name.encode() + told["stream"]
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(members), len(members), len(directory), len(archive), 0)
    return archive + directory + end


@functools.lru_cache(maxsize=6)  # most archives have all members but one in common
def deflated(content: bytes) -> bytes:
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    return pack.compress(content) + pack.flush()


def _lying(lie, name="x_test.npy"):
    """Return what makes a small MNIST, one member of which lies as `lie` says of its content."""

    def make(path, rng):
        members = mnist_members()
        path.write_bytes(packed(members, {name: lie(members[name])}))

    return make


def _longer(content):
    return {"stream": deflated(content + bytes(BOMB)), "crc": zlib.crc32(content + bytes(BOMB))}


ZIPS = {
    "a stream longer than it says": _lying(_longer),
    "the same with the checksum of its beginning": _lying(lambda content: {"stream": deflated(content + bytes(BOMB))}),
    "a stream one byte longer": _lying(lambda content: {"stream": deflated(content + b"\0")}),
    "a stream shorter than it says": _lying(lambda content: {"stream": deflated(content[:-1])}),
    "the same with the checksum of that": _lying(
        lambda content: {"stream": deflated(content[:-1]), "crc": zlib.crc32(content[:-1])}
    ),
    "a stream that has no end": _lying(lambda content: {"stream": deflated(content)[:-2]}),
    "another checksum": _lying(lambda content: {"crc": zlib.crc32(content) ^ 1}),
    "an empty stream": _lying(lambda content: {"stream": b""}),
    "noise for a stream": _lying(lambda content: {"stream": content[-500:]}),
    "plain, and longer than it says": _lying(lambda content: {"stream": content + bytes(9), "method": 0}),
    "plain, and shorter than it says": _lying(lambda content: {"stream": content[:-9], "method": 0}),
    "packed by bzip2": _lying(lambda content: {"method": 12}),
    "packed by lzma": _lying(lambda content: {"method": 14}),
    "packed in a way that nobody knows": _lying(lambda content: {"method": 99}),
    "encrypted": _lying(lambda content: {"flags": 1}),
    "a patch of something else": _lying(lambda content: {"flags": 0x20}),
    "strongly encrypted": _lying(lambda content: {"flags": 0x41}),
    "a size of 4 GB": _lying(lambda content: {"size": 2**32 - 2}),
    "a size of 0": _lying(lambda content: {"size": 0}),
}


def _of_bytes(change):
    """Return what makes a small MNIST and changes its bytes."""
    return lambda path, rng: path.write_bytes(change(packed(mnist_members()), rng))


def _many(path, rng):
    with zipfile.ZipFile(path, "w") as file:
        for number in range(100_000):
            file.writestr(f"{number}.npy", b"")


def _shifted(content, rng):
    """Let the list of members begin elsewhere than it says."""
    at = len(content) - 6
    return content[:at] + struct.pack("<L", rng.randrange(2**32)) + content[at + 4 :]


FRAMES = {
    "an empty file": lambda path, rng: path.write_bytes(b""),
    "noise": lambda path, rng: path.write_bytes(rng.randbytes(5000)),
    "half a file": _of_bytes(lambda content, rng: content[: len(content) // 2]),
    "the second half": _of_bytes(lambda content, rng: content[len(content) // 2 :]),
    "a hundred thousand members": _many,
    "a member twice": lambda path, rng: _twice(path, mnist_members()),
    "a member missing": lambda path, rng: path.write_bytes(packed(dict([*mnist_members().items()][1:]))),
    "a member too many": lambda path, rng: path.write_bytes(packed(mnist_members() | {"../x.npy": b"x"})),
    "a name of control characters": lambda path, rng: path.write_bytes(packed({"\x1b[2J\x07.npy": npy(np.zeros(3))})),
    "a list of members elsewhere": _of_bytes(_shifted),
    "something before it": _of_bytes(lambda content, rng: rng.randbytes(100) + content),
    "something after it": _of_bytes(lambda content, rng: content + bytes(100)),
    "an HDF5 file": lambda path, rng: path.write_bytes(b"\x89HDF\r\n\x1a\n" + rng.randbytes(1000)),
    "a folder": lambda path, rng: path.mkdir(),
}


def _twice(path, members):
    with zipfile.ZipFile(path, "w") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in [*members.items(), *members.items()]:
            file.writestr(name, content)


def idx(count: int = 3, size: tuple[int, int] = (28, 28), pixels: bytes | None = None, magic: bytes = b"\0\0\x08\x03"):
    """Return an idx file of images, or of something near it."""
    return magic + struct.pack(">3I", count, *size) + (bytes(3 * 784) if pixels is None else pixels)


def _holding(content):
    return lambda path, rng: path.write_bytes(content)


IDX = {
    "nothing": _holding(b""),
    "the beginning of a header": _holding(idx()[:7]),
    "a header alone": _holding(idx()[:16]),
    "too few pixels": _holding(idx()[:-1]),
    "too many": _holding(idx() + b"x"),
    "labels": _holding(idx(magic=b"\0\0\x08\x01")),
    "floats": _holding(idx(magic=b"\0\0\x0d\x03")),
    "two dimensions": _holding(idx(magic=b"\0\0\x08\x02")),
    "images of nothing": _holding(idx(3, (0, 0), b"")),
    "no images": _holding(idx(0, pixels=b"")),
    "four billion": _holding(idx(2**32 - 1)),
    "sides of four billion": _holding(idx(1, (2**32 - 1, 2**32 - 1))),
    "noise": lambda path, rng: path.write_bytes(rng.randbytes(3000)),
}
IDX_GZ = {f"{name}, packed": lambda path, rng, make=make: _gzip(path, rng, make) for name, make in IDX.items()} | {
    "no gzip": _holding(idx()),
    "half of it": _holding(gzip.compress(idx())[:20]),
    "without its checksum": _holding(gzip.compress(idx())[:-8]),
    "another checksum": _holding(gzip.compress(idx())[:-8] + bytes(8)),
    "another length": _holding(gzip.compress(idx())[:-4] + bytes(4)),
    "something after it": _holding(gzip.compress(idx()) + b"something"),
    "a bomb": lambda path, rng: path.write_bytes(gzip.compress(idx() + bytes(400_000_000), 9)),
    "a million empty parts": lambda path, rng: path.write_bytes(gzip.compress(b"", mtime=0) * 1_000_000),
}


def _gzip(path: Path, rng: random.Random, make) -> None:
    make(path, rng)
    path.write_bytes(gzip.compress(path.read_bytes()))
