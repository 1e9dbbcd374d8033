import { parseSeriesKey, seriesKey, type SeriesKey, type Timeframe } from '@wagehood/market';
import type { JsonPiece } from '../json/json-writer';
import { barOpening } from '../wire/bar-text';
import { runName, type RunSeries } from './runs';
import { Succession } from './succession';

/** A series as the producer knows it. */
export interface KnownSeries extends RunSeries {
  readonly key: SeriesKey;
  readonly timeframe: Timeframe;
  /** What the text of each of its bars begins with. */
  readonly opening: JsonPiece;
  /** Open time of its last bar, −Infinity before the first. */
  last: number;
  /** The number of the batch that its last bar was put into, and the index of its run there. */
  batch: number;
  run: number;
}

/** The series of one partition. Found by symbol and timeframe, so that no key has to be put together for every bar. */
export class SeriesBook {
  readonly #bySymbol = new Succession<KnownSeries[]>();

  of(symbol: string, timeframe: Timeframe): KnownSeries {
    const known = this.#bySymbol.get(symbol);
    if (known) for (const series of known) if (series.timeframe === timeframe) return series;
    const key = seriesKey(symbol, timeframe);
    const last = Number.NEGATIVE_INFINITY;
    const opening = barOpening(symbol, timeframe);
    const series: KnownSeries = { key, timeframe, opening, name: runName(key), last, batch: 0, run: 0 };
    if (known) known.push(series);
    else this.#bySymbol.set(symbol, [series]);
    return series;
  }

  *all(): Iterable<KnownSeries> {
    for (const series of this.#bySymbol.values()) yield* series;
  }

  noteLast(key: SeriesKey, time: number): void {
    const { symbol, timeframe } = parseSeriesKey(key);
    const series = this.of(symbol, timeframe);
    if (time > series.last) series.last = time;
  }
}
