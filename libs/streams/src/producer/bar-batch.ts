import { readBatch, type BarEvent } from '@wagehood/contracts';
import { seriesKey } from '@wagehood/market';
import { BarTable } from '../wire/write-bars';
import type { PendingBar } from './pending-bar';
import { Runs } from './runs';
import type { KnownSeries } from './series-book';

const BYTES_PER_BAR = 100;
/** Batches so far: each has a number. */
let batches = 0;

/**
 * Bars of one kind on their way into one entry. They become text the moment they come, and what the text does not say is kept
 * beside it: a queue of objects would outlive their youth and be copied again and again.
 */
export class BarBatch {
  readonly runs = new Runs();
  /** Of each bar, the open time of the one before it in its series. */
  readonly previous: number[] = [];
  newestTime = Number.NEGATIVE_INFINITY;
  readonly #number = ++batches;
  readonly #table = new BarTable(BYTES_PER_BAR);
  #text: Buffer | null = null;

  /** @param dueAt when it is to be sent at the latest, ms of the monotonic clock */
  constructor(readonly dueAt: number) {}

  get count(): number {
    return this.previous.length;
  }

  /** Once the text has been asked for, nothing is added any more. */
  get isClosed(): boolean {
    return this.#text !== null;
  }

  add(series: KnownSeries, bar: BarEvent, previous: number): void {
    const time = bar.timestamp;
    this.#table.add(bar, series.opening);
    this.previous.push(previous);
    if (time > this.newestTime) this.newestTime = time;
    if (series.batch === this.#number && this.runs.last(series.run) === previous) {
      this.runs.goOn(series.run, time);
      return;
    }
    series.batch = this.#number;
    series.run = this.runs.begin(series, previous, time);
  }

  /** The data of the entry. */
  get text(): Buffer {
    return (this.#text ??= this.#table.end());
  }

  /** The bars, read back. */
  bars(): PendingBar[] {
    return pendingBars(this.text, this.previous);
  }
}

/** Bars as their text says them, with what it does not say. */
export function pendingBars(text: Buffer, previous: readonly number[]): PendingBar[] {
  return (readBatch(text.toString()) as BarEvent[]).map((bar, i) => ({
    series: seriesKey(bar.symbol, bar.timeframe),
    previous: previous[i] as number,
    time: bar.timestamp,
    bar,
  }));
}
