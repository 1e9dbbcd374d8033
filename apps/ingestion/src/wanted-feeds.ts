import type { Settings } from '@wagehood/config';
import type { Timeframe } from '@wagehood/market';

/** One symbol that this replica shall feed, and by which provider. */
export interface WantedFeed {
  readonly symbol: string;
  readonly providerName: string;
  readonly timeframes: readonly Timeframe[];
}

/** The symbols of the settings that this replica owns, most urgent first. The first entry of a symbol counts. */
export function wantedFeeds(
  { watchlist, system }: Pick<Settings, 'watchlist' | 'system'>,
  owns: (symbol: string) => boolean,
): readonly WantedFeed[] {
  const wanted = new Map<string, WantedFeed>();
  for (const entry of [...watchlist].sort((a, b) => a.priority - b.priority)) {
    const { symbol, enabled, data_provider, timeframes } = entry;
    if (!enabled || wanted.has(symbol) || !owns(symbol)) continue;
    wanted.set(symbol, { symbol, providerName: data_provider ?? system.data_provider, timeframes });
  }
  return [...wanted.values()];
}

/** What is fed now, as far as a comparison needs it. */
export interface FedSymbol {
  readonly symbol: string;
  readonly providerName: string;
}

/** What has to change so that exactly the wanted symbols are fed. */
export function feedChanges(
  fed: readonly FedSymbol[],
  wanted: readonly WantedFeed[],
): { readonly leave: readonly string[]; readonly begin: readonly WantedFeed[] } {
  const now = new Map(fed.map(({ symbol, providerName }) => [symbol, providerName]));
  const then = new Map(wanted.map(({ symbol, providerName }) => [symbol, providerName]));
  return {
    leave: fed.filter(({ symbol, providerName }) => then.get(symbol) !== providerName).map(({ symbol }) => symbol),
    begin: wanted.filter(({ symbol, providerName }) => now.get(symbol) !== providerName),
  };
}
