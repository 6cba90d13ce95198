// What a sheet shows, as digits/reading/sheets.py reads it: one digit, whose grid the network reads, or a number.

import { SIZE, columnsOf, empty } from "../ink/grid.js";
import { isBare } from "../ink/sheet.js";
import { Answer, isNumber } from "./answer.js";
import { Strokes } from "./fragments.js";
import { Lattice } from "./numbers.js";
import { Ink, UNCUT } from "./pieces.js";
import * as reasons from "./reasons.js";
import { visibleParts } from "./visible.js";

const MOST_FRAGMENTS = 60; // of a number: a scribble has more, and is no number
const MOST_OVERLAP = 0.15; // of the height of the higher one of two digits
const LEAST_HEIGHT = 0.6; // of the highest one
const WIDEST = 1.1; // heights that a piece of ink may be wide there and is taken for one

/**
 * Read a sheet for a number, one grid after the other; yields after each of them, and returns the digits from left to
 * right, at least one.
 *
 * ink: not all of it 0.  paths: of its strokes, none where they are not known.  ask: gives the ten probabilities of a
 * grid.
 */
export function* readNumber(ink, paths, ask) {
  return yield* digitsOf(fragmentsOf(ink, paths), ask);
}

/**
 * Find out whether there is a number on a sheet for one digit, as `readNumber` does; returns no digits where it is
 * plainly none.
 *
 * confidence: that each digit must have, at least.
 */
export function* findNumber(ink, paths, ask, confidence) {
  const fragments = isBare(ink) ? { boxes: [], signs: [] } : fragmentsOf(ink, paths);
  const count = fragments.boxes.length + fragments.signs.length;
  const digits = count >= 2 && count <= MOST_FRAGMENTS ? yield* digitsOf(fragments, ask) : [];
  return isNumber(digits) && arePlain(digits, confidence) ? digits : [];
}

function* digitsOf(fragments, ask) {
  const lattice = new Lattice(fragments);
  const answers = yield* askedAbout(lattice.grids, ask);
  return lattice.digits([...answers, ...(yield* askedAbout(lattice.doubted(answers), ask))]);
}

function* askedAbout(grids, ask) {
  const answers = [];
  for (const grid of grids) {
    answers.push(ask(grid));
    yield;
  }
  return answers;
}

/** Return what ink, not all of it 0, may be cut into. */
function fragmentsOf(ink, paths) {
  const width = columnsOf(ink);
  const strokes = visibleParts(paths, width);
  if (strokes.length) return new Strokes(strokes);
  return new Ink({ width, height: SIZE, numbers: ink }, width === SIZE ? WIDEST : UNCUT);
}

/** Whether digits stand side by side, alike in size, each with more than a confidence. */
function arePlain(digits, confidence) {
  if (digits.some(({ probabilities }) => Math.max(...probabilities) < confidence)) return false;
  const heights = digits.map(({ box }) => box[3] - box[1]);
  const highest = Math.max(...heights);
  const overlaps = digits.slice(1).map(({ box }, i) => digits[i].box[2] - box[0]);
  return Math.max(...overlaps) <= MOST_OVERLAP * highest && Math.min(...heights) >= LEAST_HEIGHT * highest;
}

/**
 * Find out why a sheet shows what was read on it, see `reasons.explain`; of a number, the least certain digit tells.
 *
 * paths: as in `readNumber`.
 */
export function* explain(answer, paths, ask) {
  const { ink, digits, least = 0 } = answer;
  if (!digits.length) return yield* reasons.explain(answer, ask, paths);
  const found = [];
  for (const digit of digits) {
    found.push(yield* reasons.explain(new Answer(digit.grid, digit.probabilities, answer.threshold), ask, []));
  }
  const layers = found.map(({ effects }, i) => onSheet(ink, digits[i], effects));
  const stronger = (one, other) => (Math.abs(other) > Math.abs(one) ? other : one);
  const strongest = (cell) => layers.map((layer) => layer[cell]).reduce(stronger, 0);
  const { sentence, place } = found[least];
  return {
    effects: ink.map((amount, cell) => (amount > 0 ? strongest(cell) : 0)),
    sentence: digits.length > 1 ? `Digit ${least + 1}: ${sentence[0].toLowerCase()}${sentence.slice(1)}` : sentence,
    place: onSheet(ink, digits[least], place),
  };
}

/** Return cells of a digit's own grid where they lie on the sheet. */
function onSheet(ink, { box: [left, top, right, bottom], scale }, cells) {
  const columns = columnsOf(ink);
  const own = (place, middle) => Math.floor((place + 0.5 - middle) * scale + SIZE / 2);
  return empty(columns).map((_, cell) => {
    const row = own(Math.floor(cell / columns), (top + bottom) / 2);
    const column = own(cell % columns, (left + right) / 2);
    return row >= 0 && column >= 0 && row < SIZE && column < SIZE ? cells[row * SIZE + column] : 0;
  });
}
