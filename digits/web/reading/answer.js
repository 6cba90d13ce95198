// What the network makes of a digit or a number, in figures and in words, as digits/reading/answer.py has it.

const CERTAIN = 0.9; // of the digit's probability, from where nobody needs to hear of the runner-up

export class Answer {
  /**
   * ink: the very sheet that was asked about.  threshold: of the probability, below which it is perhaps no digit.
   * digits: as they were read on a wider sheet, see `answered`; none where the ink itself was.
   */
  constructor(ink, probabilities, threshold, digits = []) {
    this.ink = ink;
    this.probabilities = probabilities;
    this.threshold = threshold;
    this.digits = digits;
    this.places = []; // of the digits of a number
    [this.digit, this.runnerUp] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  }

  /** Return the same answer about the same ink in another array. */
  about(ink) {
    return new Answer(ink, this.probabilities, this.threshold, this.digits);
  }

  get probability() {
    return this.probabilities[this.digit];
  }

  get percent() {
    return Math.round(100 * this.probability);
  }

  /** Whether it is perhaps no digit at all. */
  get isDoubtful() {
    return this.probabilities[this.digit] < this.threshold;
  }

  /** Whether it is a digit, but perhaps the runner-up. */
  get isTorn() {
    return !this.isDoubtful && this.probabilities[this.digit] < CERTAIN;
  }

  /** What else it may be, with the runner-up in it. */
  get other() {
    return String(this.runnerUp);
  }

  /** What was read, as one writes it. */
  get text() {
    return String(this.digit);
  }

  toString() {
    const doubt = this.isDoubtful ? ", not a digit?" : this.isTorn ? ` (or ${this.other})` : "";
    return `${this.digit} - ${this.percent} %${doubt}`;
  }
}

/** What a sheet of several digits, or of one after a minus, shows; probabilities are the least certain digit's. */
class WholeNumber extends Answer {
  constructor(ink, digits, threshold) {
    const answers = digits.map(({ probabilities, grid }) => new Answer(grid, probabilities, threshold));
    const least = answers.reduce((one, other) => (other.probability < one.probability ? other : one));
    super(ink, least.probabilities, threshold, digits);
    // sign: what is written before it; numbers that an earlier page has kept have none
    this.places = digits.map(({ box, sign = "" }, i) => ({ box, answer: answers[i], sign }));
    this.least = answers.indexOf(least); // the number of the least certain digit
  }

  about(ink) {
    return new WholeNumber(ink, this.digits, this.threshold);
  }

  /** The probability of the whole number. */
  get probability() {
    return this.places.reduce((all, { answer }) => all * answer.probability, 1);
  }

  /** The number with the runner-up in the place of its least certain digit. */
  get other() {
    return this._written(({ text }, i) => (i === this.least ? this.runnerUp : text));
  }

  /** The digits with their signs and spaces, "?" for each that is perhaps none. */
  get text() {
    return this._written(({ isDoubtful, text }) => (isDoubtful ? "?" : text));
  }

  _written(told) {
    return this.places.map(({ sign, answer }, i) => sign + told(answer, i)).join("");
  }

  /** What speaks against it, in words: a digit that may be none, or another number; empty where nothing does. */
  get doubt() {
    if (this.isDoubtful) return "? may be no digit";
    return this.isTorn ? `or ${this.other}` : "";
  }

  toString() {
    return `${this.text} - ${this.percent} %${this.doubt && `, ${this.doubt}`}`;
  }
}

/**
 * Return what a sheet shows, given its digits from left to right, at least one; of several, or with a sign, a number.
 *
 * digits: as `Lattice.digits` gives them; without a `grid` nobody can say why.
 */
export function answered(ink, digits, threshold) {
  if (isNumber(digits)) return new WholeNumber(ink, digits, threshold);
  return new Answer(ink, digits[0].probabilities, threshold, digits);
}

/** Whether digits make a number: several, or one after a minus. */
export const isNumber = (digits) => digits.length > 1 || digits.some(({ sign }) => sign);
