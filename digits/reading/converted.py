"""Converted models: what LiteRT runs, each bound to the .keras file that it was made of.

A converted model is a .tflite file with a seal at its end, which other readers of .tflite pass over: a digest of the
.keras file, and one of all that comes before. So a file that is damaged, unfinished, of another model or of an older
kind is known for what it is, and the model is converted anew.

The seal does not tell a friend from a forger. Whoever may write in the program's folder could change the program
itself, and whoever may write in the user's cache could change what the user runs; beyond them nobody is trusted: a
file in the cache that belongs to another user is not read.
"""

import contextlib
import hashlib
import os
from pathlib import Path

from digits.assets import MODEL
from digits.files import writing

SHIPPED = MODEL.with_suffix(".tflite")
_KIND = b"digits-litert-1\n"  # to be raised when what the conversion gives, or promises, has changed
_SEAL = len(_KIND) + 2 * hashlib.sha256().digest_size  # bytes
_LARGEST = 150_000_000  # bytes of one; half as much again as the weights of the largest model file
_MOST, _MOST_BYTES = 20, 300_000_000  # files in the cache, and bytes in all of them
_TRIES = 3  # at a model: closing the window cuts one short, and a converter that crashes takes the worker with it


def digest(path: Path) -> bytes:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(2**20):
            found.update(piece)
    return found.digest()


def find(source: bytes) -> bytes | None:
    """Return the converted form of the .keras file with a digest; None where there is none, or none that is whole."""
    with contextlib.suppress(OSError, RuntimeError):
        return read(SHIPPED, source) or _read_from_cache(_place(source), source)
    return None


def read(path: Path, source: bytes) -> bytes | None:
    """Return what a file holds of the .keras file with a digest; None where it holds anything else."""
    if not path.is_file() or path.stat().st_size > _LARGEST:
        return None
    content = path.read_bytes()
    model, seal = content[:-_SEAL], content[-_SEAL:]
    return model if seal == _seal(model, source) else None


def write(path: Path, model: bytes, source: bytes) -> None:
    """Write the converted form of the .keras file with a digest; raises UserError where that cannot be done."""
    writing.write_whole(path, lambda unfinished: unfinished.write_bytes(model + _seal(model, source)))


def _seal(model, source):
    bound = _KIND + source
    return bound + hashlib.sha256(model + bound).digest()


def _place(source):
    """Return where the cache keeps a converted form; raises RuntimeError for a user without a home."""
    import platformdirs

    cache = platformdirs.user_cache_path("digits", appauthor=False)
    if not cache.is_absolute():  # it begins with a "~" that stands for nothing
        raise RuntimeError("There is no home.")
    return cache / "converted" / f"{source.hex()}.tflite"


def _read_from_cache(path, source):
    if not path.exists() or (hasattr(os, "getuid") and path.stat().st_uid != os.getuid()):
        return None
    with contextlib.suppress(OSError):
        path.touch()  # the longest unused is dropped first
    return read(path, source)


def may_try(source: bytes) -> bool:
    """Count one more try to convert the .keras file with a digest; return whether it is worth it.

    Raises OSError or RuntimeError where nothing can be kept.
    """
    tries = _place(source).with_suffix(".tries")
    tries.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tries.open("ab") as file:
        file.write(b".")
    return tries.stat().st_size <= _TRIES


def keep(model: bytes, source: bytes) -> None:
    """Put the converted form of the .keras file with a digest into the cache.

    Raises UserError, OSError or RuntimeError where that cannot be done.
    """
    path = _place(source)
    write(path, model, source)
    path.with_suffix(".tries").unlink(missing_ok=True)
    _drop_longest_unused(path.parent)


def _drop_longest_unused(folder):
    files = sorted(filter(Path.is_file, folder.iterdir()), key=lambda file: file.stat().st_mtime, reverse=True)
    total = 0
    for number, file in enumerate(files):
        total += file.stat().st_size
        if number >= _MOST or total > _MOST_BYTES:
            file.unlink()
