"""What is looked at before a file is opened or written over."""

import stat
from pathlib import Path


def is_special(path: Path) -> bool:
    """Return whether a path names something other than a regular file: a pipe would be waited for, a device has no end.

    False where nothing is there, or nothing that may be looked at: to open it says why.
    """
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False
