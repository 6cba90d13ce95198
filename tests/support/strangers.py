"""Files from strangers, other than models, each through its reader: python -m tests.support.strangers --seed 1

Every file is read in a process of its own; it must be read or refused in a sentence, within TIME and MEMORY. Prints
for each family how many were refused and read, and what the worst took. Works where processes can fork.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from digits import UserError
from digits.data import mnist
from digits.files import images, pictures, unipen
from tests.support import hostile_arrays, hostile_pictures, hostile_recordings, hostile_states, hostile_zips

TIME, MEMORY = 10, 1_000_000_000  # seconds of a processor, and bytes, at most
WAITED = 300  # s: what takes longer hangs


class Family(NamedTuple):
    """Files of a kind: what makes each, given a path and a source of random numbers, and what reads them."""

    kinds: dict[str, Callable[[Path, random.Random], None]]
    suffix: str
    read: Callable[[Path], object]
    slow: tuple[str, ...] = ()  # to make, or to read: left out of the tests
    all_are_refused: bool = True  # some are odd, and yet can be read


FAMILIES = {
    "archives": Family(hostile_zips.ZIPS | hostile_zips.FRAMES, ".npz", mnist.load, ("a hundred thousand members",)),
    "arrays of MNIST": Family(hostile_arrays.MNIST, ".npz", mnist.load),
    "arrays of images": Family(hostile_arrays.IMAGES, ".npz", images.read),
    "images": Family(hostile_zips.IDX, ".idx", images.read),
    "recordings": Family(
        hostile_recordings.TEXTS | hostile_recordings.READ, ".dat", unipen.read, hostile_recordings.SLOW, False
    ),
    "pictures": Family(
        hostile_pictures.MADE | hostile_pictures.DAMAGED | hostile_pictures.SIZES | hostile_pictures.JUST_READ,
        ".png",
        pictures.read,
        hostile_pictures.SLOW,
        False,
    ),
    "states of trainings": Family(hostile_states.STATES, ".training", hostile_states.resume, hostile_states.SLOW),
    "packed recordings": Family(hostile_recordings.PACKED, ".dat.gz", unipen.read, hostile_recordings.SLOW),
    "packed images": Family(hostile_zips.IDX_GZ, ".idx.gz", images.read, ("a bomb", "a million empty parts")),
}


def made_path(family: str, folder: Path) -> Path:
    """Return where a file of a family is made."""
    return folder / f"stranger{FAMILIES[family].suffix}"


def made(family: str, kind: str, folder: Path, seed: int) -> Path:
    """Return a file of a kind."""
    path = made_path(family, folder)
    FAMILIES[family].kinds[kind](path, random.Random(f"{kind} {seed}"))
    return path


def outcome(family: str, path: Path) -> str:
    """Return whether a file is read, or refused in a sentence; other errors are raised."""
    try:
        FAMILIES[family].read(path)
    except UserError as error:
        sentence = str(error)
        assert str(path) in sentence and sentence.endswith("."), sentence
        assert sentence.isprintable() and len(sentence) < 600, sentence[:1000]
        return "refused"
    return "read"


class Cost(NamedTuple):
    """What became of a file, and what that took."""

    outcome: str
    seconds: float  # of a processor, for the machine may be busy
    bytes: int


def measured(family: str, kind: str, seed: int) -> Cost:
    """Return what becomes of a file in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        _apart(lambda: made(family, kind, Path(folder), seed) and 0)  # what that takes does not count
        path = made_path(family, Path(folder))
        status, used = _apart(lambda: ("read", "refused").index(outcome(family, path)))
        what = {0: "read", 1: "refused"}.get(status, "failed")
        return Cost(what, used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def _apart(work):
    """Return the exit code that work has in a process of its own, 2 for an error, and what it used."""
    if child := os.fork():
        _, status, used = os.wait4(child, 0)
        return os.waitstatus_to_exitcode(status), used
    import resource  # not on Windows

    signal.alarm(WAITED)
    resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY, 4 * MEMORY))  # rather than to bring down the machine
    try:
        os._exit(work())
    except BaseException as error:
        print(f"{type(error).__name__}: {str(error)[:300]}", file=sys.stderr, flush=True)
        os._exit(2)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.strangers", description="Read files of strangers.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--family", choices=FAMILIES)
    args = parser.parse_args()
    wrong = 0
    for family in [args.family] if args.family else FAMILIES:
        costs = {kind: measured(family, kind, args.seed) for kind in FAMILIES[family].kinds}
        bad = {k: c for k, c in costs.items() if c.outcome == "failed" or c.seconds > TIME or c.bytes > MEMORY}
        slowest, largest = (max(costs, key=lambda kind, of=of: costs[kind][of]) for of in (1, 2))
        refused = sum(cost.outcome == "refused" for cost in costs.values())
        print(f"{family}: {len(costs)} kinds, {refused} refused, the others read; ", end="")
        print(f"at most {costs[slowest].seconds:.1f} s ({slowest}), {costs[largest].bytes / 1e6:.0f} MB ({largest})")
        for kind, cost in bad.items():
            print(f"  NOT SO: {kind}: {cost.outcome}, {cost.seconds:.1f} s, {cost.bytes / 1e6:.0f} MB", flush=True)
        wrong += len(bad)
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
