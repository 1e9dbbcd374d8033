import type { SeriesKey } from '@wagehood/market';
import { jsonPiece, JsonWriter, type JsonPiece } from '../json/json-writer';

/** A sequence of bars of one series in which each names the one before it: what the append script checks as one. Epoch ms. */
export interface Run {
  readonly series: SeriesKey | '#control';
  /** Open time of the bar before the run, −Infinity if there is none. */
  readonly previous: number;
  readonly first: number;
  readonly last: number;
}

/** A series as the append script is told it. */
export interface RunSeries {
  readonly key: Run['series'];
  readonly name: JsonPiece;
}

/** Four numbers of each run; the last is how many bars it has. */
const [PREVIOUS, FIRST, LAST, BARS, WIDTH] = [0, 1, 2, 3, 4];
const [OPENING, COMMA, CLOSING] = [jsonPiece('['), jsonPiece(','), jsonPiece(']')];
const writer = new JsonWriter();

export const runName = (series: Run['series']): JsonPiece => jsonPiece(`${JSON.stringify(series)},`);

/** The runs of one batch. Numbers beside each other, no objects: with many series every bar is a run of its own. */
export class Runs {
  constructor(
    private readonly series: RunSeries[] = [],
    private readonly numbers: number[] = [],
  ) {}

  static of(series: Run['series'], { previous, first, last }: Omit<Run, 'series'>): Runs {
    const runs = new Runs();
    runs.begin({ key: series, name: runName(series) }, previous, first);
    runs.numbers[LAST] = last;
    return runs;
  }

  get count(): number {
    return this.series.length;
  }

  /** @returns the index of the run */
  begin(series: RunSeries, previous: number, first: number): number {
    this.numbers.push(previous, first, first, 1);
    return this.series.push(series) - 1;
  }

  last(index: number): number {
    return this.numbers[WIDTH * index + LAST] as number;
  }

  bars(index: number): number {
    return this.numbers[WIDTH * index + BARS] as number;
  }

  /** Another bar of the run. */
  goOn(index: number, last: number): void {
    this.numbers[WIDTH * index + LAST] = last;
    (this.numbers[WIDTH * index + BARS] as number)++;
  }

  at(index: number): Run {
    const [previous, first, last] = this.numbers.slice(WIDTH * index) as [number, number, number];
    return { series: (this.series[index] as RunSeries).key, previous, first, last };
  }

  /** Open time of the newest bar of all. */
  get newest(): number {
    let newest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.count; i++) newest = Math.max(newest, this.last(i));
    return newest;
  }

  /** Those from `from` up to `to` − 1. */
  slice(from: number, to: number): Runs {
    return new Runs(this.series.slice(from, to), this.numbers.slice(WIDTH * from, WIDTH * to));
  }

  seriesKeys(): Run['series'][] {
    return this.series.map(({ key }) => key);
  }

  /** As the append script takes them: one JSON array. Times behind the first of a run are differences: they are shorter. */
  encode(): Buffer {
    const { series, numbers } = this;
    writer.cut(0);
    writer.piece(OPENING);
    for (let i = 0; i < series.length; i++) {
      const at = WIDTH * i;
      const first = numbers[at + FIRST] as number;
      if (i > 0) writer.piece(COMMA);
      writer.piece((series[i] as RunSeries).name);
      writer.number(first);
      writer.piece(COMMA);
      writer.number((numbers[at + PREVIOUS] as number) < 0 ? 0 : first - (numbers[at + PREVIOUS] as number));
      writer.piece(COMMA);
      writer.number((numbers[at + LAST] as number) - first);
    }
    writer.piece(CLOSING);
    return writer.take();
  }
}
