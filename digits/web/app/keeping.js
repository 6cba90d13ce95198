// Nothing drawn is lost: the sheet and the last drawings are kept in the browser while people draw, and there again.

import { SIZE, columnsOf } from "../ink/grid.js";
import { Sheet } from "../ink/sheet.js";
import { Answer, answered } from "../reading/answer.js";

const PLACE = "digits";
const FINE = 1e4; // parts of a cell, in which places are kept

export class Keeper {
  /** storage: as the browser's `localStorage`, or null, which keeps nothing. */
  constructor(storage) {
    this._storage = storage;
  }

  /** Return the sheet and the history that were kept; a new sheet where nothing was, or nothing that can be used. */
  restore() {
    try {
      const { history, ...page } = JSON.parse(this._storage.getItem(PLACE));
      return { sheet: drawn(page), history: history.map(entry) };
    } catch {
      return { sheet: new Sheet(), history: [] };
    }
  }

  /** Keep what is there now; a browser that takes nothing, or no more, only loses it when the page is closed. */
  keep(sheet, history) {
    if (sheet.ink === this._ink && history === this._history) return;
    [this._ink, this._history] = [sheet.ink, history];
    const pages = history.map((one) => ({ ...page(one.ink, one.acts), answer: one.answer && numbers(one.answer) }));
    try {
      this._storage.setItem(PLACE, JSON.stringify({ ...page(sheet.ink, sheet.drawing), history: pages }));
    } catch {
      // there is no room, or no storage for a page from a file
    }
  }
}

const rounded = (number) => Math.round(number * FINE) / FINE;
const told = ({ probabilities }) => ({ probabilities: [...probabilities] });
const numbers = (answer) => ({
  ...told(answer),
  threshold: answer.threshold,
  digits: answer.digits.map((digit) => ({ box: digit.box, sign: digit.sign, ...told(digit) })),
});

const page = (ink, acts) => ({ columns: columnsOf(ink), acts: acts.map(written) });

function written({ ink, erase, points }) {
  return ink ? { ink: Array.from(ink, rounded) } : { erase, points: points.map((point) => point.map(rounded)) };
}

function drawn({ columns = SIZE, acts }) {
  const sheet = new Sheet(columns);
  sheet.repeat(acts);
  return sheet;
}

function entry({ answer, ...page }) {
  const { ink } = drawn(page);
  return { ink, acts: page.acts, answer: answer && restored(ink, answer) };
}

function restored(ink, { probabilities, threshold, digits }) {
  return digits.length ? answered(ink, digits, threshold) : new Answer(ink, probabilities, threshold);
}
