/** Slots: average gain · average loss (sums while seeding) · previous value · values seen (at most period + 1). */
export const RSI_SLOTS = 4;

const { abs } = Math;

/** Averages this far below the price have decayed through thousands of flat bars; beyond it doubles lose their precision. */
export const NEGLIGIBLE = 2 ** -900;

/**
 * Wilder's relative strength index, 0 … 100, seeded with the mean gain and loss of the first `period` changes: the first
 * value comes with value number period + 1, NaN before. No losses: 100. No change at all: 50. Source: Wilder 1978, TA-Lib TA_RSI.
 */
export function stepRsi(state: Float64Array, at: number, period: number, value: number): number {
  if ((state[at + 3] as number) <= period) return seed(state, at, period, value);
  const share = 1 / period;
  const change = (value - (state[at + 2] as number)) * share;
  const up = rise(change);
  const gain = (state[at] as number) * (1 - share) + up;
  const loss = (state[at + 1] as number) * (1 - share) + (up - change);
  state[at] = gain;
  state[at + 1] = loss;
  state[at + 2] = value;
  return gain + loss > value * NEGLIGIBLE ? 100 * (gain / (gain + loss)) : flat(state, at);
}

function seed(state: Float64Array, at: number, period: number, value: number): number {
  const seen = state[at + 3] as number;
  const change = seen === 0 ? 0 : value - (state[at + 2] as number);
  const up = rise(change);
  const divisor = seen === period ? period : 1;
  const gain = ((state[at] as number) + up) / divisor;
  const loss = ((state[at + 1] as number) + (up - change)) / divisor;
  state[at] = gain;
  state[at + 1] = loss;
  state[at + 2] = value;
  state[at + 3] = seen + 1;
  if (seen < period) return NaN;
  return gain + loss > value * NEGLIGIBLE ? 100 * (gain / (gain + loss)) : flat(state, at);
}

/** The change where it is positive, else 0. Without a branch: prices rise and fall too evenly to be predicted. */
export function rise(change: number): number {
  return (change + abs(change)) * 0.5;
}

/** A market that does not move is neither oversold nor overbought. */
function flat(state: Float64Array, at: number): number {
  state[at] = 0;
  state[at + 1] = 0;
  return 50;
}
