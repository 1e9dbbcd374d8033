import { settingsSchema, type Settings } from '@wagehood/config';
import { watchlistRequest } from '@wagehood/contracts';
import { editWatchlist } from './edit-watchlist';
import { canonicalJson, digestBase, mergeSettings } from './merge-settings';

const settings = (input: object = {}): Settings => settingsSchema.parse(input);
const watching = (...symbols: string[]) => settings({ watchlist: symbols.map((symbol) => ({ symbol })) });

describe('mergeSettings', () => {
  it('takes the base when nothing is stored', () => {
    const base = settings();
    expect(mergeSettings(base, null, {}).settings).toBe(base);
  });

  it('keeps what changed at run time while the base is the same', () => {
    const base = watching('SPY');
    const merged = mergeSettings(base, watching('SPY', 'TSLA'), digestBase(base));
    expect(merged.settings.watchlist.map(({ symbol }) => symbol)).toEqual(['SPY', 'TSLA']);
    expect(merged.changed).toEqual([]);
  });

  it('lets only the section win whose base is another one', () => {
    const before = watching('SPY');
    const base = { ...before, system: { ...before.system, calculation_workers: 9 } };
    const merged = mergeSettings(base, watching('SPY', 'TSLA'), digestBase(before));
    expect(merged.changed).toEqual(['system']);
    expect(merged.settings.watchlist).toHaveLength(2);
    expect(merged.settings.system.calculation_workers).toBe(9);
  });

  it('fills in a section that an older release did not store', () => {
    const base = settings();
    const old = Object.fromEntries(Object.entries(base).filter(([section]) => section !== 'sessions')) as Settings;
    expect(mergeSettings(base, old, digestBase(base)).settings.sessions).toEqual([]);
  });

  it('does not mind the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: 1, c: 2 }] })).toBe(canonicalJson({ a: [{ c: 2, d: 1 }], b: 1 }));
  });
});

describe('editWatchlist', () => {
  const edit = (present: Settings, body: object) => editWatchlist(present, watchlistRequest.parse(body));

  it('adds, and says when there is nothing to do', () => {
    const next = edit(watching('SPY'), { symbol: 'tsla' });
    expect(next?.watchlist.map(({ symbol }) => symbol)).toEqual(['SPY', 'TSLA']);
    expect(next && edit(next, { symbol: 'TSLA' })).toBeNull();
  });

  it('changes only what the request names', () => {
    const present = edit(watching('SPY'), { symbol: 'SPY', timeframes: ['1m', '5m'], priority: 3 }) as Settings;
    expect(edit(present, { symbol: 'SPY', priority: 4 })?.watchlist[0]).toMatchObject({
      timeframes: ['1m', '5m'],
      priority: 4,
    });
  });

  it('switches on, off, and removes', () => {
    const off = edit(watching('SPY', 'QQQ'), { symbol: 'QQQ', enabled: false }) as Settings;
    expect(off.watchlist[1]?.enabled).toBe(false);
    expect(edit(off, { symbol: 'QQQ' })?.watchlist[1]?.enabled).toBe(true);
    expect(edit(off, { symbol: 'QQQ', action: 'remove' })?.watchlist).toHaveLength(1);
    expect(edit(off, { symbol: 'NOPE', action: 'remove' })).toBeNull();
  });
});
