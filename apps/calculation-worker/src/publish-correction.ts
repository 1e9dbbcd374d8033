import type { CorrectionEntry } from '@wagehood/contracts';
import { seriesKey } from '@wagehood/market';
import type { LogEntry, Outbox } from '@wagehood/streams';
import type { Corrected } from './correct-feed';
import { correctionEvents } from './past-events';

/** Gives out what a correction has changed in a series: its events, its rows of history and its latest value. */
export function publishCorrection(
  cell: string,
  corrected: Corrected,
  correction: CorrectionEntry,
  { appendedAt }: LogEntry,
  columns: readonly string[],
  outbox: Outbox,
): void {
  const { series, from, bars, values } = corrected;
  const changes = correctionEvents(corrected, correction, appendedAt);
  const newest = changes.events.at(-1);
  if (!newest || newest.timestamp < from) return; // the bar itself is not among them: nothing of this series has changed
  const key = seriesKey(series.symbol, series.timeframe);
  outbox.correction(JSON.stringify(changes), changes.events.length, cell, key, JSON.stringify(newest));
  bars.forEach(({ openTime, open, high, low, close, volume }, i) => {
    if (openTime < from) return;
    const row = Float64Array.of(openTime, open, high, low, close, volume, ...(values[i] as Float64Array));
    outbox.row(cell, key, columns, row);
  });
}
