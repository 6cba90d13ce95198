"""Why?: what each piece of ink does for an answer, and one sentence on what would be another answer.

All that is said was asked: a change to the drawing is named only where the network answered it otherwise.
"""

from collections.abc import Callable, Sequence

import numpy as np

from digits.ink import grid
from digits.reading import occlusion
from digits.reading.answer import Reason
from digits.reading.edits import Edit, edits

_ASIDE = 1 / 3  # of half a drawing's side: so far from its middle a place has another name
_SLIM = 1 / 2  # of the larger side: as if a 1 were so wide, or each piece of it would lie at the left or the right
_SEEN = 0.25  # of a cell's ink: what changes less is not marked
_PLACES = {
    (-1, -1): "upper left",
    (-1, 0): "upper",
    (-1, 1): "upper right",
    (0, -1): "left-hand",
    (0, 0): "middle",
    (0, 1): "right-hand",
    (1, -1): "lower left",
    (1, 0): "lower",
    (1, 1): "lower right",
}
_IF = {  # by the kind of an edit: how a sentence on a digit begins, how one on what is no digit ends
    "stroke": ("Without the {} stroke", "the {} stroke were not there"),
    "loose piece": ("Without the loose {} piece", "the loose {} piece were not there"),
    "piece": ("Without the {} piece", "the {} piece were not there"),
    "gap": ("With the {} gap filled", "the {} gap were filled"),
    "end": ("With the {} stroke longer", "the {} stroke were longer"),
}


def explain(
    ink: np.ndarray,
    probabilities: np.ndarray,
    ask: Callable[[np.ndarray], np.ndarray],
    threshold: float = 0.5,
    strokes: Sequence[np.ndarray] = (),
) -> Reason:
    """Return why a grid (28, 28) got the `probabilities` (10,) that it got.

    ask: gives the probabilities (n, 10) of grids (n, 28, 28); asked once.  threshold: of the digit's probability, below
    which it is perhaps no digit.  strokes: the paths that drew it (k, 3): x, y and radius in cells; none for a picture.
    """
    if not ink.any():
        return Reason(grid.empty(), "", np.zeros(grid.SHAPE, bool))
    patched, possible = occlusion.without_patches(ink), edits(ink, strokes)
    grids = np.concatenate([patched, *(edit.ink[None] for edit in possible)])
    after = np.concatenate([probabilities[None], ask(grids)])[1:] if len(grids) else np.empty((0, grid.CLASSES))
    digit = int(probabilities.argmax())
    before, *without = _log_odds(np.concatenate([probabilities[None], after[: len(patched)]]), digit)
    effects = occlusion.effects(ink, patched, before, np.array(without))
    turning = _turning(possible, after[len(patched) :], probabilities, threshold)
    return Reason(effects, *_said(ink, turning, digit, bool(probabilities[digit] < threshold)))


def _log_odds(probabilities, digit):
    """Return the logarithm of how much likelier a digit is than all others, (n,): unlike it, a probability near 1 says
    little of what it rests on."""
    tiny = np.finfo(np.float32).tiny
    others = np.delete(probabilities, digit, axis=1).sum(axis=1)
    return np.log(probabilities[:, digit] + tiny) - np.log(others + tiny)


def _turning(possible, after, probabilities, threshold):
    """Return the edit that changes least of those that change the answer, with the digit, None for perhaps none.

    Another digit comes before perhaps none; None in place of both where no edit changes anything.
    """
    digits, is_digit = after.argmax(axis=1), after.max(axis=1, initial=0) >= threshold
    was_digit = probabilities.max() >= threshold
    others = is_digit & ((digits != probabilities.argmax()) | ~was_digit)
    for wanted, named in ((others, True), (~is_digit & was_digit, False)):
        if wanted.any():
            _, number = min((possible[number].change.sum(), number) for number in np.flatnonzero(wanted).tolist())
            return possible[number], int(digits[number]) if named else None
    return None


def _said(ink, turning, digit, is_refused):
    """Return the sentence, and the cells (28, 28) that it is about."""
    if turning is None:
        stays = f"Whichever piece is missing, it stays {_a(digit)}."
        return "No single change makes it a digit." if is_refused else stays, np.zeros(grid.SHAPE, bool)
    edit, other = turning
    begins, ends = (words.format(_place(ink, edit)) for words in _IF[edit.kind])
    if is_refused:
        sentence = f"It would be {_a(other)} if {ends}."
    else:
        sentence = f"{begins} it would {'perhaps be no digit' if other is None else f'be {_a(other)}'}."
    return sentence, edit.change >= _SEEN


def _a(digit):
    return f"an {digit}" if digit == 8 else f"a {digit}"


def _place(ink, edit: Edit):
    """Return the name of an edit's place, from where its middle lies in the drawing."""
    rows, columns = (np.flatnonzero(ink.max(axis=axis)) for axis in (1, 0))
    ends = np.array([[rows[0], columns[0]], [rows[-1], columns[-1]]])
    sides = ends[1] - ends[0] + 1
    half = np.maximum(sides, _SLIM * sides.max()) / 2
    middle = np.average(np.indices(grid.SHAPE).reshape(2, -1), axis=1, weights=edit.change.reshape(-1))
    aside = (middle - ends.mean(axis=0)) / half
    return _PLACES[tuple((np.sign(aside) * (np.abs(aside) > _ASIDE)).astype(int).tolist())]
