import type { BarEvent } from '@wagehood/contracts';
import { JsonWriter, type JsonPiece } from '../json/json-writer';
import { rooms } from '../json/rooms';
import { shared, type Shared } from '../wire/bar-cells';
import { ValueBlock } from '../wire/value-block';
import { BarTable, writeSeldom } from '../wire/write-bars';
import type { BarEntry } from './bar-entry';
import { RowPlaces } from './row-places';
import { Runs } from './runs';
import type { KnownSeries } from './series-book';

/** Batches so far: each has a number. */
let batches = 0;
/** Where entries are written, one after the other. */
const table = new BarTable();

/**
 * Bars of one kind on their way into an entry, or a few. Their numbers are put beside each other the moment they come, and so is what else there
 * is to say of them: a queue of objects would outlive their youth and be copied again and again.
 */
export class BarBatch {
  count = 0;
  /** Nothing is added any more. */
  isClosed = false;
  readonly runs = new Runs();
  readonly #number = ++batches;
  /** Of each run. */
  readonly #series: KnownSeries[] = [];
  /** What most of its bars have in common. */
  #usual: Shared = shared();
  readonly #numbers = new ValueBlock();
  readonly #seldom = new JsonWriter();
  readonly #places = RowPlaces.take();

  /** @param entryBars an entry ends with the run that makes it so long; a run ends before it is longer */
  constructor(private readonly entryBars: number) {}

  add(series: KnownSeries, bar: BarEvent, previous: number): void {
    if (this.count === 0) this.#usual = { source: bar.source, isFinal: bar.isFinal };
    this.#numbers.addBar(bar);
    writeSeldom(this.#seldom, bar, this.#usual);
    if (this.#goesOn(series, previous)) this.runs.goOn(series.run, bar.timestamp);
    else {
      series.batch = this.#number;
      series.run = this.runs.begin(series, previous, bar.timestamp);
      this.#series.push(series);
    }
    this.#places.add(series.run, this.#seldom.length);
    this.count++;
  }

  #goesOn({ batch, run }: KnownSeries, previous: number): boolean {
    return batch === this.#number && this.runs.last(run) === previous && this.runs.bars(run) < this.entryBars;
  }

  /**
   * Closes it. What is to be sent, one after the other: the bars of a run stand beside each other, for who folds them finds their state where
   * he left it.
   */
  entries(): BarEntry[] {
    this.isClosed = true;
    const { runs } = this;
    const [order, seldom] = [this.#places.byRun(runs), this.#seldom.end()];
    const entries: BarEntry[] = [];
    let [firstRun, firstRow, row] = [0, 0, 0];
    for (let run = 0; run < runs.count; run++) {
      if (row === firstRow) table.begin(this.#usual);
      row = this.#writeRun(run, row, order, seldom);
      if (row - firstRow < this.entryBars && run < runs.count - 1) continue;
      entries.push({ text: table.end(), runs: runs.slice(firstRun, run + 1), count: row - firstRow });
      [firstRun, firstRow] = [run + 1, row];
    }
    rooms.give(seldom);
    this.#numbers.release();
    this.#places.giveBack();
    return entries.length > 0 ? entries : [{ text: table.end(), runs, count: 0 }];
  }

  /** @returns the place behind its rows, which begin at `row` */
  #writeRun(run: number, row: number, order: Int32Array, seldom: Buffer): number {
    const end = row + this.runs.bars(run);
    let name: JsonPiece | null = (this.#series[run] as KnownSeries).nameCells;
    for (; row < end; row++, name = null) {
      const at = order[row] as number;
      table.row(name, this.#numbers, at, seldom, at === 0 ? 0 : this.#places.end(at - 1), this.#places.end(at));
    }
    return end;
  }
}
