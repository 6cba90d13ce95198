// What a person can tell the page, in one table, as digits/app/commands.py has it: a key and a button share a command.
// `Ctrl` is Cmd on a Mac, where both work; a single character means the symbol that a key press gives.

export const COMMANDS = {
  classify: { keys: ["Enter"], help: "read the drawing now" },
  reset: { keys: ["Del", "Backspace"], help: "take a new sheet" },
  undo: { keys: ["Ctrl+Z"], help: "take back the last stroke" },
  redo: { keys: ["Ctrl+Y", "Ctrl+Shift+Z"], help: "do it again" },
  eraser: { keys: ["E"], help: "draw or erase (the right button erases always)" },
  live: { keys: ["L"], help: "answer while you draw, or only to Classify" },
  why: { keys: ["W"], help: "which ink speaks for the answer, which against it" },
  takeBack: { keys: ["H"], help: "take the last drawing back onto the sheet" },
  thinner: { keys: ["["], help: "a thinner brush (or the wheel)" },
  thicker: { keys: ["]"], help: "a thicker brush (or the wheel)" },
  open: { keys: ["Ctrl+O"], help: "put a picture on the grid" },
  camera: { keys: [], help: "take a photograph of a digit" },
  save: { keys: ["Ctrl+S"], help: "save the drawing as a picture" },
  copy: { keys: ["Ctrl+C"], help: "copy the drawing and the answer" },
  share: { keys: [], help: "share the drawing and the answer" },
  keys: { keys: ["?"], help: "show or hide all keys" },
  leave: { keys: ["Esc"], help: "leave this list, or a stroke" },
};

const OTHERS = [
  ["Ctrl+V", "put a copied picture on the grid"],
  ["Arrows, Space", "on the sheet: move a cursor, draw with it"],
  ["Tab", "walk through the buttons"],
  ["Drop a picture", "put it on the grid"],
];
const IS_MAC = globalThis.navigator?.platform?.startsWith("Mac");

/** Return a key as it is called on this system. */
export const shown = (key) => (IS_MAC ? key.replace("Ctrl", "Cmd") : key);

/** Return what the list of keys says, as pairs of keys and what they do. */
export function keyList() {
  const listed = Object.values(COMMANDS).filter(({ keys }) => keys.length);
  return [...listed.map(({ keys, help }) => [keys.map(shown).join(" or "), help]), ...OTHERS];
}

const NAMED = { Del: "Delete", Esc: "Escape" };

/** Return the name of the command of a key press, undefined where it has none. */
export function commandOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey) return undefined;
  const held = ctrlKey || metaKey;
  const fits = (written) => {
    const parts = written.split("+");
    const wanted = NAMED[parts.at(-1)] ?? parts.at(-1);
    const isLetter = /^[a-z]$/i.test(wanted);
    const isShifted = isLetter && held ? parts.includes("Shift") === shiftKey : true;
    return key.toLowerCase() === wanted.toLowerCase() && parts.includes("Ctrl") === held && isShifted;
  };
  return Object.keys(COMMANDS).find((name) => COMMANDS[name].keys.some(fits));
}
