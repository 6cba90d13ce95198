// Pointer paths become ink, as digits/ink/brush.py lays it: by a cell's distance from the line, and the most ink stays.

import { SIZE, columnsOf } from "./grid.js";

export const RADIUS = 1; // cells
export const THINNEST = 0.5;
export const THICKEST = 3; // radii that people can choose, in cells
export const SOFTNESS = 1; // cells, in which ink falls from 1 to 0; half of it is left at the radius

/** Return the lines, [from, to], that join a path's points; one point is a dot. */
export function lines(path) {
  return path.length > 1 ? path.slice(1).map((to, i) => [path[i], to]) : [[path[0], path[0]]];
}

/** Draw a line from (x0, y0) to (x1, y1), in cells, into a sheet; as an eraser it takes away what it would lay. */
export function draw(grid, x0, y0, x1, y1, radius, erase = false) {
  const columns = columnsOf(grid);
  const reach = radius + SOFTNESS / 2;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = Math.max(dx * dx + dy * dy, Number.MIN_VALUE);
  const [left, right] = cells(Math.min(x0, x1) - reach, Math.max(x0, x1) + reach, columns);
  const [top, bottom] = cells(Math.min(y0, y1) - reach, Math.max(y0, y1) + reach, SIZE);
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const [x, y] = [column + 0.5 - x0, row + 0.5 - y0];
      const along = Math.min(1, Math.max(0, (x * dx + y * dy) / length));
      const ink = Math.min(1, (reach - Math.hypot(along * dx - x, along * dy - y)) / SOFTNESS);
      if (ink > 0) {
        const cell = row * columns + column;
        grid[cell] = erase ? Math.min(grid[cell], 1 - ink) : Math.max(grid[cell], ink);
      }
    }
  }
}

const cells = (low, high, end) => [Math.max(0, Math.floor(low)), Math.min(end, Math.ceil(high))];
