import { num, ringBack, ringLength, ringPush, ringSlots, type Params } from '@wagehood/indicators';
import type { StrategyStep } from '../definition';
import { defineStrategy } from '../define-strategy';
import { countBits, MAX_BITS, pushBit } from '../kernel/bits';
import { ratio, signOf, volumeFactor } from '../kernel/compare';
import { averageTrueRange } from '../measures/average-true-range';
import { volumeMean } from '../measures/volume-mean';

/** Share of the closes before that lie inside the band. */
const CONSOLIDATED = 0.7;
/** Bars whose bandwidths a squeeze is measured against, and the rank within them below which it is one. */
const BANDWIDTHS = 100;
const SQUEEZED = BANDWIDTHS / 5;

// Slots: where the previous close was (1 above the band, −1 below, 0 inside) · closes inside, as bits · bandwidths.
const INSIDE = 1;
const WIDTHS = 2;

// Inputs.
const UPPER = 0;
const MIDDLE = 1;
const LOWER = 2;
const ATR = 3;
const VOLUME_MEAN = 4;

export const bollingerBreakout = defineStrategy({
  id: 'bollinger_breakout_strategy',
  title: 'Bollinger band breakout',
  rule:
    'Buy when the close leaves the band upwards after at least 70 % of the consolidation_bars closes before were inside it, ' +
    'on volume. Sell when it leaves downwards.',
  minConfidence: 0.65,
  params: {
    period: { kind: 'int', default: 20, min: 2, max: 1_000 },
    std_dev: { kind: 'number', default: 2, min: 0.1, max: 10 },
    consolidation_bars: { kind: 'int', default: 10, min: 1, max: MAX_BITS },
    volume_threshold: { kind: 'number', default: 1.5, min: 0.01, max: 100 },
  },
  factors: [
    { name: 'distance', weight: 0.25, formula: '(close − upper band) / (0.5 × ATR 14)' },
    { name: 'consolidation', weight: 0.15, formula: 'share of the consolidation_bars closes before inside the band' },
    {
      name: 'squeeze',
      weight: 0.15,
      formula:
        '1 when the bandwidth, (upper − lower) / middle, was in the lowest fifth of its last 100 and now rises, else 0',
    },
    { name: 'volume', weight: 0.45, formula: 'volume / mean of the 20 volumes before / volume_threshold' },
  ],
  needs: (p) => [{ indicator: 'bollinger_bands', params: { period: num(p, 'period'), std_dev: num(p, 'std_dev') } }],
  measures: () => [averageTrueRange(), volumeMean()],
  warmup: () => BANDWIDTHS + 1,
  slots: () => WIDTHS + ringSlots(BANDWIDTHS),
  total: true,
  compile,
});

function compile(p: Params): StrategyStep {
  const bars = num(p, 'consolidation_bars');
  const threshold = num(p, 'volume_threshold');

  return (state, at, bar, inputs) => {
    const { close } = bar;
    const upper = inputs[UPPER] as number;
    const lower = inputs[LOWER] as number;
    const width = (upper - lower) / (inputs[MIDDLE] as number);
    const side = signOf(close - upper, close) > 0 ? 1 : signOf(close - lower, close) < 0 ? -1 : 0;
    const left = side !== 0 && side !== state[at];
    const inside = countBits(state[at + INSIDE] as number);
    const squeezed = left && squeeze(state, at + WIDTHS, width);
    state[at] = side;
    state[at + INSIDE] = pushBit(state[at + INSIDE] as number, bars, side === 0);
    ringPush(state, at + WIDTHS, BANDWIDTHS, width);
    if (!left || inside < CONSOLIDATED * bars) return null;
    return {
      side: side > 0 ? 'buy' : 'sell',
      factors: {
        distance: ratio(side > 0 ? close - upper : lower - close, 0.5 * (inputs[ATR] as number)),
        consolidation: inside / bars,
        squeeze: squeezed ? 1 : 0,
        volume: volumeFactor(bar.volume, inputs[VOLUME_MEAN] as number, threshold),
      },
    };
  };
}

/** Whether the newest bandwidth of the ring is in its lowest fifth and this bar's is wider. */
function squeeze(state: Float64Array, ring: number, width: number): boolean {
  const newest = ringBack(state, ring, BANDWIDTHS, 1);
  if (!(ringLength(state, ring) === BANDWIDTHS && width > newest)) return false;
  let narrower = 0;
  for (let k = 2; k <= BANDWIDTHS; k++) if (ringBack(state, ring, BANDWIDTHS, k) < newest) narrower++;
  return narrower < SQUEEZED;
}
