// Keys become commands; with the paper in focus, arrows lead a cursor and the space bar draws with it.

import { commandOf } from "../app/commands.js";
import { SIZE } from "../ink/grid.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const OWN_KEYS = "button, input, select, dialog"; // what answers to Enter, arrows and the space bar itself

/** Turns events of keys into commands, and into moves of the cursor. */
export class Keyboard {
  /** changed: called after each key that does something. */
  constructor(paper, session, changed) {
    this._paper = paper;
    this._session = session;
    document.addEventListener("keydown", (event) => {
      if (!this._drew(event) && !this._commanded(event)) return;
      event.preventDefault();
      changed();
    });
    for (const name of ["keyup", "blur"]) {
      paper.addEventListener(name, (event) => {
        this._letGo(event);
        changed();
      });
    }
  }

  /** Move the cursor, or put the pen down at it; returns whether that was what the key is for. */
  _drew({ target, key }) {
    if (target !== this._paper || (key !== " " && !(key in ARROWS))) return false;
    const { scene, sheet } = this._session;
    scene.cursor ??= [sheet.columns / 2, SIZE / 2];
    if (key in ARROWS) this._step(ARROWS[key]);
    else if (!sheet.isDrawing) sheet.begin(this._centre, scene.radius, scene.erasing);
    return true;
  }

  _step(by) {
    const { scene, sheet } = this._session;
    const ends = [sheet.columns, SIZE];
    scene.cursor = scene.cursor.map((place, axis) => Math.min(ends[axis] - 1, Math.max(0, place + by[axis])));
    if (sheet.isDrawing) sheet.extend(this._centre);
  }

  get _centre() {
    return this._session.scene.cursor.map((place) => place + 0.5);
  }

  /** Carry out the command of a key; returns whether it has one. */
  _commanded(event) {
    const isOwn = event.key === "Enter" && event.target.closest(OWN_KEYS);
    const isCopyOfText = event.key.toLowerCase() === "c" && !getSelection().isCollapsed;
    const name = isOwn || isCopyOfText ? undefined : commandOf(event);
    if (name) this._session.do(name);
    return Boolean(name);
  }

  /** Lift the pen with the space bar, or when another part of the page has the keyboard. */
  _letGo({ type, key }) {
    if (type === "blur") this._session.scene.cursor = null;
    if (type === "blur" || key === " ") this._session.sheet.end();
  }
}
