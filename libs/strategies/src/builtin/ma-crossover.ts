import { num, ringBack, ringPush, ringSlots } from '@wagehood/indicators';
import { defineStrategy } from '../define-strategy';
import { countBits, pushBit } from '../kernel/bits';
import { ratio, signOf } from '../kernel/compare';
import { averageTrueRange } from '../measures/average-true-range';

/** Bars over which the slope of the difference is taken. */
const SLOPE_BARS = 5;
/** Bars of which the share of confirming closes is taken. */
const CLOSE_BARS = 10;

// Slots: side of the fast average (1, −1; 0 not known yet) · closes above the slow average, as bits · below it · differences.
const ABOVE = 1;
const BELOW = 2;
const DIFFERENCES = 3;

// Inputs.
const FAST = 0;
const SLOW = 1;
const ATR = 2;

export const maCrossover = defineStrategy({
  id: 'ma_crossover_strategy',
  title: 'Moving average crossover',
  rule:
    'Buy on the golden cross: the fast average passes above the slow one. Sell on the death cross. A difference of zero ' +
    'belongs to the side before it.',
  minConfidence: 0.75,
  params: {
    average: { kind: 'choice', default: 'sma', values: ['sma', 'ema'] },
    fast_period: { kind: 'int', default: 50, min: 1, max: 1_000 },
    slow_period: { kind: 'int', default: 200, min: 2, max: 2_000 },
  },
  factors: [
    { name: 'slope', weight: 0.4, formula: `change of (fast − slow) over ${SLOPE_BARS} bars / (0.25 × ATR 14)` },
    { name: 'distance', weight: 0.3, formula: '(close − slow) / (5 × ATR 14)' },
    { name: 'confirming_closes', weight: 0.3, formula: `share of the last ${CLOSE_BARS} closes above slow` },
  ],
  check: (p) => (num(p, 'fast_period') < num(p, 'slow_period') ? null : 'fast_period must be less than slow_period'),
  needs: (p) =>
    ['fast_period', 'slow_period'].map((name) => ({
      indicator: String(p['average']),
      params: { period: num(p, name) },
    })),
  measures: () => [averageTrueRange()],
  warmup: () => CLOSE_BARS,
  slots: () => DIFFERENCES + ringSlots(SLOPE_BARS),
  total: true,
  compile: () => (state, at, bar, inputs) => {
    const slow = inputs[SLOW] as number;
    const difference = (inputs[FAST] as number) - slow;
    const before = state[at] as number;
    const past = ringBack(state, at + DIFFERENCES, SLOPE_BARS, SLOPE_BARS);
    ringPush(state, at + DIFFERENCES, SLOPE_BARS, difference);
    state[at + ABOVE] = pushBit(state[at + ABOVE] as number, CLOSE_BARS, bar.close > slow);
    state[at + BELOW] = pushBit(state[at + BELOW] as number, CLOSE_BARS, bar.close < slow);
    const sign = signOf(difference, bar.close) || before;
    if (sign === before) return null;
    state[at] = sign;
    if (before === 0 || Number.isNaN(past)) return null;
    const atr = inputs[ATR] as number;
    return {
      side: sign > 0 ? 'buy' : 'sell',
      factors: {
        slope: ratio(sign * (difference - past), 0.25 * atr),
        distance: ratio(sign * (bar.close - slow), 5 * atr),
        confirming_closes: countBits(state[at + (sign > 0 ? ABOVE : BELOW)] as number) / CLOSE_BARS,
      },
    };
  },
});
