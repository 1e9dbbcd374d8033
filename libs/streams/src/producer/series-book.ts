import { parseSeriesKey, seriesKey, type SeriesKey, type Timeframe } from '@wagehood/market';
import type { JsonPiece } from '../json/json-writer';
import { partitionOf } from '../layout/partition';
import { nameCells } from '../wire/write-bars';
import { runName, type RunSeries } from './runs';
import { Succession } from './succession';

/** A series as the producer knows it. */
export interface KnownSeries extends RunSeries {
  readonly key: SeriesKey;
  readonly timeframe: Timeframe;
  readonly partition: number;
  /** What the row of its first bar in an entry begins with. */
  readonly nameCells: JsonPiece;
  /** Another series of its symbol. */
  readonly sibling: KnownSeries | null;
  /** Open time of its last bar, −Infinity before the first. */
  last: number;
  /** The number of the batch that its last bar was put into, and the index of its run there. */
  batch: number;
  run: number;
}

/** All series of a producer. Found by symbol and timeframe, so that no key has to be put together for every bar. */
export class SeriesBook {
  readonly #bySymbol = new Succession<KnownSeries>();
  readonly #byPartition: KnownSeries[][];

  constructor(private readonly partitions: number) {
    this.#byPartition = Array.from({ length: partitions }, () => []);
  }

  of(symbol: string, timeframe: Timeframe): KnownSeries {
    const known = this.#bySymbol.get(symbol);
    for (let series = known; series; series = series.sibling ?? undefined)
      if (series.timeframe === timeframe) return series;
    return this.#add(symbol, timeframe, known ?? null);
  }

  ofPartition(partition: number): readonly KnownSeries[] {
    return this.#byPartition[partition] ?? [];
  }

  noteLast(key: SeriesKey, time: number): void {
    const { symbol, timeframe } = parseSeriesKey(key);
    const series = this.of(symbol, timeframe);
    if (time > series.last) series.last = time;
  }

  #add(symbol: string, timeframe: Timeframe, sibling: KnownSeries | null): KnownSeries {
    const key = seriesKey(symbol, timeframe);
    const series: KnownSeries = {
      ...{ key, timeframe, partition: partitionOf(symbol, this.partitions), sibling },
      ...{ name: runName(key), nameCells: nameCells(symbol, timeframe) },
      ...{ last: Number.NEGATIVE_INFINITY, batch: 0, run: 0 },
    };
    this.#bySymbol.set(symbol, series);
    this.#byPartition[series.partition]?.push(series);
    return series;
  }
}
