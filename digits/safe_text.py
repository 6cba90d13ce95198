"""Text of strangers as it may be shown, in a terminal, a window or a page: names of files, labels, notes, errors."""

import unicodedata

# Control characters and the escape sequences that they begin, marks that turn the direction of writing or cannot be
# seen, halves of characters, ends of lines (Unicode's general categories).
_ACTIVE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def shown(text: object, most: int = 200) -> str:
    r"""Return text on one line, cut after so many characters, with escapes such as \x1b for what is no plain character.

    Given once more it stays as it is.
    """
    text = str(text)
    if len(text) > most:
        text = text[: most - 4] + " ..."
    return "".join(map(_plain, text))


def _plain(character):
    is_active = unicodedata.category(character) in _ACTIVE
    return character.encode("unicode_escape").decode() if is_active else character
