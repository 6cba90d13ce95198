// Mouse, fingers and pens lead the brush; the wheel changes it. Whoever goes down first leads until they come up.

import { SIZE } from "../ink/grid.js";

const LIGHTEST = 0.5; // of the brush's radius, where a pen hardly touches; full pressure, or none told, gives all of it
const [MIDDLE, RIGHT] = [1, 2]; // mouse buttons
const PEN_ERASER = 5; // button of a pen's other end

const EVENTS = [
  "pointerdown", "pointermove", "pointerup", "pointercancel", "lostpointercapture", "pointerleave",
  "contextmenu", "wheel",
];

/** Turns events of pointers on the paper into strokes; for each there is a method of its name. */
export class Gestures {
  /** changed: called after each event. */
  constructor(paper, session, changed) {
    this._paper = paper;
    this._session = session;
    this._leader = null; // the pointer that draws
    for (const name of EVENTS) {
      const handle = (event) => {
        this[name](event);
        changed();
      };
      paper.addEventListener(name, handle, { passive: false });
    }
  }

  pointerdown(event) {
    if (this._leader !== null || event.button === MIDDLE) return;
    const { scene, sheet } = this._session;
    this._leader = event.pointerId;
    this._paper.setPointerCapture(this._leader);
    scene.cursor = null;
    const erase = scene.erasing || event.button === RIGHT || event.button === PEN_ERASER;
    sheet.begin(this._cells(event), this._radius(event), erase);
    this._hover(event);
  }

  pointermove(event) {
    if (event.pointerId === this._leader) {
      const events = event.getCoalescedEvents?.() ?? [];
      for (const one of events.length ? events : [event]) {
        this._session.sheet.extend(this._cells(one), this._radius(one));
      }
    }
    this._hover(event);
  }

  pointerup(event) {
    if (event.pointerId !== this._leader) return;
    this._leader = null;
    this._session.sheet.end();
  }

  pointercancel(event) {
    this.pointerup(event);
  }

  lostpointercapture(event) {
    this.pointerup(event);
  }

  pointerleave() {
    this._session.scene.pointer = null;
  }

  contextmenu(event) {
    event.preventDefault(); // the right button erases
  }

  wheel(event) {
    event.preventDefault();
    this._session.do(event.deltaY < 0 ? "thicker" : "thinner");
  }

  /** Show where the brush is, but for a finger's. */
  _hover(event) {
    this._session.scene.pointer = event.pointerType === "touch" ? null : this._cells(event);
  }

  /** Return where an event is on the sheet, in cells. */
  _cells({ clientX, clientY }) {
    const { left, top, width, height } = this._paper.getBoundingClientRect();
    return [((clientX - left) * this._session.sheet.columns) / width, ((clientY - top) * SIZE) / height];
  }

  _radius({ pointerType, pressure }) {
    return this._session.scene.radius * (pointerType === "pen" ? LIGHTEST + (1 - LIGHTEST) * pressure : 1);
  }
}
