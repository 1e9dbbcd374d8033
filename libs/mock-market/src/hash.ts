/** FNV-1a over the UTF-16 units of a text, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** The finaliser of MurmurHash3: every input bit flips every output bit with probability ½. Unsigned 32 bits. */
export function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A hash of three numbers, for values that must be found again from their place alone. */
export function hashPlace(seed: number, plane: number, cell: number): number {
  return mix(mix(seed ^ Math.imul(plane + 1, 0x9e3779b1)) ^ Math.imul(cell, 0x85ebca77));
}

/** One over the standard deviation of the sum of four independent bytes. */
const BYTES_TO_SIGMA = 1 / Math.sqrt((4 * (256 * 256 - 1)) / 12);

/** Four bytes of a hash summed up: nearly normal, mean 0, variance 1, never beyond ±3.47. */
export function gauss(hash: number): number {
  const sum = (hash & 255) + ((hash >>> 8) & 255) + ((hash >>> 16) & 255) + (hash >>> 24);
  return (sum - 510) * BYTES_TO_SIGMA;
}

/** A hash as a number in [0, 1). */
export function unit(hash: number): number {
  return hash / 4294967296;
}
