// Strokes as far as they are seen, as digits/reading/visible.py takes them: what a pointer does beyond the edge of the
// sheet is not written.

import { SOFTNESS, lines } from "../ink/brush.js";
import { SIZE } from "../ink/grid.js";

/** Return the parts of paths, [x, y, radius], that leave ink on a sheet, as [x, y]; one that comes back is another. */
export function visibleParts(paths, columns) {
  return paths.flatMap((path) => partsOf(path, [columns, SIZE]));
}

function partsOf(path, size) {
  const parts = [];
  let goesOn = false;
  for (const [from, to] of lines(path)) {
    const [enters, leaves] = seen(from, to, size);
    const at = (share) => [0, 1].map((axis) => from[axis] + share * (to[axis] - from[axis]));
    if (enters < leaves) {
      if (!goesOn || enters > 0) parts.push([at(enters)]);
      parts.at(-1).push(leaves < 1 ? at(leaves) : to.slice(0, 2));
    }
    goesOn = enters < leaves && leaves === 1;
  }
  return parts;
}

/**
 * Return from which share of a line on, and up to which, it is seen (Liang and Barsky 1984); the first is no smaller
 * where it is not seen at all.
 */
function seen(from, to, size) {
  const margin = to[2] + SOFTNESS / 2 - 0.5; // how far off the sheet the brush still reaches the middle of a cell
  let [enters, leaves] = [0, 1];
  size.forEach((side, axis) => {
    const edges = [-margin, side + margin].map((edge) => (edge - from[axis]) / (to[axis] - from[axis]));
    [enters, leaves] = [Math.max(enters, Math.min(...edges)), Math.min(leaves, Math.max(...edges))];
  });
  return [enters, leaves];
}
