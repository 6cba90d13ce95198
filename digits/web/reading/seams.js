// Cuts through ink from top to bottom, as digits/reading/seams.py makes them: where they cross least of it, and bent
// around it where they can. Prices are float32 as there, or equally cheap ways would be told apart in another way.

const NEAREST = 0.1; // of a digit's height between two cuts
const EDGE = 0.06; // and between one and an end: a 1 is no wider
const THICKEST = 2.5; // strokes that a cut may cross
const MOST = 24; // cuts through a piece
const round = Math.fround;
const SIDEWAYS = round(0.05); // of full ink: what a step aside costs a cut, so that it is straight where it can be
const ENTERED = 0.5; // of what it costs to cross a stroke: for coming into ink at all; the rest for the way through it

/**
 * Return the number of the part at each place of one piece's ink, {width, height, numbers}, from 0 at the left, and how
 * much ink is crossed by the cut at the left of each part but the first: {parts, crossed}.
 *
 * digitHeight: of a digit.  thickness: of a stroke.
 */
export function cutParts({ width, height, numbers }, digitHeight, thickness) {
  const row = (at) => numbers.subarray(at * width, (at + 1) * width);
  const rows = Array.from({ length: height }, (_, at) => priced(row(at), thickness));
  const middle = Math.floor(height / 2);
  const [down, up] = [cheapest(rows.slice(0, middle + 1)), cheapest(rows.slice(middle).toReversed())];
  const { inside, entered } = rows[middle];
  const prices = inside.map((price, column) =>
    round(round(round(down.prices[column] + up.prices[column]) - price) - entered[column]));
  const columns = chosen(prices, digitHeight, THICKEST * thickness);
  const path = (column) => [...followed(down.came, column).toReversed(), ...followed(up.came, column).slice(1)];
  const paths = columns.map(path);
  const part = (place) => paths.filter((cut) => place % width >= cut[Math.floor(place / width)]).length;
  return { parts: numbers.map((_, place) => part(place)), crossed: columns.map((column) => prices[column]) };
}

/** Return what the places of a row cost a way that is there, and that comes there from paper: {inside, entered}. */
function priced(ink, thickness) {
  const stroke = round(ENTERED * thickness);
  return {
    inside: [...ink].map((amount) => round((1 - ENTERED) * amount)),
    entered: [...ink].map((amount) => round(stroke * amount)),
  };
}

/**
 * Return what the cheapest way from the first row to each place of the last one costs, and how far aside the way to
 * each place of each row but the first was in the row before: {prices, came}.
 */
function cheapest(rows) {
  let prices = rows[0].inside.map((price, column) => round(price + rows[0].entered[column]));
  const came = [];
  rows.slice(1).forEach(({ inside, entered }, above) => {
    const price = (column, from) => {
      if (!(from in prices)) return Infinity;
      const coming = Math.max(0, round(entered[column] - rows[above].entered[from]));
      return round(round(prices[from] + (from === column ? 0 : SIDEWAYS)) + coming);
    };
    const ways = inside.map((_, column) => [-1, 0, 1].map((aside) => price(column, column + aside)));
    came.push(ways.map((each) => each.indexOf(Math.min(...each)) - 1));
    prices = inside.map((amount, column) => round(amount + Math.min(...ways[column])));
  });
  return { prices, came };
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

/** Return the columns of the way to a place in the last row, row by row, from there back up. */
function followed(came, column) {
  const path = [column];
  for (const aside of came.toReversed()) path.push(path.at(-1) + aside[path.at(-1)]);
  return path;
}
