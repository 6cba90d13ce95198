// How ink is found in a picture, {width, height, numbers}, and brought on a sheet.

import { SIZE, empty } from "../ink/grid.js";

const FAINTEST = 0.06; // of black to white: paler than this is no ink
const ROUNDS = 12; // of looking for the paper
const SAMPLES = 64; // a side: a few thousand pixels say enough about the paper

/** Return a picture without what is finer than a standard deviation of `sigma` pixels. */
export function smoothed(picture, sigma) {
  const reach = Math.ceil(3 * sigma);
  const bump = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const sum = bump.reduce((one, other) => one + other);
  return [[1, 0], [0, 1]].reduce((from, along) => blurred(from, bump.map((part) => part / sum), along), picture);
}

function blurred({ width, height, numbers }, bump, [across, down]) {
  const reach = (bump.length - 1) / 2;
  const at = (place, length) => Math.min(length - 1, Math.max(0, place));
  const blurredNumbers = numbers.map((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    let sum = 0;
    for (let k = -reach; k <= reach; k++) {
      sum += bump[k + reach] * numbers[at(y + k * down, height) * width + at(x + k * across, width)];
    }
    return sum;
  });
  return { width, height, numbers: blurredNumbers };
}

/** Return how much ink there is at every pixel, 0 to 1; throws an Error where there is none. */
export function inkOf(levels) {
  const paper = paperOf(levels);
  const difference = levels.numbers.map((level, i) => level - paper[i]);
  const side = Math.sign(difference.reduce((sum, one) => sum + one ** 3, 0)) || 1; // the rare and strong is ink
  const strength = difference.map((one) => side * one);
  const noise = 1.5 * quantile(difference.map(Math.abs), 0.5);
  const strongest = strength.reduce((one, other) => Math.max(one, other));
  const full = strongest > 0 ? quantile(strength.filter((one) => one > strongest / 2), 0.5) : 0;
  if (full < Math.max(FAINTEST, 5 * noise)) throw new Error("There is nothing but paper on it.");
  const floor = Math.max(0.1 * full, Math.min(4 * noise, 0.5 * full));
  const share = (one) => Math.min(1, Math.max(0, (one - floor) / (0.9 * full - floor)));
  return { ...levels, numbers: strength.map(share) };
}

/** Return the number that a share of numbers lies below, in between where it falls between two. */
export function quantile(numbers, share) {
  const sorted = Float32Array.from(numbers).sort();
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)];
  return below + (at % 1) * (sorted[Math.ceil(at)] - below);
}

/** Return the brightness that the paper would have without ink: a smooth surface through most of the pixels. */
function paperOf({ width, height, numbers }) {
  const place = (i, length) => (length > 1 ? (2 * i) / (length - 1) - 1 : -1);
  const surface = (i) => {
    const [x, y] = [place(i % width, width), place(Math.floor(i / width), height)];
    return [1, x, y, x * x, x * y, y * y];
  };
  const step = Math.max(1, Math.floor(Math.max(width, height) / SAMPLES));
  const samples = [...numbers.keys()].filter((i) => (i % width) % step === 0 && Math.floor(i / width) % step === 0);
  const rows = samples.map(surface);
  let isPaper = samples.map(() => true);
  let fit = [];
  for (let round = 0; round < ROUNDS; round++) {
    const chosen = samples.flatMap((i, k) => (isPaper[k] ? [[rows[k], numbers[i]]] : []));
    fit = leastSquares(chosen);
    const off = samples.map((i, k) => Math.abs(numbers[i] - dot(rows[k], fit)));
    const most = Math.max(quantile(off, 0.6), 1e-3);
    isPaper = off.map((one) => one <= most);
  }
  return numbers.map((_, i) => dot(surface(i), fit));
}

const dot = (one, other) => one.reduce((sum, number, i) => sum + number * other[i], 0);

/** Return the factors by which rows of numbers come closest to their values. */
function leastSquares(pairs) {
  const size = pairs[0][0].length;
  const matrix = Array.from({ length: size }, () => Array(size + 1).fill(0));
  for (const [row, value] of pairs) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) matrix[i][j] += row[i] * row[j];
      matrix[i][size] += row[i] * value;
    }
  }
  return solved(matrix);
}

