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

/** What waits of one series of a cell: usually one run, whose room is used again after each flush. */
interface Pending {
  readonly series: string;
  runs: Run[];
}

/** Columns belong to a plan, which many series follow. */
const headers = new WeakMap<readonly string[], string>();

function headerOf(columns: readonly string[]): string {
  let header = headers.get(columns);
  if (header === undefined) headers.set(columns, (header = JSON.stringify({ columns })));
  return header;
}

/** Rows for which there is room at first, and for which room is kept after a flush. */
const [FIRST_ROOM, KEPT_ROOM] = [8, 32];

/**
 * Collects rows per series and turns them into appends of bounded chunks, together with the snapshot of the cell they
 * belong to: what a crash takes from memory is exactly what the replay from that snapshot yields again.
 */
export class HistoryWriter {
  readonly #positions = new Map<string, HistoryPosition>();
  readonly #pending = new Map<string, Pending[]>();

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
    const { runs } = this.#pendingOf(cell, series);
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

  /**
   * Moves the rows of these cells into `into`, which is good until the next row comes: their room is used again. `off` is the input
   * offset that the snapshot speaks for.
   */
  flush(cells: readonly string[], off: number, into: HistoryFlush): void {
    for (const cell of cells) {
      for (const pending of this.#pending.get(cell) ?? []) {
        const written = pending.runs.filter(({ rows }) => rows > 0);
        if (written.length === 0) continue;
        this.#flushSeries(pending.series, written, off, into);
        pending.runs = written.slice(-1).filter(({ columns, numbers }) => numbers.length <= KEPT_ROOM * columns.length);
        for (const run of pending.runs) run.rows = 0;
      }
    }
  }

  #pendingOf(cell: string, series: string): Pending {
    let ofCell = this.#pending.get(cell);
    if (!ofCell) this.#pending.set(cell, (ofCell = []));
    for (const pending of ofCell) if (pending.series === series) return pending;
    const pending: Pending = { series, runs: [] };
    ofCell.push(pending);
    return pending;
  }

  #flushSeries(series: string, runs: readonly Run[], off: number, into: HistoryFlush): void {
    const known = this.#positions.get(series);
    let { first, last, rows, columns } = known ?? { first: 0, last: -1, rows: CHUNK_ROWS, columns: '' };
    for (const run of runs) {
      const header = headerOf(run.columns);
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
