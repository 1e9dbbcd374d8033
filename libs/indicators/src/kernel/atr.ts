import type { Bar } from '@wagehood/market';

/** Slots: average true range (a sum while seeding) · previous close · bars seen. */
export const ATR_SLOTS = 3;

/** The largest of high − low and the distances of high and low from the previous close. Source: Wilder 1978. */
export function trueRange(bar: Bar, previousClose: number): number {
  const high = bar.high > previousClose ? bar.high : previousClose;
  const low = bar.low < previousClose ? bar.low : previousClose;
  return high - low;
}

/**
 * Wilder's average true range, seeded with the mean of the first `period` true ranges. The first bar has no previous close and
 * therefore no true range: the first value comes with bar number period + 1, NaN before. Source: TA-Lib TA_ATR.
 */
export function stepAtr(state: Float64Array, at: number, period: number, bar: Bar): number {
  const average = state[at] as number;
  const seen = state[at + 2] as number;
  const range = trueRange(bar, state[at + 1] as number);
  state[at + 1] = bar.close;
  if (seen > period) return (state[at] = average + (range - average) / period);
  state[at + 2] = seen + 1;
  if (seen === 0) return NaN;
  if (seen < period) {
    state[at] = average + range;
    return NaN;
  }
  return (state[at] = (average + range) / period);
}
