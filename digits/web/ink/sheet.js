// What has been drawn, as digits/ink/sheet.py keeps it: a list of acts, and the ink before each of them.
//
// An act is a stroke, {erase, points: [[x, y, radius], ...]} in cells, or a picture laid over everything, {ink}.

import * as brush from "./brush.js";
import { remains } from "./erasing.js";
import { SIZE, columnsOf, empty } from "./grid.js";

const KEPT = 500; // acts that can be undone; a long session must not grow without end
const FAR = 1000; // cells: further off, a pointer says nothing more
const ROOM = 20; // columns for each digit beyond the first

/** Return how many columns a sheet for so many digits has. */
export const columnsFor = (digits) => SIZE + ROOM * (digits - 1);

/** Return for how many digits a sheet of so many columns is. */
export const digitsOn = (columns) => 1 + (columns - SIZE) / ROOM;

export class Sheet {
  /** Take a new sheet of 28 rows, as wide as one digit needs or wider. */
  constructor(columns = SIZE) {
    this._acts = []; // each with the ink before it: [act, ink]
    this._undone = []; // each with the ink after it
    this._stroke = null; // the one that still grows
    this._wet = []; // lines not yet in the ink: [from, to, erase]
    this._ink = empty(columns);
  }

  get columns() {
    return columnsOf(this._ink);
  }

  /** The ink as it stands, never changed in place: the same array as before where nothing changed. */
  get ink() {
    if (this._wet.length) {
      this._ink = laid(this._ink, this._wet);
      this._wet = [];
    }
    return this._ink;
  }

  get isEmpty() {
    return isBare(this.ink);
  }

  get isDrawing() {
    return this._stroke !== null;
  }

  get canUndo() {
    return this._acts.length > 0;
  }

  get canRedo() {
    return this._undone.length > 0;
  }

  /** The acts that the ink is made of, oldest first: on bare paper they give it again. */
  get drawing() {
    const acts = [{ ink: this._acts.length ? this._acts[0][1] : this._ink }, ...this._acts.map(([act]) => act)];
    const last = acts.findLastIndex((act) => act.ink);
    return acts.slice(isBare(acts[last].ink) ? last + 1 : last);
  }

  /**
   * The points of the strokes that the ink is made of, [x, y, radius]; none where it is not strokes alone. Of what was
   * erased in part there is what is left.
   */
  get paths() {
    const acts = this.drawing;
    if (acts.some((act) => act.ink)) return [];
    const strokes = acts.filter(({ erase }) => !erase).map(({ points }) => points);
    if (strokes.length === acts.length) return strokes;
    return remains(strokes, laid(empty(this.columns), strokes.flatMap(brush.lines)), this.ink);
  }

  /** Set the brush down: a dot at a point, and a stroke that can be extended. */
  begin(point, radius = brush.RADIUS, erase = false) {
    this.end();
    const first = placed(point, radius);
    this._stroke = { erase, points: [first] };
    this._do(this._stroke);
    this._wet.push([first, first, erase]);
  }

  /** Move the brush to a point; with no stroke open it leaves nothing. */
  extend(point, radius = this._stroke?.points.at(-1)[2]) {
    if (!this._stroke) return;
    const { erase, points } = this._stroke;
    const next = placed(point, radius);
    this._wet.push([points.at(-1), next, erase]);
    points.push(next);
  }

  /** Lift the brush. */
  end() {
    this._stroke = null;
  }

  /** Take back the open stroke, be there a difference or not; with none open nothing. */
  abandon() {
    if (!this._stroke) return;
    this.end();
    this._move(this._acts, this._undone);
  }

  /** Take a new sheet; one act, so that it can be undone. */
  clear() {
    if (!this.isEmpty) this.put(empty(this.columns));
  }

  /** Lay a picture, as wide as the sheet, over everything. */
  put(picture) {
    this.end();
    const ink = Float32Array.from(picture);
    this._do({ ink });
    this._ink = ink;
  }

  /** Carry out acts of another sheet, or of an earlier one, on what is there. */
  repeat(acts) {
    for (const act of acts) {
      if (act.ink) this.put(act.ink);
      else this._again(act);
    }
  }

  /** Take back the last act that left a difference. */
  undo() {
    this._step(this._acts, this._undone);
  }

  /** Do again what was undone last. */
  redo() {
    this._step(this._undone, this._acts);
  }

  _do(act) {
    this._acts.push([act, this.ink]);
    if (this._acts.length > KEPT) this._acts.shift();
    this._undone = [];
  }

  _again({ erase, points: [[x, y, radius], ...others] }) {
    this.begin([x, y], radius, erase);
    for (const [left, top, wide] of others) this.extend([left, top], wide);
    this.end();
  }

  /** Move acts until one of them makes a difference; where none does they are forgotten. */
  _step(source, target) {
    this.end();
    const before = this.ink;
    const moved = target.length;
    while (source.length) {
      this._move(source, target);
      if (this._ink.some((cell, i) => cell !== before[i])) return;
    }
    target.length = moved;
  }

  _move(source, target) {
    const [act, ink] = source.pop();
    target.push([act, this.ink]);
    this._ink = ink;
  }
}

export const isBare = (ink) => !ink.some((cell) => cell > 0);

/** Return ink after lines, oldest first, each [from, to, erase]. */
function laid(ink, lines) {
  const wet = ink.slice();
  for (const [[x0, y0], [x1, y1, radius], erase] of lines) brush.draw(wet, x0, y0, x1, y1, radius, erase);
  return wet;
}

function placed([x, y], radius) {
  const near = (value) => Math.fround(Math.min(FAR, Math.max(-FAR, value)));
  return [near(x), near(y), Math.fround(radius)];
}
