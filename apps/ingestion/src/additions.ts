import { watchedAs, type Settings } from '@wagehood/config';

type Parts = Pick<Settings, 'indicators' | 'strategies' | 'watchlist'>;

/** Whether something of a symbol's series is computed under `next` that was not under `before`: it has not seen their past. */
export function addsTo(symbol: string, before: Parts, next: Parts): boolean {
  const known = new Set(computedOf(symbol, before));
  return computedOf(symbol, next).some((part) => !known.has(part));
}

/** Everything that settings make of a symbol, each as a text. Of a symbol that is not watched nothing counts as known. */
function computedOf(symbol: string, { indicators, strategies, watchlist }: Parts): string[] {
  const watched = watchedAs(watchlist, symbol);
  if (!watched?.enabled) return [];
  const named = (all: Parts['indicators'] | Parts['strategies']) =>
    all.filter(({ enabled }) => enabled).map(({ name, parameters }) => JSON.stringify([name, parameters]));
  return [...named(indicators), ...named(strategies), ...watched.timeframes, 'itself'];
}
