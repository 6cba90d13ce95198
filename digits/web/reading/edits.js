// Changes that a person could make to a drawing, as digits/reading/edits.py makes them: a stroke or a piece taken away,
// a gap filled, a stroke made longer.

import { draw } from "../ink/brush.js";
import { SIZE, empty } from "../ink/grid.js";
import { patches, share } from "./occlusion.js";

const INK = 0.25; // of a cell, from where it belongs to what people see as drawn
const PIECE = 5; // cells from one piece of ink to the next
const MOST = 12; // pieces, loose pieces and strokes of each kind: a sheet full of ink must not take longer
const ACROSS = 6; // cells: ink so near on two opposite sides makes a gap of bare paper
const LONGER = [4, 8]; // cells that a stroke is made longer by
const AIM = 4; // cells of a stroke's end that say which way it goes
const POINTS = 300; // of a path: what is longer is thinned
const SIDES = [[0, 1], [1, 0], [1, 1], [1, -1]]; // steps in rows and columns; each with its opposite

/**
 * Return what could be changed in a drawing, as {kind, ink, change}: a "stroke", "loose piece" or "piece" is taken
 * away, a "gap" is filled, an "end" is a stroke made longer; the ink as it would be, and how much of each cell differs.
 *
 * strokes: the points that drew it, [x, y, radius] in cells; none for a picture.
 */
export function edits(ink, strokes) {
  const paths = strokes.slice(-MOST).map(thinned);
  const made = {
    stroke: withoutStrokes(ink, paths),
    "loose piece": withoutLoosePieces(ink),
    piece: withoutPieces(ink),
    gap: gaps(ink).map(({ cover }) => ink.map((cell, i) => Math.max(cell, cover[i]))),
    end: paths.flatMap((path) => longer(ink, path)),
  };
  return Object.entries(made).flatMap(([kind, inks]) =>
    inks.map((other) => ({ kind, ink: other, change: other.map((cell, i) => Math.abs(cell - ink[i])) })));
}

function thinned(path) {
  const step = Math.ceil(path.length / POINTS);
  return path.filter((_, i) => i % step === 0 || i === path.length - 1);
}

/** Return the ink without each of several strokes; where they cross, what the others laid stays. */
function withoutStrokes(ink, paths) {
  const layers = paths.map((path) => {
    const layer = empty();
    path.forEach(([x, y], i) => draw(layer, ...path[Math.max(0, i - 1)].slice(0, 2), x, y, path.at(-1)[2]));
    return layer;
  });
  if (layers.length < 2) return [];
  return layers.map((layer) => {
    const others = layers.filter((other) => other !== layer);
    const rest = (i) => others.reduce((most, other) => Math.max(most, other[i]), 0);
    return ink.map((cell, i) => (layer[i] > 0 ? Math.min(cell, rest(i)) : cell));
  });
}

/** Return the ink without each of several pieces that do not touch, the largest first. */
function withoutLoosePieces(ink) {
  const pieces = connected(ink).sort((one, other) => other.size - one.size);
  if (pieces.length < 2) return [];
  return pieces.slice(0, MOST).map((piece) => ink.map((cell, i) => (piece.has(i) ? 0 : cell)));
}

/** Return the cells of ink that hang together, a set for each piece. */
function connected(ink) {
  const left = new Set([...ink.keys()].filter((cell) => ink[cell] > 0));
  const pieces = [];
  while (left.size) {
    const [first] = left;
    left.delete(first);
    const piece = new Set([first]);
    for (const cell of piece) { // a set goes on with what is added meanwhile
      for (const next of around(cell)) if (left.delete(next)) piece.add(next);
    }
    pieces.push(piece);
  }
  return pieces;
}

function around(cell) {
  const [row, column] = placeOf(cell);
  const steps = [-1, 0, 1];
  const places = steps.flatMap((down) => steps.map((across) => [row + down, column + across]));
  return places.filter(isOnSheet).map(([down, across]) => down * SIZE + across);
}

const placeOf = (cell) => [Math.floor(cell / SIZE), cell % SIZE];
const isOnSheet = (place) => place.every((part) => part >= 0 && part < SIZE);

/** Return the ink without each of its pieces, and without each two and three of them side by side. */
function withoutPieces(ink) {
  const middles = middlesOf(ink);
  if (middles.length < 2) return [];
  const owner = Array.from(ink, (_, cell) => nearest(cell, middles));
  return runsOf(middles).map((taken) => ink.map((cell, i) => (taken.includes(owner[i]) ? 0 : cell)));
}

/** Return the numbers of middles that lie side by side: each one, each two, and each three. */
function runsOf(middles) {
  const all = [...middles.keys()];
  const pairs = (run) => run.flatMap((one, i) => run.slice(i + 1).map((other) => [one, other]));
  const areNear = ([one, other]) => squared(middles[one], middles[other]) <= 2 * PIECE ** 2;
  const twos = pairs(all);
  const threes = twos.flatMap(([one, other]) => all.slice(other + 1).map((third) => [one, other, third]));
  const runs = [...all.map((one) => [one]), ...twos, ...threes];
  return runs.filter((run) => pairs(run).filter(areNear).length >= run.length - 1);
}

function nearest(cell, middles) {
  const distances = middles.map((middle) => squared(cell, middle));
  return distances.indexOf(Math.min(...distances));
}

/** Return cells of ink, each as far from those before it as can be, until all ink is near to one. */
function middlesOf(ink) {
  const least = Math.min(INK, Math.max(...ink));
  const cells = [...ink.keys()].filter((cell) => ink[cell] >= least);
  const middles = cells.slice(0, 1);
  while (middles.length < MOST) {
    const distances = cells.map((cell) => Math.min(...middles.map((middle) => squared(cell, middle))));
    const furthest = Math.max(...distances);
    if (furthest < PIECE ** 2) break;
    middles.push(cells[distances.indexOf(furthest)]);
  }
  return middles;
}

function squared(one, other) {
  const [[row, column], [down, across]] = [placeOf(one), placeOf(other)];
  return (row - down) ** 2 + (column - across) ** 2;
}

/** Return the patches that lie on bare paper, with ink on two opposite sides. */
function gaps(ink) {
  const isBetween = (cell) => SIDES.some(([down, across]) =>
    reaches(ink, cell, [down, across]) && reaches(ink, cell, [-down, -across]));
  return patches().filter((patch) => ink[patch.peak] < INK && share(ink, patch) < INK && isBetween(patch.peak));
}

/** Return whether ink is reached from a cell by a few steps. */
function reaches(ink, cell, step) {
  const place = placeOf(cell);
  const ways = Array.from({ length: ACROSS }, (_, i) => place.map((part, axis) => part + (i + 1) * step[axis]));
  return ways.filter(isOnSheet).some(([row, column]) => ink[row * SIZE + column] >= INK);
}

/** Return the ink with a stroke made longer at both its ends, as far as they are still there and go somewhere. */
function longer(ink, path) {
  return [path, path.toReversed()].flatMap((points) => {
    const [x, y, radius] = points.at(-1);
    const before = points.findLast(([left, top]) => Math.hypot(left - x, top - y) >= AIM);
    const place = [Math.floor(y), Math.floor(x)];
    if (!before || !isOnSheet(place) || ink[place[0] * SIZE + place[1]] < INK) return [];
    const far = Math.hypot(x - before[0], y - before[1]);
    const [dx, dy] = [(x - before[0]) / far, (y - before[1]) / far];
    return LONGER.map((length) => {
      const other = ink.slice();
      draw(other, x, y, x + length * dx, y + length * dy, radius);
      return other;
    });
  });
}
