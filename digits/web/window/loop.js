// Wait, interact, draw: a round begins when something happened, goes on while the session is lively, and draws only
// where something is to be seen that does not stand there yet.

import { bindButtons, drawButtons } from "./buttons.js";
import { Gestures } from "./gestures.js";
import { Keyboard } from "./keyboard.js";
import { drawLabels } from "./number.js";
import { drawAnswer, drawBars, drawHistory, drawReason, drawStatus, makeBars, write } from "./panel.js";
import { drawPaper } from "./paper.js";

const clock = () => performance.now() / 1000;

/** Show a session on the page, and let people act on it. */
export function show(session) {
  const paper = document.querySelector("#paper");
  const motion = matchMedia("(prefers-reduced-motion: reduce)");
  let isAsked = false; // for another round
  let drawn = null; // the scene as it stands there; none where something else has changed since

  function round() {
    isAsked = false;
    session.tick(clock());
    session.update(clock, motion.matches);
    if (!drawn || Object.keys(drawn).some((name) => drawn[name] !== session.scene[name])) {
      draw(paper, session.scene);
      drawn = { ...session.scene };
    }
    if (session.isLively) ask();
  }

  function ask() {
    if (!isAsked) requestAnimationFrame(round);
    isAsked = true;
  }

  function changed() {
    drawn = null;
    ask();
  }

  session.changed = changed;
  makeBars();
  new Gestures(paper, session, changed);
  new Keyboard(paper, session, changed);
  bindButtons(session, changed);
  new ResizeObserver(changed).observe(paper);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  round();
}

function draw(paper, scene) {
  drawPaper(paper, scene);
  drawLabels(document.querySelector("#labels"), scene);
  drawStatus(scene);
  drawAnswer(scene);
  drawBars(scene);
  drawReason(scene);
  drawButtons(scene);
  drawHistory(scene);
  write(document.querySelector("#message"), scene.message);
  const title = `Digits: ${scene.title}`;
  if (document.title !== title) document.title = title;
}
