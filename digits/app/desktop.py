"""What lies around the window: the clipboard, the dialogues that ask for files, and the system's voice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from digits.app import choosing, places
from digits.files import clipboard


@dataclass(frozen=True)
class Desktop:
    """What a session asks of the desktop."""

    put_text: Callable[[str], bool]  # into the clipboard; says whether that worked
    put_both: Callable[[np.ndarray, str], bool] = clipboard.put  # ink as a picture and a text, where that can be
    ask_where: Callable[[Path], Path | None] = choosing.ask_where  # for a path, suggesting one; waits for people
    ask_which: Callable[[Path], Path | None] = choosing.ask_which  # for a file to open, from a folder on; likewise
    say: Callable[[str], None] = lambda words: None  # aloud, without waiting
    folder: Path = field(default_factory=places.pictures)  # where files go if nobody can be asked
