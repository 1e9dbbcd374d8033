import type { BarEvent } from '@wagehood/contracts';
import { jsonPiece, JsonWriter } from '../json/json-writer';
import { rooms } from '../json/rooms';
import { BarTable } from '../wire/write-bars';
import type { BarEntry } from './bar-entry';
import { RowPlaces } from './row-places';
import { Runs } from './runs';
import type { KnownSeries } from './series-book';

/** Bytes of the text that was closed last: the next one is as long for the most part, and does not have to grow. */
let usualBytes = 1_024;
const END = jsonPiece(']');
/** Batches so far: each has a number. */
let batches = 0;
/** Where rows are brought into order. */
const writer = new JsonWriter();

/**
 * Bars of one kind on their way into an entry, or a few. They become text the moment they come, and what the text does not say is kept
 * beside it: a queue of objects would outlive their youth and be copied again and again.
 */
export class BarBatch {
  count = 0;
  /** Nothing is added any more. */
  isClosed = false;
  readonly runs = new Runs();
  readonly #number = ++batches;
  readonly #table = new BarTable(usualBytes);
  readonly #places = RowPlaces.take();
  #lastRun = 0;
  /** No bar came between two of one run. */
  #isGrouped = true;

  /**
   * @param dueAt when it is to be sent at the latest, ms of the monotonic clock
   * @param entryBars an entry ends with the run that makes it so long; a run ends before it is longer
   */
  constructor(
    readonly dueAt: number,
    private readonly entryBars: number,
  ) {}

  add(series: KnownSeries, bar: BarEvent, previous: number): void {
    const time = bar.timestamp;
    this.#table.add(bar, series.opening);
    if (this.#goesOn(series, previous)) {
      this.runs.goOn(series.run, time);
      if (series.run !== this.#lastRun) this.#isGrouped = false;
    } else {
      series.batch = this.#number;
      series.run = this.runs.begin(series, previous, time);
    }
    this.#lastRun = series.run;
    this.#places.add(this.#lastRun, this.#table.length);
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
    const { runs, count } = this;
    const text = this.#table.end();
    usualBytes = text.length + (text.length >> 3);
    const entries = this.#isGrouped && count <= this.entryBars ? [{ text, runs, count }] : this.#group(text);
    this.#places.giveBack();
    return entries;
  }

  #group(text: Buffer): BarEntry[] {
    const { runs } = this;
    const order = this.#places.byRun(runs);
    const entries: BarEntry[] = [];
    let [firstRun, firstRow, row] = [0, 0, 0];
    for (let run = 0; run < runs.count; run++) {
      if (row === firstRow) writer.copy(text, 0, this.#table.opening);
      for (const end = row + runs.bars(run); row < end; row++) {
        const at = order[row] as number;
        writer.copy(text, at === 0 ? this.#table.opening : this.#places.end(at - 1), this.#places.end(at));
      }
      if (row - firstRow < this.entryBars && run < runs.count - 1) continue;
      writer.piece(END);
      entries.push({ text: writer.take(), runs: runs.slice(firstRun, run + 1), count: row - firstRow });
      [firstRun, firstRow] = [run + 1, row];
    }
    rooms.give(text);
    return entries;
  }
}
