/** Slots: seed sum, later the average · values seen while seeding. */
export const EMA_SLOTS = 2;

/** Weight of the newest value in an exponential average of `period` values: 2 / (period + 1). */
export function emaWeight(period: number): number {
  return 2 / (period + 1);
}

/**
 * Exponential moving average, seeded with the mean of the first `period` values; NaN before. `weight` is usually
 * `emaWeight(period)`, 1 / period for Wilder's. Source: TA-Lib TA_EMA.
 */
export function stepEma(state: Float64Array, at: number, period: number, weight: number, value: number): number {
  const average = state[at] as number;
  const seen = state[at + 1] as number;
  if (seen === period) return (state[at] = average + weight * (value - average));
  state[at + 1] = seen + 1;
  const sum = average + value;
  if (seen + 1 < period) {
    state[at] = sum;
    return NaN;
  }
  return (state[at] = sum / period);
}
