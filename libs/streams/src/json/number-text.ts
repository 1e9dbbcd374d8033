/**
 * Writes doubles as decimal text into bytes, several times faster than `String(value)` and without a string to collect.
 * The text always reads back as the very same double. Where 8 decimals are enough it is the shortest such text, as JavaScript
 * writes it; otherwise it is the exact decimal expansion of the double, cut off where the rest could no longer change what is
 * read: 17 to 19 digits.
 */

/** Bytes that the longest text may need. */
export const MAX_NUMBER_BYTES = 40;

const [ZERO, POINT, MINUS] = [48, 46, 45];

/** Four ASCII digits of every number below 10 000. */
const FOUR = new Uint8Array(40_000);
for (let i = 0; i < 40_000; i++) FOUR[i] = ZERO + (Math.floor((i >> 2) / 10 ** (3 - (i & 3))) % 10);

/** What is smaller, a larger integer or a larger fraction is rare and left to JavaScript. */
const [SMALLEST, LARGEST, LARGEST_FRACTION] = [2 ** -26, 1e15, 2 ** 25];
const [SHORT, SHORTEST] = [1e8, 1e4];
const LIMB = 2 ** 26;
const LIMBS_IN_ONE = 2 ** -26;

/**
 * Writes the finite number `values[i]` at `at` and returns the place behind it; a double that is handed over would be put on the heap
 * first. `bytes` has room for MAX_NUMBER_BYTES there.
 */
export function writeNumber(bytes: Uint8Array, at: number, values: Float64Array, i: number): number {
  let v = values[i] as number;
  if (v < 0) {
    bytes[at++] = MINUS;
    v = -v;
  }
  const whole = Math.floor(v);
  if (whole === v && v < LARGEST) return writeWhole(bytes, at, whole);
  if (v < SMALLEST || v >= LARGEST_FRACTION) return writeByEngine(bytes, at, v);
  at = writeWhole(bytes, at, whole);
  bytes[at++] = POINT;
  const cents = Math.round(v * SHORTEST);
  if (cents / SHORTEST === v) return writeShortest(bytes, at, cents - whole * SHORTEST);
  const scaled = Math.round(v * SHORT);
  if (scaled / SHORT === v) return writeShort(bytes, at, scaled - whole * SHORT);
  return v < 1 ? writeSmallFraction(bytes, at, v) : writeFraction(bytes, at, v - whole, v);
}

