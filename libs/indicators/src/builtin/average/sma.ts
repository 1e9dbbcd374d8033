import { defineIndicator } from '../../define-indicator';
import { SUM_DOUBT, wearOf } from '../../kernel/renewal';
import { num } from '../../params';

const { abs } = Math;

// Slots of a series.
const SUM = 0;
/** Doubt of the sum (see `renewal.ts`); while the series is too young, minus the bars seen. */
const DOUBT = 1;

/**
 * Simple moving average: the mean of the last `period` closes, as a running sum that is made anew before rounding errors show.
 * Source: TA-Lib TA_SMA.
 */
export const sma = defineIndicator({
  id: 'sma',
  title: 'Simple moving average',
  params: { period: { kind: 'int', default: 50, min: 1, max: 5000 } },
  outputs: ['sma'],
  scale: 'price',
  warmup: (params) => num(params, 'period'),
  slots: () => 2,
  closes: (params) => num(params, 'period'),
  total: true,
  fusion: (params) => ({ kind: 'mean', period: num(params, 'period'), wear: wearOf(num(params, 'period')) }),
  compile(params) {
    const period = num(params, 'period');
    const wear = wearOf(period);
    return (state, at, _bar, now, out, to) => {
      const change = (state[now] as number) - (state[now - period] as number);
      const sum = (state[at + SUM] as number) + change;
      const doubt = (state[at + DOUBT] as number) + abs(change) * SUM_DOUBT + sum * wear;
      if ((state[at + DOUBT] as number) > 0 && sum > doubt) {
        state[at + SUM] = sum;
        state[at + DOUBT] = doubt;
        out[to] = sum / period;
      } else {
        out[to] = renew(state, at, period, now) / period;
      }
    };
  },
});

/** The sum of the last `period` closes, made anew; NaN while there are fewer. */
function renew(state: Float64Array, at: number, period: number, now: number): number {
  const doubt = state[at + DOUBT] as number;
  if (doubt <= 0 && 1 - doubt < period) {
    state[at + DOUBT] = doubt - 1;
    return NaN;
  }
  let sum = 0;
  for (let i = now - period + 1; i <= now; i++) sum += state[i] as number;
  state[at + SUM] = sum;
  state[at + DOUBT] = sum * SUM_DOUBT;
  return sum;
}
