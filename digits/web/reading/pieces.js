// Ink without strokes, as digits/reading/pieces.py takes it: its connected pieces, the wide ones cut where they may be
// several digits that touch. Ink is a picture here, {width, height, numbers}.
//
// A part, {box, ink, tear}, is a piece of ink, or a part of one between two cuts: what a digit costs that begins there.

import { quantile } from "../files/found.js";
import { RADIUS } from "../ink/brush.js";
import { SIZE, empty } from "../ink/grid.js";
import { SPECK, bounds, heightInLine, inOrder, longerSide } from "./fragments.js";
import { label, labelBoxes } from "./labels.js";
import { cutParts } from "./seams.js";
import { findSigns, placedSigns } from "./signs.js";

export const UNCUT = 0.65; // heights of a digit: a piece that is wider is cut
const DUST = 0.6; // of a stroke's thickness: what is smaller both ways is no point
const [TEAR, CROSSED] = [0.1, 0.3]; // what a cut costs in nats, and what for each stroke's thickness that it crosses

/** Fragments of ink whose strokes nobody knows. */
export class Ink {
  band = 2 * RADIUS;
  mostParts = 14;

  /** Take ink, not all of it 0; widest: of the pieces that are left whole, in heights of a digit. */
  constructor(given, widest = UNCUT) {
    const ink = atFull(given);
    this._shape = ink;
    this.thickness = thicknessOf(ink);
    const { pieces, signs } = piecesOf(ink, this.thickness);
    this.signs = signs;
    const height = heightInLine(pieces.map(({ box }) => box));
    const partsOf = (piece) => (isWide(piece, height, widest) ? cut(piece, height, this.thickness) : [piece]);
    const parts = pieces.flatMap((piece, whole) => partsOf(piece).map((part) => ({ ...part, whole })));
    this._parts = parts.sort(inOrder);
    this.boxes = parts.map(({ box }) => box);
    this.wholes = parts.map(({ whole }) => whole);
    this.tears = parts.map(({ tear }) => tear);
  }

  /** Return a run drawn anew in the middle of a grid, so many times as large. */
  draw({ first, last }, scale) {
    const parts = this._parts.slice(first, last + 1);
    const cells = scaled(cropped(this._together(parts), bounds(parts.map(({ box }) => box))), scale);
    const most = cells.reduce((one, other) => Math.max(one, other));
    const full = Math.max(quantile(cells.filter((cell) => cell >= most / 2), 0.5), 1e-6); // fine lines have paled
    return cells.map((cell) => Math.min(1, cell / full));
  }

  /** Return the ink of parts where it was. */
  _together(parts) {
    const { width, numbers } = this._shape;
    const laid = new Float32Array(numbers.length);
    for (const { box: [left, top], ink } of parts) {
      ink.numbers.forEach((amount, i) => {
        const place = (top + Math.floor(i / ink.width)) * width + left + (i % ink.width);
        laid[place] = Math.max(laid[place], amount);
      });
    }
    return { ...this._shape, numbers: laid };
  }
}

/** Return ink as strong as ink can be: what is faint has the pieces and the cuts of full ink. */
function atFull(ink) {
  const most = ink.numbers.reduce((one, other) => Math.max(one, other));
  return { ...ink, numbers: ink.numbers.map((amount) => amount / most) };
}

/** Return the connected pieces of ink that are no dust, and the signs among them. */
function piecesOf(ink, thickness) {
  const labels = label(ink);
  const boxes = labelBoxes(labels);
  const longest = Math.max(...boxes.map(longerSide));
  const found = signsOf(boxes, longest, thickness);
  const isDigit = (box, i) => longerSide(box) >= SPECK * longest && !found[i];
  const pieces = boxes.flatMap((box, i) => (isDigit(box, i) ? [pieceOf(ink, labels, i + 1, box)] : []));
  return { pieces, signs: placedSigns(found, boxes) };
}