function writeByEngine(bytes: Uint8Array, at: number, value: number): number {
  const text = String(value);
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** An integer from 0 to 1e15, without leading zeros. */
function writeWhole(bytes: Uint8Array, at: number, value: number): number {
  if (value < 10_000) return writeUpToFour(bytes, at, value | 0);
  if (value < 1e8) {
    const high = ((value | 0) / 10_000) | 0;
    return writeFour(bytes, writeUpToFour(bytes, at, high), (value | 0) - high * 10_000);
  }
  const high = Math.floor(value / 1e8);
  return writeEight(bytes, writeWhole(bytes, at, high), (value - high * 1e8) | 0);
}

function writeUpToFour(bytes: Uint8Array, at: number, value: number): number {
  const digits = 4 * value;
  if (value >= 1_000) bytes[at++] = FOUR[digits] as number;
  if (value >= 100) bytes[at++] = FOUR[digits + 1] as number;
  if (value >= 10) bytes[at++] = FOUR[digits + 2] as number;
  bytes[at] = FOUR[digits + 3] as number;
  return at + 1;
}

function writeFour(bytes: Uint8Array, at: number, value: number): number {
  const digits = 4 * value;
  bytes[at] = FOUR[digits] as number;
  bytes[at + 1] = FOUR[digits + 1] as number;
  bytes[at + 2] = FOUR[digits + 2] as number;
  bytes[at + 3] = FOUR[digits + 3] as number;
  return at + 4;
}

function writeThree(bytes: Uint8Array, at: number, value: number): number {
  const digits = 4 * value;
  bytes[at] = FOUR[digits + 1] as number;
  bytes[at + 1] = FOUR[digits + 2] as number;
  bytes[at + 2] = FOUR[digits + 3] as number;
  return at + 3;
}

function writeSeven(bytes: Uint8Array, at: number, value: number): number {
  const high = (value / 10_000) | 0;
  return writeFour(bytes, writeThree(bytes, at, high), value - high * 10_000);
}

function writeEight(bytes: Uint8Array, at: number, value: number): number {
  const high = (value / 10_000) | 0;
  return writeFour(bytes, writeFour(bytes, at, high), value - high * 10_000);
}

/** At most four decimals, as most prices have, trailing zeros left out. `value` = the decimals as an integer, not 0. */
function writeShortest(bytes: Uint8Array, at: number, value: number): number {
  at = writeFour(bytes, at, value | 0);
  while (bytes[at - 1] === ZERO) at--;
  return at;
}

/** At most eight decimals, trailing zeros left out. `value` = the decimals as an integer, not 0. */
function writeShort(bytes: Uint8Array, at: number, value: number): number {
  at = writeEight(bytes, at, value | 0);
  while (bytes[at - 1] === ZERO) at--;
  return at;
}

/**
 * The fraction of v ≥ 1: a multiple of 2⁻⁵², held exactly as two limbs of 26 bits. Multiplied by 10⁷, what rises above the
 * limbs is the next seven digits. The text is less than half the distance to the next double away from v.
 */
function writeFraction(bytes: Uint8Array, at: number, fraction: number, v: number): number {
  let high = Math.floor(fraction * LIMB);
  let low = (fraction * LIMB - high) * LIMB;
  for (let round = 0; round < 2; round++) {
    const lower = low * 1e7;
    const carry = Math.floor(lower * LIMBS_IN_ONE);
    const upper = high * 1e7 + carry;
    const digits = Math.floor(upper * LIMBS_IN_ONE);
    low = lower - carry * LIMB;
    high = upper - digits * LIMB;
    at = writeSeven(bytes, at, digits | 0);
  }
  if (v >= 512) return at; // 10⁻¹⁴ is below an eighth of the distance between doubles
  const digits = Math.floor((high * 1e3 + Math.floor(low * 1e3 * LIMBS_IN_ONE)) * LIMBS_IN_ONE);
  return writeThree(bytes, at, digits) - (v >= 64 ? 2 : 0);
}

/** How many of 21 decimals of v ≥ 2⁻¹⁰ may be left out: what is cut off stays below half the distance to the next double. */
const decimalsToSpare = (v: number): number => (v >= 0.5 ? 4 : v >= 2 ** -4 ? 3 : v >= 2 ** -7 ? 2 : 1);

/** 2⁻²⁶ ≤ v < 1: a multiple of 2⁻⁷⁸, as three limbs; 25 decimals are enough for the smallest. */
function writeSmallFraction(bytes: Uint8Array, at: number, v: number): number {
  let high = Math.floor(v * LIMB);
  let rest = (v * LIMB - high) * LIMB;
  let middle = Math.floor(rest);
  let low = (rest - middle) * LIMB;
  for (let round = 0; round < 3; round++) {
    rest = low * 1e7;
    let carry = Math.floor(rest * LIMBS_IN_ONE);
    low = rest - carry * LIMB;
    rest = middle * 1e7 + carry;
    carry = Math.floor(rest * LIMBS_IN_ONE);
    middle = rest - carry * LIMB;
    rest = high * 1e7 + carry;
    const digits = Math.floor(rest * LIMBS_IN_ONE);
    high = rest - digits * LIMB;
    at = writeSeven(bytes, at, digits | 0);
  }
  if (v >= 2 ** -10) return at - decimalsToSpare(v);
  rest = middle * 1e4 + Math.floor(low * 1e4 * LIMBS_IN_ONE);
  rest = high * 1e4 + Math.floor(rest * LIMBS_IN_ONE);
  return writeFour(bytes, at, Math.floor(rest * LIMBS_IN_ONE) | 0);
}
