/** Most bars that a history of bits can hold: one slot, whole numbers up to 2³¹. */
export const MAX_BITS = 30;

/** Appends one yes or no to a history of the last `size` of them. */
export function pushBit(bits: number, size: number, bit: boolean): number {
  return ((bits << 1) | (bit ? 1 : 0)) & ((1 << size) - 1);
}

/** How many of them are yes. */
export function countBits(bits: number): number {
  let left = bits;
  let count = 0;
  while (left !== 0) {
    left &= left - 1;
    count++;
  }
  return count;
}
