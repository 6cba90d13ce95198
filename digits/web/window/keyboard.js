// Keys become commands; with the paper in focus, arrows lead a cursor and the space bar draws with it.

import { commandOf } from "../app/commands.js";
import { SIZE } from "../ink/grid.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const OWN_KEYS = "button, input, dialog"; // what answers to Enter, arrows and the space bar itself

/** Let keys act on a session. `changed` is called after each of them. */
export function bindKeyboard(paper, session, changed) {
  const { scene, sheet } = session;
  const centre = () => scene.cursor.map((place) => place + 0.5);

  function step(by) {
    scene.cursor = scene.cursor.map((place, axis) => Math.min(SIZE - 1, Math.max(0, place + by[axis])));
    if (sheet.isDrawing) sheet.extend(centre());
  }

  function onPaper(event) {
    if (event.key !== " " && !(event.key in ARROWS)) return false;
    scene.cursor ??= [SIZE / 2, SIZE / 2];
    if (event.key in ARROWS) step(ARROWS[event.key]);
    else if (!sheet.isDrawing) sheet.begin(centre(), scene.radius, scene.erasing);
    return true;
  }

  function onPage(event) {
    const isOwn = event.key === "Enter" && event.target.closest(OWN_KEYS);
    const isCopyOfText = event.key.toLowerCase() === "c" && !getSelection().isCollapsed;
    const name = isOwn || isCopyOfText ? undefined : commandOf(event);
    if (name) session.do(name);
    return Boolean(name);
  }

  document.addEventListener("keydown", (event) => {
    if ((event.target === paper && onPaper(event)) || onPage(event)) {
      event.preventDefault();
      changed();
    }
  });
  paper.addEventListener("keyup", (event) => {
    if (event.key === " ") sheet.end();
    changed();
  });
  paper.addEventListener("blur", () => {
    scene.cursor = null;
    sheet.end();
    changed();
  });
}
