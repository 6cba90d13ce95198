// Pictures in and out: of any size, dark on light or light on dark, transparent, or a photograph of a digit on unevenly
// lit paper that fills it (the program itself also finds the paper on a desk). What is taken from one is ink alone.

import { SIZE, columnsOf } from "../ink/grid.js";
import { broughtNearer, extent, fitted, framed, heightOfFrame, inkOf, middle, smoothed } from "./found.js";

const WORK = 16; // pixels a cell: as fine as it need be to find the ink
const GRAIN = 8; // to a cell: what is finer is noise of the camera
const NEARER = 20 / 28; // of the sheet, as large as MNIST shows digits
const SMALLEST = 0.4; // of the height of the picture, once framed: a smaller digit is brought nearer

/** Return the ink of a picture file for so wide a sheet; throws an Error with a sentence where there is none. */
export async function fromBlob(blob, columns) {
  const image = await createImageBitmap(blob).catch(() => {
    throw new Error(`${blob.name || "That"} cannot be read as a picture.`);
  });
  return fromImage(image, columns);
}

function fromImage(image, columns) {
  const whole = { left: 0, top: 0, width: image.width, height: image.height };
  if (image.width === columns && image.height === SIZE) return asItIs(levelsOf(image, whole, columns));
  const ink = inkOf(softened(levelsOf(image, whole, columns), columns));
  const written = extent(ink);
  const all = { top: 0, bottom: ink.height, left: 0, right: ink.width };
  if (heightOfFrame(written, columns) >= SMALLEST * heightOfFrame(all, columns)) {
    return fitted(framed(ink, heightOfFrame(all, columns), columns, middle(all)), columns);
  }
  const box = broughtNearer(written, image.width / ink.width, image, columns);
  const near = inkOf(softened(levelsOf(image, box, columns), columns));
  const found = extent(near);
  return fitted(framed(near, heightOfFrame(found, columns) / NEARER, columns, middle(found)), columns);
}

/** Return a picture that was made for this, as the drawings that are saved here. */
function asItIs({ numbers }) {
  const isDark = [...numbers].sort((one, other) => one - other)[numbers.length / 2] < 0.5;
  return numbers.map((level) => (isDark ? level : 1 - level));
}

/** Return a part of an image as {width, height, numbers}, 0 black to 1 white, no larger than needed. */
function levelsOf(image, { left, top, width, height }, columns) {
  const scale = Math.min(1, (WORK * columns) / Math.max(width, height));
  const [wide, high] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const context = new OffscreenCanvas(wide, high).getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, left, top, width, height, 0, 0, wide, high);
  return { width: wide, height: high, numbers: onPaper(context.getImageData(0, 0, wide, high).data) };
}

/** Return the brightness of pixels that lie on paper that their ink stands out from. */
function onPaper(pixels) {
  const brightness = (at) => (0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2]) / 255;
  let [sum, cover] = [0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    sum += brightness(at) * pixels[at + 3];
    cover += pixels[at + 3];
  }
  const paper = sum < 0.5 * cover ? 1 : 0;
  return Float32Array.from({ length: pixels.length / 4 }, (_, i) => {
    const share = pixels[4 * i + 3] / 255;
    return share * brightness(4 * i) + (1 - share) * paper;
  });
}

function softened(levels, columns) {
  return smoothed(levels, Math.max(levels.width, levels.height) / (GRAIN * columns));
}

/** Return ink as a PNG of one pixel a cell, black on white, that can be read back. */
export function toBlob(ink) {
  const canvas = new OffscreenCanvas(columnsOf(ink), SIZE);
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, SIZE);
  ink.forEach((amount, cell) => {
    const level = Math.round(255 * (1 - amount));
    image.data.set([level, level, level, 255], 4 * cell);
  });
  context.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
