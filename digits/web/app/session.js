// What the page knows and can do, whatever shows it: a sheet, a scene, an engine and commands.
//
// Its round is `tick`, then whatever people do (`do` and strokes on `sheet`), then `update`; afterwards `scene` is what
// there is to see. It knows no document and no clock; what it needs of the browser is given to it as `host`.

import { THICKEST, THINNEST } from "../ink/brush.js";
import { empty } from "../ink/grid.js";
import { Answer, WholeNumber } from "../reading/answer.js";
import { explain, read } from "../reading/sheets.js";
import { added } from "./history.js";
import { barsAtRest, caption, newScene } from "./scene.js";

const GLIDE = 0.06; // s: in which a bar makes 63 % of its way
const PAUSE = 0.5; // s: a pen that rests so long is done for now; between two strokes of a digit it rests less
const READING = 5; // s: as long as a message stays
const BUDGET = 0.008; // s of a round for reasons, so that the pen never waits for them
const STEP = 0.25; // cells between two sizes of the brush

export class Session {
  /**
   * Begin with what was kept.
   *
   * threshold: of the probability, below which it is perhaps no digit.  host: what a page can do, each a function that
   * returns a promise: `copy`, `save` and `share` ink, let people `choose` a picture, or `photograph` one.
   * keeper: keeps the sheet and the history.
   */
  constructor(engine, threshold, host, keeper) {
    const { sheet, history } = keeper.restore();
    this.sheet = sheet;
    this.scene = newScene(empty(), history);
    this._keeper = keeper;
    this._probabilities = (ink) => engine.probabilities(ink);
    this._threshold = threshold;
    this._host = host;
    this._now = 0;
    this._elapsed = 0; // s, between the last two ticks
    this._inked = -Infinity; // s: when the ink changed last
    this._messageEnds = 0;
    this._numbering = null; // whether it is a number, as far as it has been found out
    this._reasoning = null; // and why the answer
    this.changed = () => {}; // called when something has changed that nobody waited for
  }

  /** Whether something will change soon even if nobody does anything. */
  get isLively() {
    const { scene } = this;
    return this._isThinking || !scene.isSettled || scene.message !== "" || !isAtRest(scene);
  }

  /** Let it be later: the time, in seconds, of all that is done until the next tick. */
  tick(now) {
    this._elapsed = now - this._now;
    this._now = now;
  }

  /** Bring the scene up to date with the sheet, the engine and the time. `clock` returns the time, in seconds. */
  update(clock) {
    this._noticeInk();
    this._think(clock);
    this._moveBars();
    this._settle();
    if (this._now >= this._messageEnds) this.scene.message = "";
  }

  /** Carry out a command, as its key and its button do. */
  do(name) {
    this[name]();
  }

  classify() {
    if (!this.sheet.isEmpty) this._ask();
  }

  reset() {
    this._putAside();
    this.sheet.clear();
  }

  undo() {
    this.sheet.undo();
  }

  redo() {
    this.sheet.redo();
  }

  eraser() {
    this.scene.erasing = !this.scene.erasing;
  }

  live() {
    this.scene.live = !this.scene.live;
    if (this.scene.live) this.classify();
  }

  why() {
    this.scene.why = !this.scene.why;
  }

  keys() {
    this.scene.keys = !this.scene.keys;
  }

  thinner() {
    this.brush(this.scene.radius - STEP);
  }

  thicker() {
    this.brush(this.scene.radius + STEP);
  }

  /** Take a brush of a radius, in cells. */
  brush(radius) {
    this.scene.radius = Math.min(THICKEST, Math.max(THINNEST, radius));
  }

  open() {
    this.take(this._host.choose());
  }

  camera() {
    this.take(this._host.photograph());
  }

  save() {
    this._give("saved", (ink) => this._host.save(ink).then((name) => this.say(`Saved: ${name}`)));
  }

  copy() {
    this._give("copied", (ink, words) => this._host.copy(ink, words).then(() => this.say(`Copied: ${words}`)));
  }

  share() {
    this._give("shared", (ink, words) => this._host.share(ink, words));
  }

  /** Leave what is on top: the list of keys, a running stroke, the keyboard's cursor. */
  leave() {
    if (this.scene.keys) this.keys();
    else if (this.sheet.isDrawing) this.sheet.abandon();
    else this.scene.cursor = null;
  }

  /** Put the picture that a promise gives on the sheet, as soon as it is there. */
  take(picture) {
    this._wait(picture.then((ink) => this.put(ink)));
  }

  /** Lay a picture over everything; what was there is the newest of the history. */
  put(picture) {
    this._putAside();
    this.sheet.put(picture);
  }

