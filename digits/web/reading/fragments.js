// What a number is cut into before it is read, as digits/reading/fragments.py cuts it: strokes, and parts of those
// that are wider than a digit. A box is [left, top, right, bottom], in cells; a run of fragments is {first, last}.
//
// Fragments are ordered by their middles from left to right. They have `boxes`; `wholes`, the number of the stroke or
// piece that each was cut from; `tears`, what a digit costs, in nats, that begins with each where it was cut
// from its whole; `mostParts`, how many may make a digit; the `band`, by how many cells a drawing's box is wider than
// the path in it; `signs`, which are no fragments; the `thickness` of strokes, by which boxes are larger than those of
// paths; and `draw`, which draws a run anew in the middle of a grid.

import { RADIUS, draw } from "../ink/brush.js";
import { SIZE, empty } from "../ink/grid.js";
import { findSigns, placedSigns } from "./signs.js";

export const SPECK = 0.12; // of the largest stroke: what is smaller is dust, or where a pointer touched by mistake
const TALL = 0.5; // of the highest fragment: what is higher than that tells how high a digit is
const LINE = 0.6; // of all boxes together, from the highest to the lowest place: a digit is no lower
const UNCUT = 1.3; // heights of a digit, or of its own: a tall stroke that is wider is cut
const STEP = 0.08; // heights of a digit between two looks along a stroke that is cut
const SHARP = Math.PI / 3; // a stroke that turns more within two steps may be cut there
const APART = 4; // steps between two cuts
const MOST_CUTS = 8; // of a stroke
const TEAR = 1.5; // nats: people seldom write two digits in one stroke
const SPARSE = 0.025; // heights of a digit between points of a path that are drawn: the brush is four times as wide

/** Return how high a digit is among boxes: the median of all that are not small. */
function digitHeight(boxes) {
  const heights = boxes.map(([, top, , bottom]) => bottom - top);
  const tall = heights.filter((height) => height >= TALL * Math.max(...heights)).sort((one, other) => one - other);
  const middle = (tall.length - 1) / 2;
  return Math.max((tall[Math.floor(middle)] + tall[Math.ceil(middle)]) / 2, 1e-6);
}

/** Return the same of boxes that stand in one line, where strokes of a digit may all be lower than it. */
export function heightInLine(boxes) {
  const [, top, , bottom] = bounds(boxes);
  return Math.max(digitHeight(boxes), LINE * (bottom - top));
}

/** Return the box around boxes. */
export function bounds(boxes) {
  const side = (at, of) => of(...boxes.map((box) => box[at]));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}

const boxOf = (path) => bounds(path.map(([x, y]) => [x, y, x, y]));
export const longerSide = ([left, top, right, bottom]) => Math.max(right - left, bottom - top);

export class Strokes {
  band = 0;
  thickness = 0;
  mostParts = 6;

  /** Take at least one path, a list of [x, y]. */
  constructor(paths) {
    const { digits, signs } = withoutSigns(paths);
    this.signs = signs;
    const sides = digits.map((path) => longerSide(boxOf(path)));
    const large = digits.filter((_, i) => sides[i] >= SPECK * Math.max(...sides));
    const height = heightInLine(large.map(boxOf));
    const partsOf = (path, whole) => cut(path, height).map((part) => ({ path: part, whole, box: boxOf(part) }));
    const parts = large.flatMap(partsOf).sort(inOrder);
    this.boxes = parts.map(({ box }) => box);
    this.wholes = parts.map(({ whole }) => whole);
    this.tears = parts.map(() => TEAR);
    this._paths = parts.map(({ path }) => thinned(path, SPARSE * height));
  }

  /** Return a run drawn anew in the middle of a grid, so many times as large. */
  draw({ first, last }, scale) {
    const [left, top, right, bottom] = bounds(this.boxes.slice(first, last + 1));
    const move = ([x, y]) => [(x - (left + right) / 2) * scale + SIZE / 2, (y - (top + bottom) / 2) * scale + SIZE / 2];
    const ink = empty();
    for (const path of this._paths.slice(first, last + 1)) {
      drawPath(ink, path.map(move));
    }
    return ink;
  }
}

/** Return the paths of digits, and the signs. */
function withoutSigns(paths) {
  const boxes = paths.map(boxOf);
  const found = findSigns(boxes, heightInLine(boxes));
  return { digits: paths.filter((_, i) => !found[i]), signs: placedSigns(found, boxes) };
}

/** Compare two parts by the middles of their boxes from left to right, by their places where these agree. */
export function inOrder({ box: one }, { box: other }) {
  const differs = [3, 2, 1, 0].find((at) => one[at] !== other[at]);
  return one[0] + one[2] - other[0] - other[2] || (differs === undefined ? 0 : one[differs] - other[differs]);
}

/** Draw along points with the brush that a number is drawn anew with. */
function drawPath(ink, points) {
  points.forEach((point, i) => draw(ink, ...points[Math.max(0, i - 1)], ...point, RADIUS));
}

/** Return a path without the points that lie nearer each other than a step, so that nobody sees them. */
function thinned(path, step) {
  const stretch = along(path).map((length) => Math.floor(length / step));
  return path.filter((_, i) => i === path.length - 1 || stretch[i] > (stretch[i - 1] ?? -1));
}

/** Return how far along a path each of its points lies. */
function along(path) {
  let length = 0;
  return path.map(([x, y], i) => (length += i ? Math.hypot(x - path[i - 1][0], y - path[i - 1][1]) : 0));
}

/** Cut a path, where it is wider than a digit, at its low points and sharp turns. */
function cut(path, height) {
  const [left, top, right, bottom] = boxOf(path);
  if (right - left <= UNCUT * Math.max(bottom - top, height) || bottom - top < TALL * height) return [path];
  const walk = evenly(path, height);
  const cuts = [0, ...turns(walk), walk.length - 1];
  return cuts.slice(1).map((last, i) => walk.slice(cuts[i], last + 1));
}

function evenly(path, height) {
  const lengths = along(path);
  const total = lengths.at(-1);
  const count = Math.max(2, Math.floor(total / (STEP * height)));
  return Array.from({ length: count }, (_, i) => {
    const length = (total * i) / (count - 1);
    const next = Math.max(1, lengths.findIndex((far) => far >= length));
    const share = Math.min(1, (length - lengths[next - 1]) / Math.max(lengths[next] - lengths[next - 1], 1e-9));
    return path[next].map((to, axis) => path[next - 1][axis] + share * (to - path[next - 1][axis]));
  });
}

/** Return where an even walk runs low or turns sharply, the sharpest turns first chosen; in order. */
function turns(walk) {
  const heading = walk.slice(2).map(([x, y], i) => Math.atan2(y - walk[i][1], x - walk[i][0]));
  const turn = walk.map((_, i) => (i >= 2 && i < walk.length - 2 ? between(heading[i - 2], heading[i]) : 0));
  const isLow = (at) => walk[at][1] >= walk[at - 1]?.[1] && walk[at][1] > walk[at + 1]?.[1];
  const chosen = [];
  for (const at of [...walk.keys()].sort((one, other) => turn[other] - turn[one])) {
    const isApart = [0, walk.length - 1, ...chosen].every((other) => Math.abs(at - other) >= APART);
    if ((turn[at] >= SHARP || isLow(at)) && isApart) chosen.push(at);
  }
  return chosen.slice(0, MOST_CUTS).sort((one, other) => one - other);
}

/** Return the angle between two headings, from 0 to half a turn. */
function between(one, other) {
  const turn = Math.abs(other - one);
  return Math.min(turn, 2 * Math.PI - turn);
}
