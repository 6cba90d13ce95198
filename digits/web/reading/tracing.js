// Strokes of ink that nobody saw drawn, as digits/reading/tracing.py traces them: the ink is thinned to lines (Zhang
// and Suen 1984), and these are followed straight over crossings. A point is [row, column].

import { label } from "./labels.js";

const AROUND = [[-1, 0], [-1, 1], [0, 1], [1, 1], [1, 0], [1, -1], [0, -1], [-1, -1]]; // clockwise from above
const STRAIGHT = 0.5; // cosine of the angle by which a stroke may turn where it meets another
const SHORT = 1; // times as long as a stroke is thick: lines that thinning makes of a thick crossing
const SPUR = 0.7; // and those that it makes of a thick end
const REACH = 1.5; // and how far from a crossing the direction of a line is seen

/** Return the paths of strokes, [x, y] in places of a piece of ink, {width, height, numbers}, of which 1 is ink. */
export function traced(ink, thickness) {
  const skeleton = thin(ink);
  const isCrossing = (place) => {
    const near = neighbours(skeleton, place);
    const branches = near.filter((one, i) => !one && near[(i + 1) % 8]).length;
    return branches >= 3 || near.filter(Boolean).length >= 4;
  };
  const crossings = label(picked(skeleton, isCrossing));
  const all = linesOf(picked(skeleton, (place) => !crossings.numbers[place]));
  const { lines, ends } = atCrossings(all, crossings, thickness);
  return followed(lines, pairsOf(ends)).map((path) => path.map(([row, column]) => [column + 0.5, row + 0.5]));
}

/** Return the places of a picture that fit, and none of the others. */
const picked = (picture, fits) =>
  ({ ...picture, numbers: picture.numbers.map((one, place) => Number(one && fits(place))) });

/** Return ink thinned to lines one place wide. */
function thin(ink) {
  let [thinned, isDone] = [ink, false];
  while (!isDone) {
    const before = thinned;
    for (const isFirst of [true, false]) {
      const last = thinned;
      thinned = picked(last, (place) => !isEdge(neighbours(last, place), isFirst));
    }
    isDone = thinned.numbers.every((one, place) => one === before.numbers[place]);
  }
  return thinned;
}

/** Whether one of the two passes takes a place away, which has these around it. */
function isEdge(near, isFirst) {
  const count = near.filter(Boolean).length;
  const steps = near.filter((one, i) => !one && near[(i + 1) % 8]).length;
  const [up, , right, , down, , left] = near;
  const isOpen = isFirst ? !(right && down && (up || left)) : !(up && left && (right || down));
  return count >= 2 && count <= 6 && steps === 1 && isOpen;
}

/** Return whether each of the eight places around one has ink. */
function neighbours({ width, height, numbers }, place) {
  const [y, x] = [Math.floor(place / width), place % width];
  return AROUND.map(([down, across]) => {
    const [row, column] = [y + down, x + across];
    return row >= 0 && column >= 0 && row < height && column < width && numbers[row * width + column] > 0;
  });
}

/** Return the points of lines without crossings, each from one end to the other. */
function linesOf(places) {
  const labels = label(places);
  const pieces = new Map(); // of points, by their label; a point by its place
  labels.numbers.forEach((number, place) => {
    if (!number) return;
    if (!pieces.has(number)) pieces.set(number, new Set());
    pieces.get(number).add(place);
  });
  const lines = [];
  for (const left of pieces.values()) {
    while (left.size) lines.push(walk(left, places.width)); // what a walk leaves out is another line
  }
  return lines;
}

/** Take the points of a line out of these, and return them in order from an end; a ring begins anywhere. */
function walk(left, width) {
  const pointOf = (place) => [Math.floor(place / width), place % width];
  const beside = (place) => AROUND.flatMap(([down, across]) => {
    const other = place + down * width + across;
    const isNear = place % width + across >= 0 && place % width + across < width;
    return isNear && left.has(other) ? [[other, Math.abs(down) + Math.abs(across)]] : [];
  });
  const leastBy = (list, price) => list.reduce((least, one) => (price(one) < price(least) ? one : least));
  let at = leastBy([...left].sort((one, other) => one - other), (place) => beside(place).length);
  const walked = [];
  while (at !== undefined) {
    walked.push(pointOf(at));
    left.delete(at);
    const next = beside(at);
    at = next.length ? leastBy(next, ([, distance]) => distance)[0] : undefined;
  }
  return walked;
}

