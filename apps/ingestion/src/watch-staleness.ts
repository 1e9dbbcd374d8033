import type { Logger } from '@wagehood/service';
import type { FeedGroup } from './feed-group';
import type { Feed } from './pipeline';

export interface StalenessDeps {
  readonly groups: () => readonly FeedGroup[];
  readonly patienceMs: (feed: Feed) => number;
  readonly gauge: { set(value: number): void };
  /** Told once of each provider whose symbols went quiet. */
  readonly onStale: (provider: string, symbols: readonly string[]) => void;
  readonly log: Logger;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/** Tells quiet feeds from living ones; call `look` about once a second. One line per change, however many symbols it is about. */
export function createStalenessWatch({ groups, patienceMs, gauge, onStale, log, now }: StalenessDeps) {
  let known: ReadonlyMap<string, string> = new Map();
  return {
    look(): void {
      /** Symbol → its provider. */
      const stale = new Map<string, string>();
      for (const group of groups()) {
        // Silence is expected while history loads, at the end of the data, and while we make the provider wait.
        if (group.isHeldBack || group.state === 'joining' || group.state === 'ended') continue;
        for (const feed of group.feeds.values()) {
          if (now() - feed.heardAt > patienceMs(feed)) stale.set(feed.symbol, group.provider.name);
        }
      }
      const quiet = newcomers(stale, known);
      report(log, 'warn', 'no bars from the provider', quiet);
      for (const name of new Set(stale.values())) {
        const ofProvider = quiet.filter((symbol) => stale.get(symbol) === name);
        if (ofProvider.length > 0) onStale(name, ofProvider);
      }
      report(log, 'info', 'bars again', newcomers(known, stale));
      known = stale;
      gauge.set(stale.size);
    },
  };
}

const newcomers = (now: ReadonlyMap<string, string>, before: ReadonlyMap<string, string>): string[] =>
  [...now.keys()].filter((symbol) => !before.has(symbol));

function report(log: Logger, level: 'warn' | 'info', text: string, symbols: readonly string[]): void {
  if (symbols.length === 0) return;
  const shown = symbols.slice(0, 10).join(', ');
  log[level](`${text}: ${shown}${symbols.length > 10 ? ' …' : ''}`, { symbolCount: symbols.length });
}
