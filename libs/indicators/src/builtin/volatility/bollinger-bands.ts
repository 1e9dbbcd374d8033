import type { Closes } from '../../closes';
import { defineIndicator } from '../../define-indicator';
import { num } from '../../params';

/**
 * When the spread has shrunk this far below its peak since the sums were made, they may owe their digits to closes that left.
 * Below 1 / period for every period, or a single outlier would make the sums anew on every bar.
 */
const SHRUNK = 2 ** -16;

/**
 * Bollinger bands: the mean of the last `period` closes and `std_dev` population standard deviations around it. Sums are of
 * distances from an anchor, a recent close, so that nothing cancels; they are made anew around the newest close every `period`
 * bars, and at once after the spread collapses. Source: Bollinger 2001; TA-Lib TA_BBANDS where that is exact.
 *
 * Slots: anchor · sum of distances · sum of their squares · its peak since it was last made · bars seen (period … 2 × period − 1).
 */
export const bollingerBands = defineIndicator({
  id: 'bollinger_bands',
  title: 'Bollinger bands',
  params: {
    period: { kind: 'int', default: 20, min: 2, max: 5000 },
    std_dev: { kind: 'number', default: 2, min: 0.001, max: 100 },
  },
  outputs: ['upper_band', 'middle_band', 'lower_band'],
  scale: 'price',
  warmup: (params) => num(params, 'period'),
  slots: () => 5,
  closes: (params) => num(params, 'period'),
  total: true,
  compile(params) {
    const period = num(params, 'period');
    const width = num(params, 'std_dev');
    return (state, at, bar, closes, out, to) => {
      const seen = (state[at + 4] as number) + 1;
      if (seen < period) {
        state[at + 4] = seen;
        out[to] = out[to + 1] = out[to + 2] = NaN;
        return;
      }
      if (seen === period || seen === 2 * period || !slide(state, at, period, bar.close, closes))
        resum(state, at, period, bar.close, closes);
      else state[at + 4] = seen;
      const offset = (state[at + 1] as number) / period;
      const spread = (state[at + 2] as number) - (state[at + 1] as number) * offset;
      const reach = spread > 0 ? width * Math.sqrt(spread / period) : 0;
      const middle = (state[at] as number) + offset;
      out[to] = middle + reach;
      out[to + 1] = middle;
      out[to + 2] = middle - reach;
    };
  },
});

/** Replaces the oldest close by the newest; false when the sums have lost their digits and must be made anew. */
function slide(state: Float64Array, at: number, period: number, close: number, closes: Closes): boolean {
  const entering = close - (state[at] as number);
  const leaving = closes.back(period) - (state[at] as number);
  const sum = (state[at + 1] as number) + (entering - leaving);
  const squares = (state[at + 2] as number) + (entering - leaving) * (entering + leaving);
  state[at + 1] = sum;
  state[at + 2] = squares;
  if (squares > (state[at + 3] as number)) state[at + 3] = squares;
  return squares - (sum * sum) / period >= (state[at + 3] as number) * SHRUNK;
}

function resum(state: Float64Array, at: number, period: number, close: number, closes: Closes): void {
  let sum = 0;
  let squares = 0;
  for (let k = period - 1; k >= 1; k--) {
    const distance = closes.back(k) - close;
    sum += distance;
    squares += distance * distance;
  }
  state[at] = close;
  state[at + 1] = sum;
  state[at + 2] = squares;
  state[at + 3] = squares;
  state[at + 4] = period;
}
