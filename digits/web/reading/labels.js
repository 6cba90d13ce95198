// Connected pieces of ink, and where each of them lies, as digits/reading/labels.py finds them. Ink is a picture here,
// {width, height, numbers}; labels are one, too: from 1, 0 for paper.

const INKED = 0.5; // of the strongest ink: paler cells join nothing, for soft edges of two strokes may meet
const EDGES = 3; // cells around a piece whose pale ink belongs to it
const STEPS = [-1, 0, 1];
const AROUND = STEPS.flatMap((down) => STEPS.map((across) => [across, down]));

/** Return the label of the connected piece at each place of ink. */
export function label(ink) {
  const { width, numbers } = ink;
  const least = INKED * numbers.reduce((most, one) => Math.max(most, one), 0);
  const labels = new Int32Array(numbers.length);
  const isFree = (place) => labels[place] === 0 && numbers[place] > 0 && numbers[place] >= least;
  let count = 0;
  for (let place = numbers.length - 1; place >= 0; place--) {
    if (isFree(place)) fill(place, ++count);
  }

  function fill(start, number) {
    labels[start] = number;
    const found = [start];
    for (const place of found) { // an array goes on with what is added meanwhile
      for (const next of around(ink, place).filter(isFree)) {
        labels[next] = number;
        found.push(next);
      }
    }
  }

  return withEdges({ ...ink, numbers: labels.map((number) => (number ? count + 1 - number : 0)) }, ink);
}

/** Return the places around a place of a picture, and this one. */
function around({ width, height }, place) {
  const [x, y] = [place % width, Math.floor(place / width)];
  const places = AROUND.map(([across, down]) => [x + across, y + down]);
  const isIn = ([column, row]) => column >= 0 && row >= 0 && column < width && row < height;
  return places.filter(isIn).map(([column, row]) => row * width + column);
}

/** Return labels with the pale ink around them. */
function withEdges(labels, ink) {
  let { numbers } = labels;
  for (let round = 0; round < EDGES; round++) {
    const before = numbers;
    const most = (place) => around(ink, place).reduce((largest, near) => Math.max(largest, before[near]), 0);
    numbers = before.map((number, place) => (number === 0 && ink.numbers[place] > 0 ? most(place) : number));
  }
  return { ...labels, numbers };
}

/** Return the box of the places with each label, by labels from 1 on: [left, top, right, bottom]; null for none. */
export function labelBoxes({ width, numbers }) {
  const boxes = Array(numbers.reduce((most, one) => Math.max(most, one), 0)).fill(null);
  numbers.forEach((number, place) => {
    if (!number) return;
    const [x, y] = [place % width, Math.floor(place / width)];
    const [left, top, right, bottom] = boxes[number - 1] ?? [x, y, x, y];
    boxes[number - 1] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
  });
  return boxes;
}