  /** Put one of the last drawings on the sheet, 0 the newest; what is there becomes the newest. */
  takeBack(number = 0) {
    const entry = this.scene.history[number];
    if (!entry) return;
    this._putAside();
    this.sheet.clear();
    this.sheet.repeat(entry.acts);
    this.scene.answer = entry.answer && entry.answer.about(this.sheet.ink);
  }

  /** Say something for a while. */
  say(message) {
    this.scene.message = message;
    this._messageEnds = this._now + READING;
  }

  /** Give the drawing and the answer away; `done` is what is then said to be done with it. */
  _give(done, give) {
    if (this.sheet.isEmpty) this.say(`There is nothing on the sheet to be ${done}.`);
    else this._wait(give(this.sheet.ink, String(this.scene.answer ?? "the drawing")));
  }

  _wait(promise) {
    promise.catch((error) => this.say(error.message)).then(() => this.changed());
  }

  /** Let the drawing on the sheet be the newest of the history. */
  _putAside() {
    this.sheet.end();
    const { ink, drawing } = this.sheet;
    const answer = this.scene.answer?.ink === ink ? this.scene.answer : null;
    if (!this.sheet.isEmpty) this.scene.history = added(this.scene.history, { ink, acts: drawing, answer });
  }

  _ask() {
    const { scene } = this;
    try {
      scene.answer = new Answer(this.sheet.ink, this._probabilities(this.sheet.ink), this._threshold);
      scene.trouble = "";
    } catch (error) {
      scene.trouble = `There is no answer (${error.message}); load the page again.`;
    }
    scene.reasons = null;
    this._reasoning = null;
    const confidence = Math.max(this._threshold, ...(scene.answer?.probabilities ?? []));
    this._numbering = read(this.sheet.paths, this._probabilities, confidence);
  }

  get _isThinking() {
    return this._numbering !== null || this._reasoning !== null;
  }

  /** Pass on what changed on the sheet. */
  _noticeInk() {
    const { scene, sheet } = this;
    Object.assign(scene, { canUndo: sheet.canUndo, canRedo: sheet.canRedo });
    if (sheet.ink === scene.ink) return;
    Object.assign(scene, { ink: sheet.ink, isBare: sheet.isEmpty });
    this._inked = this._now;
    if (scene.isBare) this._forget();
    else if (scene.live) this._ask();
  }

  /** Find out a little more about a drawing that has been read and is not being drawn on. */
  _think(clock) {
    const { scene, sheet } = this;
    if (sheet.isDrawing || scene.trouble || scene.answer?.ink !== sheet.ink) return;
    const end = clock() + BUDGET;
    while (this._numbering && clock() < end) this._numbering = this._advance(this._numbering, this._number);
    if (this._wantsReasons) this._reasoning ??= explain(scene.answer, sheet.paths, this._probabilities);
    while (this._reasoning && clock() < end) this._reasoning = this._advance(this._reasoning, this._because);
  }

  /** Go a step on; returns null at the end, when what came of it is passed on. */
  _advance(steps, pass) {
    const { done, value } = steps.next();
    if (done) pass.call(this, value);
    return done ? null : steps;
  }

  _number(digits) {
    if (digits.length) this.scene.answer = new WholeNumber(this.sheet.ink, digits, this._threshold);
  }

  _because(reasons) {
    this.scene.reasons = reasons;
  }

  get _wantsReasons() {
    const { why, reasons, answer } = this.scene;
    return why && !reasons && !this._numbering && answer.places.every((place) => place.answer.ink);
  }

  /** Notice whether the answer may be taken for the last word, and let the title say nothing before that. */
  _settle() {
    const { scene } = this;
    scene.isSettled = this._now - this._inked >= PAUSE && this._numbering === null;
    if (!scene.isSettled && !scene.trouble) return;
    scene.title = caption(scene);
    this._keeper.keep(this.sheet, scene.history);
  }

  _forget() {
    Object.assign(this.scene, { answer: null, reasons: null, trouble: "" });
    this._numbering = this._reasoning = null;
  }

  /** Move the bars a part of their way, in the same time at all frame rates. */
  _moveBars() {
    const { scene } = this;
    const share = 1 - Math.exp(-this._elapsed / GLIDE);
    const ends = barsAtRest(scene);
    const moved = (bar, end) => (Math.abs(end - bar) < 0.003 ? end : bar + share * (end - bar));
    scene.bars = scene.bars.map((bar, i) => moved(bar, ends[i]));
  }
}

function isAtRest(scene) {
  return barsAtRest(scene).every((end, i) => end === scene.bars[i]);
}
