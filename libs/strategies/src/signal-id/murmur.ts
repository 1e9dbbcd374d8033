/**
 * MurmurHash3 x86 128 with seed 0, over the bytes of an ASCII text, as 32 hexadecimal digits. Source: Austin Appleby, public
 * domain. Written out because core imports nothing; 128 bits, so that a billion signals do not collide.
 */
export function murmur128(ascii: string): string {
  const h = [0, 0, 0, 0];
  const whole = ascii.length - (ascii.length % 16);
  for (let i = 0; i < whole; i += 16) mixBlock(h, ascii, i);
  for (let lane = 0; lane < 4; lane++) xorLane(h, lane, word(ascii, whole + 4 * lane));
  for (let lane = 0; lane < 4; lane++) h[lane] = (h[lane] as number) ^ ascii.length;
  spread(h);
  for (let lane = 0; lane < 4; lane++) h[lane] = avalanche(h[lane] as number);
  spread(h);
  return h.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

const FACTORS = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93] as const;
const WORD_TURNS = [15, 16, 17, 18] as const;
const LANE_TURNS = [19, 17, 15, 13] as const;
const LANE_ADDS = [0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17] as const;

function mixBlock(h: number[], ascii: string, from: number): void {
  for (let lane = 0; lane < 4; lane++) {
    xorLane(h, lane, word(ascii, from + 4 * lane));
    const turned = turn(h[lane] as number, LANE_TURNS[lane] as number);
    h[lane] = (Math.imul((turned + (h[(lane + 1) % 4] as number)) | 0, 5) + (LANE_ADDS[lane] as number)) | 0;
  }
}

function xorLane(h: number[], lane: number, value: number): void {
  const mixed = turn(Math.imul(value, FACTORS[lane] as number), WORD_TURNS[lane] as number);
  h[lane] = (h[lane] as number) ^ Math.imul(mixed, FACTORS[(lane + 1) % 4] as number);
}

/** Four bytes, little endian; 0 beyond the end, which changes nothing in `xorLane`. */
function word(ascii: string, at: number): number {
  let value = 0;
  for (let k = 3; k >= 0; k--) value = (value << 8) | (at + k < ascii.length ? ascii.charCodeAt(at + k) & 0xff : 0);
  return value;
}

function spread(h: number[]): void {
  h[0] = ((h[0] as number) + (h[1] as number) + (h[2] as number) + (h[3] as number)) | 0;
  for (let lane = 1; lane < 4; lane++) h[lane] = ((h[lane] as number) + h[0]) | 0;
}

function avalanche(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function turn(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
