"""One program at a time: a lock that ends with the process that holds it, however that ends."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from digits import UserError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt


@contextlib.contextmanager
def alone(target: Path, sentence: str) -> Iterator[None]:
    """Be the only one to work on what is to become a file; raises UserError with a sentence where another one is.

    While it lasts a hidden file lies beside the target. What was killed leaves it behind, and it locks nobody out.
    Where no lock can be had, as on some network drives, nobody is kept from anything.
    """
    path = target.parent / f".{target.name}.lock"
    try:
        file = _locked(path)
    except BlockingIOError:
        raise UserError(sentence) from None
    except OSError:
        file = None
    try:
        yield
    finally:
        if file:
            _release(file, path)


def _locked(path):
    """Return a lock file, open and locked; raises BlockingIOError where another process holds it."""
    while True:
        file = path.open("ab")
        try:
            _lock(file)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except FileNotFoundError:
            pass  # who held it has removed it meanwhile: what is locked is no more than a file without a name
        except OSError:
            file.close()
            raise
        file.close()


def _lock(file):
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except PermissionError as error:  # so Windows says it
        raise BlockingIOError from error


def _release(file, path):
    with contextlib.suppress(OSError):
        if fcntl:
            path.unlink()  # before the lock ends: afterwards it may be another's
        file.close()
        if not fcntl:
            path.unlink()  # it cannot be removed as long as anybody has it open
