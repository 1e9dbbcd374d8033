/** Slots: the average (a sum while seeding) · values seen (at most period). */
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
  if (state[at + 1] !== period) return seed(state, at, period, value);
  const average = state[at] as number;
  return (state[at] = average + weight * (value - average));
}

function seed(state: Float64Array, at: number, period: number, value: number): number {
  const sum = (state[at] as number) + value;
  const seen = (state[at + 1] as number) + 1;
  state[at + 1] = seen;
  state[at] = seen === period ? sum / period : sum;
  return seen === period ? (state[at] as number) : NaN;
}
