"""Pictures that are none, that are not whole, or that would unpack to more than a machine has."""

import functools
import io
import struct
import zlib

import numpy as np

from digits.files.pictures import FORMATS

LARGE, BOMB = 9400, 12_000  # pixels a side


@functools.cache
def photograph(kind: str) -> bytes:
    """Return a small picture in a format."""
    from PIL import Image

    levels = np.full((40, 30), 230, np.uint8)
    levels[8:32, 12:17] = 20
    content = io.BytesIO()
    Image.fromarray(levels).convert("RGB").save(content, kind)
    return content.getvalue()


def saved(mode: str, side: int, kind: str, **how):
    """Return what saves an empty picture with a bar on it, in a mode and a format of Pillow's."""

    def make(path, rng):
        from PIL import Image

        image = Image.new(mode, (side, side))
        image.paste(
            image.getpixel((0, 0)) if mode == "P" else 1 if mode in ("1", "F", "I") else "white", (99, 99, 999, 5999)
        )
        image.save(path, kind, **how)

    return make


def _holding(content):
    return lambda path, rng: path.write_bytes(content() if callable(content) else content)


def _damaged(kind, change):
    return lambda path, rng: path.write_bytes(change(bytearray(photograph(kind)), rng))


def _cut(content, rng):
    return bytes(content[: rng.randrange(9, len(content) // 2)])


def _noisy(content, rng):
    """Keep what a format begins with, and let noise follow."""
    at = rng.randrange(12, 40)
    return bytes(content[:at]) + rng.randbytes(5000)


def _bitten(content, rng):
    for _ in range(20):
        content[rng.randrange(8, len(content))] = rng.randrange(256)
    return bytes(content)


DAMAGED = {
    f"{kind} {words}": _damaged(kind, change)
    for kind in FORMATS
    for words, change in (("cut off", _cut), ("that turns into noise", _noisy), ("with bytes changed", _bitten))
}


def png(width: int, height: int, *chunks: tuple[bytes, bytes], depth: int = 8, colour: int = 0) -> bytes:
    """Return a PNG file of the given chunks, between its header and its end."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    whole = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, whole))


def _chunk(chunk):
    name, content = chunk
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PIXELS = (b"IDAT", zlib.compress((b"\0" + b"\xff" * 30) * 40))


def _unpacking_to(size, prefix=b""):
    return prefix + zlib.compress(bytes(size), 9)


def _many_scans():
    """Return a JPEG that goes over its pixels thousands of times."""
    from PIL import Image

    content = io.BytesIO()
    Image.new("L", (LARGE, LARGE)).save(content, "JPEG", progressive=True)
    whole = content.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 5000 + whole[-2:]


def _icon():
    """Return an icon that says 16 x 16, and holds a PNG of many more."""
    inside = png(LARGE, LARGE, (b"IDAT", _unpacking_to(LARGE * (LARGE + 1))))
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(inside), 22) + inside


def _tiff(*entries):
    """Return a TIFF file of the given entries: tag, kind, count, value."""
    directory = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + struct.pack("<I", 8)  # the next is the same


def _tiff_of(width, height, *more):
    return _tiff((256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
                 (273, 4, 1, 8), (278, 4, 1, height), (279, 4, 1, 100), *more)  # fmt: skip


def _bmp(width, height, bits=24, packing=0):
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packing, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 100, 0, 0, 54) + header + bytes(100)


def _gif(width, height, frames=1):
    frame = b",\0\0\0\0" + struct.pack("<HH", width, height) + b"\0\x02\x02\x4c\x01\0"
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + bytes(6) + frame * frames + b";"


MADE = {
    "nothing": _holding(b""),
    "noise": lambda path, rng: path.write_bytes(rng.randbytes(5000)),
    "text": _holding(b"a digit\n" * 100),
    "a folder": lambda path, rng: path.mkdir(),
    "a drawing in vectors": _holding(b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
    "PostScript": _holding(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n"),
    "a PNG of no pixels": _holding(png(0, 0)),
    "a PNG of four billion": _holding(png(2**31 - 1, 2**31 - 1, PIXELS)),
    "a PNG that says 100 million": _holding(png(10_000, 10_000, PIXELS)),
    "a PNG of one line": _holding(png(80_000_000, 1, PIXELS)),
    "a PNG without pixels": _holding(png(30, 40)),
    "a PNG of a depth that is none": _holding(png(30, 40, PIXELS, depth=7)),
    "a PNG of a colour that is none": _holding(png(30, 40, PIXELS, colour=5)),
    "a PNG of 16 bits and too few pixels": _holding(png(30, 40, PIXELS, depth=16, colour=6)),
    "a PNG whose pixels go on": _holding(lambda: png(30, 40, (b"IDAT", _unpacking_to(300_000_000)))),
    "a PNG with a text of 300 MB": _holding(
        lambda: png(30, 40, (b"zTXt", _unpacking_to(300_000_000, b"Comment\0\0")), PIXELS)
    ),
    "a PNG with ten thousand texts": _holding(
        lambda: png(30, 40, *[(b"zTXt", _unpacking_to(1_000_000, b"Comment\0\0"))] * 10_000, PIXELS)
    ),
    "a PNG with a profile of 300 MB": _holding(
        lambda: png(30, 40, (b"iCCP", _unpacking_to(300_000_000, b"name\0\0")), PIXELS)
    ),
    "a PNG of a million chunks": _holding(lambda: png(30, 40, *[(b"IDAT", b"")] * 1_000_000, PIXELS)),
    "a PNG of a million frames": _holding(png(30, 40, (b"acTL", struct.pack(">II", 10**6, 0)), PIXELS)),
    "a PNG with odd EXIF": _holding(png(30, 40, (b"eXIf", b"II*\0" + struct.pack("<IH", 8, 65_535)), PIXELS)),
    "a PNG with EXIF that leads to itself": _holding(
        png(30, 40, (b"eXIf", b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x8769, 4, 1, 8, 8)), PIXELS)
    ),
    "an icon that says 16 x 16": _holding(_icon),
    "an icon of nothing": _holding(struct.pack("<HHH", 0, 1, 0)),
    "an icon of 65,535": _holding(struct.pack("<HHH", 0, 1, 65_535) + bytes(100)),
    "a TIFF of no pixels": _holding(_tiff_of(0, 0)),
    "a TIFF of four billion": _holding(_tiff_of(2**32 - 1, 2**32 - 1)),
    "a TIFF without a size": _holding(_tiff((259, 3, 1, 1))),
    "a TIFF of a billion samples": _holding(_tiff_of(30, 40, (277, 4, 1, 2**30))),
    "a TIFF with a table of 4 GB": _holding(_tiff_of(30, 40, (273, 4, 2**30 - 1, 8))),
    "a TIFF in tiles of nothing": _holding(_tiff_of(30, 40, (322, 4, 1, 0), (323, 4, 1, 0), (324, 4, 1, 8))),
    "a BMP of no pixels": _holding(_bmp(0, 0)),
    "a BMP of four billion": _holding(_bmp(2**31 - 1, 2**31 - 1)),
    "a BMP that stands on its head": _holding(_bmp(30, -(2**31))),
    "a BMP packed by run lengths": _holding(_bmp(9000, 9000, 8, 1)),
    "a BMP of 3 bits": _holding(_bmp(30, 40, 3)),
    "a GIF of no pixels": _holding(_gif(0, 0)),
    "a GIF of four billion": _holding(_gif(65_535, 65_535)),
    "a GIF of a million frames": _holding(lambda: _gif(30, 40, 1_000_000)),
    "a PPM of no pixels": _holding(b"P6 0 0 255\n"),
    "a PPM of four billion": _holding(b"P6 65535 65535 255\n" + bytes(99)),
    "a PPM of millions of digits": _holding(b"P6 " + b"9" * 5_000_000 + b" 1 255\n"),
    "a PPM of comments": _holding(lambda: b"P6 " + b"#x\n" * 5_000_000 + b"3 1 255\n" + bytes(9)),
    "a PPM below zero": _holding(b"P6 -3 -3 255\n" + bytes(99)),
    "a PPM in letters": _holding(lambda: b"P3 5000 5000 255\n" + b"7 " * 75_000_000),
    "a PPM in letters that never end": _holding(lambda: b"P2 30 40 255\n" + b"7" * 50_000_000),
    "a PPM in bits and blanks": _holding(lambda: b"P1 6000 6000\n" + b" " * 100_000_000),
    "a JPEG of thousands of scans": _holding(_many_scans),
    "a JPEG of four billion pixels": lambda path, rng: path.write_bytes(_resized(photograph("JPEG"), 65_535, 65_535)),
    "a JPEG of no pixels": lambda path, rng: path.write_bytes(_resized(photograph("JPEG"), 0, 0)),
    "too many bytes": lambda path, rng: _sparse(path, photograph("BMP"), 10**9),
}


def _resized(jpeg, width, height):
    """Return a JPEG that says another size."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def _sparse(path, content, size):
    with path.open("wb") as file:
        file.write(content)
        file.truncate(size)


SIZES = {
    f"{side} x {side} {mode} in {kind}": saved(mode, side, kind, **how)
    for side in (LARGE, BOMB)
    for kind, modes, how in (
        ("PNG", ("1", "L", "P", "LA", "RGB", "RGBA", "I;16"), {"compress_level": 1}),
        ("GIF", ("L",), {}),
        ("TIFF", ("1", "RGBA", "F"), {"compression": "tiff_lzw"}),
        ("WEBP", ("RGBA",), {"lossless": True, "method": 0}),
        ("BMP", ("1", "L"), {}),
        ("PPM", ("1", "L"), {}),
        ("JPEG", ("L", "RGB", "CMYK"), {"progressive": True}),
    )
    for mode in modes
}
JUST_READ = {f"6300 x 6300 {mode} in {kind}": saved(mode, 6300, kind, **how) for mode, kind, how in (
    ("RGBA", "PNG", {}), ("LA", "PNG", {}), ("I;16", "PNG", {}), ("F", "TIFF", {}), ("RGBA", "TIFF", {}),
    ("RGBA", "WEBP", {"lossless": True, "method": 0}), ("CMYK", "JPEG", {}), ("RGB", "BMP", {}), ("L", "GIF", {}),
)}  # fmt: skip
SLOW = (*SIZES, *JUST_READ, "a PPM in letters", "a PPM in letters that never end", "a PPM in bits and blanks",
        "a JPEG of thousands of scans", "an icon that says 16 x 16", "a PNG of a million chunks", "a PPM of comments",
        "a PNG whose pixels go on", "a PNG with a text of 300 MB", "a PNG with ten thousand texts",
        "a GIF of a million frames", "a PNG of one line", "a PNG with a profile of 300 MB")  # fmt: skip
