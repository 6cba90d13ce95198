"""Files written whole or not at all: whoever looks, whenever the program ends, finds the old file or the new one."""

import contextlib
import errno
import os
import secrets
from pathlib import Path

from digits import UserError
from digits.files import guards

try:
    import fcntl
except ImportError:  # Windows, where a file that somebody has open cannot be removed anyway
    fcntl = None

_MARK = ".unfinished-"


def write_whole(path: Path, write) -> None:
    """Write a file through `write(unfinished)`, a path in the same folder with the same suffix.

    It takes the place of `path` at once, when all of it is on the disk; where `path` is a link, of what that leads to.
    What earlier runs that were killed left behind of the same file is removed. Raises UserError where it cannot be
    written; then, and where `write` raises, the old file stays as it was and nothing else is left.
    """
    target = Path(os.path.realpath(path))
    try:
        if guards.is_special(target):
            raise UserError(f"{path} is no file that could be written over; choose another name.")
        _remove_abandoned(target)
        _write_beside(target, write)
    except OSError as error:
        raise UserError(f"{path} could not be saved ({error.strerror or error}); {_remedy(error)}.") from error


def _write_beside(target, write):
    unfinished = target.with_name(f"{_beginning(target)}{secrets.token_hex(4)}{target.suffix}")
    try:
        with unfinished.open("xb") as held:  # as long as it is open it is not abandoned
            _lock(held)
            write(unfinished)
            with unfinished.open("rb+") as written:
                os.fsync(written.fileno())
        unfinished.replace(target)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    _flush_folder(target.parent)


def _beginning(target):
    return f".{target.stem[:40]}{_MARK}"  # a name may have 255 bytes


def _lock(file):
    if fcntl:
        with contextlib.suppress(OSError):  # not on every file system; what is left there is then never removed
            fcntl.flock(file, fcntl.LOCK_EX)


def _remove_abandoned(target):
    """Remove unfinished files of a target that no running program has in hand, on this machine or on another."""
    with contextlib.suppress(OSError):  # a folder may be written in and not listed
        for file in target.parent.iterdir():
            if file.name.startswith(_beginning(target)) and file.suffix == target.suffix:
                _remove_unless_held(file)


def _remove_unless_held(file):
    with contextlib.suppress(OSError):
        if fcntl:
            with file.open("rb+") as found:
                fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
                file.unlink()
        else:
            file.unlink()


def _flush_folder(folder):
    """Let the new name outlive a power cut too, where a folder can be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remedy(error):
    """Return what to do about an error of the file system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free some space"
    if isinstance(error, PermissionError):
        return "close the program that has it open, or save in a folder that you may write in"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "see that its folder is still there"
    return "save somewhere else"
