import type { Settings } from './settings';

type Watchlist = Settings['watchlist'];

const bySymbol = new WeakMap<Watchlist, ReadonlyMap<string, Watchlist[number]>>();

/** How the list watches this symbol. A configuration is asked for all of its thousands of symbols, so a list is gone through once. */
export function watchedAs(watchlist: Watchlist, symbol: string): Watchlist[number] | undefined {
  let entries = bySymbol.get(watchlist);
  if (!entries) bySymbol.set(watchlist, (entries = new Map(watchlist.map((entry) => [entry.symbol, entry]))));
  return entries.get(symbol);
}
