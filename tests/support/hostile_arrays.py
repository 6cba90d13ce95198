"""Headers of arrays as nobody should write them, each in an .npz file that is otherwise good."""

import struct

import numpy as np

from tests.support.hostile_zips import mnist_members, npy, packed

# What says of three images what they are, or tries to.
HEADERS = {
    "an open bracket": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28",
    "a bracket too many": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28)), }",
    "brackets without an end": b"{'descr': '|u1', 'fortran_order': False, 'shape': " + b"(" * 5000,
    "lists in lists": b"[" * 4000 + b"]" * 4000,
    "a list for a key": b"{[]: 1}",
    "a set": b"{'descr', 'fortran_order', 'shape'}",
    "a number": b"7",
    "nothing": b"",
    "blanks": b" " * 5000,
    "no entries": b"{}",
    "no shape": b"{'descr': '|u1', 'fortran_order': False}",
    "a shape twice": b"{'shape': (3, 28, 28), 'descr': '|u1', 'fortran_order': False, 'shape': (9, 28, 28)}",
    "one entry more": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), 'more': 1}",
    "an empty type": b"{'descr': '', 'fortran_order': False, 'shape': (3, 28, 28), }",
    "no type": b"{'descr': None, 'fortran_order': False, 'shape': (3, 28, 28), }",
    "a list for a type": b"{'descr': [], 'fortran_order': False, 'shape': (3, 28, 28), }",
    "a structure": b"{'descr': [('x', '|u1')], 'fortran_order': False, 'shape': (3, 28, 28), }",
    "a type in a type": b"{'descr': [('x', [('y', [('z', '|u1')])])], 'fortran_order': False, 'shape': (3, 28, 28), }",
    "objects": b"{'descr': '|O', 'fortran_order': False, 'shape': (3, 28, 28), }",
    "bytes": b"{'descr': '|S784', 'fortran_order': False, 'shape': (3,), }",
    "raw memory": b"{'descr': '|V784', 'fortran_order': False, 'shape': (3,), }",
    "dates": b"{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (3, 28, 28), }",
    "a type that is none": b"{'descr': '<u3', 'fortran_order': False, 'shape': (3, 28, 28), }",
    "letters of a gigabyte": b"{'descr': '<U250000000', 'fortran_order': False, 'shape': (3, 28, 28), }",
    "letters of no size": b"{'descr': '<U0', 'fortran_order': False, 'shape': (3, 28, 28), }",
    "minus signs": b"{'descr': '|u1', 'fortran_order': False, 'shape': (" + b"-" * 9000 + b"3, 28, 28), }",
    "a sum": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3" + b"+1" * 4000 + b", 28, 28), }",
    "a power": b"{'descr': '|u1', 'fortran_order': False, 'shape': (9**9**9, 28, 28), }",
    "a call": b"{'descr': '|u1', 'fortran_order': False, 'shape': (__import__('os').getpid(), 28, 28), }",
    "a size below 0": b"{'descr': '|u1', 'fortran_order': False, 'shape': (-3, 28, 28), }",
    "a size of a million digits": b"{'descr': '|u1', 'fortran_order': False, 'shape': ("
    + b"9" * 9000
    + b", 28, 28), }",
    "sizes that overflow": b"{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
    "a size of 0": b"{'descr': '|u1', 'fortran_order': False, 'shape': (0, 28, 28), }",
    "a hundred dimensions": b"{'descr': '|u1', 'fortran_order': False, 'shape': (" + b"1, " * 100 + b"), }",
    "no dimension": b"{'descr': '|u1', 'fortran_order': False, 'shape': (), }",
    "a number for a shape": b"{'descr': '|u1', 'fortran_order': False, 'shape': 2352, }",
    "letters for a shape": b"{'descr': '|u1', 'fortran_order': False, 'shape': '3', }",
    "a fraction for a size": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3.0, 28, 28), }",
    "an order that is none": b"{'descr': '|u1', 'fortran_order': 2, 'shape': (3, 28, 28), }",
    "bytes that are no text": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), '\xff\xfe': 1}",
    "a null": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), }\x00",
    "digits of Arabia": "{'descr': '|u1', 'fortran_order': False, 'shape': (\u0663, 28, 28), }".encode(),
    "a comment": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), } # it is",
    "half a name": b"{'descr': '|u1', 'fortran_order': False, 'shap",
    "triple quotes": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), '''",
    "a backslash at the end": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), }\\",
    "a thousand lines": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), }" + b"\n" * 1000 + b"x",
}
GOOD_HEADERS = {
    "as NumPy has it": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), }" + b" " * 40,
    "Python 2's long numbers": b"{'descr': '|u1', 'fortran_order': False, 'shape': (3L, 28L, 28L), }",
    "in another order": b"{'shape': (3, 28, 28), 'fortran_order': False, 'descr': '|u1'}",
    "without blanks": b"{'descr':'|u1','fortran_order':False,'shape':(3,28,28)}",
    "in other quotes": b'{"descr": "|u1", "fortran_order": False, "shape": (3, 28, 28)}',
    "by columns": b"{'descr': '|u1', 'fortran_order': True, 'shape': (3, 28, 28), }",
}
SHOWN = np.arange(3 * 28 * 28).reshape(3, 28, 28).astype(np.uint8)


def _framed(length, version=(1, 0), magic=b"\x93NUMPY"):
    """Return an array whose frame is odd: how long it says that its header is, and what it begins with."""
    text = GOOD_HEADERS["as NumPy has it"] + b"\n"
    size = struct.pack("<H" if version == (1, 0) else "<I", len(text) if length is None else length)
    return magic + bytes(version) + size + text + SHOWN.tobytes()


ARRAYS = {f"a header of {name}": npy(SHOWN, text) for name, text in HEADERS.items()} | {
    "nothing at all": b"",
    "no array": b"not an array",
    "half a beginning": b"\x93NUM",
    "a beginning alone": b"\x93NUMPY\x01",
    "no length": b"\x93NUMPY\x01\x00",
    "another beginning": _framed(None, magic=b"\x93NUMPI"),
    "a format to come": _framed(None, (9, 0)),
    "format 0": _framed(None, (0, 0)),
    "a header of no length": _framed(0),
    "a header longer than the file": _framed(65_000),
    "a header of 4 GB": _framed(2**32 - 1, (2, 0)),
    "a header of 50,000 bytes": npy(SHOWN, GOOD_HEADERS["as NumPy has it"] + b" " * 50_000),
    "a number too few": npy(SHOWN)[:-1],
    "a number too many": npy(SHOWN) + b"\0",
    "a pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x8c\x06system\x94\x93\x94.",
}


def in_images(content: bytes):
    """Return what writes an .npz file of images, the array of which is given."""
    return lambda path, rng: path.write_bytes(packed({"x_test.npy": content}))


def in_mnist(content: bytes):
    """Return what writes an MNIST file, the test images of which are given."""
    return lambda path, rng: path.write_bytes(packed(mnist_members() | {"x_test.npy": content}))


IMAGES = {name: in_images(content) for name, content in ARRAYS.items()}
MNIST = {name: in_mnist(content) for name, content in ARRAYS.items()}
