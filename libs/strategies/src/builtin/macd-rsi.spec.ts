import type { Bar } from '@wagehood/market';
import { generateMarket, instantiate, MARKETS, runStrategies } from '../testing';
import { indicatorColumns } from '../testing/indicator-columns';
import { macdRsi } from './macd-rsi';

/** The condition, straight from its definition; the first bar is the first that the strategy may decide on. */
function reference(bars: readonly Bar[]) {
  const [, , histogram] = indicatorColumns(bars, 'macd') as [Float64Array, Float64Array, Float64Array];
  const [rsi] = indicatorColumns(bars, 'rsi', { period: 14 }) as [Float64Array];
  const warm = 33 + 5;
  return bars.flatMap((_, at) => {
    const [before, now, level] = [histogram[at - 1], histogram[at], rsi[at]] as [number, number, number];
    if (at < warm || !(before * now < 0)) return [];
    const leftWithin = (left: (then: number, now: number) => boolean) =>
      [0, 1, 2, 3, 4].some((ago) => left(rsi[at - ago - 1] as number, rsi[at - ago] as number));
    const oversold = leftWithin((then, now) => then < 30 && now >= 30);
    const overbought = leftWithin((then, now) => then > 70 && now <= 70);
    if (now > 0) return level > 50 || oversold ? [{ at, side: 'buy' }] : [];
    return level < 50 || overbought ? [{ at, side: 'sell' }] : [];
  });
}

describe('macd_rsi_strategy', () => {
  const open = instantiate(macdRsi, { min_confidence: 0 });

  it('fires when its condition becomes true, and nowhere else', () => {
    for (const market of MARKETS) {
      const bars = generateMarket(market, { bars: 4_000, seed: 6, sigma: 0.01 });
      const fired = runStrategies([open], bars).map(({ at, side }) => ({ at, side }));
      expect(fired).toEqual(reference(bars));
      expect(fired.length).toBeGreaterThan(50);
    }
  });

  it('leaves volume out where none was traded, and divergence where it is off', () => {
    const bars = generateMarket('random-walk', { bars: 1_000, seed: 6, sigma: 0.01 });
    const silent = runStrategies(
      [open],
      bars.map((bar) => ({ ...bar, volume: 0 })),
    );
    expect(silent.length).toBeGreaterThan(5);
    for (const { factors } of silent) expect(Object.keys(factors)).toEqual(['momentum', 'room', 'confirming_closes']);
  });

  it('weighs divergence, or requires it', () => {
    const bars = generateMarket('random-walk', { bars: 4_000, seed: 6, sigma: 0.01 });
    const run = (divergence: string) => runStrategies([instantiate(macdRsi, { divergence, min_confidence: 0 })], bars);
    const weighed = run('weigh');
    expect(weighed.map(({ at }) => at)).toEqual(run('off').map(({ at }) => at));
    expect(new Set(weighed.map(({ factors }) => factors['divergence']))).toEqual(new Set([0, 1]));
    expect(run('require')).toEqual(weighed.filter(({ factors }) => factors['divergence'] === 1));
  });
});
