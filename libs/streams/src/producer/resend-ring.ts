import type { BarEvent } from '@wagehood/contracts';
import { seriesKey, type SeriesKey } from '@wagehood/market';
import { rooms } from '../json/rooms';
import { pendingBars, type BarEntry, type PendingBar } from './bar-entry';

const MOST_CORRECTED = 2_000;
const placeOf = (series: SeriesKey, time: number): string => `${series} ${time}`;

/** An entry that was accepted. */
interface Sent {
  readonly at: number;
  readonly entry: BarEntry;
  readonly newest: number;
  /** The text read back, once somebody has asked for it. */
  bars: readonly PendingBar[] | null;
}

/**
 * The accepted bars of the last seconds of one partition, in order, kept as the text that was sent: a thousandth of the objects.
 * When Redis has lost its newest writes (a failover, a power cut), they are sent again from here.
 */
export class ResendRing {
  readonly #sent: (Sent | null)[] = [];
  /** The newest corrections, by series and time. */
  readonly #corrected = new Map<string, BarEvent>();
  #head = 0;
  #count = 0;

  constructor(
    private readonly keepMs: number,
    private readonly keepBars: number,
  ) {}

  add(entry: BarEntry, nowMs: number): void {
    this.#sent.push({ at: nowMs, entry, newest: entry.runs.newest, bars: null });
    this.#count += entry.count;
    this.#forget(nowMs);
  }

  /** From now on these bars are what they have been corrected to. */
  correct(bars: readonly BarEvent[]): void {
    for (const bar of bars) {
      const place = placeOf(seriesKey(bar.symbol, bar.timeframe), bar.timestamp);
      if ((this.#corrected.get(place)?.revision ?? 0) > (bar.revision ?? 0)) continue;
      this.#corrected.delete(place);
      this.#corrected.set(place, bar);
    }
    for (const place of this.#corrected.keys()) {
      if (this.#corrected.size <= MOST_CORRECTED) return;
      this.#corrected.delete(place);
    }
  }

  /** Bars of a series later than `last` and earlier than `before`, oldest first; one that was sent twice counts once. */
  between(series: SeriesKey, last: number, before: number): PendingBar[] {
    const found = new Map<number, PendingBar>();
    for (let i = this.#head; i < this.#sent.length; i++) {
      const sent = this.#sent[i] as Sent;
      if (sent.newest <= last) continue;
      sent.bars ??= pendingBars(sent.entry);
      for (const bar of sent.bars)
        if (bar.series === series && bar.time > last && bar.time < before)
          found.set(bar.time, { ...bar, bar: this.#corrected.get(placeOf(series, bar.time)) ?? bar.bar });
    }
    return [...found.values()].sort((a, b) => a.time - b.time);
  }

  #forget(nowMs: number): void {
    for (let oldest = this.#sent[this.#head]; oldest; oldest = this.#sent[this.#head]) {
      const isNeeded = this.#count - oldest.entry.count < this.keepBars && oldest.at >= nowMs - this.keepMs;
      if (isNeeded) break;
      this.#count -= oldest.entry.count;
      rooms.give(oldest.entry.text);
      this.#sent[this.#head++] = null; // the text goes at once, its place later
    }
    if (this.#head > 1_024 && this.#head * 2 > this.#sent.length) {
      this.#sent.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
