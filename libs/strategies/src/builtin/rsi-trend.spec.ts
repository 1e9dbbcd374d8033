import type { Bar } from '@wagehood/market';
import { generateMarket, instantiate, MARKETS, runStrategies } from '../testing';
import { indicatorColumns } from '../testing/indicator-columns';
import { rsiTrend } from './rsi-trend';

/** For every bar on which RSI turns up: look back to where this pullback began, and ask whether it is the first turn. */
function reference(bars: readonly Bar[]) {
  const [rsi] = indicatorColumns(bars, 'rsi', { period: 14 }) as [Float64Array];
  const [trend] = indicatorColumns(bars, 'rsi', { period: 21 }) as [Float64Array];
  const first = 21;
  const fires = (at: number, sign: 1 | -1): boolean => {
    const height = (i: number) => sign * ((rsi[i] as number) - 50);
    const trending = (i: number) =>
      Array.from({ length: 10 }, (_, k) => i - k).filter((j) => j >= first && sign * ((trend[j] as number) - 50) > 0)
        .length >= 7;
    const turns = (i: number) => height(i) > height(i - 1) && trending(i);
    let start = at - 1;
    while (start > first && height(start - 1) <= 0) start--;
    if (start <= first || height(at - 1) > 0) return false;
    for (let i = start; i < at; i++) {
      if (height(i) < -10) return false;
      if (i > start && turns(i)) return false;
    }
    return turns(at);
  };
  return bars.flatMap((_, at) => {
    if (at < first + 9) return [];
    if (fires(at, 1)) return [{ at, side: 'buy' }];
    return fires(at, -1) ? [{ at, side: 'sell' }] : [];
  });
}

describe('rsi_trend_strategy', () => {
  it('fires on the first turn of a pullback in a trend, once, and nowhere else', () => {
    const open = instantiate(rsiTrend, { min_confidence: 0 });
    for (const market of MARKETS) {
      const bars = generateMarket(market, { bars: 4_000, seed: 7, sigma: 0.01 });
      const fired = runStrategies([open], bars).map(({ at, side }) => ({ at, side }));
      expect(fired).toEqual(reference(bars));
      expect(fired.length).toBeGreaterThan(50);
    }
  });
});
