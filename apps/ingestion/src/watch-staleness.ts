import type { Logger } from '@wagehood/service';
import type { FeedGroup } from './feed-group';
import type { Feed } from './pipeline';

export interface StalenessDeps {
  readonly groups: () => readonly FeedGroup[];
  readonly patienceMs: (feed: Feed) => number;
  readonly gauge: { set(value: number): void };
  readonly log: Logger;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/** Tells quiet feeds from living ones; call `look` about once a second. One line per change, however many symbols it is about. */
export function createStalenessWatch({ groups, patienceMs, gauge, log, now }: StalenessDeps) {
  let known = new Set<string>();
  return {
    look(): void {
      const stale = new Set<string>();
      for (const group of groups()) {
        // Silence is expected while history loads, at the end of the data, and while we make the provider wait.
        if (group.isHeldBack || group.state === 'joining' || group.state === 'ended') continue;
        for (const feed of group.feeds.values()) if (now() - feed.heardAt > patienceMs(feed)) stale.add(feed.symbol);
      }
      report(log, 'warn', 'no bars from the provider', newcomers(stale, known));
      report(log, 'info', 'bars again', newcomers(known, stale));
      known = stale;
      gauge.set(stale.size);
    },
  };
}

const newcomers = (now: ReadonlySet<string>, before: ReadonlySet<string>) => [...now].filter((s) => !before.has(s));

function report(log: Logger, level: 'warn' | 'info', text: string, symbols: readonly string[]): void {
  if (symbols.length === 0) return;
  const shown = symbols.slice(0, 10).join(', ');
  log[level](`${text}: ${shown}${symbols.length > 10 ? ' …' : ''}`, { symbolCount: symbols.length });
}
