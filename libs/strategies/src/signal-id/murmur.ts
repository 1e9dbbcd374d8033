/** A text of which the whole blocks have been hashed. */
export interface Hashed {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  /** Bytes so far. */
  readonly length: number;
  /** What does not fill a block. */
  readonly rest: Uint8Array;
}

const BLOCK = 16;
export const NOTHING_HASHED: Hashed = { a: 0, b: 0, c: 0, d: 0, length: 0, rest: new Uint8Array(0) };

/**
 * MurmurHash3 x86 128 with seed 0. Source: Austin Appleby, public domain. Written out because core imports nothing; 128 bits, so that a
 * billion signals do not collide. Over bytes: strings come in so many kinds that the engine asks for the kind at every character.
 *
 * @param bytes the text is bytes 0…end − 1; a block behind them is written over
 * @param into takes the four lanes
 * @param behind the text goes on behind this one: it begins with its `rest`
 */
export function murmur128(bytes: Uint8Array, end: number, into: Int32Array, behind: Hashed = NOTHING_HASHED): void {
  bytes.fill(0, end, end + BLOCK); // which changes nothing in a lane
  const length = behind.length + end;
  const whole = hashWhole(bytes, end, into, behind);
  let a = (into[0] as number) ^ first(word(bytes, whole)) ^ length;
  let b = (into[1] as number) ^ second(word(bytes, whole + 4)) ^ length;
  let c = (into[2] as number) ^ third(word(bytes, whole + 8)) ^ length;
  let d = (into[3] as number) ^ fourth(word(bytes, whole + 12)) ^ length;
  a = (a + b + c + d) | 0;
  b = avalanche((b + a) | 0);
  c = avalanche((c + a) | 0);
  d = avalanche((d + a) | 0);
  a = avalanche(a);
  a = (a + b + c + d) | 0;
  into[0] = a;
  into[1] = b + a;
  into[2] = c + a;
  into[3] = d + a;
}

/** Hashes the whole blocks of a text that many others begin with. */
export function hashBlocks(text: Uint8Array): Hashed {
  const lanes = new Int32Array(4);
  const whole = hashWhole(text, text.length, lanes, NOTHING_HASHED);
  const [a, b, c, d] = lanes as unknown as [number, number, number, number];
  return { a, b, c, d, length: whole, rest: text.slice(whole) };
}

/** @returns how many bytes fill whole blocks */
function hashWhole(bytes: Uint8Array, end: number, into: Int32Array, behind: Hashed): number {
  const whole = end - (end % BLOCK);
  let { a, b, c, d } = behind;
  for (let i = 0; i < whole; i += BLOCK) {
    a = next(a ^ first(word(bytes, i)), 19, b, 0x561ccd1b);
    b = next(b ^ second(word(bytes, i + 4)), 17, c, 0x0bcaa747);
    c = next(c ^ third(word(bytes, i + 8)), 15, d, 0x96cd1c35);
    d = next(d ^ fourth(word(bytes, i + 12)), 13, a, 0x32ac3b17);
  }
  into[0] = a;
  into[1] = b;
  into[2] = c;
  into[3] = d;
  return whole;
}

const [C1, C2, C3, C4] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];

const first = (value: number): number => Math.imul(turn(Math.imul(value, C1), 15), C2);
const second = (value: number): number => Math.imul(turn(Math.imul(value, C2), 16), C3);
const third = (value: number): number => Math.imul(turn(Math.imul(value, C3), 17), C4);
const fourth = (value: number): number => Math.imul(turn(Math.imul(value, C4), 18), C1);

const next = (lane: number, bits: number, neighbour: number, addend: number): number =>
  (Math.imul((turn(lane, bits) + neighbour) | 0, 5) + addend) | 0;

/** Four bytes, little endian. */
const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

function avalanche(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function turn(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
