"""Recordings that nobody's pen has left: UNIPEN text that is much ado about little, or none at all."""

import gzip

SEVEN = b'.SEGMENT DIGIT 0 ? "7"\n.PEN_DOWN\n 0 100\n 60 100\n 20 0\n.PEN_UP\n'
ONE_POINT = b'.SEGMENT DIGIT 0 ? "1"\n.PEN_DOWN\n1 1\n.PEN_UP\n'
STROKE = b".PEN_DOWN\n1 1\n"


def _holding(content):
    return lambda path, rng: path.write_bytes(content() if callable(content) else content)


def _packed(content):
    return lambda path, rng: path.write_bytes(gzip.compress(content()))


def _points(line, count):
    return b'.SEGMENT DIGIT 0 ? "1"\n.PEN_DOWN\n' + line * count + b".PEN_UP\n"


def _labelled(label):
    return _holding(SEVEN.replace(b'"7"', b'"' + label + b'"'))


def _changed(old, new):
    assert old in SEVEN
    return _holding(SEVEN.replace(old, new))


TEXTS = {
    "nothing": _holding(b""),
    "noise": lambda path, rng: path.write_bytes(rng.randbytes(100_000)),
    "nulls": _holding(bytes(100_000)),
    "text in 16 bits": _holding(SEVEN.decode().encode("utf-16")),
    "no drawing": _holding(STROKE * 100),
    "drawings without ink": _holding(b'.SEGMENT DIGIT 0 ? "7"\n' * 10_000),
    "no label": _changed(b'"7"', b""),
    "an empty label": _labelled(b""),
    "a label without an end": _changed(b'"7"', b'"7'),
    "a label of a million letters": _labelled(b"x" * 1_000_000),
    "a label of a million escapes": _labelled(b"\\\\" * 1_000_000),
    "a label of 101 letters": _labelled(b"x" * 101),
    "a segment of a million words": _changed(b'? "7"', b"a " * 1_000_000),
    "a segment of a million quotes": _changed(b'? "7"', b'" ' * 1_000_000),
    "letters for a position": _changed(b"60 100", b"sixty 100"),
    "one number": _changed(b"60 100", b"60"),
    "not-a-number": _changed(b"60 100", b"nan 100"),
    "infinity": _changed(b"60 100", b"60 -inf"),
    "beyond all numbers": _changed(b"60 100", b"1e999 100"),
    "beyond the desk": _changed(b"60 100", b"1e7 100"),
    "letters behind a position": _changed(b"60 100", b"60 100 z"),
    "letters in a third column": _holding(_points(b"1 2 3\n", 3) + _points(b"1 2 z\n", 1)),
    "a number of a million digits": _changed(b"60 100", b"9" * 1_000_000 + b" 100"),
    "a line of a million columns": _holding(_points(b"1 " * 1_000_000, 1)),
    "rows that differ in length": _holding(_points(b"1 2\n1 2 3\n", 1000)),
    "a stroke of millions of points": _holding(lambda: _points(b"1 1\n", 3_800_000)),
    "a stroke of millions of blanks": _holding(lambda: _points(b" " * 1000 + b"\n", 15_000)),
    "a stroke of a million lines that are wrong": _holding(_points(b"x\n", 1_000_000)),
    "too many bytes": _holding(lambda: SEVEN * 300_000),
    "files that are not there": _holding(lambda: b".INCLUDE nowhere\n" * 500_000),
    "a folder with nothing in it": lambda path, rng: path.mkdir(),
    "a file that includes itself": lambda path, rng: _collection(path, b".INCLUDE ink.dat\n" + STROKE, b"0"),
    "files in files in files": lambda path, rng: _nested(path, 9),
    "one file, included over and over": lambda path, rng: _collection(
        path, STROKE * 1000, b"0", b".INCLUDE ink.dat\n" * 19_000
    ),
    "components of components": lambda path, rng: _nested(path, 3, b"".join([b".INCLUDE %d.dat\n"] * 3000)),
    "a drawing of all strokes a million times": lambda path, rng: _collection(
        path, STROKE * 1000, b",".join([b"0-999"] * 1500)
    ),
    "drawings that share a stroke of a hundred thousand points": lambda path, rng: _collection(
        path, b".PEN_DOWN\n" + b"1 1\n" * 100_000, b"0", more=b'.SEGMENT DIGIT 0 ? "7"\n' * 100_000
    ),
    "a file from elsewhere": lambda path, rng: _collection(path, b"", b"0", b".INCLUDE ../../../../etc/passwd\n"),
}
PACKED = {
    "a bomb": _packed(lambda: SEVEN + bytes(400_000_000)),
    "half a gzip file": _holding(gzip.compress(SEVEN)[:30]),
    "a gzip file with another checksum": _holding(gzip.compress(SEVEN)[:-8] + bytes(8)),
    "a million empty parts": _holding(lambda: gzip.compress(b"", mtime=0) * 700_000),
    "half a million drawings of one point": _packed(lambda: ONE_POINT * 500_000),
}
READ = {  # odd, and yet to be read within bounds
    "millions of keywords": _holding(lambda: SEVEN + b".A\n" * 3_000_000),
    "a million strokes": _holding(lambda: SEVEN + STROKE * 900_000),
    "lines of blanks": _holding(lambda: SEVEN + (b" " * 10_000 + b"\n") * 1000),
    "a comment of a million letters": _holding(SEVEN + b".COMMENT " + b"x" * 1_000_000),
    "labels that a terminal would obey": _labelled(b"\x1b]0;x\x07"),
    "bytes that are no text": _labelled(b"\xff\xfe"),
    "letters of four bytes": _holding(lambda: SEVEN + b".COMMENT " + "\U0001f600".encode() * 3_000_000),
}
SLOW = (
    "a bomb", "half a million drawings of one point", "files that are not there", "a stroke of millions of points",
    "too many bytes", "one file, included over and over", "components of components", "a million empty parts",
    "drawings that share a stroke of a hundred thousand points", "millions of keywords", "a million strokes",
    "letters of four bytes",
)  # fmt: skip


def _collection(path, ink, components, includes=b".INCLUDE ink.dat\n", more=b""):
    """Make a folder as UNIPEN is distributed: ink to be included, and a drawing that names its components."""
    (path / "include").mkdir(parents=True)
    (path / "include" / "ink.dat").write_bytes(ink)
    (path / "data.dat").write_bytes(includes + b".SEGMENT DIGIT " + components + b' ? "7"\n' + more)


def _nested(path, depth, including=b".INCLUDE %d.dat\n"):
    """Make files that include each other, one within the other."""
    _collection(path, b"", b"0", b".INCLUDE 0.dat\n")
    for number in range(depth):
        lines = including.replace(b"%d", b"%d" % (number + 1))
        (path / "include" / f"{number}.dat").write_bytes(STROKE * 1000 + lines)
    (path / "include" / f"{depth}.dat").write_bytes(STROKE * 1000)
