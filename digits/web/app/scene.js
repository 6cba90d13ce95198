// All that the page shows, as plain data: the session writes it, the view reads it.

import { RADIUS } from "../ink/brush.js";
import { CLASSES, SIZE, columnsOf } from "../ink/grid.js";

/** Return what there is to see at first. */
export function newScene(ink, history) {
  return {
    ink, // 28 x 28, told apart by identity
    isBare: true,
    answer: null,
    isSettled: true, // the pen rests, and the answer is to what it left; else nothing is refused yet
    title: invitation(ink), // the caption when it last was settled, for it is read aloud
    reasons: null, // of the answer, see `reasons.js`
    trouble: "",
    bars: Array(CLASSES).fill(0), // as long as they are just now
    radius: RADIUS, // cells
    erasing: false,
    live: true,
    why: false,
    pointer: null, // [x, y] in cells, where the brush hovers
    cursor: null, // [column, row] of the keyboard's cursor
    message: "",
    keys: false, // the list of keys lies over everything
    canUndo: false,
    canRedo: false,
    history, // the last drawings, the newest first
  };
}

const OF_INK = ["reset", "why", "classify", "save", "copy", "share"];

/** Whether a button can do anything now. */
export function isEnabled(scene, name) {
  if (name === "undo") return scene.canUndo;
  if (name === "redo") return scene.canRedo;
  return !scene.isBare || !OF_INK.includes(name) || (name === "why" && scene.why);
}

/** Whether the answer is to an earlier drawing, and nobody has asked again. */
export const isOld = ({ answer, live, ink }) => answer !== null && !live && answer.ink !== ink;

/** Whether something may be called no digit: nobody who still draws it is told so. */
export const mayRefuse = (scene) => scene.isSettled || isOld(scene);

/** Whether each digit of a number has its box. */
export const showsBoxes = (scene) => Boolean(scene.answer?.places.length) && !scene.trouble && !isOld(scene);

/** Whether the ink tells what it does for the answer; only for the answer to this very drawing. */
export const showsWhy = ({ why, answer, reasons, ink }) => why && reasons !== null && answer?.ink === ink;

/** Return how long the bars are when they have come to rest. */
export const barsAtRest = ({ answer, trouble }) =>
  answer && !trouble ? [...answer.probabilities] : Array(CLASSES).fill(0);

/** Return what there is to say in one line, for people and for programs that read titles. */
export function caption({ trouble, isBare, answer, ink }) {
  if (trouble) return "no answer";
  return isBare ? invitation(ink) : String(answer ?? "Digits");
}

/** Return what a bare sheet asks for. */
export const invitation = (ink) => (columnsOf(ink) === SIZE ? "draw a digit" : "write a number");
