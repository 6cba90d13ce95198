"""Give a reader files that nobody would write: python -m tests.support.fuzz strokes --runs 10000.

Each must be read or refused by UserError, within seconds. With atheris installed, coverage guides what is tried;
without it good files are changed at random.
"""

import argparse
import gzip
import io
import random
import struct
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from digits import UserError
from digits.data import mnist, pens
from digits.files import archive, images, pictures, unipen
from digits.modelfile import blueprint, weights
from digits.training import checkpoint
from tests.support import hostile_states

SLOWEST = 5  # s

STROKES = b'.SEGMENT DIGIT 0 ? "7"\n.COMMENT a\n.PEN_DOWN\n 1 2\n 3 4\n.PEN_UP\n.DT 100\n.SEGMENT DIGIT 1 ? "1"\n'


def npz():
    content = io.BytesIO()
    shown = np.zeros((5001, 28, 28), np.uint8)
    np.savez_compressed(content, x_train=shown, y_train=shown[:, 0, 0], x_test=shown[:1], y_test=shown[:1, 0, 0])
    return [content.getvalue()]


def image_npz():
    content = io.BytesIO()
    np.savez(content, x_test=np.zeros((2, 28, 28), np.uint8), y_test=np.zeros(2, np.uint8))
    return [content.getvalue()]


def idx():
    return [struct.pack(">4s3I", b"\0\0\x08\x03", 2, 28, 28) + bytes(2 * 28 * 28)]


def photographs():
    from PIL import Image

    picture, whole = Image.effect_noise((40, 30), 90), []
    for kind in pictures.FORMATS:
        for mode in ("L", "RGB"):
            content = io.BytesIO()
            picture.convert(mode).save(content, kind)
            whole.append(content.getvalue())
    return whole


def read_model(path):
    """Take a file for the part of a model file that it begins like."""
    content = path.read_bytes()
    if content[:1] == b"{":
        blueprint.read(content)
    elif content[:1] == b"P":
        archive.read(path, {"config.json": 10_000, "metadata.json": 10_000, "model.weights.h5": 100_000})
    elif b"model_config" in content:
        blueprint.read(weights.description(content)[0])
        weights.read_older(content)
    else:
        weights.read(content)


def model_parts():
    from tests.support import model_files

    parts = model_files.members(weights=model_files.hdf5(kernel=np.zeros((4, 4), np.float32)))
    functional = model_files.members(model_files.functional())["config.json"]
    file = model_files.write(Path(tempfile.mkdtemp()) / "model.keras").read_bytes()
    return [parts["config.json"].encode(), functional.encode(), parts["model.weights.h5"], model_files.older(), file]


def read_state(path):
    """Take a file for what is in the state of a training, and seal it as anybody could."""
    path.write_bytes(hostile_states.sealed(path.read_bytes()))
    checkpoint.read(path)


def states():
    return [hostile_states.packed(hostile_states.members())]


# What is read: good files to begin with, how their names end, and the reader.
READERS = {
    "strokes": (lambda: [STROKES, pens.PEN_DIGITS.read_bytes()[:2000]], ".dat", unipen.read),
    "npz": (npz, ".npz", mnist.load),
    "idx": (idx, ".idx", images.read),
    "images": (image_npz, ".npz", images.read),
    "picture": (photographs, ".png", pictures.read),
    "packed": (lambda: [gzip.compress(STROKES)], ".dat.gz", unipen.read),
    "state": (states, ".training", read_state),
    "model": (model_parts, ".keras", read_model),
}


def changed(content, source):
    """Return content with a few bytes changed, left out or put in."""
    content = bytearray(content)
    for _ in range(source.randint(1, 8)):
        at = source.randrange(len(content) + 1)
        content[at : at + source.choice((0, 1, 1, 1, 4))] = source.randbytes(source.choice((0, 1, 1, 1, 4)))
    return bytes(content)


def main():
    parser = argparse.ArgumentParser(
        prog="python -m tests.support.fuzz", description="Give a reader files that nobody would write."
    )
    parser.add_argument("reader", choices=READERS)
    parser.add_argument("--runs", type=int, default=10_000)
    args = parser.parse_args()
    seeds, suffix, read = READERS[args.reader]
    with tempfile.TemporaryDirectory() as folder:
        path, results = Path(folder) / f"file{suffix}", {"read": 0, "refused": 0}

        def one(content):
            path.write_bytes(content)
            began = time.monotonic()
            try:
                read(path)
                results["read"] += 1
            except UserError as error:
                results["refused"] += 1
                assert "\n" not in str(error), str(error)
            assert time.monotonic() - began < SLOWEST, f"{time.monotonic() - began:.0f} s"
            if sum(results.values()) in (args.runs, args.runs // 2):
                print(f"{args.reader}: {results}", flush=True)

        guided(one, seeds(), args.runs, folder) if "atheris" in sys.modules else blind(one, seeds(), args.runs)


def blind(one, seeds, runs):
    source = random.Random(0)
    for _ in range(runs):
        one(changed(source.choice(seeds), source))


def guided(one, seeds, runs, folder):
    corpus = Path(folder) / "corpus"
    corpus.mkdir()
    for number, content in enumerate(seeds):
        (corpus / str(number)).write_bytes(content)
    atheris.Setup([sys.argv[0], f"-runs={runs}", "-rss_limit_mb=4096", "-max_len=20000", str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    try:
        import atheris

        atheris.instrument_all()
    except ImportError:
        pass
    main()
