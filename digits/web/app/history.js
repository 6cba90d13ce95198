// The drawings of this visit that gave way to others, each with its answer.

const MOST = 24;

/** Return a history with a drawing in front, where there is anything on it that is not there yet. */
export function remembered(history, ink, answer) {
  if (!ink.some((cell) => cell > 0) || history.some((entry) => entry.ink === ink)) return history;
  return [{ ink, words: answer ? String(answer) : "" }, ...history].slice(0, MOST);
}
