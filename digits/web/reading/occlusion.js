// What becomes of an answer when ink is taken away, as digits/reading/occlusion.py finds it out: on the ink alone.

import { SIZE, empty } from "../ink/grid.js";

const SPACING = 2; // cells from one patch to the next
const SPREAD = 1.5; // cells, the standard deviation of a patch, which is so a little wider than a stroke
const INKED = 0.15; // share of a patch under ink, from where there is something to take away

/** Return a grid with each piece of its ink taken away in turn, at most 196. */
export function withoutPatches(ink) {
  return patches()
    .filter((patch) => share(ink, patch) >= INKED)
    .map(({ cover }) => ink.map((cell, i) => cell * (1 - cover[i])));
}

/**
 * Return what each cell's ink does for an answer, in log odds, 0 where there is none: positive where the answer grows
 * less likely without the ink.
 *
 * changed: grids with a part of the ink taken away.  before, after: the log odds of the answer, for the ink and for
 * each of the grids.
 */
export function effects(ink, changed, before, after) {
  const sums = new Float64Array(ink.length);
  const taken = new Float64Array(ink.length);
  changed.forEach((other, number) => {
    other.forEach((cell, i) => {
      sums[i] += (before - after[number]) * (ink[i] - cell);
      taken[i] += ink[i] - cell;
    });
  });
  return sums.map((sum, i) => (taken[i] > 0 ? sum / taken[i] : 0));
}

/** Return how much of a patch lies under ink, from 0 to 1. */
export const share = (ink, { cover, size }) => cover.reduce((sum, part, i) => sum + part * ink[i], 0) / size;

let kept = null; // 196 patches of 784 cells take longer to make than a page to open

/** Return all patches: how much each covers of every cell, the sum of that, and the cell that it covers most. */
export function patches() {
  const middles = Array.from({ length: SIZE / SPACING }, (_, i) => SPACING * i + (SPACING - 1) / 2);
  const bump = (middle, cell) => Math.exp(-((cell - middle) ** 2) / (2 * SPREAD ** 2));
  const patch = (row, column) => {
    const cover = empty().map((_, cell) => bump(row, Math.floor(cell / SIZE)) * bump(column, cell % SIZE));
    const size = cover.reduce((one, other) => one + other);
    return { cover, size, peak: Math.floor(row) * SIZE + Math.floor(column) };
  };
  kept ??= middles.flatMap((row) => middles.map((column) => patch(row, column)));
  return kept;
}
