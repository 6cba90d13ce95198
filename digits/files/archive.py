"""Zip archives from anywhere, read within bounds: no member but those expected, no size that was not foreseen."""

import contextlib
import copy
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from digits import UserError, errors
from digits.files import bounded, guards

_END = struct.Struct("<4s4H2LH")  # the record that ends a zip (APPNOTE 4.3.16): ..., size of the directory, ...
_MOST_DIRECTORY = 10_000  # bytes; a handful of members takes some hundred


class ArchiveError(UserError):
    """Why a file is not the archive that was expected; the file is not named."""


def read(path: Path, limits: dict[str, int], wanted=None) -> dict[str, bytes]:
    """Return the content of members of a zip archive, all of them or those `wanted`, sizes and checksums compared.

    limits: the names of all members that the archive must have, and how many bytes each may be at most, unpacked.
    Raises ArchiveError, which does not name the path, where it is no such archive, and OSError where it cannot be read.
    """
    if guards.is_special(path):
        raise ArchiveError("it is no file")
    with path.open("rb") as file, opened(file, sum(limits.values())) as archive:
        _check_members(archive.infolist(), limits)
        return {name: content(archive, name, limits[name]) for name in wanted or limits}


@contextlib.contextmanager
def opened(file: BinaryIO, most: int, directory: int = _MOST_DIRECTORY) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive; raises ArchiveError where it is none, and for all that is wrong with it meanwhile.

    most, directory: bytes that the file and its list of members may have.
    """
    _check_frame(file, most, directory)
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (UserError, MemoryError):
        raise
    except Exception as error:  # a file from anywhere: zipfile and zlib raise what they happen to stumble over
        raise ArchiveError(f"it is damaged ({errors.first_line(error)})") from error


def content(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a whole member of an archive; raises ArchiveError where it has more than `most` bytes, or than it says."""
    member = archive.getinfo(name)
    _check_packing(member)
    unbounded = copy.copy(member)  # zipfile stops at the size that is said, and would take that beginning for the whole
    unbounded.file_size = most + 1
    with archive.open(unbounded) as stream:
        try:
            found = bounded.read(stream, min(most, member.file_size))
        except bounded.BoundsError:
            found = None
    if found is None or len(found) != member.file_size:
        raise ArchiveError(f"its member {ascii(name)[:60]} does not have the size that it says")
    return found


def beginning(archive: zipfile.ZipFile, name: str, count: int) -> bytes:
    """Return so many bytes from the beginning of a member, or all where it has no more; raises ArchiveError."""
    member = archive.getinfo(name)
    _check_packing(member)
    with archive.open(member) as stream:
        return stream.read(count)


def _check_frame(file, most, directory):
    """Raise ArchiveError unless a file has at most so many bytes, and beginning and end of a zip of few members.

    To be called before `zipfile` sees it, which would build a list of millions of members.
    """
    magic, size = file.read(8), file.seek(0, 2)
    if size == 0:
        raise ArchiveError("it is empty")
    if magic.startswith(b"\x89HDF"):
        raise ArchiveError("it is an HDF5 file (.h5), the older format; save the model as .keras where it was made")
    if not magic.startswith(b"PK\3\4"):
        raise ArchiveError("it is no zip archive")
    if size > most:
        raise ArchiveError(f"it has {size:,} bytes, expected at most {most:,}")
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    if len(tail) < _END.size + 20 or tail[-_END.size :][:4] != b"PK\5\6":
        raise ArchiveError("it is not whole, its end is missing")
    *_, listed, _, comment = _END.unpack(tail[-_END.size :])
    if listed > directory or comment or tail.startswith(b"PK\6\7"):  # the last: sizes beyond 4 GB elsewhere
        raise ArchiveError("its list of members is not as expected")


def _check_members(members, limits):
    names = [member.filename for member in members]
    for name in limits:
        if names.count(name) != 1:
            raise ArchiveError(f"it has {'more than one' if name in names else 'no'} member {name}")
    for member in members:
        if member.filename not in limits:
            raise ArchiveError(f"it has a member {ascii(member.filename)[:60]}, expected only {', '.join(limits)}")
        if member.file_size > limits[member.filename]:
            raise ArchiveError(
                f"its member {member.filename} unpacks to {member.file_size:,} bytes, "
                f"expected at most {limits[member.filename]:,}"
            )
        _check_packing(member)


def _check_packing(member: zipfile.ZipInfo) -> None:
    """Raise ArchiveError unless a member is plain, or packed as Python packs: other ways unpack without an end."""
    if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveError(f"its member {ascii(member.filename)[:60]} is encrypted or packed in an unusual way")
