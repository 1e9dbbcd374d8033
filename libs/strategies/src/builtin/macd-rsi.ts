import { num, type Params } from '@wagehood/indicators';
import type { IndicatorNeed, StrategyStep } from '../definition';
import { defineStrategy } from '../define-strategy';
import { countBits, pushBit } from '../kernel/bits';
import { ratio, signOf, volumeFactor } from '../kernel/compare';
import { diverges, DIVERGENCE_SLOTS, stepDivergence } from '../kernel/divergence';
import { averageTrueRange } from '../measures/average-true-range';
import { pivots } from '../measures/pivots';
import { volumeMean } from '../measures/volume-mean';

/** Bars, this one included, within which RSI has left its extreme. */
const RECENT_BARS = 5;
/** Bars of which the share of confirming closes is taken. */
const CLOSE_BARS = 5;

// Slots: side of MACD (1, −1; 0 not known yet) · histogram · RSI · close of the previous bar · bars left in which RSI counts
// as having left oversold · overbought · rising closes as bits · falling ones · whether there was a previous bar · divergence.
const HISTOGRAM = 1;
const RSI = 2;
const CLOSE = 3;
const LEFT_OVERSOLD = 4;
const LEFT_OVERBOUGHT = 5;
const RISES = 6;
const FALLS = 7;
const STARTED = 8;
const DIVERGENCE = 9;

// Inputs.
const IN_HISTOGRAM = 2;
const IN_RSI = 3;
const IN_ATR = 4;
const IN_VOLUME_MEAN = 5;
const IN_PIVOT_HIGH = 6;
const IN_PIVOT_LOW = 7;

export const macdRsi = defineStrategy({
  id: 'macd_rsi_strategy',
  title: 'MACD with RSI',
  rule:
    `Buy when MACD passes above its signal line and RSI has left oversold within the last ${RECENT_BARS} bars or is above 50. ` +
    'Sell when it passes below and RSI has left overbought or is below 50. Divergence of price and RSI at the last two ' +
    'confirmed pivots can be weighed or required.',
  minConfidence: 0.6,
  params: {
    rsi_oversold: { kind: 'number', default: 30, min: 1, max: 50 },
    rsi_overbought: { kind: 'number', default: 70, min: 50, max: 99 },
    volume_threshold: { kind: 'number', default: 1.2, min: 0.01, max: 100 },
    divergence: { kind: 'choice', default: 'off', values: ['off', 'weigh', 'require'] },
    fast_period: { kind: 'int', default: 12, min: 1, max: 1_000 },
    slow_period: { kind: 'int', default: 26, min: 2, max: 1_000 },
    signal_period: { kind: 'int', default: 9, min: 1, max: 1_000 },
    rsi_period: { kind: 'int', default: 14, min: 2, max: 1_000 },
  },
  factors: [
    { name: 'momentum', weight: 0.3, formula: 'change of the histogram since the previous bar / (0.15 × ATR 14)' },
    {
      name: 'room',
      weight: 0.2,
      formula: '(rsi_overbought − RSI) / (rsi_overbought − rsi_oversold): how far RSI is from its other extreme',
    },
    {
      name: 'confirming_closes',
      weight: 0.2,
      formula: `share of the last ${CLOSE_BARS} closes above the close before`,
    },
    { name: 'volume', weight: 0.3, formula: 'volume / mean of the 20 volumes before / volume_threshold' },
    {
      name: 'divergence',
      weight: 0.2,
      formula: '1 when price and RSI diverge, else 0; left out when divergence is off',
    },
  ],
  needs,
  measures: (p) => [averageTrueRange(), volumeMean(), ...(p['divergence'] === 'off' ? [] : [pivots()])],
  warmup: () => CLOSE_BARS + 1,
  slots: (p) => DIVERGENCE + (p['divergence'] === 'off' ? 0 : DIVERGENCE_SLOTS),
  total: true,
  compile,
});

function needs(p: Params): IndicatorNeed[] {
  const [fast_period, slow_period, signal_period] = [
    num(p, 'fast_period'),
    num(p, 'slow_period'),
    num(p, 'signal_period'),
  ];
  return [
    { indicator: 'macd', params: { fast_period, slow_period, signal_period } },
    { indicator: 'rsi', params: { period: num(p, 'rsi_period') } },
  ];
}

function compile(p: Params): StrategyStep {
  const oversold = num(p, 'rsi_oversold');
  const overbought = num(p, 'rsi_overbought');
  const threshold = num(p, 'volume_threshold');
  const divergence = p['divergence'];

  return (state, at, bar, inputs) => {
    const histogram = inputs[IN_HISTOGRAM] as number;
    const rsi = inputs[IN_RSI] as number;
    const before = state[at] as number;
    const change = histogram - (state[at + HISTOGRAM] as number);
    remember(state, at, bar.close, rsi, oversold, overbought);
    state[at + HISTOGRAM] = histogram;
    if (divergence !== 'off')
      stepDivergence(state, at + DIVERGENCE, inputs[IN_PIVOT_HIGH] as number, inputs[IN_PIVOT_LOW] as number, rsi);

    const sign = signOf(histogram, bar.close) || before;
    if (sign === before) return null;
    state[at] = sign;
    if (before === 0 || !(sign > 0 ? rsi > 50 || leftExtreme(state, at, 1) : rsi < 50 || leftExtreme(state, at, -1)))
      return null;
    const up = sign > 0;
    const diverging = divergence === 'off' ? null : diverges(state, at + DIVERGENCE, up ? 1 : -1) ? 1 : 0;
    if (divergence === 'require' && diverging === 0) return null;
    return {
      side: up ? 'buy' : 'sell',
      factors: {
        momentum: ratio(sign * change, 0.15 * (inputs[IN_ATR] as number)),
        room: (up ? overbought - rsi : rsi - oversold) / (overbought - oversold),
        confirming_closes: countBits(state[at + (up ? RISES : FALLS)] as number) / CLOSE_BARS,
        volume: volumeFactor(bar.volume, inputs[IN_VOLUME_MEAN] as number, threshold),
        divergence: diverging,
      },
    };
  };
}

/** Whether RSI has left oversold (1) or overbought (−1) lately. */
function leftExtreme(state: Float64Array, at: number, sign: 1 | -1): boolean {
  return (state[at + (sign > 0 ? LEFT_OVERSOLD : LEFT_OVERBOUGHT)] as number) > 0;
}

function remember(
  state: Float64Array,
  at: number,
  close: number,
  rsi: number,
  oversold: number,
  overbought: number,
): void {
  if (state[at + STARTED] === 1) {
    const previousRsi = state[at + RSI] as number;
    const previousClose = state[at + CLOSE] as number;
    countDown(state, at + LEFT_OVERSOLD, previousRsi < oversold && rsi >= oversold);
    countDown(state, at + LEFT_OVERBOUGHT, previousRsi > overbought && rsi <= overbought);
    state[at + RISES] = pushBit(state[at + RISES] as number, CLOSE_BARS, close > previousClose);
    state[at + FALLS] = pushBit(state[at + FALLS] as number, CLOSE_BARS, close < previousClose);
  }
  state[at + STARTED] = 1;
  state[at + RSI] = rsi;
  state[at + CLOSE] = close;
}

function countDown(state: Float64Array, at: number, restart: boolean): void {
  const left = state[at] as number;
  if (restart) state[at] = RECENT_BARS;
  else if (left > 0) state[at] = left - 1;
}