/** Return the solution of linear equations, by elimination (Gauss and Jordan); 0 for what they leave open. */
function solved(matrix) {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    const larger = (best, row) => (Math.abs(row[column]) > Math.abs(best[column]) ? row : best);
    const pivot = matrix.slice(column).reduce(larger);
    const index = matrix.indexOf(pivot);
    [matrix[column], matrix[index]] = [matrix[index], matrix[column]];
    if (Math.abs(pivot[column]) < 1e-9) continue;
    matrix.forEach((row, i) => {
      const factor = row[column] / pivot[column];
      if (i !== column) for (let k = column; k <= size; k++) row[k] -= factor * pivot[k];
    });
  }
  return matrix.map((row, i) => (Math.abs(row[i]) < 1e-9 ? 0 : row[size] / row[i]));
}

/** Return where the writing is, but for the odd speck: {top, bottom, left, right} in pixels. */
export function extent({ width, height, numbers }) {
  const [rows, columns] = [new Float64Array(height), new Float64Array(width)];
  numbers.forEach((ink, i) => {
    rows[Math.floor(i / width)] += ink;
    columns[i % width] += ink;
  });
  const [[top, bottom], [left, right]] = [rows, columns].map(ends);
  return { top, bottom, left, right };
}

function ends(sums) {
  const total = sums.reduce((one, other) => one + other);
  let sum = 0;
  const shares = Array.from(sums, (one) => (sum += one) / total);
  const first = (share) => shares.findIndex((one) => one >= share);
  return [first(0.003), first(0.997) + 1];
}

/** Return the height of the smallest frame around something that is shaped like a sheet of so many columns. */
export const heightOfFrame = ({ top, bottom, left, right }, columns) =>
  Math.max(bottom - top, ((right - left) * SIZE) / columns);

export const middle = ({ top, bottom, left, right }) => [(left + right) / 2, (top + bottom) / 2];

/** Return the part of an image to look at closely: what is written on it and as much again around. */
export function broughtNearer(written, scale, { width, height }, columns) {
  const reach = heightOfFrame(written, columns) * scale;
  const across = (reach * columns) / SIZE;
  const [x, y] = middle(written).map((place) => place * scale);
  const [left, top] = [Math.max(0, x - across), Math.max(0, y - reach)].map(Math.round);
  const [right, bottom] = [Math.min(width, x + across), Math.min(height, y + reach)].map(Math.round);
  return { left, top, width: right - left, height: bottom - top };
}

/** Cut a frame shaped like a sheet out of a picture, with bare paper where it reaches over the edge. */
export function framed({ width, height, numbers }, frameHeight, columns, [x, y]) {
  const [wide, high] = [(frameHeight * columns) / SIZE, frameHeight].map((side) => Math.max(1, Math.round(side)));
  const [left, top] = [Math.round(x - wide / 2), Math.round(y - high / 2)];
  const cut = Float32Array.from({ length: wide * high }, (_, i) => {
    const [column, row] = [left + (i % wide), top + Math.floor(i / wide)];
    return column >= 0 && row >= 0 && column < width && row < height ? numbers[row * width + column] : 0;
  });
  return { width: wide, height: high, numbers: cut };
}

/** Return a framed picture cell by cell, its ink as strong as drawn ink. */
export function fitted({ width, height, numbers }, columns) {
  const [across, down] = [width / columns, height / SIZE];
  const cells = empty(columns).map((_, cell) => {
    const [left, top] = [(cell % columns) * across, Math.floor(cell / columns) * down];
    return meanOf({ width, height, numbers }, left, top, left + across, top + down);
  });
  const most = cells.reduce((one, other) => Math.max(one, other));
  const full = quantile(cells.filter((ink) => ink > most / 2), 0.5); // lines finer than a cell have paled
  return cells.map((ink) => Math.min(1, ink / full));
}

/** Return the mean of a part of a picture, of pixels that lie in it in part that part. */
function meanOf({ width, height, numbers }, left, top, right, bottom) {
  let [sum, area] = [0, 0];
  for (let row = Math.floor(top); row < Math.min(height, bottom); row++) {
    const high = Math.min(row + 1, bottom) - Math.max(row, top);
    for (let column = Math.floor(left); column < Math.min(width, right); column++) {
      const part = high * (Math.min(column + 1, right) - Math.max(column, left));
      sum += part * numbers[row * width + column];
      area += part;
    }
  }
  return sum / area;
}
