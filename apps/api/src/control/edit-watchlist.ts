import type { Settings, WatchlistEntry } from '@wagehood/config';
import type { WatchlistRequest } from '@wagehood/contracts';

/**
 * Carries out a request on the watchlist. Adding a symbol that is there switches it on and changes what the request
 * names; removing one that is not there does nothing.
 * @returns null when everything asked for is so already
 */
export function editWatchlist(settings: Settings, request: WatchlistRequest): Settings | null {
  const watchlist =
    request.action === 'remove' ? without(settings.watchlist, request) : withAll(settings.watchlist, request);
  return JSON.stringify(watchlist) === JSON.stringify(settings.watchlist) ? null : { ...settings, watchlist };
}

type Watchlist = Settings['watchlist'];

const without = (watchlist: Watchlist, { symbols }: WatchlistRequest): Watchlist =>
  watchlist.filter(({ symbol }) => !symbols.includes(symbol));

function withAll(watchlist: Watchlist, request: WatchlistRequest): Watchlist {
  const entries = new Map(watchlist.map((entry) => [entry.symbol, entry]));
  for (const symbol of request.symbols) entries.set(symbol, entryFor(symbol, entries.get(symbol), request));
  return [...entries.values()];
}

function entryFor(symbol: string, present: WatchlistEntry | undefined, request: WatchlistRequest): WatchlistEntry {
  return {
    symbol,
    enabled: request.enabled ?? true,
    data_provider: request.data_provider ?? present?.data_provider ?? null,
    timeframes: request.timeframes ?? present?.timeframes ?? [],
    priority: request.priority ?? present?.priority ?? 1,
  };
}
