import fc from 'fast-check';
import { parseChunk } from '../read/history-reader';
import { CHUNK_ROWS, HistoryWriter, type HistoryFlush, type HistoryPosition } from './history-writer';

const row = (n: number): Float64Array => Float64Array.of(n * 1_000, n);

/** Redis' APPEND and UNLINK, in a map. */
function store(into: Map<string, Buffer>, { chunks, dropped }: HistoryFlush): void {
  for (const [key, bytes] of chunks) into.set(key, Buffer.concat([into.get(key) ?? Buffer.alloc(0), bytes]));
  for (const key of dropped) into.delete(key);
}

const flushOf = (writer: HistoryWriter, off: number): HistoryFlush => {
  const flush: HistoryFlush = { chunks: [], index: [], dropped: [] };
  writer.flush(['cell'], off, flush);
  return flush;
};

describe('HistoryWriter', () => {
  it('yields every row again, in order, however rows and flushes are mixed and whoever goes on', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 6 }), (batches) => {
        const redis = new Map<string, Buffer>();
        let position: HistoryPosition | null = null;
        let n = 0;
        const columns = ['timestamp', 'close'];
        for (const [i, size] of batches.entries()) {
          const writer = new HistoryWriter('t', () => 1e9); // a new owner each time
          if (position) writer.load('SPY|1s', position);
          for (let k = 0; k < size; k++) writer.row('cell', 'SPY|1s', columns, row(++n));
          const flush = flushOf(writer, i);
          store(redis, flush);
          if (flush.index[0]) position = JSON.parse(flush.index[0][1]) as HistoryPosition;
        }
        const rows = [...redis.values()].flatMap((bytes) => parseChunk(bytes).rows.map((values) => values[1]));
        expect(rows).toEqual(Array.from({ length: n }, (_, i) => i + 1));
      }),
    );
  });

  it('starts a new chunk when the columns change, so that every chunk says what it holds', () => {
    const redis = new Map<string, Buffer>();
    const writer = new HistoryWriter('t', () => 1e9);
    writer.row('cell', 'SPY|1s', ['timestamp', 'close'], row(1));
    writer.row('cell', 'SPY|1s', ['timestamp', 'close', 'sma_50'], Float64Array.of(2_000, 2, NaN));
    store(redis, flushOf(writer, 1));
    const [first, second] = [...redis.values()].map(parseChunk);
    expect(first).toEqual({ columns: ['timestamp', 'close'], rows: [row(1)] });
    expect(second).toEqual({ columns: ['timestamp', 'close', 'sma_50'], rows: [Float64Array.of(2_000, 2, NaN)] });
  });

  it('flushes into the room of the last flush, and gives up room that was large for once', () => {
    const writer = new HistoryWriter('t', () => 1e9);
    const columns = Array.from({ length: 40 }, (_, i) => `column_${i}`);
    const values = new Float64Array(40);
    const memoryOf = (rows: number) => {
      for (let n = 1; n <= rows; n++) writer.row('cell', 'SPY|1s', columns, values);
      return flushOf(writer, rows).chunks.at(-1)?.[1].buffer as ArrayBuffer;
    };
    memoryOf(1); // begins a chunk, with a header before its rows
    const small = memoryOf(60);
    expect(memoryOf(55) === small).toBe(true);
    const large = memoryOf(130);
    expect(large === small).toBe(false);
    expect(memoryOf(2) === large).toBe(false);
  });

  it('drops the oldest chunks and keeps the wanted number of rows', () => {
    const redis = new Map<string, Buffer>();
    const writer = new HistoryWriter('t', () => 2 * CHUNK_ROWS);
    for (let n = 1; n <= 5 * CHUNK_ROWS; n++) {
      writer.row('cell', 'SPY|1s', ['timestamp', 'close'], row(n));
      if (n % 100 === 0) store(redis, flushOf(writer, n));
    }
    store(redis, flushOf(writer, 9_999));
    const rows = [...redis.values()].flatMap((bytes) => parseChunk(bytes).rows.map((values) => values[1] as number));
    expect(rows.length).toBeGreaterThanOrEqual(2 * CHUNK_ROWS);
    expect(rows.length).toBeLessThanOrEqual(3 * CHUNK_ROWS);
    expect(rows.at(-1)).toBe(5 * CHUNK_ROWS);
  });
});
