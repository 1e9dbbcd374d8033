import { readBatch, type BarEvent, type CorrectionEntry, type WarmupEntry } from '@wagehood/contracts';
import { parseSeriesKey, seriesKey, type SeriesKey } from '@wagehood/market';
import type { Outbox, PartitionProcessor } from '../stage/processor';

export interface CountingItem {
  readonly cell: string;
  /** The newest one of a past. */
  readonly bar: BarEvent;
  /** The past of the series, for the latecomer. */
  readonly past?: readonly BarEvent[];
  /** The series, corrected from this open time on. */
  readonly correctedFrom?: number;
}

interface Cell {
  count: number;
  sum: number;
  /** The same sum again, by one who has come late: nothing (−1) before it has been shown the past. */
  late: number;
}

const COLUMNS = ['timestamp', 'close', 'sum'];

/**
 * The smallest stage that shows every mistake: per series it counts bars and sums closes, so that a lost, doubled or
 * swapped bar changes every later event. A latecomer makes the same sum from the past that it is shown: a past that ends elsewhere
 * than where the series stands gives another sum. A correction makes both sums anew. A bar whose close is `poison` throws.
 */
export function countingProcessor(
  options: { poison?: number; rows?: boolean; onStep?: (item: CountingItem) => void } = {},
): PartitionProcessor<CountingItem> {
  const cells = new Map<string, Cell>();
  return {
    load(cell, bytes) {
      const [count, sum, late] = new Float64Array(bytes.slice().buffer) as unknown as [number, number, number];
      cells.set(cell, { count, sum, late });
    },
    decode({ kind, data }) {
      if (kind === 'gap' || kind === 'system' || kind === 'control') return [];
      if (kind === 'warmup') return [decodePast(data)];
      if (kind === 'correction') return [decodeCorrection(data)];
      const bars = readBatch(data) as BarEvent[];
      return bars.map((bar) => ({ cell: seriesKey(bar.symbol, bar.timeframe), bar }));
    },
    step(item, entry, outbox) {
      options.onStep?.(item);
      if (item.bar.close === options.poison) throw new Error('poisoned');
      const cell = cells.get(item.cell) ?? { count: 0, sum: 0, late: -1 };
      cells.set(item.cell, cell);
      if (item.past && item.correctedFrom !== undefined) {
        recount(cell, item, item.correctedFrom, outbox);
        return;
      }
      if (item.past) {
        cell.late = item.past.reduce((sum, { close }, i) => sum + close * (i + 1), 0);
        return;
      }
      cell.count += 1;
      cell.sum += item.bar.close * cell.count;
      if (cell.late >= 0) cell.late += item.bar.close * cell.count;
      const event = {
        symbol: item.bar.symbol,
        timeframe: item.bar.timeframe,
        timestamp: item.bar.timestamp,
        isFinal: true,
        close: item.bar.close,
        ...cell,
      };
      outbox.open().text(JSON.stringify(event));
      outbox.close(item.cell, item.cell);
      if (options.rows ?? true)
        outbox.row(item.cell, item.cell, COLUMNS, Float64Array.of(item.bar.timestamp, item.bar.close, cell.sum));
    },
    save(cell) {
      const at = cells.get(cell);
      return at ? new Uint8Array(Float64Array.of(at.count, at.sum, at.late).buffer) : null;
    },
    describe: ({ bar }) => ({ symbol: bar.symbol, timeframe: bar.timeframe, payload: JSON.stringify(bar) }),
  };
}

/** Counts the corrected series anew, and says so of each bar that has changed. */
function recount(cell: Cell, { cell: series, past = [] }: CountingItem, from: number, outbox: Outbox): void {
  const events: object[] = [];
  [cell.count, cell.sum] = [0, 0];
  for (const { symbol, timeframe, timestamp, close, revision } of past) {
    cell.count += 1;
    cell.sum += close * cell.count;
    if (timestamp < from) continue;
    const { count, sum } = cell;
    events.push({ symbol, timeframe, timestamp, isFinal: true, close, count, sum, late: -1, revision });
    outbox.row(series, series, COLUMNS, Float64Array.of(timestamp, close, sum));
  }
  if (cell.late >= 0) cell.late = cell.sum;
  const { symbol, timeframe } = parseSeriesKey(series as SeriesKey);
  const json = JSON.stringify({ symbol, timeframe, from, events });
  outbox.correction(json, events.length, series, series, JSON.stringify(events.at(-1)));
}

function decodeCorrection(data: string): CountingItem {
  const { symbol, timeframe, bars, revisions } = JSON.parse(data) as CorrectionEntry;
  const correctedFrom = revisions[0]?.timestamp ?? 0;
  return { cell: seriesKey(symbol, timeframe), bar: bars.at(-1) as BarEvent, past: bars, correctedFrom };
}

function decodePast(data: string): CountingItem {
  const { symbol, timeframe, bars } = JSON.parse(data) as WarmupEntry;
  return { cell: seriesKey(symbol, timeframe), bar: bars.at(-1) as BarEvent, past: bars };
}
