"""Zip archives from anywhere, read within bounds: no member but those expected, no size that was not foreseen."""

import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

from digits import UserError, errors
from digits.files import guards

_END = struct.Struct("<4s4H2LH")  # the record that ends a zip (APPNOTE 4.3.16): ..., size of the directory, ...
_MOST_DIRECTORY = 10_000  # bytes; a handful of members takes some hundred


class ArchiveError(UserError):
    """Why a file is not the archive that was expected; the file is not named."""


def read(path: Path, limits: dict[str, int], wanted=None) -> dict[str, bytes]:
    """Return the content of members of a zip archive, all of them or those `wanted`, checksums compared.

    limits: the names of all members that the archive must have, and how many bytes each may be at most, unpacked.
    Raises ArchiveError, which does not name the path, where it is no such archive, and OSError where it cannot be read.
    """
    if guards.is_special(path):
        raise ArchiveError("it is no file")
    with path.open("rb") as file:
        check_frame(file, sum(limits.values()))
        try:
            with zipfile.ZipFile(file) as archive:
                _check_members(archive.infolist(), limits)
                return {name: archive.read(name) for name in wanted or limits}
        except ArchiveError:
            raise
        except Exception as error:  # a file from anywhere: zipfile and zlib raise what they happen to stumble over
            raise ArchiveError(f"it is damaged ({errors.first_line(error)})") from error


def check_frame(file: BinaryIO, most: int) -> None:
    """Raise ArchiveError unless a file has at most so many bytes, and beginning and end of a zip of few members.

    To be called before `zipfile` sees it, which would build a list of millions of members.
    """
    beginning, size = file.read(8), file.seek(0, 2)
    if size == 0:
        raise ArchiveError("it is empty")
    if beginning.startswith(b"\x89HDF"):
        raise ArchiveError("it is an HDF5 file (.h5), the older format; save the model as .keras where it was made")
    if not beginning.startswith(b"PK\3\4"):
        raise ArchiveError("it is no zip archive")
    if size > most:
        raise ArchiveError(f"it has {size:,} bytes, expected at most {most:,}")
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    if len(tail) < _END.size + 20 or tail[-_END.size :][:4] != b"PK\5\6":
        raise ArchiveError("it is not whole, its end is missing")
    *_, directory, _, comment = _END.unpack(tail[-_END.size :])
    if directory > _MOST_DIRECTORY or comment or tail.startswith(b"PK\6\7"):  # the last: sizes beyond 4 GB elsewhere
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
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveError(f"its member {member.filename} is encrypted or packed in an unusual way")
