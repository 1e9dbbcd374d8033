import type { Bar } from '@wagehood/market';
import { generateMarket, instantiate, MARKETS, runStrategies } from '../testing';
import { averageRanges } from '../testing/average-range';
import { indicatorColumns } from '../testing/indicator-columns';
import { maCrossover } from './ma-crossover';

/** Golden and death crosses, straight from the definition. */
function reference(bars: readonly Bar[], average: string, fast: number, slow: number) {
  const [fasts] = indicatorColumns(bars, average, { period: fast }) as [Float64Array];
  const [slows] = indicatorColumns(bars, average, { period: slow }) as [Float64Array];
  return bars.flatMap((_, at) => {
    const [before, now] = [at - 1, at].map((i) => Math.sign((fasts[i] ?? NaN) - (slows[i] ?? NaN))) as [number, number];
    if (!(before * now < 0) || at < slow + 8) return [];
    return [{ at, side: now > 0 ? 'buy' : 'sell' }];
  });
}

describe('ma_crossover_strategy', () => {
  it.each([
    ['sma', 50, 200],
    ['ema', 50, 200],
    ['sma', 3, 17],
  ])('fires on every crossing of %s %d and %d, and nowhere else', (average, fast_period, slow_period) => {
    const open = instantiate(maCrossover, { average, fast_period, slow_period, min_confidence: 0 });
    for (const market of MARKETS) {
      const bars = generateMarket(market, { bars: 3_000, seed: 5, sigma: 0.01 });
      const fired = runStrategies([open], bars).map(({ at, side }) => ({ at, side }));
      expect(fired).toEqual(reference(bars, average, fast_period, slow_period));
      expect(fired.length).toBeGreaterThan(2);
    }
  });

  it('has the factors of its table', () => {
    const bars = generateMarket('trending', { bars: 3_000, seed: 5, sigma: 0.01 });
    const [fasts] = indicatorColumns(bars, 'sma', { period: 10 }) as [Float64Array];
    const [slows] = indicatorColumns(bars, 'sma', { period: 30 }) as [Float64Array];
    const fired = runStrategies(
      [instantiate(maCrossover, { fast_period: 10, slow_period: 30, min_confidence: 0 })],
      bars,
    );
    for (const { at, side, factors } of fired) {
      const sign = side === 'buy' ? 1 : -1;
      const difference = (i: number) => (fasts[i] as number) - (slows[i] as number);
      const atr = averageRanges(bars)[at] as number;
      const close = (bars[at] as Bar).close;
      const confirming = bars
        .slice(at - 9, at + 1)
        .filter((bar, i) => sign * (bar.close - (slows[at - 9 + i] as number)) > 0);
      expect(factors['slope']).toBeCloseTo(clamp((sign * (difference(at) - difference(at - 5))) / (0.25 * atr)), 9);
      expect(factors['distance']).toBeCloseTo(clamp((sign * (close - (slows[at] as number))) / (5 * atr)), 9);
      expect(factors['confirming_closes']).toBe(confirming.length / 10);
    }
  });

  it('refuses a fast average that is not faster', () => {
    expect(() => instantiate(maCrossover, { fast_period: 200 })).toThrow('fast_period must be less than slow_period');
  });
});

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
