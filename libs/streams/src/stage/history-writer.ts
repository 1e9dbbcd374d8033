import { historyChunkKey } from '../layout/keys';

/** Position of a series' history: chunks first…last, rows in the last one, and the input offset up to which it is written. */
export interface HistoryPosition {
  readonly first: number;
  readonly last: number;
  readonly rows: number;
  readonly off: number;
  readonly columns: string;
}

/** Rows of one chunk; a chunk is one Redis string: a line of JSON `{"columns":[…]}`, then rows of little-endian float64. */
export const CHUNK_ROWS = 256;

export interface HistoryFlush {
  readonly chunks: (readonly [key: string, bytes: Buffer])[];
  readonly index: (readonly [series: string, json: string])[];
  readonly dropped: string[];
}

/** Rows under the same columns, one behind the other. */
interface Run {
  readonly columns: readonly string[];
  /** Has room for more rows than there are. */
  numbers: Float64Array;
  rows: number;
}

const FIRST_ROOM = 8;

/**
 * Collects rows per series and turns them into appends of bounded chunks, together with the snapshot of the cell they
 * belong to: what a crash takes from memory is exactly what the replay from that snapshot yields again.
 */
export class HistoryWriter {
  readonly #positions = new Map<string, HistoryPosition>();
  readonly #pending = new Map<string, Map<string, Run[]>>();

  constructor(
    private readonly tag: string,
    private readonly keepRows: () => number,
  ) {}

  load(series: string, position: HistoryPosition): void {
    this.#positions.set(series, position);
  }

  get seriesCount(): number {
    return this.#positions.size;
  }

  /** Takes a copy of the values. */
  row(cell: string, series: string, columns: readonly string[], values: Float64Array): void {
    let bySeries = this.#pending.get(cell);
    if (!bySeries) this.#pending.set(cell, (bySeries = new Map()));
    let runs = bySeries.get(series);
    if (!runs) bySeries.set(series, (runs = []));
    let run = runs[runs.length - 1];
    if (run?.columns !== columns)
      runs.push((run = { columns, numbers: new Float64Array(FIRST_ROOM * values.length), rows: 0 }));
    const at = run.rows++ * columns.length;
    if (at === run.numbers.length) {
      const larger = new Float64Array(2 * at);
      larger.set(run.numbers);
      run.numbers = larger;
    }
    for (let i = 0; i < columns.length; i++) run.numbers[at + i] = values[i] as number;
  }

  /** Moves the rows of these cells into `into`. `off` is the input offset that the snapshot speaks for. */
  flush(cells: readonly string[], off: number, into: HistoryFlush): void {
    for (const cell of cells) {
      const bySeries = this.#pending.get(cell);
      if (!bySeries) continue;
      for (const [series, runs] of bySeries) this.#flushSeries(series, runs, off, into);
      this.#pending.delete(cell);
    }
  }

  #flushSeries(series: string, runs: readonly Run[], off: number, into: HistoryFlush): void {
    const known = this.#positions.get(series);
    let { first, last, rows, columns } = known ?? { first: 0, last: -1, rows: CHUNK_ROWS, columns: '' };
    for (const run of runs) {
      const header = JSON.stringify({ columns: run.columns });
      const bytesPerRow = 8 * run.columns.length;
      for (let from = 0; from < run.rows;) {
        const fresh = rows >= CHUNK_ROWS || header !== columns;
        if (fresh) [last, rows, columns] = [last + 1, 0, header];
        const upto = Math.min(run.rows, from + CHUNK_ROWS - rows);
        const body = Buffer.from(run.numbers.buffer, from * bytesPerRow, (upto - from) * bytesPerRow);
        into.chunks.push([
          historyChunkKey(this.tag, series, last),
          fresh ? Buffer.concat([Buffer.from(`${header}\n`), body]) : body,
        ]);
        rows += upto - from;
        from = upto;
      }
    }
    while ((last - first) * CHUNK_ROWS >= this.keepRows())
      into.dropped.push(historyChunkKey(this.tag, series, first++));
    const position: HistoryPosition = { first, last, rows, off, columns };
    this.#positions.set(series, position);
    into.index.push([series, JSON.stringify(position)]);
  }
}
