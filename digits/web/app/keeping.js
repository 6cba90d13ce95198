// Nothing drawn is lost: the sheet and the last drawings are kept in the browser while people draw, and there again.

import { Sheet } from "../ink/sheet.js";
import { Answer, WholeNumber } from "../reading/answer.js";

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
      const { acts, history } = JSON.parse(this._storage.getItem(PLACE));
      return { sheet: drawn(acts), history: history.map(entry) };
    } catch {
      return { sheet: new Sheet(), history: [] };
    }
  }

  /** Keep what is there now; a browser that takes nothing, or no more, only loses it when the page is closed. */
  keep(sheet, history) {
    if (sheet.ink === this._ink && history === this._history) return;
    [this._ink, this._history] = [sheet.ink, history];
    const pages = history.map(({ acts, answer }) => ({ acts: acts.map(written), answer: answer && numbers(answer) }));
    try {
      this._storage.setItem(PLACE, JSON.stringify({ acts: sheet.drawing.map(written), history: pages }));
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
  digits: answer.places.map((place) => ({ box: place.box, ...told(place.answer) })),
});

function written({ ink, erase, points }) {
  return ink ? { ink: Array.from(ink, rounded) } : { erase, points: points.map((point) => point.map(rounded)) };
}

function drawn(acts) {
  const sheet = new Sheet();
  sheet.repeat(acts);
  return sheet;
}

function entry({ acts, answer }) {
  const { ink } = drawn(acts);
  return { ink, acts, answer: answer && answered(ink, answer) };
}

function answered(ink, { probabilities, threshold, digits }) {
  return digits.length ? new WholeNumber(ink, digits, threshold) : new Answer(ink, probabilities, threshold);
}
