// The steps of a network, each carried out on values: {shape: [rows, columns, channels], numbers, address}.

import { CHANNELS, PLACES } from "./kernel.js";

const FLOAT = 4; // bytes
export const SLACK = CHANNELS; // numbers behind every array: the kernel reads and writes eight channels at least

export const STEPS = { convolve, add, scale, relu, sigmoid, tanh, softmax, max, mean };

/** Carry out a convolution. `scratch` is a value to lay the input in where it needs an edge of zeros around it. */
function convolve(step, out, [given], weights, { run, scratch }) {
  const [rows, columns, filters] = out.shape;
  const { address, shape: [, width, channels] } = framed(step, out.shape, given, scratch);
  const [high, wide] = step.window;
  const toPlace = FLOAT * step.strides[1] * channels;
  const bias = weights.address + FLOAT * high * wide * channels * filters;
  const together = columns >= PLACES; // where there are fewer places, the kernel does one of them several times
  const firsts = together ? starts(columns, PLACES) : starts(columns, 1);
  for (let row = 0; row < rows; row++) {
    for (const column of firsts) {
      const from = address + FLOAT * row * step.strides[0] * width * channels + column * toPlace;
      const to = out.address + FLOAT * (row * columns + column) * filters;
      for (const filter of starts(filters, CHANNELS)) {
        run(
          to + FLOAT * filter, from, weights.address + FLOAT * filter, bias + FLOAT * filter,
          high, FLOAT * wide * channels, FLOAT * width * channels, together ? toPlace : 0,
          FLOAT * filters, together ? FLOAT * filters : 0, step.rectify ? 0 : -Infinity,
        );
      }
    }
  }
}

/**
 * Return where blocks of a size begin that cover a length: the last one reaches back over the one before. A single
 * block may be longer than the length; what it writes too much is written over by what comes after it.
 */
function starts(length, size) {
  return Array.from({ length: Math.ceil(length / size) }, (_, i) => Math.max(0, Math.min(i * size, length - size)));
}

/** Return the input of a convolution with as many zeros around it as its window reaches over the edge. */
function framed({ given: [rows, columns, channels], window, strides, before }, shape, given, scratch) {
  const [high, wide] = [0, 1].map((axis) => (shape[axis] - 1) * strides[axis] + window[axis]);
  if (high <= rows && wide <= columns) return { ...given, shape: [rows, columns, channels] };
  const across = Math.min(columns, wide - before[1]) * channels;
  scratch.numbers.fill(0, 0, high * wide * channels);
  for (let row = 0; row < Math.min(rows, high - before[0]); row++) {
    const begin = row * columns * channels;
    const line = given.numbers.subarray(begin, begin + across);
    scratch.numbers.set(line, ((row + before[0]) * wide + before[1]) * channels);
  }
  return { ...scratch, shape: [high, wide, channels] };
}

function add(step, out, given) {
  out.numbers.set(given[0].numbers);
  for (const { numbers } of given.slice(1)) {
    for (let i = 0; i < numbers.length; i++) out.numbers[i] += numbers[i];
  }
}

/** Multiply each channel by its factor and add its offset. */
function scale(step, out, [given], { numbers }) {
  const channels = out.shape[2];
  for (let i = 0; i < given.numbers.length; i++) {
    out.numbers[i] = given.numbers[i] * numbers[i % channels] + numbers[channels + (i % channels)];
  }
}

function relu(step, out, [given]) {
  for (let i = 0; i < given.numbers.length; i++) out.numbers[i] = Math.max(0, given.numbers[i]);
}

function sigmoid(step, out, [given]) {
  for (let i = 0; i < given.numbers.length; i++) out.numbers[i] = 1 / (1 + Math.exp(-given.numbers[i]));
}

function tanh(step, out, [given]) {
  for (let i = 0; i < given.numbers.length; i++) out.numbers[i] = Math.tanh(given.numbers[i]);
}

function softmax(step, out, [given]) {
  const channels = out.shape[2];
  for (let at = 0; at < given.numbers.length; at += channels) {
    const logits = given.numbers.subarray(at, at + channels);
    const largest = logits.reduce((one, other) => Math.max(one, other));
    const powers = Array.from(logits, (logit) => Math.exp(logit - largest));
    const sum = powers.reduce((one, other) => one + other);
    out.numbers.set(powers.map((power) => power / sum), at);
  }
}

function max(step, out, [given]) {
  pool(step, out, given, Math.max);
}

function mean(step, out, [given]) {
  pool(step, out, given, (one, other) => one + other, (count) => 1 / count);
}

/** Let `join` make one number of those under a window, channel by channel; beyond the edge are none. */
function pool({ given: [rows, columns, channels], window, strides, before }, out, { numbers }, join, share = () => 1) {
  const [high, wide] = out.shape;
  for (let row = 0, at = 0; row < high; row++) {
    const below = covered(row * strides[0] - before[0], window[0], rows);
    for (let column = 0; column < wide; column++, at += channels) {
      const beside = covered(column * strides[1] - before[1], window[1], columns);
      const [first, ...others] = below.flatMap((y) => beside.map((x) => (y * columns + x) * channels));
      for (let channel = 0; channel < channels; channel++) {
        let joined = numbers[first + channel];
        for (const place of others) joined = join(joined, numbers[place + channel]);
        out.numbers[at + channel] = joined * share(1 + others.length);
      }
    }
  }
}

function covered(first, length, end) {
  return Array.from({ length }, (_, i) => first + i).filter((index) => index >= 0 && index < end);
}
