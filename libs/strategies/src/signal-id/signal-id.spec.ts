import fc from 'fast-check';
import type { Params } from '@wagehood/indicators';
import { signalId } from './signal-id';

const params: Params = { average: 'sma', fast_period: 50, slow_period: 200, min_confidence: 0.75 };

describe('signalId', () => {
  // Ids are stored and compared for years: these must never change.
  it.each([
    ['ma_crossover_strategy', params, 'SPY', '1d', 1_700_006_400_000, 'buy', 'buy-7f5ee12c6d5edf44570f2cc602f3b10c'],
    ['ma_crossover_strategy', params, 'SPY', '1d', 1_700_006_400_000, 'sell', 'sell-e786630526028fbb9557eb85a9f11e0b'],
    [
      'ma_crossover_strategy',
      params,
      'BTC-USD',
      '1m',
      1_700_006_400_000,
      'buy',
      'buy-ff8ce9eafac47144780563b9ab663445',
    ],
    [
      'sr_breakout_strategy',
      { lookback: 50, tolerance: 0.02 },
      '^GSPC',
      '5m',
      0,
      'sell',
      'sell-4e11b262d3e4afc07c2b65bac7abd95e',
    ],
    ['extension', {}, 'ÄÖ€', '1w', -345_600_000, 'buy', 'buy-fe9357a6fe8bcde944ba446b3633dd65'],
  ] as const)('%s %j %s %s %d %s', (strategy, given, symbol, timeframe, openTime, side, id) => {
    expect(signalId(strategy, given, symbol, timeframe, openTime, side)).toBe(id);
  });

  it('does not depend on the order of the parameters', () => {
    const reversed = Object.fromEntries(Object.entries(params).reverse());
    expect(signalId('a', reversed, 'SPY', '1m', 0, 'buy')).toBe(signalId('a', params, 'SPY', '1m', 0, 'buy'));
  });

  it('differs when any part differs, and is safe in keys, URLs and job ids', () => {
    const part = fc.record({
      strategy: fc.constantFrom('a', 'b', 'a_b'),
      params: fc.dictionary(fc.constantFrom('p', 'q'), fc.oneof(fc.integer(), fc.string())),
      symbol: fc.string(),
      timeframe: fc.constantFrom('1m' as const, '1h' as const),
      openTime: fc.integer(),
      side: fc.constantFrom('buy' as const, 'sell' as const),
    });
    const id = (of: typeof part extends fc.Arbitrary<infer T> ? T : never) =>
      signalId(of.strategy, of.params, of.symbol, of.timeframe, of.openTime, of.side);
    const canonical = (of: Parameters<typeof id>[0]) =>
      JSON.stringify({ ...of, params: Object.entries(of.params).sort(([a], [b]) => (a < b ? -1 : 1)) });
    fc.assert(
      fc.property(part, part, (one, other) => {
        expect(id(one)).toMatch(/^(buy|sell)-[0-9a-f]{32}$/);
        expect(id(one) === id(other)).toBe(canonical(one) === canonical(other));
      }),
      { seed: 5 },
    );
  });
});
