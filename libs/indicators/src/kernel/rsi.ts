/** Slots: average gain · average loss (sums while seeding) · previous value · values seen. */
export const RSI_SLOTS = 4;

/** Averages this far below the price have decayed through thousands of flat bars; below it doubles lose their precision. */
const NEGLIGIBLE = 2 ** -900;

/**
 * Wilder's relative strength index, 0 … 100, seeded with the mean gain and loss of the first `period` changes: the first
 * value comes with value number period + 1, NaN before. No losses: 100. No change at all: 50. Source: Wilder 1978, TA-Lib TA_RSI.
 */
export function stepRsi(state: Float64Array, at: number, period: number, value: number): number {
  const seen = state[at + 3] as number;
  const change = value - (state[at + 2] as number);
  state[at + 2] = value;
  if (seen <= period) return seed(state, at, period, value, change);
  const keep = (period - 1) / period;
  const add = 1 / period;
  const gain = (state[at] as number) * keep + (change > 0 ? change * add : 0);
  const loss = (state[at + 1] as number) * keep - (change < 0 ? change * add : 0);
  state[at] = gain;
  state[at + 1] = loss;
  return strength(state, at, gain, loss, value);
}

function seed(state: Float64Array, at: number, period: number, value: number, change: number): number {
  const seen = state[at + 3] as number;
  state[at + 3] = seen + 1;
  if (seen === 0) return NaN;
  const gain = (state[at] as number) + (change > 0 ? change : 0);
  const loss = (state[at + 1] as number) - (change < 0 ? change : 0);
  const full = seen === period;
  state[at] = full ? gain / period : gain;
  state[at + 1] = full ? loss / period : loss;
  return full ? strength(state, at, state[at] as number, state[at + 1] as number, value) : NaN;
}

function strength(state: Float64Array, at: number, gain: number, loss: number, value: number): number {
  const total = gain + loss;
  if (total > value * NEGLIGIBLE) return 100 * (gain / total);
  state[at] = 0;
  state[at + 1] = 0;
  return 50;
}
