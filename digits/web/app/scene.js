// All that the page shows, as plain data: the session writes it, the view reads it.

import { RADIUS } from "../ink/brush.js";
import { CLASSES } from "../ink/grid.js";

/** Return what there is to see at first. */
export function newScene(ink) {
  return {
    ink, // 28 x 28, told apart by identity
    isBare: true,
    isDrawing: false, // a stroke is open
    answer: null,
    reasons: null, // of the answer: what each cell's ink does for it
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
    spoken: "", // the answer that has settled, for those who hear it and for the title
    history: [], // earlier drawings with their answers, the newest first
  };
}

/** Whether the answer is to an earlier drawing, and nobody has asked again. */
export const isOld = ({ answer, live, ink }) => answer !== null && !live && answer.ink !== ink;

/** Whether it is too early to say that this is no digit: it is still being drawn. */
export const isUnfinished = ({ answer, isDrawing }) => isDrawing && answer !== null && answer.isDoubtful;

/** Whether the cells tell what they say; only of the very drawing that the answer is about. */
export const showsWhy = ({ why, answer, reasons, ink }) => why && reasons !== null && answer?.ink === ink;

/** Return how long the bars are when they have come to rest. */
export const barsAtRest = ({ answer, trouble }) =>
  answer && !trouble ? [...answer.probabilities] : Array(CLASSES).fill(0);

/** Return the answer in the page's title, for people and for programs that read titles. */
export function caption({ trouble, isBare, spoken }) {
  if (trouble) return "no answer";
  return isBare ? "draw a digit" : spoken || "Digits";
}
