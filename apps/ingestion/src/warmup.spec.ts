import { settingsSchema } from '@wagehood/config';
import { builtinIndicators, createCatalog } from '@wagehood/indicators';
import { builtinStrategies, createStrategyCatalog } from '@wagehood/strategies';
import { openTimeOf, timeframeMs } from '@wagehood/market';
import fc from 'fast-check';
import { barsBeforeCorrection, barsToWarmUp, feedBarsToWarmUp } from './warmup';

const catalogs = {
  indicators: createCatalog(builtinIndicators),
  strategies: createStrategyCatalog(builtinStrategies),
};

describe('barsToWarmUp', () => {
  it('covers the slowest indicator and strategy of a fresh installation with a margin', () => {
    const bars = barsToWarmUp(settingsSchema.parse({}), catalogs);
    expect(bars).toBeGreaterThanOrEqual(300);
    expect(bars).toBeLessThan(1_000);
  });

  it('needs none when nothing is computed', () => {
    expect(barsToWarmUp(settingsSchema.parse({ indicators: [], strategies: [] }), catalogs)).toBe(0);
  });

  it('counts settings that do not resolve for nothing', () => {
    const settings = settingsSchema.parse({ indicators: [{ name: 'no_such' }], strategies: [] });
    expect(barsToWarmUp(settings, catalogs)).toBe(0);
  });
});

describe('feedBarsToWarmUp', () => {
  it('asks for as many feed bars as the longest timeframe needs, up to a limit', () => {
    expect(feedBarsToWarmUp(300, '1s', [], 20_000)).toBe(300);
    expect(feedBarsToWarmUp(300, '1s', ['1s', '1m'], 20_000)).toBe(18_000);
    expect(feedBarsToWarmUp(300, '1s', ['1h'], 20_000)).toBe(20_000);
    expect(feedBarsToWarmUp(300, '1d', ['1m'], 20_000)).toBe(300);
  });
});

describe('barsBeforeCorrection', () => {
  it('of a feed alone is what warms it up', () => {
    expect(barsBeforeCorrection(600_000, 660_000, 300, '1m', ['1m'])).toBe(300);
  });

  it('reaches the beginning of each larger bar that holds the corrected one, and behind it when that bar is over', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(500), fc.nat(400), (at, behind, need) => {
        const [from, last] = [(1e6 + at) * 60_000, (1e6 + at + behind) * 60_000];
        const begins = from - barsBeforeCorrection(from, last, need, '1m', ['5m', '1h']) * 60_000;
        expect(begins).toBeLessThanOrEqual(from - need * 60_000);
        for (const timeframe of ['5m', '1h'] as const) {
          const [start, spanMs] = [openTimeOf(from, timeframe), timeframeMs(timeframe)];
          const isOver = last + 60_000 >= start + spanMs;
          expect(begins).toBeLessThanOrEqual(isOver ? start - need * spanMs : start);
        }
      }),
    );
  });

  it('asks for no more of a day than its beginning while it lasts', () => {
    const day = Date.UTC(2026, 0, 5);
    const noon = day + 43_200_000;
    expect(barsBeforeCorrection(noon, noon + 600_000, 300, '1m', ['1d'])).toBe(720);
  });
});
