import type { SeriesKey } from '@wagehood/market';
import { pendingBars, type BarBatch } from './bar-batch';
import type { PendingBar } from './pending-bar';

/** One accepted batch: its text, and what the text does not say. */
interface Sent {
  readonly at: number;
  readonly text: Buffer;
  /** Of each bar, the time of the one before it. */
  readonly previous: readonly number[];
  readonly newestTime: number;
  /** The text read back, once somebody has asked for it. */
  bars: readonly PendingBar[] | null;
}

/**
 * The accepted bars of the last seconds of one partition, in order, kept as the text that was sent: a thousandth of the objects.
 * When Redis has lost its newest writes (a failover, a power cut), they are sent again from here.
 */
export class ResendRing {
  readonly #sent: (Sent | null)[] = [];
  #head = 0;
  #count = 0;

  constructor(
    private readonly keepMs: number,
    private readonly keepBars: number,
  ) {}

  add({ text, previous, newestTime }: BarBatch, nowMs: number): void {
    this.#sent.push({ at: nowMs, text, previous, newestTime, bars: null });
    this.#count += previous.length;
    this.#forget(nowMs);
  }

  /** Bars of a series later than `last` and earlier than `before`, oldest first; one that was sent twice counts once. */
  between(series: SeriesKey, last: number, before: number): PendingBar[] {
    const found = new Map<number, PendingBar>();
    for (let i = this.#head; i < this.#sent.length; i++) {
      const sent = this.#sent[i] as Sent;
      if (sent.newestTime <= last) continue;
      sent.bars ??= pendingBars(sent.text, sent.previous);
      for (const bar of sent.bars)
        if (bar.series === series && bar.time > last && bar.time < before) found.set(bar.time, { ...bar });
    }
    return [...found.values()].sort((a, b) => a.time - b.time);
  }

  #forget(nowMs: number): void {
    for (let oldest = this.#sent[this.#head]; oldest; oldest = this.#sent[this.#head]) {
      const isNeeded = this.#count - oldest.previous.length < this.keepBars && oldest.at >= nowMs - this.keepMs;
      if (isNeeded) break;
      this.#count -= oldest.previous.length;
      this.#sent[this.#head++] = null; // the text goes at once, its place later
    }
    if (this.#head > 1_024 && this.#head * 2 > this.#sent.length) {
      this.#sent.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
