"""How well photographs are read: python -m tests.support.reading_photographs --strokes FILE ...

Every photograph is made (`tests.support.photographs`), saved as a JPEG and read as a stranger's would be. Of recordings
only the drawings of people who are left out of training are taken.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np

import digits
from digits import command_line
from digits.data import pens, recordings
from digits.files import pictures, unipen
from tests.support import photographs

_LONG = 4000  # pixels of a picture of 12 megapixels


@cache
def drawings(*paths: Path) -> list:
    """Return drawings of digits: of the people in recordings who are left out of training, or the built-in ones."""
    recorded = [drawing for path in paths for drawing in recordings.of_left_out_writers(unipen.read(path))]
    return [drawing for drawing in recorded or unipen.read(pens.PEN_DIGITS) if drawing.label in tuple("0123456789")]


def save(kind: str, shown: list, seed: int, folder: Path, long: int = photographs.LONG, ending: str = "jpg"):
    """Save a photograph of one of the drawings; return its path and the digit that it shows."""
    rng = np.random.default_rng((seed, photographs.KINDS.index(kind)))
    drawing = shown[rng.integers(len(shown))]
    path = folder / f"{kind}-{seed}-{drawing.label}.{ending}"
    photographs.photograph(kind, drawing, seed, long).save(path, quality=int(rng.integers(60, 96)))
    return path, int(drawing.label)


def outcome(reader, path: Path, digit: int) -> str:
    """Return what became of a photograph."""
    try:
        reading = reader.read_picture(path)
    except digits.UserError:
        return "nothing found"
    return "right" if reading.digit == digit else "doubted" if reading.is_doubtful else "wrong"


def seconds(shown: list, folder: Path, ending: str) -> float:
    """Return how long a picture of 12 megapixels takes to become ink, the median of five kinds."""
    times = []
    for kind in photographs.KINDS[::2]:
        path, _ = save(kind, shown, 0, folder, _LONG, ending)
        began = time.monotonic()
        pictures.read(path)
        times.append(time.monotonic() - began)
    return statistics.median(times)


@command_line.exit_code
def main() -> None:
    """Print a row for every kind of photograph, and how long a large one takes."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.support.reading_photographs", description="How well photographs are read."
    )
    parser.add_argument("--strokes", type=Path, nargs="+", default=[], metavar="FILE", help="recordings of people")
    parser.add_argument("--count", type=command_line.positive, default=100, help="of each kind (default: %(default)s)")
    parser.add_argument("--seed", type=command_line.seed, default=0, help="of the first (default: %(default)s)")
    args = parser.parse_args()
    shown, reader = drawings(*args.strokes), digits.load()
    print(f"{'kind':12}{'n':>5}{'right':>8}{'wrong':>7}{'doubted':>9}{'nothing found':>15}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for kind in photographs.KINDS:
            seeds = range(args.seed, args.seed + args.count)
            came = Counter(outcome(reader, *save(kind, shown, seed, Path(folder))) for seed in seeds)
            right = f"{100 * came['right'] / args.count:.1f} %"
            print(
                f"{kind:12}{args.count:5}{right:>8}{came['wrong']:7}{came['doubted']:9}{came['nothing found']:15}",
                flush=True,
            )
        for ending in ("jpg", "png"):
            print(
                f"12 megapixels, {ending}: {seconds(shown, Path(folder), ending):.2f} s, median of five kinds",
                flush=True,
            )


if __name__ == "__main__":
    main()
