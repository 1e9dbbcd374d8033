import type { Closes } from '../../closes';
import { defineIndicator } from '../../define-indicator';
import { num } from '../../params';

/** A sum that has shrunk this far below its peak since it was last made may owe its digits to closes that left. */
const SHRUNK = 2 ** -10;

/**
 * Simple moving average: the mean of the last `period` closes. The running sum is made anew every `period` bars, and at once
 * after a collapse of the price, so that rounding errors never gather. Source: TA-Lib TA_SMA.
 *
 * Slots: sum · its peak since it was last made · bars seen (period … 2 × period − 1 once warm).
 */
export const sma = defineIndicator({
  id: 'sma',
  title: 'Simple moving average',
  params: { period: { kind: 'int', default: 50, min: 1, max: 5000 } },
  outputs: ['sma'],
  scale: 'price',
  warmup: (params) => num(params, 'period'),
  slots: () => 3,
  closes: (params) => num(params, 'period'),
  total: true,
  compile(params) {
    const period = num(params, 'period');
    return (state, at, bar, closes, out, to) => {
      const seen = (state[at + 2] as number) + 1;
      const sum = (state[at] as number) + bar.close - closes.back(period);
      const peak = state[at + 1] as number;
      if (seen > period && seen < 2 * period && sum >= peak * SHRUNK) {
        state[at] = sum;
        state[at + 2] = seen;
        if (sum > peak) state[at + 1] = sum;
        out[to] = sum / period;
      } else if (seen < period) {
        state[at + 2] = seen;
        out[to] = NaN;
      } else {
        out[to] = resum(state, at, period, bar.close, closes) / period;
      }
    };
  },
});

function resum(state: Float64Array, at: number, period: number, close: number, closes: Closes): number {
  let sum = 0;
  for (let k = period - 1; k >= 1; k--) sum += closes.back(k);
  sum += close;
  state[at] = sum;
  state[at + 1] = sum;
  state[at + 2] = period;
  return sum;
}
