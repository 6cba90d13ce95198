// Why?: what each piece of ink does for an answer, and one sentence on what would be another answer, as
// digits/reading/reasons.py finds them. All that is said was asked.

import { SIZE } from "../ink/grid.js";
import { edits } from "./edits.js";
import { effects, withoutPatches } from "./occlusion.js";

const ASIDE = 1 / 3; // of half a drawing's side: so far from its middle a place has another name
const SLIM = 1 / 2; // of the larger side: as if a 1 were so wide, or each piece of it would lie at a side
const SEEN = 0.25; // of a cell's ink: what changes less is not marked
const PLACES = [
  ["upper left", "upper", "upper right"],
  ["left-hand", "middle", "right-hand"],
  ["lower left", "lower", "lower right"],
];
const IF = { // by the kind of an edit: how a sentence on a digit begins, how one on what is no digit ends
  stroke: (place) => [`Without the ${place} stroke`, `the ${place} stroke were not there`],
  "loose piece": (place) => [`Without the loose ${place} piece`, `the loose ${place} piece were not there`],
  piece: (place) => [`Without the ${place} piece`, `the ${place} piece were not there`],
  gap: (place) => [`With the ${place} gap filled`, `the ${place} gap were filled`],
  end: (place) => [`With the ${place} stroke longer`, `the ${place} stroke were longer`],
};
const TINY = 1.1754943508222875e-38; // the smallest float32

/**
 * Find out why an answer is as it is, one changed grid after the other; yields after each of them, and returns the
 * `effects` of every cell, a `sentence`, and the `place` that it is about, a flag for each cell.
 *
 * ask: gives the ten probabilities of a grid.  strokes: the points that drew it; none for a picture.
 */
export function* explain(answer, ask, strokes) {
  const patched = withoutPatches(answer.ink);
  const possible = edits(answer.ink, strokes);
  const after = [];
  for (const ink of [...patched, ...possible.map((edit) => edit.ink)]) {
    after.push(ask(ink));
    yield;
  }
  const odds = (probabilities) => logOdds(probabilities, answer.digit);
  const without = after.slice(0, patched.length).map(odds);
  const told = said(answer, turning(possible, after.slice(patched.length), answer));
  return { effects: effects(answer.ink, patched, odds(answer.probabilities), without), ...told };
}

/** Return the logarithm of how much likelier a digit is than all others. */
function logOdds(probabilities, digit) {
  const others = probabilities.reduce((sum, chance, other) => sum + (other === digit ? 0 : chance), 0);
  return Math.log(probabilities[digit] + TINY) - Math.log(others + TINY);
}

/**
 * Return the edit that changes least of those that change the answer, with the digit, null for perhaps none; another
 * digit comes before perhaps none. Null where no edit changes anything.
 */
function turning(possible, after, answer) {
  const changed = possible.map((edit, i) => {
    const most = Math.max(...after[i]);
    const size = edit.change.reduce((one, other) => one + other);
    return { edit, size, digit: most >= answer.threshold ? after[i].indexOf(most) : null };
  });
  const isOther = ({ digit }) => digit !== null && (digit !== answer.digit || answer.isDoubtful);
  const isNone = ({ digit }) => digit === null && !answer.isDoubtful;
  const wanted = [isOther, isNone].map((fits) => changed.filter(fits)).find((found) => found.length);
  return wanted?.reduce((least, one) => (one.size < least.size ? one : least)) ?? null;
}

function said({ ink, digit, isDoubtful }, found) {
  if (!found) {
    const stays = `Whichever piece is missing, it stays ${a(digit)}.`;
    return { sentence: isDoubtful ? "No single change makes it a digit." : stays, place: ink.map(() => 0) };
  }
  const [begins, ends] = IF[found.edit.kind](placeName(ink, found.edit));
  const other = found.digit === null ? "perhaps be no digit" : `be ${a(found.digit)}`;
  const sentence = isDoubtful ? `It would ${other} if ${ends}.` : `${begins} it would ${other}.`;
  return { sentence, place: found.edit.change.map((change) => Number(change >= SEEN)) };
}

const a = (digit) => (digit === 8 ? `an ${digit}` : `a ${digit}`);

/** Return the name of an edit's place, from where its middle lies in the drawing. */
function placeName(ink, { change }) {
  const along = [(cell) => Math.floor(cell / SIZE), (cell) => cell % SIZE];
  const cells = [...ink.keys()];
  const ends = along.map((axis) => {
    const inked = cells.filter((cell) => ink[cell] > 0).map(axis);
    return [Math.min(...inked), Math.max(...inked)];
  });
  const sides = ends.map(([first, last]) => last - first + 1);
  const total = change.reduce((one, other) => one + other);
  const [down, across] = along.map((axis, i) => {
    const middle = cells.reduce((sum, cell) => sum + axis(cell) * change[cell], 0) / total;
    const aside = (middle - (ends[i][0] + ends[i][1]) / 2) / (Math.max(sides[i], SLIM * Math.max(...sides)) / 2);
    return Math.abs(aside) > ASIDE ? Math.sign(aside) : 0;
  });
  return PLACES[down + 1][across + 1];
}
