// Why an answer: what becomes of it when a piece of the ink is taken away, or a gap in it filled, as
// digits/reading/occlusion.py finds it out.

import { SIZE, empty } from "../ink/grid.js";

const SPACING = 2; // cells from one patch to the next
const SPREAD = 1; // cells, the standard deviation of a patch, which is so about as wide as a stroke
const INKED = 0.25; // share of a patch under ink, from where it is a piece of ink; below it is a gap
const NEAR = 3; // cells around the ink in which a gap may be
const COVERED = 0.5; // sum of the changes to a cell, below which its effect fades out

/**
 * Find out, one changed grid after the other, what each cell's ink does for the lead of the winner over the runner-up,
 * in log odds; yields after each of them, and returns 28 x 28 numbers at the end.
 *
 * ask: gives the ten probabilities of a grid.
 */
export function* explain(answer, ask) {
  const before = lead(answer.probabilities, answer);
  const sums = new Float64Array(SIZE * SIZE);
  const covered = new Float64Array(SIZE * SIZE);
  for (const changed of changes(answer.ink)) {
    const change = changed.map((cell, i) => cell - answer.ink[i]);
    const effect = (lead(ask(changed), answer) - before) * Math.sign(change.reduce((one, other) => one + other, 0));
    change.forEach((difference, i) => {
      sums[i] += effect * Math.abs(difference);
      covered[i] += Math.abs(difference);
    });
    yield;
  }
  return sums.map((sum, i) => sum / Math.max(covered[i], COVERED));
}

function lead(probabilities, { digit, runnerUp }) {
  const chance = (which) => Math.log(probabilities[which] + 1.1754943508222875e-38); // the smallest float32
  return chance(digit) - chance(runnerUp);
}

/** Return a grid with each piece of ink taken away, and each gap near the ink filled. */
function changes(ink) {
  const isNear = near(ink);
  return patches().flatMap(({ middle, cover, size }) => {
    const share = cover.reduce((sum, part, i) => sum + part * ink[i], 0) / size;
    if (share >= INKED) return [ink.map((cell, i) => cell * (1 - cover[i]))];
    return isNear(middle) ? [ink.map((cell, i) => Math.max(cell, cover[i]))] : [];
  });
}

/** Return what tells whether the middle of a patch lies in the box around the ink, or close to it. */
function near(ink) {
  const inked = [...ink.keys()].filter((cell) => ink[cell] > 0);
  const axes = [inked.map((cell) => Math.floor(cell / SIZE)), inked.map((cell) => cell % SIZE)];
  const bounds = axes.map((axis) => [Math.min(...axis) - NEAR, Math.max(...axis) + NEAR]);
  return (middle) => bounds.every(([low, high], axis) => low <= middle[axis] && middle[axis] <= high);
}

let kept = null; // 196 patches of 784 cells take longer to make than a page to open

/** Return the middles of all patches, how much each covers of every cell, and the sum of that. */
function patches() {
  const middles = Array.from({ length: SIZE / SPACING }, (_, i) => SPACING * i + (SPACING - 1) / 2);
  const bump = (middle, cell) => Math.exp(-((cell - middle) ** 2) / (2 * SPREAD ** 2));
  const patch = (row, column) => {
    const cover = empty().map((_, cell) => bump(row, Math.floor(cell / SIZE)) * bump(column, cell % SIZE));
    return { middle: [row, column], cover, size: cover.reduce((one, other) => one + other) };
  };
  kept ??= middles.flatMap((row) => middles.map((column) => patch(row, column)));
  return kept;
}
