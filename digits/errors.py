"""What the errors of libraries say, short enough to stand inside a sentence of ours."""

import re

_NUMBER = re.compile(r"\[(?:Errno|WinError) -?\d+\] ?")
_MEMORY = "cannot allocate memory", "failed to map segment", "paging file is too small"  # a loader's words for it


def is_lack_of_memory(error: BaseException) -> bool:
    """Return whether an error says that there is too little memory, also to load a library."""
    is_loading = isinstance(error, ImportError | OSError)
    return isinstance(error, MemoryError) or (is_loading and any(words in str(error).lower() for words in _MEMORY))


def first_line(error: BaseException, most: int = 120) -> str:
    """Return the first line of an error's text without a full stop; the error's type if it is empty.

    Of an error of the system it is what people call it, without its number and without the file.
    One of more than `most` characters ends after its first sentence, or where that is too long as well, in dots.
    """
    text = getattr(error, "strerror", None) or str(error)
    line = (_NUMBER.sub("", text).strip().splitlines() or [type(error).__name__])[0]
    if len(line) > most:
        line = line.partition(". ")[0]
    if len(line) > most:
        line = f"{line[: most - 4].rpartition(' ')[0] or line[: most - 4]} ..."
    return line if line.endswith(" ...") else line.rstrip(".")
