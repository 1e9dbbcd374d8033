import { defineIndicator } from '../../define-indicator';
import { EMA_SLOTS, emaWeight, stepEma } from '../../kernel/ema';
import { num, type Params } from '../../params';

const FAST = 0;
const SLOW = FAST + EMA_SLOTS;
const SIGNAL = SLOW + EMA_SLOTS;
const WAITED = SIGNAL + EMA_SLOTS;

const period = (fallback: number) => ({ kind: 'int', default: fallback, min: 1, max: 5000 }) as const;

/**
 * Moving average convergence divergence: fast minus slow exponential average, its own exponential average (the signal), and the
 * difference of the two. The fast average waits, so that both are seeded by the same bar, as TA-Lib does (TA_MACD).
 *
 * Slots: fast average · slow average · signal average · bars that the fast average has waited.
 */
export const macd = defineIndicator({
  id: 'macd',
  title: 'Moving average convergence divergence',
  params: { fast_period: period(12), slow_period: period(26), signal_period: period(9) },
  outputs: ['macd_line', 'signal_line', 'histogram'],
  scale: 'price',
  check: (params) =>
    num(params, 'fast_period') < num(params, 'slow_period') ? null : `'fast_period' must be less than 'slow_period'`,
  warmup: (params) => num(params, 'slow_period') + num(params, 'signal_period') - 1,
  slots: () => WAITED + 1,
  total: true,
  fusion: (params) => ({ kind: 'macd', ...weights(params) }),
  compile(params) {
    const fast = num(params, 'fast_period');
    const slow = num(params, 'slow_period');
    const signal = num(params, 'signal_period');
    const { weight, slowWeight, signalWeight } = weights(params);
    const wait = slow - fast;
    return (state, at, _bar, now, out, to) => {
      const close = state[now] as number;
      const slowAverage = stepEma(state, at + SLOW, slow, slowWeight, close);
      const fastAverage = waits(state, at, wait) ? NaN : stepEma(state, at + FAST, fast, weight, close);
      const line = fastAverage - slowAverage;
      const average = line === line ? stepEma(state, at + SIGNAL, signal, signalWeight, line) : NaN;
      out[to] = line;
      out[to + 1] = average;
      out[to + 2] = line - average;
    };
  },
});

/** Whether the fast average still waits with this bar, so that its seed ends where the slow one's does. */
function waits(state: Float64Array, at: number, wait: number): boolean {
  const waited = state[at + WAITED] as number;
  if (waited === wait) return false;
  state[at + WAITED] = waited + 1;
  return true;
}

function weights(params: Params) {
  const weight = (name: string) => emaWeight(num(params, name));
  return { weight: weight('fast_period'), slowWeight: weight('slow_period'), signalWeight: weight('signal_period') };
}
