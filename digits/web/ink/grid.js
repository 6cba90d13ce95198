// What the network takes: a grid of 28 x 28 cells of ink, row by row, 0 = paper, 1 = full ink.

export const SIZE = 28; // cells a side
export const CLASSES = 10; // the digits 0 to 9

/** Return a grid of bare paper. */
export const empty = () => new Float32Array(SIZE * SIZE);
