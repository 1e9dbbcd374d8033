import type { Bar } from '@wagehood/market';
import { generateMarket, instantiate, MARKETS, mirrorPrices, runStrategies } from '../testing';
import { averageRanges } from '../testing/average-range';
import { srBreakout } from './sr-breakout';

const open = instantiate(srBreakout, { min_confidence: 0 });
const MINUTE = 60_000;

/** A hundred bars without a pivot except for highs at the given bars, then one that closes at `last`. */
function withPeaks(peaks: Readonly<Record<number, number>>, last: number): Bar[] {
  const quiet = Array.from({ length: 100 }, (_, at) => {
    const fall = at / 1000;
    return quietBar(at, 97.5 - fall, peaks[at] ?? 98 - fall, 97 - fall);
  });
  return [...quiet, quietBar(100, last, last, 96.8)];
}

function quietBar(at: number, close: number, high: number, low: number): Bar {
  return { openTime: at * MINUTE, open: close, high, low, close, volume: 100 };
}

interface Peak {
  readonly price: number;
  readonly at: number;
  passed: boolean;
}

/** Breaks of resistances, with plain lists instead of slots. */
function reference(bars: readonly Bar[]): { at: number; touches: number }[] {
  const atr = averageRanges(bars);
  let peaks: Peak[] = [];
  return bars.flatMap((bar, at) => {
    const tolerance = Math.min(0.02 * bar.close, atr[at] as number);
    peaks = peaks.filter((peak) => at - peak.at <= 50);
    const touchesOf = (level: number) =>
      peaks.filter(({ price }) => price <= level && level - price <= tolerance).length;
    const counts = peaks
      .filter(({ price, passed }) => !passed && bar.close > price)
      .map(({ price }) => touchesOf(price));
    const touches = Math.max(0, ...counts);
    const margin = touches >= 2 ? 0 : tolerance;
    peaks = peaks.filter(({ price }) => bar.close - price <= margin);
    for (const peak of peaks) peak.passed ||= bar.close > peak.price;
    // The strategy is first shown a bar when the volume mean is ready.
    if (at >= 20 && isPeak(bars, at - 2)) peaks.push({ price: (bars[at - 2] as Bar).high, at: at - 2, passed: false });
    return touches >= 2 && at >= 20 + 50 ? [{ at, touches }] : [];
  });
}

function isPeak(bars: readonly Bar[], at: number): boolean {
  const high = (k: number) => (bars[at + k] as Bar).high;
  return high(0) > high(-2) && high(0) > high(-1) && high(0) >= high(1) && high(0) >= high(2);
}

describe('sr_breakout_strategy', () => {
  it('buys on the first close above a level of two confirmed touches', () => {
    const fired = runStrategies([open], withPeaks({ 70: 100, 80: 100.2 }, 101));
    expect(fired).toEqual([expect.objectContaining({ at: 100, side: 'buy' })]);
    expect(fired[0]?.factors['touches']).toBe(0.5);
  });

  it('sells in the mirrored market', () => {
    const mirrored = mirrorPrices(withPeaks({ 70: 100, 80: 100.2 }, 101), 100);
    expect(runStrategies([open], mirrored)).toEqual([expect.objectContaining({ at: 100, side: 'sell' })]);
  });

  it.each<[string, Record<number, number>]>([
    ['one touch is no level', { 80: 100 }],
    ['a touch further away than one ATR is none', { 70: 98.5, 80: 100 }],
    ['a touch outside of the lookback is forgotten', { 49: 100, 80: 100.1 }],
    ['a peak one bar ago is not confirmed', { 80: 100, 99: 100.2 }],
  ])('%s', (_, peaks) => {
    expect(runStrategies([open], withPeaks(peaks, 101)).filter(({ at }) => at === 100)).toEqual([]);
  });

  it('does not fire again beyond a level that is broken', () => {
    const bars = withPeaks({ 70: 100, 80: 100.2 }, 101);
    const back = [97, 101.5, 97, 102].map((close, i) => quietBar(101 + i, close, close, close - 0.5));
    expect(runStrategies([open], [...bars, ...back]).filter(({ side }) => side === 'buy')).toHaveLength(1);
  });

  it('buys where a reference with plain lists finds a broken resistance', () => {
    for (const name of MARKETS) {
      const bars = generateMarket(name, { bars: 3_000, seed: 10, sigma: 0.01 });
      const bought = runStrategies([open], bars).filter(({ side }) => side === 'buy');
      expect(bought.length).toBeGreaterThan(50);
      expect(bought.map(({ at, factors }) => ({ at, touches: factors['touches'] }))).toEqual(
        reference(bars).map(({ at, touches }) => ({ at, touches: Math.min(1, touches / 4) })),
      );
    }
  });
});
