import { rooms } from '../json/rooms';
import { historyChunkKey } from '../layout/keys';
import { RowArena } from './row-arena';

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
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;

export interface HistoryFlush {
  readonly chunks: (readonly [key: string, bytes: Buffer])[];
  readonly index: (readonly [series: string, json: string])[];
  readonly dropped: string[];
}

/** Rows of a series under the same columns: a chain in their arena. */
interface Run {
  readonly arena: RowArena;
  readonly first: number;
  last: number;
  rows: number;
}

/** What waits of one series of a cell: one run, or more when its columns have changed meanwhile. */
interface Pending {
  readonly series: string;
  readonly runs: Run[];
}

/** Columns belong to a plan, which many series follow. */
const headers = new WeakMap<readonly string[], string>();

function headerOf(columns: readonly string[]): string {
  let header = headers.get(columns);
  if (header === undefined) headers.set(columns, (header = JSON.stringify({ columns })));
  return header;
}

/**
 * Collects rows per series and turns them into appends of bounded chunks, together with the snapshot of the cell they
 * belong to: what a crash takes from memory is exactly what the replay from that snapshot yields again.
 */
export class HistoryWriter {
  readonly #positions = new Map<string, HistoryPosition>();
  readonly #pending = new Map<string, Pending[]>();
  /** The cell and the series that were asked for last. */
  #lastCell = '';
  #last: Pending | null = null;
  readonly #arenas = new Map<readonly string[], RowArena>();
  /** The rows of the last flush, and the room that they lie in. */
  #flushed: Float64Array = new Float64Array(0);
  #room: Buffer = Buffer.alloc(0);

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
    const run = runs.length > 0 ? runs[runs.length - 1] : undefined; // to look at −1 makes every look slower
    if (run?.arena.columns === columns) {
      run.last = run.arena.add(values, run.last);
      run.rows++;
      return;
    }
    const arena = this.#arenaOf(columns);
    const first = arena.add(values, -1);
    runs.push({ arena, first, last: first, rows: 1 });
  }

  /**
   * Moves the rows of these cells into `into`, which is good until the next flush: its room is used again. `off` is the input
   * offset that the snapshot speaks for.
   */
  flush(cells: readonly string[], off: number, into: HistoryFlush): void {
    const pending = cells.flatMap((cell) => this.#pending.get(cell) ?? []);
    for (const cell of cells) this.#pending.delete(cell);
    this.#last = null;
    const numbers = pending
      .flatMap(({ runs }) => runs)
      .reduce((sum, { arena, rows }) => sum + rows * arena.columns.length, 0);
    this.#makeRoom(numbers * NUMBER_BYTES);
    let at = 0;
    for (const { series, runs } of pending) at = this.#flushSeries(series, runs, off, into, at);
    for (const [columns, { size }] of this.#arenas) if (size === 0) this.#arenas.delete(columns);
  }

  #makeRoom(bytes: number): void {
    const { length } = this.#room;
    if (bytes <= length && length <= 4 * bytes) return;
    rooms.give(this.#room);
    this.#room = rooms.take(bytes);
    const { buffer, byteOffset, length: got } = this.#room;
    this.#flushed = new Float64Array(buffer, byteOffset, Math.floor(got / NUMBER_BYTES));
  }

  #arenaOf(columns: readonly string[]): RowArena {
    let arena = this.#arenas.get(columns);
    if (!arena) this.#arenas.set(columns, (arena = new RowArena(columns)));
    return arena;
  }

  #pendingOf(cell: string, series: string): Pending {
    if (this.#last?.series === series && this.#lastCell === cell) return this.#last;
    let ofCell = this.#pending.get(cell);
    if (!ofCell) this.#pending.set(cell, (ofCell = []));
    let pending = ofCell.find((one) => one.series === series);
    if (!pending) ofCell.push((pending = { series, runs: [] }));
    this.#lastCell = cell;
    this.#last = pending;
    return pending;
  }

  /** @returns the place behind its rows in `#flushed`; they begin at `at` */
  #flushSeries(series: string, runs: readonly Run[], off: number, into: HistoryFlush, at: number): number {
    const known = this.#positions.get(series);
    let { first, last, rows, columns } = known ?? { first: 0, last: -1, rows: CHUNK_ROWS, columns: '' };
    for (const { arena, first: begin, rows: count } of runs) {
      const header = headerOf(arena.columns);
      let place = begin;
      for (let left = count; left > 0;) {
        const fresh = rows >= CHUNK_ROWS || header !== columns;
        if (fresh) [last, rows, columns] = [last + 1, 0, header];
        const now = Math.min(left, CHUNK_ROWS - rows);
        place = arena.take(place, now, this.#flushed, at);
        const body = this.#room.subarray(NUMBER_BYTES * at, NUMBER_BYTES * (at + now * arena.columns.length));
        into.chunks.push([
          historyChunkKey(this.tag, series, last),
          fresh ? Buffer.concat([Buffer.from(`${header}\n`), body]) : body,
        ]);
        at += now * arena.columns.length;
        rows += now;
        left -= now;
      }
    }
    while ((last - first) * CHUNK_ROWS >= this.keepRows())
      into.dropped.push(historyChunkKey(this.tag, series, first++));
    const position: HistoryPosition = { first, last, rows, off, columns };
    this.#positions.set(series, position);
    into.index.push([series, JSON.stringify(position)]);
    return at;
  }
}
