// Whole numbers, as digits/reading/numbers.py reads them: the best way to make digits of fragments is found by
// over-segmentation and shortest path (Matan et al. 1992; LeCun et al. 1998, section V).

import { bounds, heightInLine } from "./fragments.js";
import { beforeEach } from "./signs.js";

const MOST_WHOLES = 4; // strokes or pieces of a digit
const [MOSTLY, AT_ALL] = [[2, 0.1], [2.4, 0.4]]; // heights: how wide a digit is at most, how far apart its fragments
const SURE = 0.95; // a digit whose probability is lower is in doubt
const HEIGHT = 20; // cells that a digit is drawn high, as MNIST shows them
const RISE = 1.4; // a smaller fragment is drawn so many times its share of the number's height high, and no higher
const [WIDEST_DRAWN, SQUATTEST] = [25, 1.25]; // cells, and times its height: how wide a drawing may become

// Prices in nats, of -log p, and distances in heights of a digit.
const WIDE = 0.7; // what a digit is wider than high
const OVERLAP = 1.5; // what two neighbouring digits overlap
const FAINTEST = 1e-4; // the lowest probability that a price is taken of

/**
 * All runs of fragments that may be a digit: `grids` are to be read, then those that `doubted` adds to them, and
 * `digits` finds the best way.
 */
export class Lattice {
  constructor(fragments) {
    this._fragments = fragments;
    this._height = heightInLine(fragments.boxes);
    this._shown = runs(fragments, this._height, MOSTLY); // those of which there are grids
    this.grids = this._shown.map((run) => this._drawn(run));
  }

  /** Return grids that are to be read too, added to `grids`, given the probabilities of those there are. */
  doubted(probabilities) {
    const isSure = (at) => Math.max(...probabilities[at]) >= SURE;
    const doubts = this._cheapestWay(probabilities).filter((at) => !isSure(at)).map((at) => this._shown[at]);
    if (!doubts.length) return [];
    const isNew = ({ first, last }) => !this._shown.some((run) => run.first === first && run.last === last);
    const meets = ({ first, last }) => doubts.some((run) => run.first <= last && first <= run.last);
    const more = runs(this._fragments, this._height, AT_ALL).filter((run) => isNew(run) && meets(run));
    const grids = more.map((run) => this._drawn(run));
    this._shown = [...this._shown, ...more];
    this.grids = [...this.grids, ...grids];
    return grids;
  }

  /**
   * Return the digits from left to right, {box, probabilities, grid, scale, sign}, given the probabilities of all
   * grids; sign: what is written before the digit.
   */
  digits(probabilities) {
    const way = this._cheapestWay(probabilities);
    const boxes = way.map((at) => this._shown[at].box);
    const { signs, thickness } = this._fragments;
    const before = beforeEach(boxes, signs, this._height, thickness);
    return way.map((at, i) => ({
      box: boxes[i],
      probabilities: probabilities[at],
      grid: this.grids[at],
      scale: this._scale(boxes[i]),
      sign: before[i],
    }));
  }

  _drawn(run) {
    return this._fragments.draw(run, this._scale(run.box));
  }

  _scale([left, top, right, bottom]) {
    const [width, height] = [right - left, bottom - top];
    const drawn = HEIGHT * Math.min(1, (RISE * height) / this._height) + this._fragments.band;
    return drawn / Math.max(height, (width * drawn) / WIDEST_DRAWN, width / SQUATTEST, 1e-6);
  }

  _price({ box }, chances) {
    const width = (box[2] - box[0]) / this._height;
    return WIDE * Math.max(0, width - 1) - Math.log(Math.max(FAINTEST, ...chances));
  }

  /** Return which runs, end to end, cost least together (Viterbi 1967). */
  _cheapestWay(probabilities) {
    const shown = this._shown;
    const inOrder = [...shown.keys()].sort((one, other) => shown[one].first - shown[other].first);
    const best = new Map(); // by run: the price of the cheapest way that ends with it, and the run before it
    for (const at of inOrder) {
      const before = [...best.keys()].filter((other) => shown[other].last === shown[at].first - 1);
      const ways = before.map((other) => [best.get(other)[0] + this._border(shown[other], shown[at]), other]);
      const [price, other] = ways.length ? cheapest(ways) : [0, null];
      best.set(at, [price + this._price(shown[at], probabilities[at]), other]);
    }
    const ends = [...best.keys()].filter((at) => shown[at].last === this._fragments.wholes.length - 1);
    const [, end] = cheapest(ends.map((at) => [best.get(at)[0], at]));
    const way = [];
    for (let at = end; at !== null; at = best.get(at)[1]) way.unshift(at);
    return way;
  }

  /** Return what it costs that one digit ends and the next begins there. */
  _border(left, right) {
    const { wholes, tears } = this._fragments;
    const overlap = Math.max(0, left.box[2] - right.box[0]);
    const isTorn = wholes[right.first - 1] === wholes[right.first];
    return (OVERLAP * overlap) / this._height + (isTorn ? tears[right.first] : 0);
  }
}

const cheapest = (ways) => ways.reduce((least, way) => (way[0] < least[0] ? way : least));

/** Return the runs of fragments that may be a digit, {first, last, box}: neither too wide nor with too wide a gap. */
function runs(fragments, height, limits) {
  const all = [...fragments.boxes.keys()];
  const from = (first) => all.slice(first, first + fragments.mostParts).map((last) => ({ first, last }));
  const boxed = (run) => ({ ...run, box: bounds(fragments.boxes.slice(run.first, run.last + 1)) });
  const mayBe = (run) => run.first === run.last || mayBeDigit(fragments, run, height, limits);
  return all.flatMap(from).map(boxed).filter(mayBe);
}

function mayBeDigit(fragments, { first, last, box }, height, [widest, farthest]) {
  const boxes = fragments.boxes.slice(first, last + 1);
  const wholes = fragments.wholes.slice(first, last + 1);
  const count = new Set(wholes).size;
  if (count === 1 && wholes.length === fragments.wholes.filter((whole) => whole === wholes[0]).length) return true;
  const isNear = (one, i) => i === 0 || one[0] - bounds(boxes.slice(0, i))[2] <= farthest * height;
  return count <= MOST_WHOLES && box[2] - box[0] <= widest * height && boxes.every(isNear);
}
