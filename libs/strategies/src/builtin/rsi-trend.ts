import { num, type Params } from '@wagehood/indicators';
import type { StrategyStep } from '../definition';
import { defineStrategy } from '../define-strategy';
import { countBits, MAX_BITS, pushBit } from '../kernel/bits';
import { ratio } from '../kernel/compare';
import { averageTrueRange } from '../measures/average-true-range';
import { relativeStrength } from '../measures/relative-strength';

/** Share of the trend RSIs on one side of 50 that makes a trend. */
const TREND_SHARE = 0.7;
/** A pullback goes this far beyond 50 and no further. */
const ZONE = 10;

/**
 * A pullback, seen from one side (dips of RSI in an uptrend; rallies in a downtrend are the same, mirrored at 50):
 *
 *   AWAY ──RSI enters the zone──► INSIDE ──turns back, in a trend: signal──► SPENT
 *    ▲                              │  └──falls through the zone──────────────▲
 *    └────────RSI beyond 50─────────┴──────────────────────────────────────────┘
 *
 * It starts SPENT: a pullback must be seen from its beginning. A turn that carries RSI from the zone beyond 50 counts.
 */
const SPENT = 0;
const AWAY = 1;
const INSIDE = 2;

// Slots: phase of dips · of rallies · trend RSI above 50, as bits · below it · previous RSI · previous close.
const RALLY = 1;
const ABOVE = 2;
const BELOW = 3;
const RSI = 4;
const CLOSE = 5;

// Inputs.
const IN_RSI = 0;
const IN_TREND = 1;
const IN_ATR = 2;

export const rsiTrend = defineStrategy({
  id: 'rsi_trend_strategy',
  title: 'RSI trend pullback',
  rule:
    'Uptrend: at least 70 % of the last confirmation_bars values of the trend RSI are above 50. Buy when RSI, having ' +
    'come down into 40–50, turns up in an uptrend; once per pullback. Sell when, having come up into 50–60, it turns ' +
    'down in a downtrend.',
  minConfidence: 0.55,
  params: {
    rsi_period: { kind: 'int', default: 14, min: 2, max: 1_000 },
    trend_period: { kind: 'int', default: 21, min: 2, max: 1_000 },
    confirmation_bars: { kind: 'int', default: 10, min: 1, max: MAX_BITS },
  },
  factors: [
    { name: 'trend_share', weight: 0.3, formula: 'share of the last confirmation_bars trend RSIs above 50' },
    { name: 'trend_strength', weight: 0.25, formula: '(trend RSI − 50) / 10' },
    { name: 'turn', weight: 0.25, formula: 'rise of RSI since the previous bar / 5' },
    { name: 'close_turn', weight: 0.2, formula: 'rise of the close since the previous bar / ATR 14' },
  ],
  needs: (p) => [{ indicator: 'rsi', params: { period: num(p, 'rsi_period') } }],
  measures: (p) => [relativeStrength(num(p, 'trend_period')), averageTrueRange()],
  warmup: (p) => num(p, 'confirmation_bars'),
  slots: () => 6,
  total: true,
  compile,
});

function compile(p: Params): StrategyStep {
  const bars = num(p, 'confirmation_bars');

  return (state, at, bar, inputs) => {
    const rsi = inputs[IN_RSI] as number;
    const trend = inputs[IN_TREND] as number;
    const previous = state[at + RSI] as number;
    const change = bar.close - (state[at + CLOSE] as number);
    const above = (state[at + ABOVE] = pushBit(state[at + ABOVE] as number, bars, trend > 50));
    const below = (state[at + BELOW] = pushBit(state[at + BELOW] as number, bars, trend < 50));
    state[at + RSI] = rsi;
    state[at + CLOSE] = bar.close;
    const dip = stepPullback(state, at, rsi - 50, previous - 50, above, bars);
    const rally = stepPullback(state, at + RALLY, 50 - rsi, 50 - previous, below, bars);
    if (!dip && !rally) return null;
    const sign = dip ? 1 : -1;
    return {
      side: dip ? 'buy' : 'sell',
      factors: {
        trend_share: countBits(dip ? above : below) / bars,
        trend_strength: (sign * (trend - 50)) / 10,
        turn: (sign * (rsi - previous)) / 5,
        close_turn: ratio(sign * change, inputs[IN_ATR] as number),
      },
    };
  };
}

/** `height` and `previous` are RSI above 50 as the trend sees it, `history` the bits of the trend. True on the signal. */
function stepPullback(
  state: Float64Array,
  at: number,
  height: number,
  previous: number,
  history: number,
  bars: number,
): boolean {
  const phase = state[at] as number;
  const turns = phase === INSIDE && height > previous && countBits(history) >= TREND_SHARE * bars;
  if (height > 0) state[at] = AWAY;
  else if (height < -ZONE || turns) state[at] = SPENT;
  else if (phase === AWAY) state[at] = INSIDE;
  return turns;
}
