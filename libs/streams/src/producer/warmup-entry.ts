import type { WarmupEntry } from '@wagehood/contracts';
import { seriesKey } from '@wagehood/market';
import type { PendingBar } from './pending-bar';

/** How a warm-up ended: in the log; there before; a configuration came between; its past does not end where the log stands. */
export type WarmupOutcome = 'appended' | 'known' | 'outdated' | 'apart';

/** Accepted bars of a series later than `last` and earlier than `before`, from memory. */
type Remember = (series: string, last: number, before: number) => readonly PendingBar[];

/**
 * The same past up to a bar that the log has accepted: what is later is left off, what is missing comes from memory.
 * @returns null when that cannot be: the last bar is in neither, or something between the two is
 */
export function pastUpTo(entry: WarmupEntry, last: number, remember: Remember): WarmupEntry | null {
  const known = entry.bars.filter(({ timestamp }) => timestamp <= last);
  let end = known.at(-1)?.timestamp;
  if (end === undefined) return null;
  if (end === last) return { ...entry, bars: known };
  const missing = remember(seriesKey(entry.symbol, entry.timeframe), end, last + 1);
  for (const { previous, time } of missing) {
    if (previous !== end) return null;
    end = time;
  }
  return end === last ? { ...entry, bars: [...known, ...missing.map(({ bar }) => bar)] } : null;
}
