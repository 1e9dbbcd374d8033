/** Slots: average gain · average loss (sums while seeding) · changes seen (at most period). */
export const STRENGTH_SLOTS = 3;

/** Slots: those of the strength · previous value · whether there is one. */
export const RSI_SLOTS = STRENGTH_SLOTS + 2;

/** Averages this far below the price have decayed through thousands of flat bars; beyond it doubles lose their precision. */
export const NEGLIGIBLE = 2 ** -900;

const { abs } = Math;

/**
 * Wilder's relative strength index, 0 … 100, seeded with the mean gain and loss of the first `period` changes: the first
 * value comes with value number period + 1, NaN before. No losses: 100. No change at all: 50. Source: Wilder 1978, TA-Lib TA_RSI.
 */
export function stepRsi(state: Float64Array, at: number, period: number, value: number): number {
  const previous = at + STRENGTH_SLOTS;
  const change = value - (state[previous] as number);
  const first = state[previous + 1] === 0;
  state[previous] = value;
  state[previous + 1] = 1;
  return first ? NaN : stepStrength(state, at, period, change, value);
}

/** The same for whoever knows the previous value: takes the change from it, and the value as a measure of what is negligible. */
export function stepStrength(state: Float64Array, at: number, period: number, change: number, value: number): number {
  if (state[at + 2] !== period) return seed(state, at, period, change, value);
  const share = 1 / period;
  const up = rise(change * share);
  const gain = (state[at] as number) * (1 - share) + up;
  const loss = (state[at + 1] as number) * (1 - share) + (up - change * share);
  return settle(state, at, gain, loss, value);
}

function seed(state: Float64Array, at: number, period: number, change: number, value: number): number {
  const seen = (state[at + 2] as number) + 1;
  const divisor = seen === period ? period : 1;
  const gain = ((state[at] as number) + rise(change)) / divisor;
  const loss = ((state[at + 1] as number) + (rise(change) - change)) / divisor;
  state[at + 2] = seen;
  if (seen === period) return settle(state, at, gain, loss, value);
  state[at] = gain;
  state[at + 1] = loss;
  return NaN;
}

/** A market that does not move is neither oversold nor overbought. */
function settle(state: Float64Array, at: number, gain: number, loss: number, value: number): number {
  const moves = gain + loss > value * NEGLIGIBLE;
  state[at] = moves ? gain : 0;
  state[at + 1] = moves ? loss : 0;
  return moves ? 100 * (gain / (gain + loss)) : 50;
}

/** The change where it is positive, else 0. Without a branch: prices rise and fall too evenly to be predicted. */
function rise(change: number): number {
  return (change + abs(change)) * 0.5;
}
