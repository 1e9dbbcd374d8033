import type { BarEvent, WarmupEntry } from '@wagehood/contracts';
import { seriesKey } from '@wagehood/market';
import type { PartitionProcessor } from '../stage/processor';

export interface CountingItem {
  readonly cell: string;
  /** The newest one of a past. */
  readonly bar: BarEvent;
  /** The past of the series, for the latecomer. */
  readonly past?: readonly BarEvent[];
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
 * than where the series stands gives another sum. A bar whose close is `poison` throws.
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
      const bars = JSON.parse(data) as BarEvent[];
      return bars.map((bar) => ({ cell: seriesKey(bar.symbol, bar.timeframe), bar }));
    },
    step(item, entry, outbox) {
      options.onStep?.(item);
      if (item.bar.close === options.poison) throw new Error('poisoned');
      const cell = cells.get(item.cell) ?? { count: 0, sum: 0, late: -1 };
      cells.set(item.cell, cell);
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
      outbox.close(item.cell);
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

function decodePast(data: string): CountingItem {
  const { symbol, timeframe, bars } = JSON.parse(data) as WarmupEntry;
  return { cell: seriesKey(symbol, timeframe), bar: bars.at(-1) as BarEvent, past: bars };
}
