"""Draw a digit by hand, and be understood: what the two programs are made of, and its reading for other programs.

import digits

reader = digits.load()
reader.read_picture("seven.png").digit
[reading.probability for reading in reader.read(grids)]
"""

import os

from digits import safe_text

__version__ = "1.0"
_LONGEST = 2000  # characters of an error: a sentence with the paths of two files


class UserError(Exception):
    """Something a user gave that cannot be used; the message is one sentence: what is wrong, what to do.

    What it quotes of files and their names is made safe to show.
    """

    def __init__(self, sentence: object):
        super().__init__(safe_text.shown(sentence, _LONGEST))


def load(path: str | os.PathLike | None = None):
    """Return a `digits.reading.reader.Reader` of the model in a .keras file, of the one that comes along by default.

    Takes seconds where the model was never converted, for then TensorFlow is loaded. Raises UserError where the file
    cannot be used.
    """
    from pathlib import Path

    from digits.assets import MODEL
    from digits.reading.reader import Reader

    return Reader(Path(path or MODEL))
