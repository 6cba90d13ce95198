// What runs the network: values side by side in one memory, and steps that fill them one after the other.

import { SIZE } from "../ink/grid.js";
import { kernel } from "./kernel.js";
import { SLACK, STEPS } from "./steps.js";

const BLOCK = 65536; // bytes, in which WebAssembly counts its memory

export class Engine {
  /**
   * Make a network ready.
   *
   * steps: as digits/web/network.py writes them.  weights: of all of them, a Float32Array.  kinds: of kernels, of which
   * the first is taken that can be had.
   */
  constructor(steps, weights, kinds) {
    const shapes = [[SIZE, SIZE, 1], ...steps.map((step) => step.shape)];
    const sizes = [weights.length, Math.max(0, ...steps.map(sizeOfFrame)), ...shapes.map(product)];
    const memory = newMemory(4 * sizes.reduce((sum, size) => sum + size + SLACK, 0));
    const [kept, scratch, ...values] = arrays(memory, sizes);
    kept.numbers.set(weights);
    const { run, kind } = kernel(memory, kinds);
    this.kernel = kind;
    this._given = values[0].numbers;
    this._gives = values.at(-1).numbers;
    values.forEach((value, i) => { value.shape = shapes[i]; });
    this._steps = steps.map((step, i) => {
      const own = { address: kept.address + 4 * step.begin, numbers: kept.numbers.subarray(step.begin) };
      const taken = step.takes.map((number) => values[number]);
      return () => STEPS[step.do](step, values[i + 1], taken, own, { run, scratch });
    });
  }

  /** Return the ten probabilities of a grid, 28 x 28 numbers from 0 to 1, row by row. */
  probabilities(grid) {
    this._given.set(grid);
    for (const step of this._steps) step();
    return this._gives.slice();
  }
}

function newMemory(bytes) {
  const blocks = Math.ceil(bytes / BLOCK);
  const isThere = typeof WebAssembly === "object";
  return isThere ? new WebAssembly.Memory({ initial: blocks }) : { buffer: new ArrayBuffer(blocks * BLOCK) };
}

/** Lay arrays into a memory, one behind the other with some slack between. */
function arrays(memory, sizes) {
  let address = 0;
  return sizes.map((size) => {
    const array = { address, numbers: new Float32Array(memory.buffer, address, size) };
    address += 4 * (size + SLACK);
    return array;
  });
}

/** Return how many numbers the input of a convolution has with its edge of zeros around it. */
function sizeOfFrame({ shape, given, window, strides }) {
  if (!window) return 0;
  const [high, wide] = [0, 1].map((axis) => (shape[axis] - 1) * strides[axis] + window[axis]);
  return high * wide * given[2];
}

const product = (shape) => shape.reduce((one, other) => one * other);
