import type { ProviderContext } from '../provider';

/** Rows named in the log, one by one; all others are only counted. */
const NAMED_ROWS = 20;
/** Places that are remembered, so that a file that is read twice is not reported twice. */
const REMEMBERED = 100_000;

/** Reports rows that are no bars: each counted once, the first ones with file, line and reason. */
export function createBadRowReport({ log, reject }: Pick<ProviderContext, 'log' | 'reject'>) {
  const seen = new Set<string>();
  let summarised = 0;
  return {
    report(place: string, reason: string, message: string): void {
      if (seen.has(place) || seen.size >= REMEMBERED) return;
      seen.add(place);
      reject(reason);
      if (seen.size <= NAMED_ROWS) log.warn(`${place}: ${message}; row skipped`, { reason });
      if (seen.size === NAMED_ROWS) log.warn('further bad rows are counted only');
    },
    summarise(): void {
      if (seen.size > summarised) log.warn(`${seen.size} rows skipped`, { rows: seen.size });
      summarised = seen.size;
    },
  };
}
