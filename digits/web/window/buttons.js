// Buttons, brush, width of the sheet and the list of keys: every one with `data-command` carries out that command.

import { COMMANDS, keyList, shown } from "../app/commands.js";
import { isEnabled } from "../app/scene.js";
import { THICKEST, THINNEST } from "../ink/brush.js";
import { SIZE, columnsOf } from "../ink/grid.js";
import { digitsOn } from "../ink/sheet.js";

const TOGGLES = { eraser: "erasing", live: "live", why: "why" }; // what stays down, and the scene's word for it
const MOST_DIGITS = 12; // on a sheet
const buttons = () => [...document.querySelectorAll("[data-command]")];

/** Let the buttons act on a session, and say what they do. `changed` is called after each act. */
export function bindButtons(session, changed) {
  for (const button of buttons()) {
    const { help, keys } = COMMANDS[button.dataset.command];
    button.title = help + (keys.length ? ` (${shown(keys[0])})` : "");
  }
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.command) session.do(button.dataset.command);
    else session.takeBack(Number(button.dataset.index));
    changed();
  });
  bindBrush(session, changed);
  bindWidth(session, changed);
  fillKeys(session, changed);
}

function bindBrush(session, changed) {
  const slider = document.querySelector("#brush input");
  Object.assign(slider, { min: THINNEST, max: THICKEST, step: 0.25, value: session.scene.radius });
  slider.addEventListener("input", () => {
    session.brush(Number(slider.value));
    changed();
  });
}

function bindWidth(session, changed) {
  const list = document.querySelector("#width select");
  for (let digits = 1; digits <= MOST_DIGITS; digits++) list.append(new Option(digits));
  list.addEventListener("change", () => {
    session.widen(Number(list.value));
    changed();
  });
}

function fillKeys(session, changed) {
  const list = document.querySelector("#keylist dl");
  for (const [keys, help] of keyList()) {
    const [term, meaning] = ["dt", "dd"].map((tag) => document.createElement(tag));
    [term.textContent, meaning.textContent] = [keys, help];
    list.append(term, meaning);
  }
  document.querySelector("#keylist").addEventListener("close", () => {
    session.scene.keys = false;
    changed();
  });
}

/** Show which buttons are down, and which can do anything now. */
export function drawButtons(scene) {
  for (const button of buttons()) {
    const { command } = button.dataset;
    const isIdle = !isEnabled(scene, command);
    if (button.disabled !== isIdle) button.disabled = isIdle;
    if (command in TOGGLES) button.setAttribute("aria-pressed", scene[TOGGLES[command]]);
  }
  document.body.classList.toggle("asks", !scene.live);
  document.body.classList.toggle("erasing", scene.erasing);
  drawSize(scene);
  drawWidth(scene);
  drawKeys(scene);
}

function drawSize({ radius }) {
  const brush = document.querySelector("#brush");
  brush.style.setProperty("--radius", radius);
  const slider = brush.querySelector("input");
  slider.value = radius;
  slider.setAttribute("aria-valuetext", `${2 * radius} cells wide`);
}

function drawWidth({ ink }) {
  const columns = columnsOf(ink);
  document.querySelector("#width select").value = digitsOn(columns);
  document.body.style.setProperty("--columns", columns);
  document.body.classList.toggle("wide", columns > SIZE);
}

function drawKeys({ keys }) {
  const list = document.querySelector("#keylist");
  if (keys && !list.open) list.showModal();
  if (!keys && list.open) list.close();
}
