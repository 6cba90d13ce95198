"""What the errors of libraries say, short enough to stand inside a sentence of ours."""


def first_line(error: BaseException, most: int = 120) -> str:
    """Return the first line of an error's text, at most so many characters, without a full stop; its type if empty."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:most]
