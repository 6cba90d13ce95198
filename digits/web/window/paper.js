// The sheet on the page: ink cell by cell, what it does for the answer, the cursor and the brush.

import { SIZE, columnsOf } from "../ink/grid.js";
import { showsBoxes, showsWhy } from "../app/scene.js";
import { drawBoxes } from "./number.js";

const LOUD = 1; // of log odds: what matters less than this is not made to look as if it mattered
const DOTTED = 0.3; // of the strongest colour, from where ink that speaks against the answer has dots

/** Return the colours of the theme at hand, by their names in style.css. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  return new Proxy({}, { get: (_, name) => style.getPropertyValue(`--${name}`).trim() });
}

/** Draw the sheet on a canvas, as many pixels as the display shows of it. */
export function drawPaper(canvas, scene) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) => Math.round(side * devicePixelRatio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const cell = width / columnsOf(scene.ink);
  const theme = colours();
  const context = canvas.getContext("2d", { alpha: false });
  context.imageSmoothingEnabled = false;
  context.drawImage(cells(scene, theme), 0, 0, width, height);
  if (cell >= 4) drawLines(context, cell, theme);
  if (showsWhy(scene)) {
    drawDots(context, scene, cell, theme);
    drawOutline(context, scene.reasons.place, cell, theme);
  }
  if (showsBoxes(scene)) drawBoxes(context, scene, cell, theme);
  if (scene.cursor) drawCursor(context, scene.cursor, cell, theme);
  if (scene.pointer) drawBrush(context, scene, cell, theme);
}

const small = new OffscreenCanvas(SIZE, SIZE).getContext("2d"); // made once: that takes longer than to draw on it

/** Return a canvas of a pixel for every cell: paper to ink, coloured by what the ink does; until the next call. */
export function cells(scene, theme) {
  const columns = columnsOf(scene.ink);
  if (small.canvas.width !== columns) small.canvas.width = columns;
  const image = small.createImageData(columns, SIZE);
  const [paper, ink] = [channels(theme.paper), channels(theme.ink)];
  const [speaksFor, against] = [channels(theme["speaks-for"]), channels(theme.against)];
  const told = showsWhy(scene) ? weights(scene.reasons.effects) : null;
  scene.ink.forEach((amount, cell) => {
    const weight = told ? told[cell] : 0;
    const coloured = mixed(ink, weight > 0 ? speaksFor : against, Math.abs(weight));
    image.data.set([...mixed(paper, coloured, amount).map(Math.round), 255], 4 * cell);
  });
  small.putImageData(image, 0, 0);
  return small.canvas;
}

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const mixed = (from, to, share) => from.map((part, i) => part + share * (to[i] - part));

/** Return how strongly each cell's ink is coloured, -1 to 1; a few cells that shout must not drown the others. */
function weights(effects) {
  const sorted = Array.from(effects).filter((effect) => effect !== 0).map(Math.abs).sort((one, other) => one - other);
  const loud = Math.max(LOUD, sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0);
  return Array.from(effects, (effect) => Math.min(1, Math.max(-1, effect / loud)));
}

/** Draw the lines between cells, which bare paper shows and ink covers. */
function drawLines(context, cell, theme) {
  const { width, height } = context.canvas;
  const isLight = channels(theme.paper)[0] > channels(theme.ink)[0];
  context.save();
  context.globalCompositeOperation = isLight ? "darken" : "lighten";
  context.fillStyle = theme.line;
  const hair = Math.max(1, Math.round(devicePixelRatio / 2));
  for (let x = cell; x < width - hair; x += cell) context.fillRect(Math.round(x), 0, hair, height);
  for (let y = cell; y < height - hair; y += cell) context.fillRect(0, Math.round(y), width, hair);
  context.restore();
}

/** Put a dot on ink that speaks against the answer, for colour alone is not for everybody. */
function drawDots(context, { reasons, ink }, cell, theme) {
  const columns = columnsOf(ink);
  context.fillStyle = theme.paper;
  weights(reasons.effects).forEach((weight, i) => {
    if (weight >= -DOTTED || ink[i] <= 0.5) return;
    context.beginPath();
    context.arc(((i % columns) + 0.5) * cell, (Math.floor(i / columns) + 0.5) * cell, 0.22 * cell, 0, 2 * Math.PI);
    context.fill();
  });
}

/** Draw a line around the cells that the sentence is about. */
function drawOutline(context, place, cell, theme) {
  const columns = columnsOf(place);
  const isOn = (row, column) => row >= 0 && row < SIZE && column >= 0 && column < columns;
  const isIn = (row, column) => isOn(row, column) && place[row * columns + column] > 0;
  context.strokeStyle = theme.alarm;
  context.lineWidth = Math.max(2, cell / 8);
  context.beginPath();
  for (let row = 0; row <= SIZE; row++) {
    for (let column = 0; column <= columns; column++) {
      const [x, y] = [column * cell, row * cell];
      if (isIn(row, column) !== isIn(row - 1, column)) line(context, x, y, x + cell, y);
      if (isIn(row, column) !== isIn(row, column - 1)) line(context, x, y, x, y + cell);
    }
  }
  context.stroke();
}

function line(context, x0, y0, x1, y1) {
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
}

function drawCursor(context, [column, row], cell, theme) {
  context.strokeStyle = theme.against;
  context.lineWidth = Math.max(2, cell / 8);
  context.strokeRect(column * cell, row * cell, cell, cell);
}

/** Show where the brush hovers and how large it is. */
function drawBrush(context, scene, cell, theme) {
  const [x, y] = scene.pointer.map((place) => place * cell);
  const colour = scene.erasing ? theme.against : theme.accent;
  context.lineWidth = devicePixelRatio;
  for (const [wider, stroke] of [[devicePixelRatio, theme.paper], [0, colour]]) {
    context.strokeStyle = stroke;
    context.beginPath();
    context.arc(x, y, scene.radius * cell + wider, 0, 2 * Math.PI);
    context.stroke();
  }
}
