// What nearly all the time goes into: the sums of products of a convolution, for four places and eight channels at once.
//
// Arrays lie in one memory, channels innermost, as Keras has its kernels. So for one row of the window all numbers that
// a place looks at lie side by side, and a convolution is a few long sums, whatever its window.

import {
  F32, I32, V128, add, assemble, forAll, get, greater, isBelow, load, loadForAll, multiplyAdd, number,
  repeatWhile, set, store, subtract,
} from "./assembler.js";

export const PLACES = 4;
export const CHANNELS = 8; // two vectors of four

/**
 * Return a function that writes four places of a convolution, eight channels each, and the kind of it.
 *
 * Its arguments, addresses and distances in bytes: where to write; the numbers that the first place looks at; the
 * weights and biases of the first channel; rows of the window; bytes of one of its rows; from one row to the next; from
 * one place to the next; from one weight of a channel to its next; from one place written to the next; and the least
 * that may come out, 0 or -Infinity.
 */
export function kernel(memory, kinds) {
  const run = kinds.includes("vectors") ? inWebAssembly(memory) : null;
  return run ? { run, kind: "vectors" } : { run: plain(memory), kind: "plain" };
}

function inWebAssembly(memory) {
  try {
    const bytes = program();
    if (!WebAssembly.validate(bytes)) return null; // a browser without vectors
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), { page: { memory } }).exports.run;
  } catch {
    return null; // a browser without WebAssembly, or a page that may not run it
  }
}

function program() {
  const [out, given, weights, bias, rows, length, toRow, toPlace, toWeight, toOut, least] = count(0, 11).map(get);
  const at = { out: 0, given: 1, weights: 2, rows: 4 };
  const [place0, place1, place2, place3, end] = count(11, 5);
  const places = [place0, place1, place2, place3];
  const [left, right, shown] = count(16, 3);
  const sums = places.map((_, i) => count(19 + 2 * i, 2));

  const clear = sums.flatMap(([one, other]) => [...set(one, load(bias)), ...set(other, load(bias, 16))]);
  const begin = places.flatMap((place, i) => set(place, i ? add(get(places[i - 1]), toPlace) : given));
  const step = places.flatMap((place, i) => [
    ...set(shown, loadForAll(get(place))),
    ...set(sums[i][0], multiplyAdd(get(shown), get(left), get(sums[i][0]))),
    ...set(sums[i][1], multiplyAdd(get(shown), get(right), get(sums[i][1]))),
    ...set(place, add(get(place), number(4))),
  ]);
  const write = sums.flatMap(([one, other]) => [
    ...store(out, greater(get(one), forAll(least))),
    ...store(out, greater(get(other), forAll(least)), 16),
    ...set(at.out, add(out, toOut)),
  ]);
  const body = [
    clear,
    repeatWhile(
      rows,
      begin,
      set(end, add(given, length)),
      repeatWhile(
        isBelow(get(place0), get(end)),
        set(left, load(weights)),
        set(right, load(weights, 16)),
        step,
        set(at.weights, add(weights, toWeight)),
      ),
      set(at.given, add(given, toRow)),
      set(at.rows, subtract(rows, number(1))),
    ),
    write,
  ];
  return assemble([...Array(10).fill(I32), F32], [[5, I32], [11, V128]], body);
}

const count = (first, length) => Array.from({ length }, (_, i) => first + i);

/** The same in plain JavaScript, place by place: eight sums are as many as stay in registers. */
function plain(memory) {
  const numbers = new Float32Array(memory.buffer);
  return (...given) => {
    const [out, from, weights, bias, rows, length, toRow, toPlace, toWeight, toOut, least] = given;
    const weight = [weights / 4, toWeight / 4];
    for (let place = 0; place < PLACES; place++) {
      const sums = placeOf(numbers, (from + place * toPlace) / 4, rows, length / 4, toRow / 4, weight, bias / 4);
      const to = (out + place * toOut) / 4;
      for (let channel = 0; channel < CHANNELS; channel++) numbers[to + channel] = Math.max(sums[channel], least);
    }
  };
}

function placeOf(numbers, from, rows, length, toRow, [weight, toWeight], bias) {
  let [a, b, c, d, e, f, g, h] = numbers.subarray(bias, bias + CHANNELS);
  for (let row = 0; row < rows; row++, from += toRow) {
    for (let k = from; k < from + length; k++, weight += toWeight) {
      const shown = numbers[k];
      if (shown === 0) continue; // of bare paper, and of what a rectifier cut off
      a += shown * numbers[weight];
      b += shown * numbers[weight + 1];
      c += shown * numbers[weight + 2];
      d += shown * numbers[weight + 3];
      e += shown * numbers[weight + 4];
      f += shown * numbers[weight + 5];
      g += shown * numbers[weight + 6];
      h += shown * numbers[weight + 7];
    }
  }
  return [a, b, c, d, e, f, g, h];
}
