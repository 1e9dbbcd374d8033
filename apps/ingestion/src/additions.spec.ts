import { settingsSchema, type SettingsInput } from '@wagehood/config';
import { addsTo } from './additions';

const base: SettingsInput = {
  indicators: [{ name: 'sma_3' }],
  strategies: [{ name: 'ma_crossover_strategy', parameters: { fast_period: 3 } }],
  watchlist: [{ symbol: 'SPY', timeframes: ['1m'] }, { symbol: 'QQQ' }],
};
const adds = (next: SettingsInput, symbol = 'SPY', before = base) =>
  addsTo(symbol, settingsSchema.parse(before), settingsSchema.parse({ ...base, ...next }));

describe('what a configuration adds to a series', () => {
  it.each<[string, SettingsInput]>([
    ['an indicator', { indicators: [{ name: 'sma_3' }, { name: 'sma_4' }] }],
    ['an indicator with other parameters', { indicators: [{ name: 'sma_3', parameters: { period: 4 } }] }],
    ['a strategy', { strategies: [...(base.strategies ?? []), { name: 'macd_rsi_strategy' }] }],
    ['a strategy with other parameters', { strategies: [{ name: 'ma_crossover_strategy' }] }],
    ['a timeframe', { watchlist: [{ symbol: 'SPY', timeframes: ['1m', '5m'] }] }],
  ])('is something when there is %s', (_, next) => expect(adds(next)).toBe(true));

  it.each<[string, SettingsInput]>([
    ['nothing has changed', {}],
    ['something goes', { indicators: [], strategies: [] }],
    ['something is off', { indicators: [{ name: 'sma_3' }, { name: 'sma_4', enabled: false }] }],
    ['the order changes', { watchlist: [...(base.watchlist ?? [])].reverse() }],
    [
      'another symbol changes',
      {
        watchlist: [
          { symbol: 'SPY', timeframes: ['1m'] },
          { symbol: 'QQQ', timeframes: ['1h'] },
        ],
      },
    ],
    ['the system changes', { system: { batch_calculation_size: 5 } }],
  ])('is nothing when %s', (_, next) => expect(adds(next)).toBe(false));

  it('is everything to a symbol that nobody watched before', () => {
    expect(adds({ watchlist: [{ symbol: 'IWM' }] }, 'IWM')).toBe(true);
    expect(adds({}, 'QQQ', { ...base, watchlist: [{ symbol: 'QQQ', enabled: false }] })).toBe(true);
  });
});
