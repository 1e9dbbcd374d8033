/**
 * Doubles as one short text: the base64 (RFC 4648, with padding) of their little-endian bytes. Shorter than their decimals, less work to write
 * and to read, and the very same doubles. What is not finite is NaN.
 */

const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1');
const PADDING = 61;
/** Two characters for every 12 bits, the first of them in the lower byte. */
const PAIRS = Uint16Array.from(
  { length: 4_096 },
  (_, bits) => (ALPHABET[bits >> 6] as number) | ((ALPHABET[bits & 63] as number) << 8),
);
/**
 * What a character stands for as the first, second, third and last of four, in the three bytes that they mean, the first of them lowest;
 * negative: none of the alphabet.
 */
const [FIRST, SECOND, THIRD, LAST] = [
  (bits: number) => bits << 2,
  (bits: number) => (bits >> 4) | ((bits & 15) << 12),
  (bits: number) => ((bits >> 2) << 8) | ((bits & 3) << 22),
  (bits: number) => bits << 16,
].map((meaning) => {
  const values = new Int32Array(256).fill(-1);
  ALPHABET.forEach((character, bits) => (values[character] = meaning(bits)));
  return values;
}) as [Int32Array, Int32Array, Int32Array, Int32Array];
/** The upper half of the one NaN that is written, whatever the engine's own look like; its lower half is 0. */
const NAN_WORD = 0x7ff80000;

/** The doubles at hand, as such, as words and as bytes. */
let doubles = new Float64Array(0);
let words = new Int32Array(0);
let bytes = new Uint8Array(0);

function makeRoom(count: number): void {
  doubles = new Float64Array(count);
  words = new Int32Array(doubles.buffer);
  bytes = new Uint8Array(doubles.buffer);
}

/** Characters of the text of so many doubles. */
export const packedLength = (count: number): number => 4 * Math.ceil((8 * count) / 3);

/** Writes the text of all values at `at` and returns the place behind it. */
export function writePacked(to: DataView, at: number, values: Float64Array): number {
  const { length } = values;
  if (length > doubles.length) makeRoom(2 * length);
  for (let i = 0; i < length; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value))
      doubles[i] = value + 0; // 0 for -0: equal values are equal texts
    else {
      words[2 * i] = 0;
      words[2 * i + 1] = NAN_WORD;
    }
  }
  const left = (8 * length) % 3;
  const end = 8 * length - left;
  for (let i = 0; i < end; i += 3, at += 4) {
    writeFour(to, at, ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number));
  }
  if (left === 0) return at;
  writeFour(to, at, ((bytes[end] as number) << 16) | (left === 2 ? (bytes[end + 1] as number) << 8 : 0));
  to.setUint8(at + 3, PADDING);
  if (left === 1) to.setUint8(at + 2, PADDING);
  return at + 4;
}

/** Reads as many doubles as `into` takes from the text at `at`; returns the place behind it, -1 when it is no such text. */
export function readPacked(from: Uint8Array, at: number, into: Float64Array): number {
  const { length } = into;
  if (at + packedLength(length) > from.length) return -1;
  if (length > doubles.length) makeRoom(2 * length);
  const count = 2 * length;
  let word = 0;
  // Whole words, for a double that is read right behind its single bytes has to wait for them.
  for (; word + 3 <= count; word += 3, at += 16) {
    const first = readFour(from, at);
    const second = readFour(from, at + 4);
    const third = readFour(from, at + 8);
    const last = readFour(from, at + 12);
    if ((first | second | third | last) < 0) return -1;
    words[word] = first | (second << 24);
    words[word + 1] = (second >>> 8) | (third << 16);
    words[word + 2] = (third >>> 16) | (last << 8);
  }
  if (word < count) {
    at = readTail(from, at, word, count - word);
    if (at < 0) return -1;
  }
  for (let i = 0; i < length; i++) {
    const value = doubles[i] as number;
    into[i] = Number.isFinite(value) ? value : NaN;
  }
  return at;
}

/** Four characters as 24 bits; negative when one of them is none of the alphabet. */
const readFour = (from: Uint8Array, at: number): number =>
  (FIRST[from[at] as number] as number) |
  (SECOND[from[at + 1] as number] as number) |
  (THIRD[from[at + 2] as number] as number) |
  (LAST[from[at + 3] as number] as number);

/** Reads the last word, or two, and the padding behind them. */
function readTail(from: Uint8Array, at: number, word: number, count: number): number {
  const first = readFour(from, at);
  const second = count === 2 ? readFour(from, at + 4) : 0;
  const end = at + 4 * count;
  const third = from[end + 2] as number;
  if (from[end + 3] !== PADDING || (count === 1 && third !== PADDING)) return -1;
  const head = (FIRST[from[end] as number] as number) | (SECOND[from[end + 1] as number] as number);
  const last = count === 1 ? head : head | (THIRD[third] as number);
  if ((first | second | last) < 0) return -1;
  words[word] = first | ((count === 1 ? last : second) << 24);
  if (count === 2) words[word + 1] = (second >>> 8) | (last << 16);
  return end + 4;
}

const writeFour = (to: DataView, at: number, bits: number): void =>
  to.setInt32(at, (PAIRS[bits >> 12] as number) | ((PAIRS[bits & 4_095] as number) << 16), true);
