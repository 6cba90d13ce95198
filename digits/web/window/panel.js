// What stands beside the sheet: what the page is doing, the answer, ten bars, earlier drawings.

import { invitation, isOld, mayRefuse, showsWhy } from "../app/scene.js";
import { CLASSES, SIZE, columnsOf } from "../ink/grid.js";
import { cells, colours } from "./paper.js";

const LEAST = 0.005; // of a probability that is worth a word: one that is shown as 1 % or more
const find = (selector) => document.querySelector(selector);

/** Write a text where it is another than before: every change of the document costs time. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function drawStatus(scene) {
  write(find("#status .words"), scene.live ? "Ready: it reads as you draw" : "Ready: press Classify");
}

/** Say, in the place of the bars, what colours on the ink mean, and what would be another answer. */
export function drawReason(scene) {
  const isShown = showsWhy(scene);
  find("#bars").hidden = isShown;
  find("#reason").classList.toggle("unseen", !isShown);
  write(find("#reason .sentence"), isShown ? scene.reasons.sentence : "");
  if (!isShown) return;
  for (const name of document.querySelectorAll("#reason b")) write(name, scene.answer.text);
  find("#reason .about").hidden = !scene.reasons.place.some((cell) => cell > 0);
}

/** Draw the digit large, its probability and the runner-up, or what is wanted instead. */
export function drawAnswer(scene) {
  const [digit, large, small] = words(scene);
  write(find("#digit"), digit);
  write(find("#verdict strong"), large);
  write(find("#verdict span"), small);
  const kind = scene.trouble ? "complaint" : isOld(scene) ? "old" : "";
  find("#answer").className = scene.answer?.places.length ? `${kind} number` : kind;
  write(find("#spoken"), spoken(scene));
}

/** Return what stands for an answer: a digit, words in large letters, words in small ones. */
function words(scene) {
  const { answer, trouble, isBare, ink } = scene;
  if (trouble) return ["", "", trouble];
  if (isBare) return ["", "", invitation(ink)];
  if (!answer) return ["", "", "Press Classify."];
  const old = isOld(scene) ? "an earlier drawing" : "";
  if (answer.places.length) return wordsOfNumber(scene, old);
  if (answer.isDoubtful && !mayRefuse(scene)) return ["", "\u2026", ""];
  if (answer.isDoubtful) return ["", "not a digit?", old || `at best a ${answer.digit}: ${answer.percent} %`];
  const chance = answer.probabilities[answer.runnerUp];
  const other = chance >= LEAST ? `or ${answer.runnerUp}: ${percent(chance)}` : "";
  if (answer.isTorn) {
    return [`${answer.digit}`, `or ${answer.runnerUp}`, old || `${answer.percent} % to ${percent(chance)}`];
  }
  return [`${answer.digit}`, `${answer.percent}\u00a0%`, old || other];
}

function wordsOfNumber(scene, old) {
  const { text, percent, isDoubtful, doubt, places } = scene.answer;
  if (isDoubtful && !mayRefuse(scene)) return [text.replaceAll("?", "\u2026"), `${percent}\u00a0%`, ""];
  const tellsWhose = places.length > 1 && !showsWhy(scene); // after a minus there may be one alone
  const bars = tellsWhose ? "bars: least certain digit" : "";
  return [text, `${percent}\u00a0%`, old || doubt || bars];
}

/** Return what is said aloud: an answer that has settled. */
function spoken({ answer, trouble, isSettled, isBare }) {
  if (trouble || isBare || !answer || !isSettled) return trouble;
  if (answer.places.length) {
    if (answer.isDoubtful) return withDoubts(answer.places);
    return `${pronounced(answer.text)}, ${answer.percent} per cent ${pronounced(answer.doubt)}`.trim();
  }
  if (answer.isDoubtful) return `Not a digit? At best a ${answer.digit}.`;
  return `${answer.digit}, ${answer.percent} per cent${answer.isTorn ? `, or ${answer.runnerUp}` : ""}`;
}

/** Return a number as it is said when some of its digits may be none: "3, perhaps 0, 4917". */
function withDoubts(places) {
  const runs = [];
  for (const { sign, answer: { isDoubtful, text } } of places) {
    if (runs.at(-1)?.isDoubtful !== isDoubtful) runs.push({ isDoubtful, digits: "" });
    runs.at(-1).digits += sign + text;
  }
  return runs.map(({ isDoubtful, digits }) => (isDoubtful ? "perhaps " : "") + pronounced(digits.trim())).join(", ");
}

const pronounced = (words) => words.replace(/(?<=\d) (?=\d)/g, "").replace("-", "minus ");

const percent = (probability) => `${Math.round(100 * probability)} %`;

/** Make the ten bars once. */
export function makeBars() {
  find("#bars").innerHTML = Array.from({ length: CLASSES }, (_, digit) =>
    `<li><span>${digit}</span><span class="track"><i></i></span><span class="share"></span></li>`).join("");
}

/** Draw ten bars; the winner's is told by colour and bold figures, the runner-up's by its outline. */
export function drawBars(scene) {
  const answer = scene.isBare || scene.trouble ? null : scene.answer;
  [...find("#bars").children].forEach((row, digit) => {
    const isSecond = answer && digit === answer.runnerUp && answer.probabilities[digit] >= LEAST;
    const role = answer && digit === answer.digit && !isOld(scene) ? "first" : isSecond ? "second" : "";
    if (row.className !== role) row.className = role;
    row.querySelector("i").style.setProperty("--share", scene.bars[digit].toFixed(3));
    write(row.querySelector(".share"), answer ? percent(answer.probabilities[digit]) : "");
  });
}

let shown = null; // the history that stands there

/** Show the earlier drawings, each a button that takes it back. */
export function drawHistory({ history }) {
  if (history === shown) return;
  shown = history;
  const strip = find("#history");
  strip.hidden = history.length === 0;
  strip.replaceChildren(...history.map(entry));
}

function entry({ ink, answer }, index) {
  const words = String(answer ?? "");
  const button = document.createElement("button");
  button.dataset.index = index;
  button.type = "button";
  button.setAttribute("aria-label", `Take back: ${words || "a drawing without an answer"}`);
  const picture = document.createElement("canvas");
  [picture.width, picture.height] = [columnsOf(ink), SIZE];
  picture.getContext("2d").drawImage(cells({ ink }, colours()), 0, 0);
  const label = document.createElement("span");
  label.textContent = answer ? (answer.isDoubtful && !answer.places.length ? "?" : answer.text) : "\u2013";
  button.append(picture, label);
  const item = document.createElement("li");
  item.append(button);
  return item;
}