/** Return lines without what thinning made of thick places, and the ends that come together at each crossing. */
function atCrossings(lines, crossings, thickness) {
  const same = [...Array(1 + crossings.numbers.reduce((most, one) => Math.max(most, one), 0)).keys()];
  const kept = [];
  for (const line of lines) {
    const [first, last] = touched(line, crossings);
    if (first && last && first !== last && line.length <= SHORT * thickness) {
      const joined = same[last];
      same.forEach((other, i) => { if (other === joined) same[i] = same[first]; });
    } else if (line.length > SPUR * thickness || Boolean(first) === Boolean(last)) {
      kept.push({ line, first, last });
    }
  }
  return { lines: kept.map(({ line }) => line), ends: endsOf(kept, same, thickness) };
}

/** Return the ends of lines by the crossing that they come to: {number, isLast, heading}, away from the crossing. */
function endsOf(kept, same, thickness) {
  const ends = new Map();
  kept.forEach(({ line, first, last }, number) => {
    for (const [crossing, points, isLast] of [[first, line, false], [last, line.toReversed(), true]]) {
      if (!crossing) continue;
      const [[row, column], far] = [points[0], points[Math.min(points.length - 1, Math.floor(REACH * thickness))]];
      const [down, across] = [far[0] - row, far[1] - column];
      const length = Math.max(Math.hypot(down, across), 1e-6);
      const meeting = ends.get(same[crossing]) ?? [];
      ends.set(same[crossing], [...meeting, { number, isLast, heading: [down / length, across / length] }]);
    }
  });
  return ends;
}

/** Return the crossings, by number, that a line's first and last point touch, 0 for none. */
function touched(line, { width, height, numbers }) {
  const found = [line[0], line.at(-1)].map(([row, column]) => {
    const near = AROUND.concat([[0, 0]]).map(([down, across]) => [row + down, column + across]);
    const isIn = ([y, x]) => y >= 0 && x >= 0 && y < height && x < width;
    const all = new Set(near.filter(isIn).map(([y, x]) => numbers[y * width + x]).filter(Boolean));
    return [...all].sort((one, other) => one - other);
  });
  const [first, last] = found;
  return line.length === 1 && first.length > 1 ? first.slice(0, 2) : [first[0] ?? 0, last[0] ?? 0];
}

const nameOf = ({ number, isLast }) => `${number} ${isLast}`;

/** Return which end goes on as which other, by their names. */
function pairsOf(ends) {
  const pairs = new Map();
  const along = ([one, other]) => one.heading[0] * other.heading[0] + one.heading[1] * other.heading[1];
  for (const meeting of ends.values()) {
    const twos = meeting.flatMap((one, i) => meeting.slice(i + 1).map((other) => [one, other]));
    for (const two of twos.sort((one, other) => along(one) - along(other))) {
      const isStraight = -along(two) >= STRAIGHT || meeting.length === 2;
      if (!isStraight || two.some((end) => pairs.has(nameOf(end)))) continue;
      pairs.set(nameOf(two[0]), two[1]).set(nameOf(two[1]), two[0]);
    }
  }
  return pairs;
}

/** Return the paths of lines that go on as one another, put together. */
function followed(lines, pairs) {
  const left = new Set(lines.keys());
  const all = [...lines.keys()];
  const ends = all.flatMap((number) => [false, true].map((isLast) => ({ number, isLast })));
  const starts = ends.filter((end) => !pairs.has(nameOf(end)));
  const rings = all.map((number) => ({ number, isLast: false }));
  return [...starts, ...rings].map((start) => follow(start, lines, pairs, left)).filter((path) => path.length);
}

/** Take the lines of the path that begins at an end of one out of those that are left, and return it. */
function follow(start, lines, pairs, left) {
  const path = [];
  for (let end = start; end && left.has(end.number);) {
    const { number, isLast } = end;
    left.delete(number);
    path.push(...(isLast ? lines[number].toReversed() : lines[number]));
    end = pairs.get(nameOf({ number, isLast: !isLast }));
  }
  return path;
}
