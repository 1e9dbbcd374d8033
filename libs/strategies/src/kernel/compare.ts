/** Differences below this share of the price are rounding, not a market: a flat series must not cross its own average. */
const NOISE = 1e-12;

/** Sign of a difference of prices: 1, −1, or 0 when it is rounding noise at this price. */
export function signOf(difference: number, price: number): -1 | 0 | 1 {
  const noise = NOISE * price;
  if (difference > noise) return 1;
  return difference < -noise ? -1 : 0;
}

/** a / b for a yardstick b that may be 0, as the ATR of a flat market is; then nothing was measured: 0. */
export function ratio(a: number, b: number): number {
  return b > 0 ? a / b : 0;
}

/** The volume factor of every strategy that has one; `null` (left out) where nothing was traded before. */
export function volumeFactor(volume: number, mean: number, threshold: number): number | null {
  return mean > 0 ? volume / mean / threshold : null;
}
