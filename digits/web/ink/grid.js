// What the network takes: a grid of 28 x 28 cells of ink, row by row, 0 = paper, 1 = full ink. A sheet for a number has
// as many rows, and more columns.

export const SIZE = 28; // cells a side
export const CLASSES = 10; // the digits 0 to 9

/** Return a grid of bare paper, or so wide a sheet. */
export const empty = (columns = SIZE) => new Float32Array(SIZE * columns);

/** Return how many columns the ink of a sheet has. */
export const columnsOf = (ink) => ink.length / SIZE;
