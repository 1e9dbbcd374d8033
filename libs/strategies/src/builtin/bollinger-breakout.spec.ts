import type { Bar } from '@wagehood/market';
import { generateMarket, instantiate, MARKETS, runStrategies } from '../testing';
import { indicatorColumns } from '../testing/indicator-columns';
import { bollingerBreakout } from './bollinger-breakout';

/** The condition and the squeeze, straight from their definitions. */
function reference(bars: readonly Bar[]) {
  const [upper, middle, lower] = indicatorColumns(bars, 'bollinger_bands') as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const width = Array.from(upper, (_, i) => ((upper[i] as number) - (lower[i] as number)) / (middle[i] as number));
  const where = bars.map(({ close }, i) => (close > (upper[i] as number) ? 1 : close < (lower[i] as number) ? -1 : 0));
  // The volume mean is the last input to be ready, on bar 20; 101 bars with all inputs make the warm-up.
  return bars.flatMap((_, at) => {
    const side = where[at] as number;
    const inside = where.slice(at - 10, at).filter((position) => position === 0).length;
    if (at < 20 + 100 || side === 0 || where[at - 1] === side || inside < 7) return [];
    const last = width.slice(at - 100, at);
    const newest = last[99] as number;
    const squeeze = last.filter((other) => other < newest).length < 20 && (width[at] as number) > newest ? 1 : 0;
    return [{ at, side: side > 0 ? 'buy' : 'sell', consolidation: inside / 10, squeeze }];
  });
}

describe('bollinger_breakout_strategy', () => {
  it('fires when a close leaves the band after a consolidation, and nowhere else', () => {
    const open = instantiate(bollingerBreakout, { min_confidence: 0 });
    for (const market of MARKETS) {
      const bars = generateMarket(market, { bars: 4_000, seed: 8, sigma: 0.01 });
      const fired = runStrategies([open], bars).map(({ at, side, factors: { consolidation, squeeze } }) => ({
        at,
        side,
        consolidation,
        squeeze,
      }));
      expect(fired).toEqual(reference(bars));
      expect(new Set(fired.map(({ squeeze }) => squeeze))).toEqual(new Set([0, 1]));
    }
  });

  it('cannot fire by default without volume behind it', () => {
    const bars = generateMarket('random-walk', { bars: 4_000, seed: 8, sigma: 0.01 });
    const fired = runStrategies([instantiate(bollingerBreakout)], bars);
    expect(fired.length).toBeGreaterThan(20);
    for (const { factors } of fired) expect(factors['volume']).toBeGreaterThan(0.2);
  });
});
