/**
 * MurmurHash3 x86 128 with seed 0, over the bytes of an ASCII text, as 32 hexadecimal digits. Source: Austin Appleby, public
 * domain. Written out because core imports nothing; 128 bits, so that a billion signals do not collide.
 */
export function murmur128(ascii: string): string {
  const { length } = ascii;
  const whole = length - (length % 16);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 16) {
    a = next(a ^ first(word(ascii, i)), 19, b, 0x561ccd1b);
    b = next(b ^ second(word(ascii, i + 4)), 17, c, 0x0bcaa747);
    c = next(c ^ third(word(ascii, i + 8)), 15, d, 0x96cd1c35);
    d = next(d ^ fourth(word(ascii, i + 12)), 13, a, 0x32ac3b17);
  }
  a ^= first(word(ascii, whole)) ^ length;
  b ^= second(word(ascii, whole + 4)) ^ length;
  c ^= third(word(ascii, whole + 8)) ^ length;
  d ^= fourth(word(ascii, whole + 12)) ^ length;
  a = (a + b + c + d) | 0;
  [b, c, d] = [(b + a) | 0, (c + a) | 0, (d + a) | 0];
  [a, b, c, d] = [avalanche(a), avalanche(b), avalanche(c), avalanche(d)];
  a = (a + b + c + d) | 0;
  return hex(a) + hex((b + a) | 0) + hex((c + a) | 0) + hex((d + a) | 0);
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

const hex = (lane: number): string => (lane >>> 0).toString(16).padStart(8, '0');
