// What the network makes of a grid, in figures and in words, as digits/reading/answer.py has it.

const CERTAIN = 0.9; // of the digit's probability, from where nobody needs to hear of the runner-up

export class Answer {
  /** ink: the very grid that was asked about.  threshold: of the probability, below which it is perhaps no digit. */
  constructor(ink, probabilities, threshold) {
    this.ink = ink;
    this.probabilities = probabilities;
    this.threshold = threshold;
    [this.digit, this.runnerUp] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  }

  get probability() {
    return this.probabilities[this.digit];
  }

  get percent() {
    return Math.round(100 * this.probability);
  }

  /** Whether it is perhaps no digit at all. */
  get isDoubtful() {
    return this.probability < this.threshold;
  }

  /** Whether it is a digit, but perhaps the runner-up. */
  get isTorn() {
    return !this.isDoubtful && this.probability < CERTAIN;
  }

  toString() {
    const doubt = this.isDoubtful ? ", not a digit?" : this.isTorn ? ` (or ${this.runnerUp})` : "";
    return `${this.digit} - ${this.percent} %${doubt}`;
  }
}
