import { defineIndicator } from '../../define-indicator';
import { RENEWAL, SPREAD_SHRUNK } from '../../kernel/renewal';
import { num } from '../../params';

const { abs, sqrt } = Math;

// Slots of a series. Distances are from the anchor, a recent close, so that nothing large cancels.
const ANCHOR = 0;
const SUM = 1;
const SQUARES = 2;
/** All that has gone through the squares since they were made: bounds their rounding errors. */
const MASS = 3;
/** Bars until the sums are made anew, 8 × period … 1; while the series is too young, minus the bars seen. */
const LEFT = 4;

/**
 * Bollinger bands: the mean of the last `period` closes and `std_dev` population standard deviations around it. Running sums of
 * distances and of their squares are made anew around the newest close every `period` bars, and at once when the spread collapses.
 * Source: Bollinger 2001; TA-Lib TA_BBANDS where that is exact.
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
  fusion: (params) => ({
    kind: 'bands',
    period: num(params, 'period'),
    constants: [1 / num(params, 'period'), num(params, 'std_dev')],
  }),
  compile(params) {
    const period = num(params, 'period');
    const share = 1 / period;
    const width = num(params, 'std_dev');
    return (state, at, _bar, now, out, to) => {
      if (!slide(state, at, period, share, now) && !renew(state, at, period, now)) {
        out[to] = out[to + 1] = out[to + 2] = NaN;
        return;
      }
      const offset = (state[at + SUM] as number) * share;
      const spread = (state[at + SQUARES] as number) - (state[at + SUM] as number) * offset;
      const middle = (state[at + ANCHOR] as number) + offset;
      const reach = spread > 0 ? width * sqrt(spread * share) : 0;
      out[to] = middle + reach;
      out[to + 1] = middle;
      out[to + 2] = middle - reach;
    };
  },
});

/** Replaces the oldest close by the newest; false when the sums are due to be made anew. */
function slide(state: Float64Array, at: number, period: number, share: number, now: number): boolean {
  const left = (state[at + LEFT] as number) - 1;
  if (left <= 0) return false;
  const entering = (state[now] as number) - (state[at + ANCHOR] as number);
  const leaving = (state[now - period] as number) - (state[at + ANCHOR] as number);
  const change = (entering - leaving) * (entering + leaving);
  const sum = (state[at + SUM] as number) + (entering - leaving);
  const squares = (state[at + SQUARES] as number) + change;
  const mass = (state[at + MASS] as number) + abs(change);
  state[at + SUM] = sum;
  state[at + SQUARES] = squares;
  state[at + MASS] = mass;
  state[at + LEFT] = left;
  return squares - sum * (sum * share) >= mass * SPREAD_SHRUNK;
}

/** Makes the sums anew around the newest close; false while there are fewer than `period` closes. */
function renew(state: Float64Array, at: number, period: number, now: number): boolean {
  const seen = 1 - (state[at + LEFT] as number);
  if (seen >= 1 && seen < period) {
    state[at + LEFT] = -seen;
    return false;
  }
  const anchor = state[now] as number;
  let sum = 0;
  let squares = 0;
  for (let i = now - period + 1; i < now; i++) {
    const distance = (state[i] as number) - anchor;
    sum += distance;
    squares += distance * distance;
  }
  state[at + ANCHOR] = anchor;
  state[at + SUM] = sum;
  state[at + SQUARES] = squares;
  state[at + MASS] = squares;
  state[at + LEFT] = RENEWAL * period;
  return true;
}
