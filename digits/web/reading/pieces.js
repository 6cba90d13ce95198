// Ink without strokes, as digits/reading/pieces.py takes it: its connected pieces; wide ones are taken apart, into the
// strokes traced in them or by cuts. Ink is a picture here, {width, height, numbers}.
//
// A part, {box, ink, path}, is a piece of ink, a part of one between two cuts, or a stroke traced in one, which has a
// path, and the ink of the whole piece.

import { quantile } from "../files/found.js";
import { RADIUS } from "../ink/brush.js";
import { SIZE, empty } from "../ink/grid.js";
import { SPECK, bounds, boxOf, cut, drawPath, heightInLine, inOrder, longerSide } from "./fragments.js";
import { label, labelBoxes } from "./labels.js";
import { cutParts } from "./seams.js";
import { traced } from "./tracing.js";

const UNCUT = 0.75; // heights of a digit: a piece that is wider is taken apart
const SHORTEST = 0.2; // heights of a digit: a traced stroke that is shorter is none

/** Fragments of ink whose strokes nobody knows. */
export class Ink {
  band = 2 * RADIUS;
  tear = 0.3;

  /** Take ink, not all of it 0.  takeApart: `intoStrokes` or `intoCuts`, for pieces that are wider than a digit. */
  constructor(ink, takeApart) {
    this._shape = ink;
    this._pieces = piecesOf(ink);
    const height = heightInLine(this._pieces.map(({ box }) => box));
    const thickness = thicknessOf(ink);
    const partsOf = (piece) => (isWide(piece, height) ? takeApart(piece, height, thickness) : [piece]);
    const parts = this._pieces.flatMap((piece, whole) => partsOf(piece).map((part) => ({ ...part, whole })));
    this._parts = parts.sort(inOrder);
    this.boxes = parts.map(({ box }) => box);
    this.wholes = parts.map(({ whole }) => whole);
  }

  /** Whether a piece of it was taken apart. */
  get isCut() {
    return this._parts.length > this._pieces.length;
  }

  /** Return a run drawn anew in the middle of a grid, so many times as large. */
  draw({ first, last }, scale) {
    const parts = this._parts.slice(first, last + 1);
    const box = bounds(parts.map((part) => part.box));
    const cells = scaled(cropped(this._together(this._inked(parts)), box), scale);
    const most = cells.reduce((one, other) => Math.max(one, other));
    const full = Math.max(quantile(cells.filter((cell) => cell >= most / 2), 0.5), 1e-6); // fine lines have paled
    const drawn = cells.map((cell) => Math.min(1, cell / full));
    const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    const placed = ([across, down]) => [(across - x) * scale + SIZE / 2, (down - y) * scale + SIZE / 2];
    const isAlone = (part) => part.path && !this._isWhole(part.whole, parts);
    for (const { path } of parts.filter(isAlone)) drawPath(drawn, path.map(placed));
    return drawn;
  }

  /** Whether all parts of a piece are among some. */
  _isWhole(whole, parts) {
    const isOf = (part) => part.whole === whole;
    return parts.filter(isOf).length === this._parts.filter(isOf).length;
  }

  /** Return what of some parts has ink of its own; a whole piece has. */
  _inked(parts) {
    const wholes = [...new Set(parts.map(({ whole }) => whole))];
    return wholes.flatMap((whole) => {
      if (this._isWhole(whole, parts)) return [this._pieces[whole]];
      return parts.filter((part) => part.whole === whole && !part.path);
    });
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

/** Return the connected pieces of ink that are no dust. */
function piecesOf(ink) {
  const labels = label(ink);
  const boxes = labelBoxes(labels);
  const least = SPECK * Math.max(...boxes.map(longerSide));
  return boxes.flatMap((box, i) => (longerSide(box) >= least ? [pieceOf(ink, labels, i + 1, box)] : []));
}

function pieceOf(ink, labels, number, box) {
  const own = ink.numbers.map((amount, place) => (labels.numbers[place] === number ? amount : 0));
  return { box, ink: cropped({ ...ink, numbers: own }, box) };
}

function cropped({ width, numbers }, [left, top, right, bottom]) {
  const [wide, high] = [right - left, bottom - top];
  const at = (i) => (top + Math.floor(i / wide)) * width + left + (i % wide);
  return { width: wide, height: high, numbers: Float32Array.from({ length: wide * high }, (_, i) => numbers[at(i)]) };
}

function isWide({ box: [left, top, right, bottom] }, height) {
  return right - left > UNCUT * height && bottom - top > height / 2;
}

/**
 * Return the strokes traced in a piece, those that are wider than a digit cut; the piece where there is only one.
 *
 * height: of a digit.  thickness: of a stroke.
 */
export function intoStrokes(piece, height, thickness) {
  const { box: [left, top, right, bottom], ink } = piece;
  const isInk = { ...ink, numbers: ink.numbers.map((amount) => Number(amount >= 0.5)) };
  const all = traced(isInk, thickness).flatMap((path) => cut(path, height));
  const paths = all.filter((path) => longerSide(boxOf(path)) >= SHORTEST * height);
  if (paths.length < 2) return [piece];
  const [wide, high] = [right - left, bottom - top];
  const within = (place, end) => Math.min(end, Math.max(0, place));
  return paths.map((path) => {
    const [x0, y0, x1, y1] = boxOf(path);
    const [low, far] = [[x0, y0], [x1, y1]].map((point, i) =>
      point.map((place) => (i ? Math.ceil(place + thickness / 2) : Math.floor(place - thickness / 2))));
    const box = [
      left + within(low[0], wide), top + within(low[1], high), left + within(far[0], wide), top + within(far[1], high),
    ];
    return { box, ink, path: path.map(([x, y]) => [x + left, y + top]) };
  });
}

/** Return what is left of a piece between cuts from top to bottom, see `intoStrokes`. */
export function intoCuts({ box: [left, top], ink }, height, thickness) {
  const parts = cutParts(ink, height, thickness);
  const labels = { ...ink, numbers: ink.numbers.map((amount, place) => (amount > 0 ? parts[place] + 1 : 0)) };
  const made = labelBoxes(labels).flatMap((box, i) => (box ? [pieceOf(ink, labels, i + 1, box)] : []));
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
