import type { BarEvent } from '@wagehood/contracts';
import { seriesKey } from '@wagehood/market';
import type { PartitionProcessor } from '../stage/processor';

export interface CountingItem {
  readonly cell: string;
  readonly bar: BarEvent;
}

const COLUMNS = ['timestamp', 'close', 'sum'];

/**
 * The smallest stage that shows every mistake: per series it counts bars and sums closes, so that a lost, doubled or
 * swapped bar changes every later event. A bar whose close is `poison` throws.
 */
export function countingProcessor(
  options: { poison?: number; rows?: boolean; onStep?: (item: CountingItem) => void } = {},
): PartitionProcessor<CountingItem> {
  const cells = new Map<string, { count: number; sum: number }>();
  return {
    load(cell, bytes) {
      const [count, sum] = new Float64Array(bytes.slice().buffer) as unknown as [number, number];
      cells.set(cell, { count, sum });
    },
    decode({ kind, data }) {
      const bars = kind === 'gap' || kind === 'system' ? [] : (JSON.parse(data) as BarEvent[]);
      return bars.map((bar) => ({ cell: seriesKey(bar.symbol, bar.timeframe), bar }));
    },
    step(item, entry, outbox) {
      options.onStep?.(item);
      if (item.bar.close === options.poison) throw new Error('poisoned');
      const cell = cells.get(item.cell) ?? { count: 0, sum: 0 };
      cells.set(item.cell, cell);
      cell.count += 1;
      cell.sum += item.bar.close * cell.count;
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
      return at ? new Uint8Array(Float64Array.of(at.count, at.sum).buffer) : null;
    },
    describe: ({ bar }) => ({ symbol: bar.symbol, timeframe: bar.timeframe, payload: JSON.stringify(bar) }),
  };
}
