"""What the errors of libraries say, short enough to stand inside a sentence of ours."""


def first_line(error: BaseException, most: int = 120) -> str:
    """Return the first line of an error's text without a full stop; the error's type if it is empty.

    One of more than `most` characters ends after its first sentence, or where that is too long as well, in dots.
    """
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if len(line) > most:
        line = line.partition(". ")[0]
    if len(line) > most:
        line = f"{line[: most - 4].rpartition(' ')[0] or line[: most - 4]} ..."
    return line if line.endswith(" ...") else line.rstrip(".")
