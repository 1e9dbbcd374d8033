import type { BarEvent } from '@wagehood/contracts';
import type { SeriesKey } from '@wagehood/market';

/** A bar on its way into the log, with the bar that must stand before it. */
export interface PendingBar {
  readonly series: SeriesKey;
  /** Open time of the previous bar of the series, −Infinity if there is none. */
  previous: number;
  readonly time: number;
  readonly bar: BarEvent;
}
