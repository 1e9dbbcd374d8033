import { settingsSchema } from '@wagehood/config';
import { builtinIndicators, createCatalog } from '@wagehood/indicators';
import { builtinStrategies, createStrategyCatalog } from '@wagehood/strategies';
import { barsToWarmUp, feedBarsToWarmUp } from './warmup';

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
