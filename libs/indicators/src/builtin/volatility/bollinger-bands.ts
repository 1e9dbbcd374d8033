import { defineIndicator } from '../../define-indicator';
import { LEAST_DOUBT, SPREAD_DOUBT, wearOf } from '../../kernel/renewal';
import { num } from '../../params';

const { abs, sqrt } = Math;

// Slots of a series. Distances are from the anchor, a recent close, so that nothing large cancels.
const ANCHOR = 0;
const SUM = 1;
const SQUARES = 2;
/** Doubt of the squares (see `renewal.ts`); while the series is too young, minus the bars seen. */
const DOUBT = 3;

/**
 * Bollinger bands: the mean of the last `period` closes and `std_dev` population standard deviations around it, from running sums of
 * distances and of their squares, which are made anew around the newest close before rounding errors show. Source: Bollinger 2001;
 * TA-Lib TA_BBANDS where that is exact.
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
  slots: () => 4,
  closes: (params) => num(params, 'period'),
  total: true,
  fusion: (params) => ({
    kind: 'bands',
    period: num(params, 'period'),
    share: 1 / num(params, 'period'),
    wear: wearOf(num(params, 'period')),
    width: num(params, 'std_dev'),
  }),
  compile(params) {
    const period = num(params, 'period');
    const share = 1 / period;
    const wear = wearOf(period);
    const width = num(params, 'std_dev');
    return (state, at, _bar, now, out, to) => {
      if (!slide(state, at, period, share, wear, now) && !renew(state, at, period, now)) {
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

/** Replaces the oldest close by the newest; false when the sums are to be made anew. */
function slide(state: Float64Array, at: number, period: number, share: number, wear: number, now: number): boolean {
  if (!((state[at + DOUBT] as number) > 0)) return false;
  const entering = (state[now] as number) - (state[at + ANCHOR] as number);
  const leaving = (state[now - period] as number) - (state[at + ANCHOR] as number);
  const change = (entering - leaving) * (entering + leaving);
  const sum = (state[at + SUM] as number) + (entering - leaving);
  const squares = (state[at + SQUARES] as number) + change;
  const spread = squares - sum * (sum * share);
  const doubt = (state[at + DOUBT] as number) + abs(change) * SPREAD_DOUBT + spread * wear;
  if (!(spread + 2 * LEAST_DOUBT > doubt)) return false;
  state[at + SUM] = sum;
  state[at + SQUARES] = squares;
  state[at + DOUBT] = doubt;
  return true;
}

/** Makes the sums anew around the newest close; false while there are fewer than `period` closes. */
function renew(state: Float64Array, at: number, period: number, now: number): boolean {
  const doubt = state[at + DOUBT] as number;
  if (doubt <= 0 && 1 - doubt < period) {
    state[at + DOUBT] = doubt - 1;
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
  state[at + DOUBT] = squares * SPREAD_DOUBT + LEAST_DOUBT;
  return true;
}
