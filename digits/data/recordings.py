"""Recorded people: which of them a training sees, which it is chosen on, and which drawings teach what no digit is."""

from collections import defaultdict

from digits.ink import strokes

_EACH = 4  # one writer in so many, of each source, is left out of training whole

# What can be read as a digit, and so is not taught as none: rings (0), bare strokes and bows (1), S (5), Z (2), b and G
# (6), B (8), g, q and y (9); marks so small that, drawn as large as digits, they are any shape.
# UNIPEN writes \@ for a stroke between characters.
LIKE_DIGITS = frozenset({*"OoQIl|!/\\()',`.SsZzbGBgqy", "\\@"})
_OF_TWO_STROKES = frozenset('ijt!?:;="%')  # without the second, as recordings have some, they are another thing


def split(drawings: list[strokes.Drawing]) -> tuple[list[strokes.Drawing], list[strokes.Drawing]]:
    """Return drawings to train on and to validate on: writers who are left out whole, or takes of built-in styles.

    Of writers one in four of each source is left out, in the order of their names. Drawings without a writer have their
    style as comment; of each digit the last take of its two commonest styles is left out.
    """
    apart = _takes([drawing for drawing in drawings if not drawing.writer])
    trained, left_out = _parted(drawings, _left_out(drawings))
    taken = [drawing for drawing in trained if id(drawing) in apart]
    return [drawing for drawing in trained if id(drawing) not in apart], left_out + taken


def split_others(
    others: list[strokes.Drawing], digits: list[strokes.Drawing]
) -> tuple[list[strokes.Drawing], list[strokes.Drawing]]:
    """Return drawings of other things to train on, and those of writers who are left out of training.

    Whose digits are left out, their other drawings are too (see `split`); of those who wrote no digits one in four.
    """
    known = {_who(drawing) for drawing in digits}
    apart = _left_out(digits) | _left_out([other for other in others if _who(other) not in known])
    return _parted(others, apart)


def of_left_out_writers(drawings: list[strokes.Drawing]) -> list[strokes.Drawing]:
    """Return the digits of the writers who are left out of training."""
    return _parted(drawings, _left_out(drawings))[1]


def _parted(drawings, apart):
    """Return drawings whose writers are not among some, and those whose are."""
    return (
        [drawing for drawing in drawings if _who(drawing) not in apart],
        [drawing for drawing in drawings if _who(drawing) in apart],
    )


def _left_out(drawings):
    """Return one in so many of each source's writers, in the order of their names."""
    sources = defaultdict(set)
    for drawing in drawings:
        if drawing.writer:
            sources[drawing.source].add(drawing.writer)
    return {(source, writer) for source, writers in sources.items() for writer in sorted(writers)[_EACH // 2 :: _EACH]}


def _who(drawing):
    return drawing.source, drawing.writer


def _takes(drawings):
    styles = defaultdict(lambda: defaultdict(list))
    for drawing in drawings:
        styles[drawing.label][drawing.comment].append(drawing)
    commonest = [style for takes in styles.values() for style in sorted(takes.values(), key=len, reverse=True)[:2]]
    return {id(style[-1]) for style in commonest if len(style) >= 3}


def teachable(drawings: list[strokes.Drawing]) -> list[strokes.Drawing]:
    """Return the drawings of other things that cannot be read as digits and lack nothing that tells them apart."""
    return [
        drawing
        for drawing in drawings
        if drawing.label not in LIKE_DIGITS
        and not drawing.label.isdecimal()
        and (drawing.label not in _OF_TWO_STROKES or len(drawing.paths) > 1)
    ]
