// What an eraser leaves of strokes, as digits/ink/erasing.py finds it: those parts of them whose ink is still there.

import { SIZE, columnsOf } from "./grid.js";

const STEP = 0.25; // cells between two looks along a stroke
const THERE = 0.5; // of the ink that a stroke laid: where less is left it is erased
const SPECK = 0.5; // cells: a shorter part of a longer stroke is what an eraser's soft edge leaves

/**
 * Return what is left of strokes, each part a list of [x, y, radius] in cells, like these.
 *
 * laid: the ink of all strokes before anything was erased.  ink: what there is of it now.
 */
export function remains(strokes, laid, ink) {
  const columns = columnsOf(ink);
  const isThere = ([x, y]) => {
    const cell = cellAt(y, SIZE) * columns + cellAt(x, columns);
    return ink[cell] >= THERE * laid[cell]; // off the sheet there was nothing to erase
  };
  return strokes.flatMap((points) => remainsOf(points, isThere));
}

const cellAt = (place, end) => Math.min(end - 1, Math.max(0, Math.floor(place)));

function remainsOf(points, isThere) {
  const looks = dense(points);
  const there = looks.map(isThere);
  if (there.every(Boolean)) return [points];
  const parts = [];
  looks.forEach((look, i) => {
    if (there[i] && there[i - 1]) parts.at(-1).push(look);
    else if (there[i]) parts.push([look]);
  });
  return parts.filter((part) => along(part).at(-1) >= SPECK);
}

/** Return a stroke with points so close to each other that none of its cells is missed. */
function dense(points) {
  if (points.length === 1) return points;
  const lengths = along(points);
  const total = lengths.at(-1);
  const count = Math.ceil(total / STEP);
  let last = 0;
  return Array.from({ length: 1 + count }, (_, i) => {
    const length = i < count ? (i * total) / count : total;
    while (lengths[last + 1] <= length) last++;
    if (last === points.length - 1) return points[last];
    const share = (length - lengths[last]) / (lengths[last + 1] - lengths[last]);
    return points[last].map((from, axis) => Math.fround(from + share * (points[last + 1][axis] - from)));
  });
}

/** Return how far along a stroke each of its points lies, added up in float32 as NumPy does. */
function along(points) {
  const lengths = new Float32Array(points.length);
  points.slice(1).forEach(([x, y], i) => {
    lengths[i + 1] = lengths[i] + Math.fround(Math.hypot(x - points[i][0], y - points[i][1]));
  });
  return lengths;
}
