// A number on the sheet: a box around each digit, and what there is to say of each in a line below all boxes.

import { mayRefuse, showsBoxes } from "../app/scene.js";
import { columnsOf } from "../ink/grid.js";

const AROUND = 1.2; // cells between the path of a digit and its box: the brush, and a little more
const [LEGIBLE, LARGEST, STEP] = [0.65, 0.8, 0.05]; // of plain text: the sizes of labels, and from one to the next
const [APART, ASIDE] = [0.3, 0.5]; // of their size: between two labels, and as far as one may be moved for another
const FORMS = [(percent) => `${percent} %`, String, () => ""]; // at last what is in doubt has labels alone
const ruler = new OffscreenCanvas(1, 1).getContext("2d"); // measures text

/** Draw a box around each digit. */
export function drawBoxes(context, scene, cell, theme) {
  context.lineWidth = Math.max(1, cell / 10);
  for (const place of scene.answer.places) {
    const [left, top, right, bottom] = boxOf(place, cell);
    context.strokeStyle = theme[said(scene, place.answer, String)[1]];
    context.beginPath();
    context.roundRect(left, top, right - left, bottom - top, cell / 3);
    context.stroke();
  }
}

const boxOf = ({ box }, cell) => box.map((side, i) => (side + (i < 2 ? -AROUND : AROUND)) * cell);

/** Return what there is to say of a digit, and the name of its colour; who still draws is not told that it is none. */
function said(scene, answer, form) {
  if (answer.isDoubtful) return mayRefuse(scene) ? ["?", "alarm"] : ["\u2026", "quiet"];
  if (answer.isTorn) return [`${answer.digit} or ${answer.runnerUp}`, "against"];
  return [form(answer.percent), "accent"];
}

let written = ""; // what stands there

/** Say in an element over the sheet how likely each digit is, its two candidates, or that it is none. */
export function drawLabels(element, scene) {
  const html = showsBoxes(scene) ? htmlOf(element, scene) : "";
  if (html !== written) element.innerHTML = written = html;
}

function htmlOf(element, scene) {
  const { fontSize, fontFamily, width, height } = getComputedStyle(element);
  const [room, rem] = [parseFloat(width), parseFloat(fontSize)];
  const cell = room / columnsOf(scene.ink);
  ruler.font = `600 ${rem}px ${fontFamily}`;
  const forms = FORMS.map((form) => labelled(scene, cell, form, rem));
  const { labels, size } = legible(forms, rem, room);
  const low = Math.max(...scene.answer.places.map((place) => boxOf(place, cell)[3])) + 2;
  const top = low + size > parseFloat(height) ? parseFloat(height) + 2 : low; // below the paper there is room
  const spans = starts(labels, size, room).map((left, i) => {
    const place = `left: ${left.toFixed(1)}px; top: ${top.toFixed(1)}px; font-size: ${size.toFixed(2)}px`;
    return `<span style="${place}; color: var(--${labels[i].colour})">${labels[i].words}</span>`;
  });
  return spans.join("");
}

/** Return the labels, each with its middle and with its width in its own size; rem: the size of plain text. */
function labelled(scene, cell, form, rem) {
  const labels = scene.answer.places.map((place) => {
    const [words, colour] = said(scene, place.answer, form);
    const [left, , right] = boxOf(place, cell);
    return { words, colour, middle: (left + right) / 2, width: ruler.measureText(words).width / rem };
  });
  return labels.filter(({ words }) => words);
}

/** Return the longest labels that can be read where they belong, and their size; what is in doubt is never left out. */
function legible(forms, rem, room) {
  for (const labels of forms) {
    for (let share = LARGEST; share > LEGIBLE - STEP / 2; share -= STEP) {
      const [size, places] = [share * rem, starts(labels, share * rem, room)];
      const isNear = (label, i) => Math.abs(places[i] - begin(label, size, room)) <= ASIDE * size;
      if (labels.every(isNear)) return { labels, size };
    }
  }
  const labels = forms.at(-1);
  const width = labels.reduce((all, label) => all + label.width + APART, 0);
  return { labels, size: Math.min(LEGIBLE * rem, room / width) };
}

/** Return where a label begins whose middle is below that of its box, but none of it beyond the paper. */
const begin = ({ middle, width }, size, room) =>
  Math.max(0, Math.min(middle - (width * size) / 2, room - width * size));

/** Return where labels begin that keep off each other, moved aside only where they must be. */
function starts(labels, size, room) {
  const places = [];
  let free = 0;
  for (const label of labels) {
    places.push(Math.max(free, begin(label, size, room)));
    free = places.at(-1) + (label.width + APART) * size;
  }
  let end = room;
  for (let i = labels.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i], end - labels[i].width * size);
    end = places[i] - APART * size;
  }
  return places;
}
