import type { PendingBar } from './pending-bar';

/**
 * The accepted bars of the last seconds of one partition, in order. When Redis has lost its newest writes (a failover, a
 * power cut), they are sent again from here.
 */
export class ResendRing {
  #bars: { readonly bar: PendingBar; readonly at: number }[] = [];

  constructor(
    private readonly keepMs: number,
    private readonly keepBars: number,
  ) {}

  add(bars: readonly PendingBar[], nowMs: number): void {
    for (const bar of bars) this.#bars.push({ bar, at: nowMs });
    if (this.#bars.length < 2 * this.keepBars && (this.#bars[0]?.at ?? nowMs) >= nowMs - 2 * this.keepMs) return;
    const oldest = nowMs - this.keepMs;
    this.#bars = this.#bars.slice(-this.keepBars).filter(({ at }) => at >= oldest);
  }

  /** Bars of a series later than `last` and earlier than `before`, oldest first. */
  between(series: string, last: number, before: number): PendingBar[] {
    return this.#bars
      .filter(({ bar }) => bar.series === series && bar.time > last && bar.time < before)
      .map(({ bar }) => bar);
  }
}
