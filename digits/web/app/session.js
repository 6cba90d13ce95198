// What the page knows and can do, whatever shows it: a sheet, a scene, an engine and commands.
//
// Its round is `tick`, then whatever people do (`do` and strokes on `sheet`), then `update`; afterwards `scene` is what
// there is to see. It knows no document and no clock; what it needs of the browser is given to it as `host`.

import { THICKEST, THINNEST } from "../ink/brush.js";
import { columnsOf, empty } from "../ink/grid.js";
import { Sheet, columnsFor } from "../ink/sheet.js";
import { Dialogue } from "./dialogue.js";
import { added } from "./history.js";
import { barsAtRest, caption, newScene } from "./scene.js";

const GLIDE = 0.06; // s: in which a bar makes 63 % of its way
const PAUSE = 0.5; // s: a pen that rests so long is done for now; between two strokes of a digit it rests less
const READING = 5; // s: as long as a message stays
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
    this.scene = newScene(empty(sheet.columns), history);
    this._keeper = keeper;
    this._dialogue = new Dialogue(engine, threshold, this.scene);
    this._host = host;
    this._now = 0;
    this._elapsed = 0; // s, between the last two ticks
    this._inked = -Infinity; // s: when the ink changed last
    this._messageEnds = 0;
    this.changed = () => {}; // called when something has changed that nobody waited for
  }

  /** Whether something will change soon even if nobody does anything. */
  get isLively() {
    const { scene } = this;
    return this._dialogue.isThinking || !scene.isSettled || scene.message !== "" || !isAtRest(scene);
  }

  /** Let it be later: the time, in seconds, of all that is done until the next tick. */
  tick(now) {
    this._elapsed = now - this._now;
    this._now = now;
  }

  /**
   * Bring the scene up to date with the sheet, the engine and the time. `clock` returns the time, in seconds.
   * isStill: whether bars jump to where they belong, for people who want nothing to glide.
   */
  update(clock, isStill = false) {
    this._noticeInk();
    this._dialogue.think(this.sheet, clock);
    if (!isAtRest(this.scene)) this._moveBars(isStill ? 1 : 1 - Math.exp(-this._elapsed / GLIDE));
    this._settle();
    if (this._now >= this._messageEnds) this.scene.message = "";
  }

  /** Carry out a command, as its key and its button do. */
  do(name) {
    this[name]();
  }

  classify() {
    if (!this.sheet.isEmpty) this._dialogue.ask(this.sheet);
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

  /** Take a new sheet for a number of so many digits. */
  widen(digits) {
    this._putAside();
    this._takeSheet(columnsFor(digits));
  }

  /** Take a brush of a radius, in cells. */
  brush(radius) {
    this.scene.radius = Math.min(THICKEST, Math.max(THINNEST, radius));
  }

  open() {
    this.take(this._host.choose(this.sheet.columns));
  }

  camera() {
    this.take(this._host.photograph(this.sheet.columns));
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
    this._takeSheet(columnsOf(picture));
    this.sheet.put(picture);
  }

  /** Put one of the last drawings on the sheet, 0 the newest; what is there becomes the newest. */
  takeBack(number = 0) {
    const entry = this.scene.history[number];
    if (!entry) return;
    this._putAside();
    this._takeSheet(columnsOf(entry.ink));
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

  /** Take a new sheet, where the one at hand has not as many columns. */
  _takeSheet(columns) {
    if (this.sheet.columns === columns) return;
    this.sheet = new Sheet(columns);
    this._dialogue.forget();
  }

  /** Pass on what changed on the sheet. */
  _noticeInk() {
    const { scene, sheet } = this;
    Object.assign(scene, { canUndo: sheet.canUndo, canRedo: sheet.canRedo });
    if (sheet.ink === scene.ink) return;
    Object.assign(scene, { ink: sheet.ink, isBare: sheet.isEmpty });
    this._inked = this._now;
    if (scene.isBare) this._dialogue.forget();
    else if (scene.live) this._dialogue.ask(sheet);
  }

  /** Notice whether the answer may be taken for the last word, and let the title say nothing before that. */
  _settle() {
    const { scene } = this;
    scene.isSettled = this._now - this._inked >= PAUSE && !this._dialogue.isReading;
    if (!scene.isSettled && !scene.trouble) return;
    scene.title = caption(scene);
    this._keeper.keep(this.sheet, scene.history);
  }

  /** Move the bars a share of their way, which takes the same time at all frame rates. */
  _moveBars(share) {
    const { scene } = this;
    const ends = barsAtRest(scene);
    const moved = (bar, end) => (Math.abs(end - bar) < 0.003 ? end : bar + share * (end - bar));
    scene.bars = scene.bars.map((bar, i) => moved(bar, ends[i]));
  }
}

function isAtRest(scene) {
  return barsAtRest(scene).every((end, i) => end === scene.bars[i]);
}
