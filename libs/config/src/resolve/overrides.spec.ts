import { formatFault } from '../fault';
import { settingsSchema, type Settings } from '../settings/settings';
import { applyOverrides } from './apply-overrides';
import { flagVariable, readSettingsFlags } from './overrides';

describe('readSettingsFlags', () => {
  it('reads the flags that are settings and leaves the others alone', () => {
    const flags = { symbols: 'spy,qqq', 'update-interval': '0.25', workers: '2', 'log-file': 'x', 'show-config': true };
    expect(readSettingsFlags(flags)).toEqual({
      ok: true,
      value: { symbols: ['SPY', 'QQQ'], updateIntervalSeconds: 0.25, workers: 2 },
    });
  });

  it('reports them all', () => {
    const result = readSettingsFlags({ symbols: '', workers: 'many', 'data-provider': true });
    expect(result.ok ? [] : result.faults.map(formatFault)).toEqual([
      '--symbols: "" is not valid (expected symbols such as SPY,QQQ,BTC-USD)',
      '--data-provider: "true" is not valid (expected a provider)',
      '--workers: "many" is not valid (expected a whole number from 1 to 64)',
    ]);
  });

  it('knows the variable that says the same', () => {
    expect(flagVariable('update-interval')).toBe('DATA_UPDATE_INTERVAL');
  });
});

describe('applyOverrides', () => {
  const settings: Settings = settingsSchema.parse({
    watchlist: [{ symbol: 'SPY', timeframes: ['1m'], data_provider: 'yahoo', enabled: false }, { symbol: 'QQQ' }],
  });

  it('takes a list of symbols as the whole watchlist and keeps what is known of them', () => {
    const { watchlist } = applyOverrides(settings, { symbols: ['TSLA', 'SPY', 'TSLA'] });
    expect(watchlist).toEqual([
      { symbol: 'TSLA', enabled: true, data_provider: null, timeframes: [], priority: 1 },
      { symbol: 'SPY', enabled: true, data_provider: 'yahoo', timeframes: ['1m'], priority: 1 },
    ]);
  });

  it('a provider holds for all symbols', () => {
    const next = applyOverrides(settings, { dataProvider: 'replay' });
    expect(next.system.data_provider).toBe('replay');
    expect(next.watchlist.map((entry) => entry.data_provider)).toEqual([null, null]);
  });

  it('changes nothing without overrides', () => expect(applyOverrides(settings, {})).toEqual(settings));
});
