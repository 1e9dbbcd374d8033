import { averageTrueRange, defineStrategy, ratio } from '@wagehood/strategies';

// Slots, all 0 before the first bar of a series.
const HIGH = 0; // of the previous bar
const LOW = 1;
const SIDE = 2; // 1 while closes are above the bar before, −1 below, 0 within

// Inputs: outputs of the needs first, then of the measures.
const ATR = 0;

/** An example to copy; it is not in `extensionStrategies`, so nobody runs it. */
export const previousBarBreak = defineStrategy({
  id: 'previous_bar_break_strategy',
  title: 'Break of the bar before',
  rule: 'Buy on the first close above the high of the bar before. Sell on the first close below its low.',
  minConfidence: 0.3,
  params: {},
  factors: [{ name: 'distance', weight: 1, formula: '(close − previous high) / ATR 14' }],
  needs: () => [], // such as [{ indicator: 'rsi', params: { period: 14 } }]
  measures: () => [averageTrueRange()],
  warmup: () => 2, // bars with all inputs until the first that may decide
  slots: () => 3,
  compile: () => (state, at, bar, inputs) => {
    const high = state[at + HIGH] as number;
    const low = state[at + LOW] as number;
    const before = state[at + SIDE] as number;
    const side = high === 0 ? 0 : bar.close > high ? 1 : bar.close < low ? -1 : 0;
    state[at + HIGH] = bar.high;
    state[at + LOW] = bar.low;
    state[at + SIDE] = side;
    if (side === 0 || side === before) return null;
    const distance = side > 0 ? bar.close - high : low - bar.close;
    return { side: side > 0 ? 'buy' : 'sell', factors: { distance: ratio(distance, inputs[ATR] as number) } };
  },
});
