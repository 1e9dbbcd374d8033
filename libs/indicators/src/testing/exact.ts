// Exact arithmetic over doubles: every double is an integer over a power of two, so sums and products of them are exact as BigInt.
// Square roots and quotients are rounded once, 200 binary digits beyond what a double holds.

const SCALE = 1100n;
const GUARD = 200n;

/** The double times 2 to the power SCALE, exactly. */
function toFixed(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const exponent = (raw >> 52n) & 0x7ffn;
  const fraction = raw & 0xfffffffffffffn;
  const [mantissa, shift] = exponent === 0n ? [fraction, 1n] : [fraction | (1n << 52n), exponent];
  const fixed = mantissa << (SCALE + shift - 1075n);
  return raw >> 63n === 1n ? -fixed : fixed;
}

/** The double nearest to `fixed / 2^scale`, truncated at 64 bits first: off by less than one unit in the last place. */
function toDouble(fixed: bigint, scale: bigint): number {
  const size = BigInt((fixed < 0n ? -fixed : fixed).toString(2).length);
  const dropped = size > 64n ? size - 64n : 0n;
  return Number(fixed >> dropped) * 2 ** Number(dropped - scale);
}

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The mean of the values. */
export function exactMean(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + toFixed(value), 0n);
  return toDouble((sum << GUARD) / BigInt(values.length), SCALE + GUARD);
}

/** The mean of the values, and `width` population standard deviations above and below it: upper, middle, lower. */
export function exactBands(values: readonly number[], width: number): [number, number, number] {
  const n = BigInt(values.length);
  const fixed = values.map(toFixed);
  const sum = fixed.reduce((total, value) => total + value, 0n);
  const squares = fixed.reduce((total, value) => total + value * value, 0n);
  const deviation = squareRoot(((n * squares - sum * sum) << (2n * GUARD)) / (n * n));
  const middle = (sum << GUARD) / n;
  const reach = (deviation * toFixed(width)) >> SCALE;
  return [
    toDouble(middle + reach, SCALE + GUARD),
    toDouble(middle, SCALE + GUARD),
    toDouble(middle - reach, SCALE + GUARD),
  ];
}
