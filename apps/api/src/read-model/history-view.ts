import { toTime, type CalculationEvent, type HistoricalBar, type IndicatorValue } from '@wagehood/contracts';
import type { HistoryPage } from '@wagehood/streams';

/** A stored bar, not yet in the shape of HTTP: most are read to be skipped. */
export interface HistoryRow {
  /** Open time, epoch ms. */
  readonly openTime: number;
  view(): HistoricalBar;
}

/** Which indicators are wanted; null = all that are stored. */
export type Wanted = ReadonlySet<string> | null;

const BAR_COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;

/** Stored rows and the events behind them, as one list, oldest first. */
export function historyRows(
  pages: readonly HistoryPage[],
  tail: readonly CalculationEvent[],
  wanted: Wanted,
): readonly HistoryRow[] {
  const stored = pages.flatMap(({ columns, rows }) => {
    const view = rowViewer(columns, wanted);
    const at = columns.indexOf('timestamp');
    return rows.map((row) => ({ openTime: row[at] as number, view: () => view(row) }));
  });
  return [...stored, ...tail.map((event) => ({ openTime: event.timestamp, view: () => viewEvent(event, wanted) }))];
}

/** Columns are `timestamp`, those of the bar, then `sma_50` for a scalar or `macd.macd_line` for one output of several. */
function rowViewer(columns: readonly string[], wanted: Wanted): (row: Float64Array) => HistoricalBar {
  const at = (column: string): number => columns.indexOf(column);
  const [time, open, high, low, close, volume] = ['timestamp', ...BAR_COLUMNS].map(at) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ofBar = new Set<string>(['timestamp', ...BAR_COLUMNS]);
  const cells = columns.flatMap((column, i) => {
    const [name = '', output = null] = column.split('.', 2);
    return ofBar.has(column) || (wanted && !wanted.has(name)) ? [] : [{ i, name, output }];
  });
  return (row) => {
    const indicators: Record<string, IndicatorValue> = {};
    for (const { i, name, output } of cells) {
      const value = Number.isNaN(row[i]) ? null : (row[i] as number);
      if (output === null) indicators[name] = value;
      else indicators[name] = { ...(indicators[name] as Record<string, number | null> | undefined), [output]: value };
    }
    const number = (i: number): number => row[i] as number;
    return {
      timestamp: toTime(number(time)),
      ...{ open: number(open), high: number(high), low: number(low), close: number(close), volume: number(volume) },
      indicators: indicators as HistoricalBar['indicators'],
    };
  };
}

function viewEvent(event: CalculationEvent, wanted: Wanted): HistoricalBar {
  const { timestamp, open, high, low, close, volume, values } = event;
  const picked = Object.entries(values).filter(([name]) => !wanted || wanted.has(name));
  const indicators = Object.fromEntries(picked) as HistoricalBar['indicators'];
  return { timestamp: toTime(timestamp), open, high, low, close, volume, indicators };
}
