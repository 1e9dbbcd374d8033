import type { BarEvent, CorrectionEntry } from '@wagehood/contracts';
import { seriesKey, type SeriesKey, type Timeframe } from '@wagehood/market';
import type { PendingBar } from './bar-entry';

/** Bars of one series up to where its log stands. */
export interface PastEntry {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly bars: readonly BarEvent[];
}

/** How a warm-up ended: in the log; there before; a configuration came between; its past does not end where the log stands. */
export type WarmupOutcome = 'appended' | 'known' | 'outdated' | 'apart';

/** How a correction ended; `forgotten`: it is older than all corrections of its series that the log remembers. */
export type CorrectionOutcome = 'appended' | 'known' | 'apart' | 'forgotten';

/** Corrected bars that a log remembers of each series. What is older than all of them is let in no more. */
export const REVISIONS_KEPT = 256;

/** Accepted bars of a series later than `last` and earlier than `before`, from memory. */
type Remember = (series: SeriesKey, last: number, before: number) => readonly PendingBar[];

/**
 * The same past up to a bar that the log has accepted: what is later is left off, what is missing comes from memory.
 * @returns null when that cannot be: the last bar is in neither, or something between the two is
 */
export function pastUpTo<Entry extends PastEntry>(entry: Entry, last: number, remember: Remember): Entry | null {
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

/** What a correction corrects, as the append script takes it. */
export const revisedIn = ({ revisions }: CorrectionEntry): number[] =>
  revisions.flatMap(({ timestamp, revision }) => [timestamp, revision]);

/** Those of these bars whose revision is not among what a log remembers of their series (text of its field, if there is one). */
export function unknownRevisions(bars: readonly BarEvent[], field: string | null | undefined): BarEvent[] {
  const flat = JSON.parse(field ?? '[]') as number[];
  const known = new Map<number, number>();
  for (let i = 0; i < flat.length; i += 2) known.set(flat[i] as number, flat[i + 1] as number);
  const oldest = known.size < REVISIONS_KEPT ? Number.NEGATIVE_INFINITY : (flat[0] as number);
  return bars.filter(({ timestamp, revision = 0 }) => timestamp >= oldest && (known.get(timestamp) ?? 0) < revision);
}
