import { num, type Params } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import type { StrategyStep } from '../definition';
import { defineStrategy } from '../define-strategy';
import { ratio, volumeFactor } from '../kernel/compare';
import { addPivot, breakLevel, expireLevels, levels, levelSlots } from '../kernel/levels';
import { averageTrueRange } from '../measures/average-true-range';
import { PIVOT_REACH, pivots } from '../measures/pivots';
import { volumeMean } from '../measures/volume-mean';

// Slots: bars seen · resistances · supports.
const RESISTANCES = 1;

// Inputs.
const ATR = 0;
const VOLUME_MEAN = 1;
const PIVOT_HIGH = 2;
const PIVOT_LOW = 3;

export const srBreakout = defineStrategy({
  id: 'sr_breakout_strategy',
  title: 'Support and resistance breakout',
  rule:
    'A resistance is a confirmed pivot high inside the lookback that no close has passed, with at least min_touches ' +
    'pivot highs at it or short of it by no more than the smaller of the tolerance and one ATR 14. Buy on the first ' +
    'close above it, on volume. Sell on the first close below a support.',
  minConfidence: 0.6,
  params: {
    lookback: { kind: 'int', default: 50, min: 5, max: 1_000 },
    min_touches: { kind: 'int', default: 2, min: 1, max: 20 },
    tolerance: { kind: 'number', default: 0.02, min: 0, max: 0.5 },
    volume_threshold: { kind: 'number', default: 1.5, min: 0.01, max: 100 },
  },
  factors: [
    { name: 'distance', weight: 0.25, formula: '(close − level) / ATR 14' },
    { name: 'touches', weight: 0.15, formula: 'pivots at the level / (min_touches + 2)' },
    {
      name: 'close_location',
      weight: 0.15,
      formula: '(close − low) / (high − low); left out when the bar has no range',
    },
    { name: 'volume', weight: 0.45, formula: 'volume / mean of the 20 volumes before / volume_threshold' },
  ],
  needs: () => [],
  measures: () => [averageTrueRange(), volumeMean(), pivots()],
  warmup: (p) => num(p, 'lookback') + 1,
  slots: (p) => RESISTANCES + 2 * levelSlots(levels(num(p, 'lookback'))),
  total: true,
  compile,
});

function compile(p: Params): StrategyStep {
  const shape = levels(num(p, 'lookback'));
  const supports = RESISTANCES + levelSlots(shape);
  const minTouches = num(p, 'min_touches');
  const share = num(p, 'tolerance');
  const threshold = num(p, 'volume_threshold');

  return (state, at, bar, inputs) => {
    const now = (state[at] = (state[at] as number) + 1);
    const atr = inputs[ATR] as number;
    const tolerance = Math.min(share * bar.close, atr);
    expireLevels(state, at + RESISTANCES, shape, now);
    expireLevels(state, at + supports, shape, now);
    const above = breakLevel(state, at + RESISTANCES, bar.close, tolerance, minTouches);
    const below = breakLevel(state, at + supports, -bar.close, tolerance, minTouches);
    const high = inputs[PIVOT_HIGH] as number;
    const low = inputs[PIVOT_LOW] as number;
    if (high > 0) addPivot(state, at + RESISTANCES, shape, high, now - PIVOT_REACH);
    if (low > 0) addPivot(state, at + supports, shape, -low, now - PIVOT_REACH);
    const level = above ?? below;
    if (level === null || (above !== null && below !== null)) return null;
    const sign = above !== null ? 1 : -1;
    return {
      side: above !== null ? 'buy' : 'sell',
      factors: {
        distance: ratio(sign * bar.close - level.price, atr),
        touches: level.touches / (minTouches + 2),
        close_location: closeLocation(bar, sign),
        volume: volumeFactor(bar.volume, inputs[VOLUME_MEAN] as number, threshold),
      },
    };
  };
}

/** How near the close is to the end of the bar that the break went to: 1 at it, 0 at the other; null without a range. */
function closeLocation({ high, low, close }: Bar, sign: 1 | -1): number | null {
  return high > low ? (sign > 0 ? close - low : high - close) / (high - low) : null;
}
