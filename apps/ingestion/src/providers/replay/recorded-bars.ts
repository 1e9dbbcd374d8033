import type { Timeframe } from '@wagehood/market';
import type { FeedBar } from '../provider';
import { isFault, parseRow, rowSymbol } from './parse-row';
import { readRows } from './read-rows';
import type { Recording } from './recordings';

/** Called for a row that is no bar; `reason` is for counting. */
export type OnBadRow = (place: string, reason: string, message: string) => void;

/** The bars of the wanted symbols in one file, in its order, in chunks. `wanted` maps a symbol to its timeframe. */
export async function* recordedBars(
  recording: Recording,
  wanted: ReadonlyMap<string, Timeframe>,
  onBadRow: OnBadRow,
): AsyncGenerator<FeedBar[]> {
  for await (const chunk of readRows(recording.path)) {
    const bars: FeedBar[] = [];
    for (const { line, row, fault } of chunk) {
      const place = `${recording.path}:${line}`;
      if (row === null) {
        onBadRow(place, 'row-unreadable', fault ?? 'unreadable');
        continue;
      }
      const symbol = rowSymbol(row, recording.symbol);
      if (symbol === null) onBadRow(place, 'symbol-missing', 'no symbol');
      const timeframe = symbol === null ? undefined : wanted.get(symbol);
      if (symbol === null || timeframe === undefined) continue;
      const bar = parseRow(row, symbol, timeframe);
      if (isFault(bar)) onBadRow(place, bar.reason, bar.message);
      else bars.push(bar);
    }
    if (bars.length > 0) yield bars;
  }
}
