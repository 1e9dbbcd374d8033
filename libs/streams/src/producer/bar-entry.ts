import { readBatch, type BarEvent } from '@wagehood/contracts';
import { seriesKey, type SeriesKey } from '@wagehood/market';
import type { Runs } from './runs';

/** Bars as they are sent: the data of one entry, the bars of a run beside each other, and what the text does not say. */
export interface BarEntry {
  readonly text: Buffer;
  readonly runs: Runs;
  readonly count: number;
}

/** A bar on its way into the log, with the bar that must stand before it. */
export interface PendingBar {
  readonly series: SeriesKey;
  /** Open time of the previous bar of the series, −Infinity if there is none. */
  previous: number;
  readonly time: number;
  readonly bar: BarEvent;
}

/** The bars, read back. */
export function pendingBars({ text, runs }: Pick<BarEntry, 'text' | 'runs'>): PendingBar[] {
  const bars = readBatch(text.toString()) as BarEvent[];
  const pending: PendingBar[] = [];
  for (let i = 0; i < runs.count; i++) {
    let { previous } = runs.at(i);
    for (const bar of bars.slice(pending.length, pending.length + runs.bars(i))) {
      pending.push({ series: seriesKey(bar.symbol, bar.timeframe), previous, time: bar.timestamp, bar });
      previous = bar.timestamp;
    }
  }
  return pending;
}
