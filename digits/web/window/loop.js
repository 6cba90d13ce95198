// Wait, interact, draw: a round begins when something happened, and goes on while the session is lively.

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
  let isAsked = false; // for another round

  function round() {
    isAsked = false;
    session.tick(clock());
    session.update(clock);
    draw(paper, session.scene);
    if (session.isLively) changed();
  }

  function changed() {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(round);
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
