import type { BarEvent } from '@wagehood/contracts';
import { seriesKey } from '@wagehood/market';
import { encodeBar } from './encode-bar';

/** A bar on its way into the log, with the bar that must stand before it. */
export interface PendingBar {
  readonly series: string;
  /** Open time of the previous bar of the series, −Infinity if there is none. */
  previous: number;
  readonly time: number;
  readonly json: string;
  readonly final: boolean;
}

export function pendingBar(bar: BarEvent, previous: number): PendingBar {
  return {
    series: seriesKey(bar.symbol, bar.timeframe),
    previous,
    time: bar.timestamp,
    json: encodeBar(bar),
    final: bar.isFinal,
  };
}
