import type { GapEntry } from '@wagehood/contracts';
import { parseSeriesKey, type SeriesKey } from '@wagehood/market';
import type { Refusal } from '../protocol/scripts';
import { BarBatch } from './bar-batch';
import { pendingBars, type BarEntry, type PendingBar } from './bar-entry';
import type { LostEnd } from './log-audit';
import type { ProducerHooks, ProducerOptions } from './producer';
import type { ResendRing } from './resend-ring';
import type { SeriesBook } from './series-book';

const NONE = Number.NEGATIVE_INFINITY;

/** Makes of an entry that the log refuses one that it takes: what it has already leaves, what it has lost goes in before. */
export class Repair {
  constructor(
    private readonly partition: number,
    private readonly series: SeriesBook,
    private readonly ring: ResendRing,
    private readonly hooks: Pick<ProducerHooks, 'onRefused' | 'onRepaired'> & Pick<ProducerOptions, 'refetch'>,
    private readonly appendGap: (gap: GapEntry) => Promise<void>,
  ) {}

  /**
   * What is left of an entry: old bars leave it (after an unknown outcome they are our own success), and in front of a hole
   * goes what fills it.
   */
  async settle(entry: BarEntry, refusals: readonly Refusal[], unsure: boolean): Promise<BarEntry> {
    const bars = pendingBars(entry);
    const gone = new Set<PendingBar>();
    const holes = new Map<string, { readonly before: PendingBar; readonly last: number }>();
    for (const { index, verdict, last } of refusals) {
      const run = entry.runs.at(index);
      const ofRun = bars.filter(({ series, time }) => series === run.series && time >= run.first && time <= run.last);
      if (verdict === 'HOLE') {
        if (!holes.has(run.series)) holes.set(run.series, { before: ofRun[0] as PendingBar, last });
        continue;
      }
      for (const bar of ofRun.filter(({ time }) => time <= last)) {
        gone.add(bar);
        if (!unsure) this.hooks.onRefused?.(bar.bar, bar.time === last ? 'duplicate' : 'late');
      }
    }
    // They are in the log, so they can be lost: an answer that never came must not leave a hole in our memory.
    if (gone.size > 0) this.ring.add(this.#entryOf([...gone]), performance.now());
    let left = bars.filter((bar) => !gone.has(bar));
    for (const { before, last } of holes.values()) left = await this.#fill(left, before, last);
    return this.#entryOf(left);
  }

  /**
   * What the log has lost at the end of series, as far as it can still be had, in entries of about `mostBars`. What cannot shows as a
   * hole before their next bar.
   */
  async *recallEnds(lost: readonly LostEnd[], mostBars: number): AsyncGenerator<BarEntry> {
    let bars: PendingBar[] = [];
    for (const { series, last } of lost) {
      const from = last < 0 ? NONE : last;
      const end = { series: series.key, previous: series.last, time: series.last + 1 };
      const found = chained((await this.#recall(series.key, from, end)).bars, from);
      if (found.length > 0) this.hooks.onRepaired?.(this.partition, series.key, found.length, null);
      bars.push(...found);
      if (bars.length < mostBars) continue;
      yield this.#entryOf(bars);
      bars = [];
    }
    yield this.#entryOf(bars);
  }

  #entryOf(bars: readonly PendingBar[]): BarEntry {
    const batch = new BarBatch(Infinity);
    for (const { bar, previous } of bars) batch.add(this.series.of(bar.symbol, bar.timeframe), bar, previous);
    return batch.entries()[0] as BarEntry;
  }

  /** Puts in front of `before` what Redis has lost after `lost`: from memory, else from history; the rest is a reported gap. */
  async #fill(left: readonly PendingBar[], before: PendingBar, lost: number): Promise<PendingBar[]> {
    const { series } = before;
    const last = lost < 0 ? NONE : lost;
    const { bars, gap } = await this.#recall(series, last, before);
    chained([...bars, before], last);
    if (gap) await this.appendGap(gap);
    this.hooks.onRepaired?.(this.partition, series, bars.length, gap);
    const at = left.indexOf(before);
    return [...left.slice(0, at), ...bars, ...left.slice(at)];
  }

  async #recall(
    series: SeriesKey,
    last: number,
    before: Omit<PendingBar, 'bar'>,
  ): Promise<{ bars: PendingBar[]; gap: GapEntry | null }> {
    const gapOf = (from: number, to: number): GapEntry => ({
      ...parseSeriesKey(series),
      from: Math.max(0, from),
      to,
      reason: 'lost by Redis and no longer to be had',
    });
    const remembered = this.ring.between(series, last, before.time);
    const breakAt = remembered.findLastIndex((bar, i) => bar.previous !== (remembered[i - 1]?.time ?? last));
    if (breakAt < 0 && remembered.length > 0) return { bars: remembered, gap: null };
    const history = (await this.hooks.refetch?.(series, last, before.time).catch(() => undefined)) ?? [];
    const newest = history.at(-1)?.timestamp;
    if (newest === undefined) return { bars: remembered, gap: gapOf(last, remembered[breakAt]?.time ?? before.time) };
    const bars = history.map((bar) => ({ series, previous: NONE, time: bar.timestamp, bar }));
    return { bars, gap: newest === before.previous ? null : gapOf(newest, before.time) };
  }
}

/** Each bar names the one before it, the first one `last`. */
function chained(bars: readonly PendingBar[], last: number): readonly PendingBar[] {
  let previous = last;
  for (const bar of bars) {
    bar.previous = previous;
    previous = bar.time;
  }
  return bars;
}
