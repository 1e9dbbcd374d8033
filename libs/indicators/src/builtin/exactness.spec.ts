import type { Bar } from '@wagehood/market';
import fc from 'fast-check';
import { runBatch } from '../batch';
import { createCatalog } from '../catalog';
import { createPlan } from '../plan';
import { resolveIndicator } from '../resolve';
import { exactBands, exactMean } from '../testing/exact';
import { anyMarket, barOf, uniforms, walk } from '../testing/markets';
import { loadTaLib } from '../testing/talib';

function compute(name: string, parameters: Readonly<Record<string, number>>, bars: readonly Bar[]): Float64Array[] {
  const resolved = resolveIndicator(createCatalog(), name, parameters);
  if (!resolved.ok) throw new Error(resolved.faults.join('; '));
  return runBatch(createPlan([resolved.instance]), bars);
}

const flat = (count: number, price = 100) => Array.from({ length: count }, (_, at) => barOf(at, price, price, 0, 0));
const closesOf = (bars: readonly Bar[], at: number, period: number) =>
  bars.slice(at - period + 1, at + 1).map(({ close }) => close);

describe('bollinger bands', () => {
  it('are right at a price of 1e9 with a deviation of 0.01', () => {
    const next = uniforms(5);
    const bars = Array.from({ length: 3_000 }, (_, at) => barOf(at, 1e9, 1e9 + (next() - 0.5) * 0.0346, 0, 1));
    const bands = compute('bollinger_bands_20', {}, bars);
    for (let at = 19; at < bars.length; at++) {
      const exact = exactBands(closesOf(bars, at, 20), 2);
      // Two roundings at 1e9, where neighbouring doubles are 1.2e-7 apart, and nothing else.
      bands.forEach((band, i) => expect(Math.abs((band[at] as number) - (exact[i] as number))).toBeLessThan(2.5e-7));
    }
  });

  it('are right at a price of 1e6, where TA_BBANDS has lost its digits', () => {
    const bars = walk(5_000, 21, 1e6, 1e-7);
    const closes = bars.map(({ close }) => close);
    const ours = compute('bollinger_bands_20', {}, bars)[0] as Float64Array;
    const theirs = loadTaLib().call('BBANDS', [closes], [20, 2, 2, 0], 3)[0] as Float64Array;
    let [worst, worstTheirs] = [0, 0];
    for (let at = 19; at < bars.length; at++) {
      const [upper] = exactBands(closesOf(bars, at, 20), 2);
      worst = Math.max(worst, Math.abs((ours[at] as number) - upper));
      worstTheirs = Math.max(worstTheirs, Math.abs((theirs[at] as number) - upper));
    }
    expect(worst).toBeLessThan(5e-10);
    expect(worstTheirs).toBeGreaterThan(1e-3);
  });

  it('are one line in a flat market', () => {
    const bands = compute('bollinger_bands_20', {}, flat(200, 0.1)).map((band) => band.slice(19));
    for (const band of bands) expect(new Set(band)).toEqual(new Set([0.1]));
  });
});

describe('means and deviations of anything', () => {
  it.each([2, 20, 50])('are exact over %d closes, whatever came before', (period) => {
    fc.assert(
      fc.property(anyMarket(6 * period + 30), (bars) => {
        const mean = compute('sma', { period }, bars)[0] as Float64Array;
        const bands = compute('bollinger_bands', { period }, bars);
        for (let at = period - 1; at < bars.length; at++) {
          const closes = closesOf(bars, at, period);
          const largest = Math.max(...closes);
          expect(Math.abs((mean[at] as number) - exactMean(closes))).toBeLessThanOrEqual(1e-12 * largest);
          const exact = exactBands(closes, 2);
          bands.forEach((band, i) =>
            expect(Math.abs((band[at] as number) - (exact[i] as number))).toBeLessThanOrEqual(1e-9 * largest),
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('rsi', () => {
  it('is 50 in a flat market, where TA_RSI says 0', () => {
    expect(new Set((compute('rsi_14', {}, flat(100))[0] as Float64Array).slice(14))).toEqual(new Set([50]));
    expect(loadTaLib().call('RSI', [flat(100).map(({ close }) => close)], [14], 1)[0]?.[50]).toBe(0);
  });

  it('is 100 without losses and 0 without gains', () => {
    const up = Array.from({ length: 60 }, (_, at) => barOf(at, 100 + at * 1.1, 101 + at * 1.1, 0, 0));
    expect(new Set((compute('rsi_14', {}, up)[0] as Float64Array).slice(14))).toEqual(new Set([100]));
    const down = up.toReversed();
    expect(new Set((compute('rsi_14', {}, down)[0] as Float64Array).slice(14))).toEqual(new Set([0]));
  });

  it('keeps its value while a market stands still, and calls it dead before doubles lose their digits', () => {
    const values = compute('rsi_14', {}, [...walk(50, 9), ...flat(20_000)])[0] as Float64Array;
    const resting = values.slice(60, 5_000);
    expect(Math.max(...resting) - Math.min(...resting)).toBeLessThan(1e-9);
    expect(values.at(-1)).toBe(50);
  });
});
