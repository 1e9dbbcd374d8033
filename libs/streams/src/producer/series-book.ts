import { parseSeriesKey, seriesKey, type SeriesKey, type Timeframe } from '@wagehood/market';

/** A series as the producer knows it. */
export interface KnownSeries {
  readonly key: SeriesKey;
  readonly timeframe: Timeframe;
  /** Open time of its last bar, −Infinity before the first. */
  last: number;
}

/** The series of one partition. Found by symbol and timeframe, so that no key has to be put together for every bar. */
export class SeriesBook {
  readonly #bySymbol = new Map<string, KnownSeries[]>();

  of(symbol: string, timeframe: Timeframe): KnownSeries {
    const known = this.#bySymbol.get(symbol);
    if (known) for (const series of known) if (series.timeframe === timeframe) return series;
    const series: KnownSeries = { key: seriesKey(symbol, timeframe), timeframe, last: Number.NEGATIVE_INFINITY };
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
