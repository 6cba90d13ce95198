// A WebAssembly module of one function, made from readable instructions; nothing needs to be built beforehand.
// Numbers of instructions are those of the WebAssembly specification, version 2.

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b; // four float32

export const get = (local) => [0x20, local];
export const set = (local, ...value) => [...value.flat(), 0x21, local];
export const number = (value) => [0x41, ...signed(value)];
export const add = (one, other) => [...one, ...other, 0x6a];
export const subtract = (one, other) => [...one, ...other, 0x6b];
export const isBelow = (one, other) => [...one, ...other, 0x49];
export const repeatWhile = (condition, ...body) => [0x03, 0x40, ...body.flat(), ...condition, 0x0d, 0, 0x0b];

export const load = (address, offset = 0) => [...address, ...vector(0x00), 2, ...unsigned(offset)];
export const loadForAll = (address) => [...address, ...vector(0x09), 2, 0]; // one float32, four times
export const store = (address, value, offset = 0) => [...address, ...value, ...vector(0x0b), 2, ...unsigned(offset)];
export const forAll = (value) => [...value, ...vector(0x13)];
export const greater = (one, other) => [...one, ...other, ...vector(0xe9)];
export const multiplyAdd = (one, other, sum) => [...sum, ...one, ...other, ...vector(0xe6), ...vector(0xe4)];

/**
 * Return the bytes of a module that imports `page.memory` and exports a function without a result as `run`.
 *
 * parameters: their kinds.  locals: further variables, as pairs of a number and a kind.
 */
export function assemble(parameters, locals, body) {
  const code = [...list(locals.map(([number, kind]) => [...unsigned(number), kind])), ...body.flat(), 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(1, list([[0x60, ...list(parameters.map((kind) => [kind])), 0]])), // the type of the function
    ...section(2, list([[...text("page"), ...text("memory"), 2, 0, 1]])), // memory of at least one block
    ...section(3, list([[0]])),
    ...section(7, list([[...text("run"), 0, 0]])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
}

const vector = (instruction) => [0xfd, ...unsigned(instruction)];
const section = (kind, bytes) => [kind, ...unsigned(bytes.length), ...bytes];
const list = (items) => [...unsigned(items.length), ...items.flat()];
const text = (letters) => list([...letters].map((letter) => [letter.charCodeAt(0)]));

/** Return a whole number as LEB128 has it: seven bits a byte, the lowest first. */
function unsigned(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** The same of a number that may be below 0: the highest bit of the last byte is the sign. */
function signed(value) {
  return -0x40 <= value && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
