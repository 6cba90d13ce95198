// What is written between digits, as digits/reading/signs.py finds it: a minus, a decimal point, a space between
// thousands; by shape and place alone, and only where it is clear. A box is that of a path: [left, top, right, bottom].

// Heights of a digit, or shares of what is named.
const TALL = 0.5; // what is higher is a digit, or the most of one
const DOT = [0.25, 0.35]; // how wide and how high a point or a comma is at most
const BASELINE = [-0.25, 0.5]; // how far below the feet of its neighbours its middle lies
const BAR = [0.2, 1.2]; // how wide a minus is
const [LEVEL, THIN] = [0.35, 0.2]; // how high it is at most: of its width, and of a digit
const HALFWAY = [0.2, 0.75]; // how far up the first digit, or one as high as the others, its middle lies
const BESIDE = [0.08, 1]; // between a sign and the strokes beside it: two digits so far apart are never one
const [SPACE, WIDER] = [0.4, 2.5]; // between groups of digits: heights, and times the widest gap within a group
const GROUP = 3; // digits

const within = (value, [least, most]) => value >= least && value <= most;
const isBeside = (gap, height) => within(gap / height, BESIDE);
const middleOf = ([left, top, right, bottom]) => [(left + right) / 2, (top + bottom) / 2];
const leftmost = (boxes) => boxes.reduce((first, box) => (box[0] < first[0] ? box : first));
const rightmost = (boxes) => boxes.reduce((last, box) => (box[2] > last[2] ? box : last));

/** Return what each of some strokes or pieces with boxes is: "-", ".", or "" for a part of a digit. */
export function findSigns(boxes, height) {
  if (boxes.length < 2) return boxes.map(() => "");
  const without = (one) => boxes.filter((box) => box !== one);
  const first = leftmost(boxes);
  const minus = isMinus(first, without(first), height) ? first : null;
  const isSmall = ([left, top, right, bottom]) => right - left <= DOT[0] * height && bottom - top <= DOT[1] * height;
  const points = boxes.filter((box) => isSmall(box) && isPoint(box, without(box), height));
  const point = points.length === 1 ? points[0] : null; // in a date there are several, and none is a decimal point
  return boxes.map((box) => (box === point ? "." : box === minus ? "-" : ""));
}

/** Return the signs among what was found in boxes, {text, middle}. */
export function placedSigns(found, boxes) {
  return found.flatMap((text, i) => (text ? [{ text, middle: middleOf(boxes[i])[0] }] : []));
}

/** Whether a box is a level bar halfway up at the left of all others. */
function isMinus([left, top, right, bottom], others, height) {
  const [wide, high] = [right - left, bottom - top];
  const isBar = within(wide / height, BAR) && high <= Math.min(LEVEL * wide, THIN * height);
  const digits = tall(others, height);
  if (!isBar || !digits.length || !isBeside(leftmost(others)[0] - right, height)) return false;
  const end = leftmost(digits)[2];
  const strokes = others.filter((box) => box[0] <= end); // of the first digit
  const [head, feet] = [Math.min(...strokes.map((box) => box[1])), Math.max(...strokes.map((box) => box[3]))];
  const [raised, heights] = [feet - (top + bottom) / 2, [height, feet - head]]; // others may be smaller or larger
  return HALFWAY[0] * Math.min(...heights) <= raised && raised <= HALFWAY[1] * Math.max(...heights);
}

/** Whether a small box lies low between two digits, apart from all others. */
function isPoint(box, others, height) {
  const [x, y] = middleOf(box);
  const before = others.filter((other) => middleOf(other)[0] < x);
  const after = others.filter((other) => middleOf(other)[0] >= x);
  const [left, right] = [tall(before, height), tall(after, height)];
  if (!left.length || !right.length) return false;
  const feet = (rightmost(left)[3] + leftmost(right)[3]) / 2;
  const gaps = [box[0] - rightmost(before)[2], leftmost(after)[0] - box[2]];
  return within((y - feet) / height, BASELINE) && gaps.every((gap) => isBeside(gap, height));
}

const tall = (boxes, height) => boxes.filter(([, top, , bottom]) => bottom - top >= TALL * height);

/**
 * Return what is written before each digit with a box, from left to right: a sign, " ", or "".
 *
 * height: of a digit.  thickness: of strokes, by which the boxes are larger than those of paths.
 */
export function beforeEach(digits, signs, height, thickness) {
  const before = Array(digits.length + 1).fill(""); // and after the last one
  for (const { text, middle } of signs) before[digits.filter((box) => middleOf(box)[0] < middle).length] = text;
  const whole = before.includes(".") ? before.indexOf(".") : digits.length;
  const gap = (box, i) => (box[0] - digits[i][2] + thickness) / height;
  for (const at of spaces(digits.slice(1, whole).map(gap))) before[at] = " ";
  return before.slice(0, -1);
}

/** Return before which digits a group of three begins, given the gaps between digits in heights of one. */
function spaces(gaps) {
  const isStart = (_, i) => (gaps.length - i) % GROUP === 0;
  const inside = gaps.filter((gap, i) => !isStart(gap, i));
  const isClear = Math.min(...gaps.filter(isStart)) >= Math.max(SPACE, WIDER * Math.max(...inside));
  return isClear ? gaps.flatMap((gap, i) => (isStart(gap, i) ? [i + 1] : [])) : [];
}
