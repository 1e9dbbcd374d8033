/** A text of which the whole blocks have been hashed. */
export interface Hashed {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  /** Bytes so far. */
  readonly length: number;
  /** What does not fill a block. */
  readonly rest: string;
}

const BLOCK = 16;
const NOTHING: Hashed = { a: 0, b: 0, c: 0, d: 0, length: 0, rest: '' };

/**
 * MurmurHash3 x86 128 with seed 0, over the bytes of an ASCII text, as 32 hexadecimal digits. Source: Austin Appleby, public
 * domain. Written out because core imports nothing; 128 bits, so that a billion signals do not collide.
 * @param behind the text goes on behind this one
 */
export function murmur128(ascii: string, behind: Hashed = NOTHING): string {
  const hashed = hashBlocks(ascii, behind);
  const { length, rest } = hashed;
  let { a, b, c, d } = hashed;
  a ^= first(word(rest, 0)) ^ length;
  b ^= second(word(rest, 4)) ^ length;
  c ^= third(word(rest, 8)) ^ length;
  d ^= fourth(word(rest, 12)) ^ length;
  a = (a + b + c + d) | 0;
  [b, c, d] = [(b + a) | 0, (c + a) | 0, (d + a) | 0];
  [a, b, c, d] = [avalanche(a), avalanche(b), avalanche(c), avalanche(d)];
  a = (a + b + c + d) | 0;
  return hex(a) + hex(b + a) + hex(c + a) + hex(d + a);
}

/** Hashes the whole blocks of a text that many others begin with. */
export function hashBlocks(ascii: string, behind: Hashed = NOTHING): Hashed {
  const text = behind.rest + ascii;
  const whole = text.length - (text.length % BLOCK);
  let { a, b, c, d } = behind;
  for (let i = 0; i < whole; i += BLOCK) {
    a = next(a ^ first(word(text, i)), 19, b, 0x561ccd1b);
    b = next(b ^ second(word(text, i + 4)), 17, c, 0x0bcaa747);
    c = next(c ^ third(word(text, i + 8)), 15, d, 0x96cd1c35);
    d = next(d ^ fourth(word(text, i + 12)), 13, a, 0x32ac3b17);
  }
  return { a, b, c, d, length: behind.length + ascii.length, rest: text.slice(whole) };
}

const [C1, C2, C3, C4] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];

const first = (value: number): number => Math.imul(turn(Math.imul(value, C1), 15), C2);
const second = (value: number): number => Math.imul(turn(Math.imul(value, C2), 16), C3);
const third = (value: number): number => Math.imul(turn(Math.imul(value, C3), 17), C4);
const fourth = (value: number): number => Math.imul(turn(Math.imul(value, C4), 18), C1);

const next = (lane: number, bits: number, neighbour: number, addend: number): number =>
  (Math.imul((turn(lane, bits) + neighbour) | 0, 5) + addend) | 0;

/** Four bytes, little endian; 0 beyond the end, which changes nothing in a lane. */
function word(ascii: string, at: number): number {
  if (at + 4 <= ascii.length)
    return (
      (ascii.charCodeAt(at) & 0xff) |
      ((ascii.charCodeAt(at + 1) & 0xff) << 8) |
      ((ascii.charCodeAt(at + 2) & 0xff) << 16) |
      (ascii.charCodeAt(at + 3) << 24)
    );
  let value = 0;
  for (let k = ascii.length - at - 1; k >= 0; k--) value = (value << 8) | (ascii.charCodeAt(at + k) & 0xff);
  return value;
}

function avalanche(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function turn(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

const TWO_DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = (lane: number): string => two(lane >>> 24) + two(lane >>> 16) + two(lane >>> 8) + two(lane);
const two = (bits: number): string => TWO_DIGITS[bits & 255] as string;
