// The sheet on the page: ink cell by cell, what each cell says, the cursor and the brush.

import { SIZE } from "../ink/grid.js";
import { showsWhy } from "../app/scene.js";

/** Return the colours of the theme at hand, by their names in style.css. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  return new Proxy({}, { get: (_, name) => style.getPropertyValue(`--${name}`).trim() });
}

/** Draw the sheet on a canvas, as many pixels as the display shows of it. */
export function drawPaper(canvas, scene) {
  const side = Math.round(canvas.clientWidth * devicePixelRatio);
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const cell = side / SIZE;
  const theme = colours();
  const context = canvas.getContext("2d", { alpha: false });
  context.imageSmoothingEnabled = false;
  context.drawImage(cells(scene, theme), 0, 0, side, side);
  if (cell >= 4) drawLines(context, cell, side, theme);
  if (showsWhy(scene)) drawSigns(context, scene.reasons, cell, theme);
  if (scene.cursor) drawCursor(context, scene.cursor, cell, theme);
  if (scene.pointer) drawBrush(context, scene, cell, theme);
}

/** Return a canvas of a pixel for every cell: paper to ink, tinted by what the cell says. */
export function cells(scene, theme) {
  const canvas = new OffscreenCanvas(SIZE, SIZE);
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIZE, SIZE);
  const [paper, ink] = [channels(theme.paper), channels(theme.ink)];
  const tints = [channels(theme["speaks-for"]), channels(theme.against)];
  const said = showsWhy(scene) ? weights(scene.reasons) : null;
  scene.ink.forEach((amount, cell) => {
    const tint = said ? 0.75 * Math.abs(said[cell]) : 0;
    const towards = tints[said?.[cell] > 0 ? 0 : 1];
    for (let channel = 0; channel < 3; channel++) {
      const plain = paper[channel] + amount * (ink[channel] - paper[channel]);
      image.data[4 * cell + channel] = Math.round(plain + tint * (towards[channel] - plain));
    }
    image.data[4 * cell + 3] = 255;
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** Return how much each cell says, -1 to 1; a few cells that shout must not drown the others. */
function weights(reasons) {
  const sorted = Array.from(reasons, Math.abs).sort((one, other) => one - other);
  const loud = sorted[Math.floor(0.98 * (sorted.length - 1))];
  return Array.from(reasons, (reason) => (loud > 0 ? Math.min(1, Math.max(-1, reason / loud)) : 0));
}

/** Draw the lines between cells, which bare paper shows and ink covers. */
function drawLines(context, cell, side, theme) {
  const isLight = channels(theme.paper)[0] > channels(theme.ink)[0];
  context.save();
  context.globalCompositeOperation = isLight ? "darken" : "lighten";
  context.fillStyle = theme.line;
  const width = Math.max(1, Math.round(devicePixelRatio / 2));
  for (let i = 1; i < SIZE; i++) {
    context.fillRect(Math.round(i * cell), 0, width, side);
    context.fillRect(0, Math.round(i * cell), side, width);
  }
  context.restore();
}

/** Mark what a cell says with a sign too, for colour alone is not for everybody. */
function drawSigns(context, reasons, cell, theme) {
  const arm = cell * 0.22;
  context.strokeStyle = theme.paper;
  context.lineWidth = Math.max(1, cell / 12);
  context.beginPath();
  weights(reasons).forEach((weight, i) => {
    if (Math.abs(weight) <= 0.35) return;
    const [x, y] = [((i % SIZE) + 0.5) * cell, (Math.floor(i / SIZE) + 0.5) * cell];
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    if (weight < 0) return;
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
  });
  context.stroke();
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
