import { defineIndicator } from '../../define-indicator';
import { RENEWAL, SUM_SHRUNK } from '../../kernel/renewal';
import { num } from '../../params';

const { abs } = Math;

// Slots of a series.
const SUM = 0;
/** All that has gone through the sum since it was made: bounds its rounding errors. */
const MASS = 1;
/** Bars until the sum is made anew, 8 × period … 1; while the series is too young, minus the bars seen. */
const LEFT = 2;

/**
 * Simple moving average: the mean of the last `period` closes. The running sum is made anew every 8 × `period` bars, and at once
 * after a collapse of the price, so that rounding errors never gather. Source: TA-Lib TA_SMA.
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
  fusion: (params) => ({ kind: 'mean', period: num(params, 'period'), constants: [] }),
  compile(params) {
    const period = num(params, 'period');
    return (state, at, _bar, now, out, to) => {
      const change = (state[now] as number) - (state[now - period] as number);
      const sum = (state[at + SUM] as number) + change;
      const mass = (state[at + MASS] as number) + abs(change);
      const left = (state[at + LEFT] as number) - 1;
      if (left > 0 && sum >= mass * SUM_SHRUNK) {
        state[at + SUM] = sum;
        state[at + MASS] = mass;
        state[at + LEFT] = left;
        out[to] = sum / period;
      } else {
        out[to] = renew(state, at, period, now) / period;
      }
    };
  },
});

/** The sum of the last `period` closes, made anew; NaN while there are fewer. */
function renew(state: Float64Array, at: number, period: number, now: number): number {
  const seen = 1 - (state[at + LEFT] as number);
  if (seen >= 1 && seen < period) {
    state[at + LEFT] = -seen;
    return NaN;
  }
  let sum = 0;
  for (let i = now - period + 1; i <= now; i++) sum += state[i] as number;
  state[at + SUM] = sum;
  state[at + MASS] = sum;
  state[at + LEFT] = RENEWAL * period;
  return sum;
}
