// What has been drawn, as digits/ink/sheet.py keeps it: a list of acts, and the ink before each of them.

import * as brush from "./brush.js";
import { empty } from "./grid.js";

const KEPT = 500; // acts that can be undone; a long session must not grow without end
const FAR = 1000; // cells: further off, a pointer says nothing more

export class Sheet {
  constructor() {
    this._before = []; // the ink before each act that was done
    this._after = []; // the ink after each that was undone
    this._last = null; // the last point of the stroke that still grows: [x, y, radius]
    this._wet = []; // lines not yet in the ink: [x0, y0, x1, y1, radius, erase]
    this._ink = empty();
  }

  /** The ink as it stands, never changed in place: the same array as before where nothing changed. */
  get ink() {
    if (this._wet.length) {
      this._ink = this._ink.slice();
      for (const line of this._wet) brush.draw(this._ink, ...line);
      this._wet = [];
    }
    return this._ink;
  }

  get isEmpty() {
    return !this.ink.some((cell) => cell > 0);
  }

  get isDrawing() {
    return this._last !== null;
  }

  get canUndo() {
    return this._before.length > 0;
  }

  get canRedo() {
    return this._after.length > 0;
  }

  /** Set the brush down: a dot at a point, and a stroke that can be extended. */
  begin(point, radius = brush.RADIUS, erase = false) {
    this.end();
    this._do();
    this._erase = erase;
    this._last = placed(point, radius);
    this._line(this._last, this._last);
  }

  /** Move the brush to a point; with no stroke open it leaves nothing. */
  extend(point, radius = this._last?.[2]) {
    if (!this._last) return;
    const next = placed(point, radius);
    this._line(this._last, next);
    this._last = next;
  }

  /** Lift the brush. */
  end() {
    this._last = null;
  }

  /** Take a new sheet; one act, so that it can be undone. */
  clear() {
    if (!this.isEmpty) this.put(empty());
  }

  /** Lay a picture over everything. */
  put(picture) {
    this.end();
    this._do();
    this._ink = Float32Array.from(picture);
  }

  /** Take back the last act that left a difference. */
  undo() {
    this._step(this._before, this._after);
  }

  /** Do again what was undone last. */
  redo() {
    this._step(this._after, this._before);
  }

  _do() {
    this._before.push(this.ink);
    if (this._before.length > KEPT) this._before.shift();
    this._after = [];
  }

  _line([x0, y0], [x1, y1, radius]) {
    this._wet.push([x0, y0, x1, y1, radius, this._erase]);
  }

  /** Move acts until one of them makes a difference; where none does they are forgotten. */
  _step(source, target) {
    this.end();
    const now = this.ink;
    const moved = target.length;
    while (source.length) {
      target.push(this._ink);
      this._ink = source.pop();
      if (this._ink.some((cell, i) => cell !== now[i])) return;
    }
    target.length = moved;
  }
}

function placed([x, y], radius) {
  const near = (value) => Math.fround(Math.min(FAR, Math.max(-FAR, value)));
  return [near(x), near(y), Math.fround(radius)];
}
