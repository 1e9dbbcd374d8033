import { openTimeOf, timeframeMs, TIMEFRAMES, type Bar, type Timeframe } from '@wagehood/market';
import fc from 'fast-check';

export const arbTimeframe: fc.Arbitrary<Timeframe> = fc.constantFrom(...TIMEFRAMES);

/** A normalised symbol: `SPY`, `BTC-USD`, `^GSPC`. */
export const arbSymbol: fc.Arbitrary<string> = fc.stringMatching(/^\^?[A-Z0-9][A-Z0-9.^=_-]{0,9}$/);

export interface BarsOptions {
  readonly timeframe?: Timeframe;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Price of the first bar lies within these. Default 1e-2 … 1e6. */
  readonly minPrice?: number;
  readonly maxPrice?: number;
  /** Largest move from bar to bar, as a share of the price. Default 0.05. */
  readonly maxMove?: number;
  /** Bars may be missing in between. Default false. */
  readonly gaps?: boolean;
}

/** How one bar differs from the one before it: all in 0..1. */
interface Step {
  readonly move: number;
  readonly up: number;
  readonly down: number;
  readonly open: number;
  readonly volume: number;
  readonly skip: number;
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });

const step: fc.Arbitrary<Step> = fc.record({
  move: fc.oneof({ weight: 9, arbitrary: unit }, { weight: 1, arbitrary: fc.constant(0.5) }),
  up: unit,
  down: unit,
  open: unit,
  volume: fc.oneof({ weight: 9, arbitrary: unit }, { weight: 1, arbitrary: fc.constant(0) }),
  skip: fc.integer({ min: 1, max: 4 }),
});

const FIRST_OPEN = Date.UTC(2026, 0, 5); // a Monday: aligned to every timeframe

function walk(
  firstPrice: number,
  steps: readonly Step[],
  { timeframe = '1m', maxMove = 0.05, gaps = false }: BarsOptions,
): Bar[] {
  let before = firstPrice;
  let openTime = openTimeOf(FIRST_OPEN, timeframe);
  return steps.map((now) => {
    const close = before * (1 + (now.move - 0.5) * 2 * maxMove);
    const [lowest, highest] = [Math.min(before, close), Math.max(before, close)];
    const high = highest * (1 + (now.up * maxMove) / 4);
    const low = lowest * (1 - (now.down * maxMove) / 4);
    const open = Math.min(high, Math.max(low, low + (high - low) * now.open));
    const bar = { openTime, open, high, low, close, volume: Math.round(now.volume * 1e6) };
    openTime += timeframeMs(timeframe) * (gaps ? now.skip : 1);
    before = close;
    return bar;
  });
}

/**
 * A series of valid final bars of one symbol, in order: finite, positive prices, low ≤ open, close ≤ high, aligned open times.
 * Flat stretches and bars without volume occur. Shrinks towards few bars.
 */
export function arbBars(options: BarsOptions = {}): fc.Arbitrary<Bar[]> {
  const { minLength = 1, maxLength = 120, minPrice = 1e-2, maxPrice = 1e6 } = options;
  return fc
    .tuple(fc.double({ min: minPrice, max: maxPrice, noNaN: true }), fc.array(step, { minLength, maxLength }))
    .map(([firstPrice, steps]) => walk(firstPrice, steps, options));
}

/** One valid bar. */
export const arbBar = (options: BarsOptions = {}): fc.Arbitrary<Bar> =>
  arbBars({ ...options, minLength: 1, maxLength: 1 }).map((bars) => bars[0] as Bar);
