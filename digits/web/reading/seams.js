// Cuts through ink from top to bottom, as digits/reading/seams.py makes them: where they cross least of it, and bent
// around it where they can. Prices are float32 as there, or equally cheap ways would be told apart in another way.

const NEAREST = 0.1; // of a digit's height between two cuts
const EDGE = 0.06; // and between one and an end: a 1 is no wider
const THICKEST = 2.5; // strokes that a cut may cross
const MOST = 24; // cuts through a piece
const round = Math.fround;
const SIDEWAYS = round(0.05); // of full ink: what a step aside costs a cut, so that it is straight where it can be

/**
 * Return the number of the part at each place of one piece's ink, {width, height, numbers}, from 0 at the left, and how
 * much ink is crossed by the cut at the left of each part but the first: {parts, crossed}.
 *
 * digitHeight: of a digit.  thickness: of a stroke.
 */
export function cutParts({ width, height, numbers }, digitHeight, thickness) {
  const rows = Array.from({ length: height }, (_, row) => [...numbers.subarray(row * width, (row + 1) * width)]);
  const [down, up] = [cheapest(rows), cheapest(rows.toReversed()).toReversed()];
  const middle = Math.floor(height / 2);
  const prices = rows[middle].map((ink, column) => round(round(down[middle][column] + up[middle][column]) - ink));
  const columns = chosen(prices, digitHeight, THICKEST * thickness);
  const paths = columns.map((column) => [
    ...followed(down.slice(0, middle + 1).toReversed(), column).toReversed(),
    ...followed(up.slice(middle), column).slice(1),
  ]);
  const part = (place) => paths.filter((path) => place % width >= path[Math.floor(place / width)]).length;
  return { parts: numbers.map((_, place) => part(place)), crossed: columns.map((column) => prices[column]) };
}

/** Return how much ink the cheapest way from the top down to each place crosses, row by row. */
function cheapest(rows) {
  const prices = [rows[0]];
  for (const row of rows.slice(1)) {
    const before = prices.at(-1);
    prices.push(row.map((ink, column) => round(ink + Math.min(...steps(before, column)))));
  }
  return prices;
}

/** Return what it costs to come to a column from the left, from straight and from the right. */
function steps(prices, column) {
  const price = (at, aside) => (at in prices ? round(prices[at] + aside) : Infinity);
  return [price(column - 1, SIDEWAYS), price(column, 0), price(column + 1, SIDEWAYS)];
}

/** Return the columns of the cheapest cuts, from left to right, no two too near each other or to an end. */
function chosen(prices, digitHeight, dearest) {
  const [found, edge] = [[], EDGE * digitHeight];
  const isFar = (column) => (other) => Math.abs(column - other) >= NEAREST * digitHeight;
  for (const column of [...prices.keys()].sort((one, other) => prices[one] - prices[other])) {
    if (prices[column] > dearest || found.length === MOST) break;
    if (column >= edge && column <= prices.length - edge && found.every(isFar(column))) found.push(column);
  }
  return found.sort((one, other) => one - other);
}

/** Return the columns of the way with these prices from the place where it is in the first row, row by row. */
function followed(prices, column) {
  const path = [column];
  for (const above of prices.slice(1)) {
    const ways = steps(above, path.at(-1));
    path.push(path.at(-1) + ways.indexOf(Math.min(...ways)) - 1);
  }
  return path;
}
