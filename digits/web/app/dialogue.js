// The dialogue with the network: what was asked, and what it said last, as digits/app/dialogue.py has it. The page has
// no process beside it: what takes long is done in steps, a few in each round.

import { SIZE } from "../ink/grid.js";
import { Answer, answered } from "../reading/answer.js";
import { explain, findNumber, readNumber } from "../reading/sheets.js";

const BUDGET = 0.008; // s of a round, so that the pen never waits
const RESTING = 0.03; // s of a round for a number while no pen is down: as long as most numbers of six digits take

export class Dialogue {
  /** threshold: of the probability, below which it is perhaps no digit.  scene: takes what there is to see. */
  constructor(engine, threshold, scene) {
    this._probabilities = (ink) => engine.probabilities(ink);
    this._threshold = threshold;
    this._scene = scene;
    this._reading = null; // which number it is, or whether it is one, as far as it has been found out
    this._reasoning = null; // and why the answer
    this._isAsked = false; // for a number once more, as soon as this one has been found out
  }

  /** Whether a number is still being read. */
  get isReading() {
    return this._reading !== null;
  }

  /** Whether more will be said. */
  get isThinking() {
    return this.isReading || this._reasoning !== null;
  }

  /** Ask what is on a sheet that is not bare. */
  ask(sheet) {
    this._reasoning = null;
    if (sheet.columns === SIZE) this._askForDigit(sheet);
    else if (this._reading) this._isAsked = true; // an answer to what was there just now is better than none
    else this._reading = this._passed(sheet.ink, readNumber(sheet.ink, sheet.paths, this._probabilities));
  }

  /** Find out a little more: on a sheet for one digit only of a drawing that is not being drawn on. */
  think(sheet, clock) {
    if (this._scene.trouble || (sheet.isDrawing && sheet.columns === SIZE)) return;
    const [begun, patience] = [clock(), sheet.isDrawing ? BUDGET : RESTING];
    while (this._reading && clock() < begun + patience) this._reading = this._advanced(this._reading);
    if (this._isAsked && !this._reading) this._askAgain(sheet);
    if (this._wantsReasons(sheet)) this._reasoning ??= this._reasoned(sheet);
    while (this._reasoning && clock() < begun + BUDGET) this._reasoning = this._advanced(this._reasoning);
  }

  /** Want nothing more of what was asked and said. */
  forget() {
    Object.assign(this._scene, { answer: null, reasons: null, trouble: "" });
    this._reading = this._reasoning = null;
    this._isAsked = false;
  }

  _askForDigit({ ink, paths }) {
    this._try(() => this._say(new Answer(ink, this._probabilities(ink), this._threshold)));
    const confidence = Math.max(this._threshold, ...(this._scene.answer?.probabilities ?? []));
    this._reading = this._passed(ink, findNumber(ink, paths, this._probabilities, confidence));
  }

  _askAgain(sheet) {
    this._isAsked = false;
    this.ask(sheet);
  }

  _wantsReasons(sheet) {
    const { why, reasons, answer } = this._scene;
    if (!why || reasons || this._reading || sheet.isDrawing || answer?.ink !== sheet.ink) return false;
    return answer.digits.every(({ grid }) => grid);
  }

  /** Go a step on; returns null at the end. */
  _advanced(steps) {
    return this._try(() => !steps.next().done) ? steps : null;
  }

  /** Pass on what a reading finds. */
  *_passed(ink, reading) {
    const digits = yield* reading;
    if (digits.length) this._say(answered(ink, digits, this._threshold));
  }

  *_reasoned(sheet) {
    this._scene.reasons = yield* explain(this._scene.answer, sheet.paths, this._probabilities);
  }

  _say(answer) {
    Object.assign(this._scene, { answer, reasons: null, trouble: "" });
  }

  _try(act) {
    try {
      return act();
    } catch (error) {
      this._scene.trouble = `There is no answer (${error.message}); load the page again.`;
      return undefined;
    }
  }
}