/** Return which sign each piece is, "" for none; what is much finer than the strokes is dust. */
function signsOf(boxes, longest, thickness) {
  const isInked = (box) => longerSide(box) >= Math.min(DUST * thickness, longest);
  const inner = boxes.filter(isInked).map((box) => innerBox(box, thickness));
  const found = findSigns(inner, heightInLine(inner));
  return boxes.map((box) => (isInked(box) ? found.shift() : ""));
}

/** Return the box of the path in the middle of a piece, given its own. */
function innerBox([left, top, right, bottom], thickness) {
  const inner = (from, to) => Math.max(0, (to - from - thickness) / 2);
  const [x, y, across, down] = [(left + right) / 2, (top + bottom) / 2, inner(left, right), inner(top, bottom)];
  return [x - across, y - down, x + across, y + down];
}

function pieceOf(ink, labels, number, box) {
  const own = ink.numbers.map((amount, place) => (labels.numbers[place] === number ? amount : 0));
  return { box, ink: cropped({ ...ink, numbers: own }, box), tear: 0 };
}

function cropped({ width, numbers }, [left, top, right, bottom]) {
  const [wide, high] = [right - left, bottom - top];
  const at = (i) => (top + Math.floor(i / wide)) * width + left + (i % wide);
  return { width: wide, height: high, numbers: Float32Array.from({ length: wide * high }, (_, i) => numbers[at(i)]) };
}

function isWide({ box: [left, top, right, bottom] }, height, widest) {
  return right - left > widest * height && bottom - top > height / 2;
}

/** Return what is left of a piece between cuts; heights of a digit and thickness of a stroke in cells. */
function cut({ box: [left, top], ink }, height, thickness) {
  const { parts, crossed } = cutParts(ink, height, thickness);
  const labels = { ...ink, numbers: ink.numbers.map((amount, place) => (amount > 0 ? parts[place] + 1 : 0)) };
  const tears = [0, ...crossed.map((amount) => TEAR + (CROSSED * amount) / thickness)];
  const made = labelBoxes(labels).flatMap((box, i) =>
    (box ? [{ ...pieceOf(ink, labels, i + 1, box), tear: tears[i] }] : []));
  return made
    .filter((part) => part.ink.numbers.some((amount) => amount >= 0.5))
    .map(({ box: [x0, y0, x1, y1], ...part }) => ({ ...part, box: [x0 + left, y0 + top, x1 + left, y1 + top] }));
}

/** Return how thick strokes are: twice their area over the length of their edge. */
function thicknessOf({ width, height, numbers }) {
  let [edge, area] = [0, 0];
  numbers.forEach((amount, place) => {
    area += amount;
    if (place % width < width - 1) edge += Math.abs(numbers[place + 1] - amount);
    if (place < width * (height - 1)) edge += Math.abs(numbers[place + width] - amount);
  });
  return Math.max(1, (2.5 * area) / Math.max(edge, 1)); // steps of an edge at a slant are 5/4 times its length
}

/** Return a picture scaled onto the middle of a grid. */
function scaled({ width, height, numbers }, scale) {
  const [down, across] = [spread(height, scale), spread(width, scale)];
  const rows = down.map((shares) => Array.from({ length: width }, (_, column) =>
    shares.reduce((sum, share, row) => (share ? sum + share * numbers[row * width + column] : sum), 0)));
  return empty().map((_, cell) => {
    const row = rows[Math.floor(cell / SIZE)];
    return across[cell % SIZE].reduce((sum, share, column) => (share ? sum + share * row[column] : sum), 0);
  });
}

/** Return what each of `size` places in a row gives to each cell of a grid that they are scaled onto. */
function spread(size, scale) {
  const reach = Math.max(1, scale);
  const centres = Array.from({ length: size }, (_, i) => (i + 0.5 - size / 2) * scale + SIZE / 2);
  const share = (centre, cell) => Math.max(0, 1 - Math.abs(centre - cell - 0.5) / reach) * (Math.min(1, scale) / reach);
  return Array.from({ length: SIZE }, (_, cell) => centres.map((centre) => share(centre, cell)));
}
