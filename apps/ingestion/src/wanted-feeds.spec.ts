import { settingsSchema } from '@wagehood/config';
import { feedChanges, wantedFeeds } from './wanted-feeds';

describe('wantedFeeds', () => {
  it('takes the enabled symbols that we own, each once, most urgent first, with their provider', () => {
    const settings = settingsSchema.parse({
      watchlist: [
        { symbol: 'SPY', priority: 5 },
        { symbol: 'QQQ', priority: 1, data_provider: 'replay', timeframes: ['1m'] },
        { symbol: 'IWM', enabled: false },
        { symbol: 'DIA' },
        { symbol: 'SPY', priority: 9 },
      ],
    });
    expect(wantedFeeds(settings, (symbol) => symbol !== 'DIA')).toEqual([
      { symbol: 'QQQ', providerName: 'replay', timeframes: ['1m'] },
      { symbol: 'SPY', providerName: 'mock', timeframes: [] },
    ]);
  });
});

describe('feedChanges', () => {
  it('leaves what is not wanted, begins what is new, does both for a changed provider', () => {
    const fed = [
      { symbol: 'A', providerName: 'mock' },
      { symbol: 'B', providerName: 'mock' },
      { symbol: 'C', providerName: 'mock' },
    ];
    const want = (symbol: string, providerName = 'mock') => ({ symbol, providerName, timeframes: [] });
    const { leave, begin } = feedChanges(fed, [want('A'), want('C', 'replay'), want('D')]);
    expect(leave).toEqual(['B', 'C']);
    expect(begin).toEqual([want('C', 'replay'), want('D')]);
    expect(feedChanges(fed, [want('A'), want('B'), want('C')])).toEqual({ leave: [], begin: [] });
  });
});
