// Whole numbers, as digits/reading/numbers.py reads them: the best way to make digits of fragments is found by
// over-segmentation and shortest path (Matan et al. 1992; LeCun et al. 1998, section V).

import { bounds, heightInLine } from "./fragments.js";
import { beforeEach } from "./signs.js";

const MOST_WHOLES = 4; // strokes or pieces of a digit
const [WIDEST, FARTHEST] = [2, 0.15]; // heights of a digit: how wide one may be, and how far apart its fragments
const HEIGHT = 20; // cells that a digit is drawn high, as MNIST shows them
const RISE = 1.4; // a smaller fragment is drawn so many times its share of the number's height high, and no higher
const [WIDEST_DRAWN, SQUATTEST] = [25, 1.25]; // cells, and times its height: how wide a drawing may become

// Prices in nats, of -log p, and distances in heights of a digit.
const WIDE = 0.5; // what a digit is wider than high
const OVERLAP = 1.5; // what two neighbouring digits overlap
const FAINTEST = 1e-4; // the lowest probability that a price is taken of

/** All runs of fragments that may be a digit: `grids` are to be read, `digits` finds the best way. */
export class Lattice {
  constructor(fragments) {
    this._fragments = fragments;
    this._height = heightInLine(fragments.boxes);
    this._runs = runs(fragments, this._height);
    this._boxes = this._runs.map(({ first, last }) => bounds(fragments.boxes.slice(first, last + 1)));
    this.grids = this._runs.map((run, i) => fragments.draw(run, this._scale(this._boxes[i])));
  }

  /**
   * Return the digits from left to right, {box, probabilities, grid, scale, sign}, given the probabilities of the
   * grids; sign: what is written before the digit.
   */
  digits(probabilities) {
    const prices = probabilities.map((chances, i) => this._shapePrice(i) - Math.log(Math.max(FAINTEST, ...chances)));
    const way = this._cheapestWay(prices);
    const { signs, thickness } = this._fragments;
    const before = beforeEach(way.map((i) => this._boxes[i]), signs, this._height, thickness);
    return way.map((i, at) => ({
      box: this._boxes[i],
      probabilities: probabilities[i],
      grid: this.grids[i],
      scale: this._scale(this._boxes[i]),
      sign: before[at],
    }));
  }

  _scale([left, top, right, bottom]) {
    const [width, height] = [right - left, bottom - top];
    const drawn = HEIGHT * Math.min(1, (RISE * height) / this._height) + this._fragments.band;
    return drawn / Math.max(height, (width * drawn) / WIDEST_DRAWN, width / SQUATTEST, 1e-6);
  }

  _shapePrice(i) {
    const width = (this._boxes[i][2] - this._boxes[i][0]) / this._height;
    return WIDE * Math.max(0, width - 1);
  }

  /** Return which runs, end to end, cost least together (Viterbi 1967). */
  _cheapestWay(prices) {
    const best = []; // by run: the price of the cheapest way that ends with it, and the run before it
    this._runs.forEach(({ first }, at) => {
      const before = [...best.keys()].filter((other) => this._runs[other].last === first - 1);
      const ways = before.map((other) => [best[other][0] + this._border(other, at), other]);
      const [price, other] = ways.length ? cheapest(ways) : [0, null];
      best.push([price + prices[at], other]);
    });
    const ends = [...best.keys()].filter((at) => this._runs[at].last === this._fragments.wholes.length - 1);
    const [, end] = cheapest(ends.map((at) => [best[at][0], at]));
    const way = [];
    for (let at = end; at !== null; at = best[at][1]) way.unshift(at);
    return way;
  }

  /** Return what it costs that one digit ends and the next begins there. */
  _border(left, right) {
    const { wholes, tears } = this._fragments;
    const overlap = Math.max(0, this._boxes[left][2] - this._boxes[right][0]);
    const border = this._runs[right].first;
    const isTorn = wholes[border - 1] === wholes[border];
    return (OVERLAP * overlap) / this._height + (isTorn ? tears[border] : 0);
  }
}

const cheapest = (ways) => ways.reduce((least, way) => (way[0] < least[0] ? way : least));

/** Return the runs of fragments that may be a digit: no wider than digits are, and without a wide gap inside. */
function runs(fragments, height) {
  const all = [...fragments.boxes.keys()];
  const from = (first) => all.slice(first, first + fragments.mostParts).map((last) => ({ first, last }));
  return all.flatMap(from).filter((run) => run.first === run.last || mayBeDigit(fragments, run, height));
}

function mayBeDigit(fragments, { first, last }, height) {
  const boxes = fragments.boxes.slice(first, last + 1);
  const wholes = fragments.wholes.slice(first, last + 1);
  const count = new Set(wholes).size;
  if (count === 1 && wholes.length === fragments.wholes.filter((whole) => whole === wholes[0]).length) return true;
  const [left, , right] = bounds(boxes);
  const isNear = (box, i) => i === 0 || box[0] - bounds(boxes.slice(0, i))[2] <= FARTHEST * height;
  return count <= MOST_WHOLES && right - left <= WIDEST * height && boxes.every(isNear);
}
