// What a sheet shows, as digits/reading/sheets.py reads it: one digit, whose grid the network reads, or a number.

import { SIZE, empty } from "../ink/grid.js";
import { Strokes } from "./fragments.js";
import { Lattice } from "./numbers.js";
import * as reasons from "./reasons.js";

const MOST_FRAGMENTS = 60; // of a number: a scribble has more, and is no number
const MOST_OVERLAP = 0.15; // of the height of the higher one of two digits
const LEAST_HEIGHT = 0.6; // of the highest one

/**
 * Read a sheet as a number, one grid after the other; yields after each of them, and returns the digits from left to
 * right, none where it is plainly no number.
 *
 * paths: of its strokes, none where they are not known.  ask: gives the ten probabilities of a grid.  confidence: that
 * each digit must have, at least.
 */
export function* read(paths, ask, confidence) {
  if (paths.length < 1) return [];
  const fragments = new Strokes(paths.map((path) => path.map(([x, y]) => [x, y])));
  if (fragments.boxes.length < 2 || fragments.boxes.length > MOST_FRAGMENTS) return [];
  const lattice = new Lattice(fragments);
  const answers = [];
  for (const grid of lattice.grids) {
    answers.push(ask(grid));
    yield;
  }
  const digits = lattice.digits(answers);
  return arePlain(digits, confidence) ? digits : [];
}

/** Whether several digits stand side by side, alike in size, each with more than a confidence. */
function arePlain(digits, confidence) {
  if (digits.length < 2 || digits.some(({ probabilities }) => Math.max(...probabilities) < confidence)) return false;
  const heights = digits.map(({ box }) => box[3] - box[1]);
  const highest = Math.max(...heights);
  const overlaps = digits.slice(1).map(({ box }, i) => digits[i].box[2] - box[0]);
  return Math.max(...overlaps) <= MOST_OVERLAP * highest && Math.min(...heights) >= LEAST_HEIGHT * highest;
}

/**
 * Find out why a sheet shows what was read on it, see `reasons.explain`; of a number, the least certain digit tells.
 *
 * paths: as in `read`.
 */
export function* explain(answer, paths, ask) {
  if (!answer.places.length) return yield* reasons.explain(answer, ask, paths);
  const found = [];
  for (const place of answer.places) found.push(yield* reasons.explain(place.answer, ask, []));
  const layers = found.map(({ effects }, i) => onSheet(answer.places[i], effects));
  const stronger = (one, other) => (Math.abs(other) > Math.abs(one) ? other : one);
  const strongest = (cell) => layers.map((layer) => layer[cell]).reduce(stronger, 0);
  const { sentence, place } = found[answer.least];
  return {
    effects: answer.ink.map((ink, cell) => (ink > 0 ? strongest(cell) : 0)),
    sentence: `Digit ${answer.least + 1}: ${sentence[0].toLowerCase()}${sentence.slice(1)}`,
    place: onSheet(answer.places[answer.least], place),
  };
}

/** Return cells of a digit's own grid where they lie on the sheet. */
function onSheet({ box: [left, top, right, bottom], scale }, cells) {
  const own = (place, middle) => Math.floor((place + 0.5 - middle) * scale + SIZE / 2);
  return empty().map((_, cell) => {
    const [row, column] = [own(Math.floor(cell / SIZE), (top + bottom) / 2), own(cell % SIZE, (left + right) / 2)];
    return row >= 0 && column >= 0 && row < SIZE && column < SIZE ? cells[row * SIZE + column] : 0;
  });
}
