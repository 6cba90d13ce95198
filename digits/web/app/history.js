// The last drawings: what was on the sheet before, and what was answered to it, as digits/app/history.py has them.

const MOST = 24; // drawings

/**
 * Return a history, newest first, with a newest entry; the same drawing further back makes room, as does the oldest.
 *
 * entry: its `ink`, the `acts` which give this ink on bare paper, and the `answer` to it, null where none was there.
 */
export function added(history, entry) {
  const differs = ({ ink }) => ink.length !== entry.ink.length || ink.some((cell, i) => cell !== entry.ink[i]);
  return [entry, ...history.filter(differs)].slice(0, MOST);
}
