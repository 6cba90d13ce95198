// What nearly all the time goes into: sums of products of a convolution, for four places and eight channels at once.
//
// Arrays lie in one memory, channels innermost, as Keras has its kernels. So for one row of the window all numbers that
// a place looks at lie side by side, and a convolution is a few long sums, whatever its window.

import {
  F32, I32, V128, add, assemble, forAll, get, greater, isBelow, load, loadForAll, multiplyAdd, number,
  repeatWhile, set, store, subtract,
} from "./assembler.js";

const count = (first, length) => Array.from({ length }, (_, i) => first + i);

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

const [OUT, GIVEN, WEIGHTS, BIAS, ROWS, LENGTH, TO_ROW, TO_PLACE, TO_WEIGHT, TO_OUT, LEAST] = count(0, 11);
const AT = count(11, PLACES); // where each place looks
const [END, LEFT, RIGHT, SHOWN] = count(11 + PLACES, 4);
const SUMS = count(19, PLACES).map((first, place) => [first + place, first + place + 1]);

/** Return the module's bytes: its parameters and variables are the numbers above, in their order. */
function program() {
  const clear = SUMS.map(([one, other]) => [...set(one, load(get(BIAS))), ...set(other, load(get(BIAS), 16))]);
  const begin = AT.map((at, i) => set(at, i ? add(get(AT[i - 1]), get(TO_PLACE)) : get(GIVEN)));
  const weight = [set(LEFT, load(get(WEIGHTS))), set(RIGHT, load(get(WEIGHTS), 16)), move(WEIGHTS, get(TO_WEIGHT))];
  const row = [
    ...begin,
    set(END, add(get(GIVEN), get(LENGTH))),
    repeatWhile(isBelow(get(AT[0]), get(END)), ...weight, ...AT.map(sumUp)),
    move(GIVEN, get(TO_ROW)),
    set(ROWS, subtract(get(ROWS), number(1))),
  ];
  const body = [...clear, repeatWhile(get(ROWS), ...row), ...SUMS.map(write)];
  return assemble([...Array(10).fill(I32), F32], [[PLACES + 1, I32], [3 + 2 * PLACES, V128]], body);
}

const move = (address, by) => set(address, add(get(address), by));

/** Add what a place shows, times the weights of eight channels, to its sums, and let it look at what comes next. */
function sumUp(at, i) {
  const [one, other] = SUMS[i];
  return [
    ...set(SHOWN, loadForAll(get(at))),
    ...set(one, multiplyAdd(get(SHOWN), get(LEFT), get(one))),
    ...set(other, multiplyAdd(get(SHOWN), get(RIGHT), get(other))),
    ...move(at, number(4)),
  ];
}

function write([one, other]) {
  const rectified = (sum) => greater(get(sum), forAll(get(LEAST)));
  return [...store(get(OUT), rectified(one)), ...store(get(OUT), rectified(other), 16), ...move(OUT, get(TO_OUT))];
}

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
