import { startRedis, type TestRedis } from '@wagehood/testing';
import { historyChunkKey, historyIndexKey, streamKey } from '../layout/keys';
import { silentLog } from '../log';
import { connectRedis, type RedisLink } from '../redis/connect';
import { CHUNK_ROWS, HistoryWriter, type HistoryFlush } from '../stage/history-writer';
import { readHistory, readUnwritten, type HistoryRange } from './history-reader';

const TAG = 't';
const SERIES = 'SPY|1s';
const OUT = streamKey('calculation_events_stream', TAG);
const COLUMNS = ['timestamp', 'close'];
const ALL: HistoryRange = { from: 0, to: Infinity, limit: Infinity };

describe('history over a real Redis', () => {
  let redis: TestRedis;
  let link: RedisLink;
  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'history', log: silentLog });
  });
  afterAll(async () => {
    await link.close();
    await redis.stop();
  });
  beforeEach(() => link.commands.flushall());

  /** Writes rows at the seconds from…to, as a commit does. */
  async function write(writer: HistoryWriter, from: number, to: number, columns = COLUMNS): Promise<void> {
    for (let n = from; n <= to; n++) {
      const more = columns.slice(1).map((_, i) => (i === 0 ? n : NaN));
      writer.row('cell', SERIES, columns, Float64Array.of(n * 1_000, ...more));
    }
    const flush: HistoryFlush = { chunks: [], index: [], dropped: [] };
    writer.flush(['cell'], to, flush);
    for (const [key, bytes] of flush.chunks) await link.commands.append(key, bytes);
    for (const [series, json] of flush.index) await link.commands.hset(historyIndexKey(TAG), series, json);
    if (flush.dropped.length > 0) await link.commands.del(...flush.dropped);
  }
  const read = async (range: Partial<HistoryRange> = {}) => readHistory(link.commands, TAG, SERIES, { ...ALL, ...range }); // prettier-ignore
  const secondsOf = async (range: Partial<HistoryRange> = {}): Promise<number[]> =>
    ((await read(range))?.pages ?? []).flatMap(({ rows }) => rows.map((row) => (row[0] as number) / 1_000));
  const seconds = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  describe('of a series with corrections', () => {
    const ROWS = CHUNK_ROWS + 40;
    const writer = () => new HistoryWriter(TAG, () => Infinity);
    /** Rows from…to written again, closes changed by `by`. */
    const again = async (by: number, from: number, to: number, on: HistoryWriter): Promise<void> => {
      for (let n = from; n <= to; n++) on.row('cell', SERIES, COLUMNS, Float64Array.of(n * 1_000, n + by));
      await write(on, to + 1, to);
    };
    const closesOf = async (range: Partial<HistoryRange> = {}) =>
      ((await read(range))?.pages ?? []).flatMap(({ rows }) => rows.map((row) => row[1] as number));

    it('is read as it was written last, in any range', async () => {
      const on = writer();
      await write(on, 1, ROWS);
      await again(0.5, 30, ROWS, on);
      await again(0.25, ROWS - 3, ROWS, on);
      await write(on, ROWS + 1, ROWS + 2);
      const due = seconds(1, ROWS + 2).map((n) => (n > ROWS || n < 30 ? n : n < ROWS - 3 ? n + 0.5 : n + 0.25));
      expect(await secondsOf()).toEqual(seconds(1, ROWS + 2));
      expect(await closesOf()).toEqual(due);
      for (const [from, to] of [[1, 29], [25, 35], [31, 31], [ROWS - 5, ROWS + 1]] as const)
        expect(await closesOf({ from: from * 1_000, to: to * 1_000 })).toEqual(due.slice(from - 1, to)); // prettier-ignore
      for (const limit of [1, 7, CHUNK_ROWS, ROWS]) expect(await closesOf({ limit })).toEqual(due.slice(-limit));
    });

    it('takes what the stream knows better from there, and nothing that is older than what is stored', async () => {
      const on = writer();
      await write(on, 1, 10);
      const entry = (kind: string, data: object) =>
        link.commands.xadd(OUT, '*', 'kind', kind, 'data', JSON.stringify(data), 'token', '0', 'bars', '1');
      const events = (by: number, from: number, to: number) =>
        seconds(from, to).map((n) => ({
          symbol: 'SPY',
          timeframe: '1s',
          timestamp: n * 1_000,
          isFinal: true,
          close: n + by,
        }));
      const correction = (by: number, from: number, to: number, lead = 2) => ({
        ...{ symbol: 'SPY', timeframe: '1s', from: from * 1_000 },
        events: [...events(9, from - lead, from - 1), ...events(by, from, to)],
      });
      await entry('bar', events(0, 9, 10));
      await entry('correction', correction(0.5, 4, 10));
      await entry('bar', events(0, 11, 11));
      await entry('correction', correction(0.25, 8, 11));
      await entry('bar', events(0, 12, 12));
      const tail = (await readUnwritten(link.commands, TAG, SERIES, 10_000)) as unknown as { close: number }[];
      const due = [4.5, 5.5, 6.5, 7.5, 8.25, 9.25, 10.25, 11.25, 12];
      expect(tail.map(({ close }) => close)).toEqual(due);
      await again(0.5, 4, 10, on);
      await write(on, 11, 12); // all is written but the last correction
      const rest = (await readUnwritten(link.commands, TAG, SERIES, 12_000)) as unknown as { close: number }[];
      expect(rest).toEqual([]); // bar 12 stands behind them all
    });
  });

  describe('of a series in several chunks', () => {
    const last = 3 * CHUNK_ROWS + 7;
    beforeEach(() => write(new HistoryWriter(TAG, () => Infinity), 1, last));

    it('is read whole, oldest first', async () => {
      expect(await secondsOf()).toEqual(seconds(1, last));
      expect((await read())?.newest).toBe(last * 1_000);
    });

    it.each<[Partial<HistoryRange>, readonly [number, number]]>([
      [{ from: 10_000, to: 12_000 }, [10, 12]],
      [{ from: (CHUNK_ROWS - 1) * 1_000, to: (CHUNK_ROWS + 2) * 1_000 }, [CHUNK_ROWS - 1, CHUNK_ROWS + 2]],
      [{ from: (CHUNK_ROWS + 1) * 1_000, to: 2 * CHUNK_ROWS * 1_000 }, [CHUNK_ROWS + 1, 2 * CHUNK_ROWS]],
      [{ from: (last - 1) * 1_000 }, [last - 1, last]],
      [{ to: 2_999 }, [1, 2]],
      [{ limit: 3 }, [last - 2, last]],
      [{ limit: CHUNK_ROWS + 8 }, [last - CHUNK_ROWS - 7, last]],
      [{ to: 50_000, limit: 2 }, [49, 50]],
    ])('gives the newest rows of %j', async (range, [from, to]) => {
      expect(await secondsOf(range)).toEqual(seconds(from, to));
    });

    it('gives nothing outside of what there is, but says how far it goes', async () => {
      expect(await read({ from: 1e12 })).toEqual({ pages: [], newest: last * 1_000 });
      expect(await read({ from: 5_001, to: 5_999 })).toMatchObject({ pages: [] });
    });

    it('ends where a chunk has been dropped meanwhile', async () => {
      await link.commands.del(historyChunkKey(TAG, SERIES, 1));
      expect(await secondsOf()).toEqual(seconds(2 * CHUNK_ROWS + 1, last));
    });
  });

  it('keeps the columns of their time, and numbers bit for bit', async () => {
    const writer = new HistoryWriter(TAG, () => Infinity);
    await write(writer, 1, 2);
    const wider = ['timestamp', 'close', 'sma_50'];
    await write(writer, 3, 4, wider);
    const pages = (await read())?.pages.map(({ columns, rows }) => ({ columns, rows: rows.map((row) => [...row]) }));
    expect(pages).toEqual([
      { columns: COLUMNS, rows: [[1_000, 1], [2_000, 2]] },
      { columns: wider, rows: [[3_000, 3, NaN], [4_000, 4, NaN]] },
    ]); // prettier-ignore
  });

  it('goes on after a restart in the chunk that was not full', async () => {
    await write(new HistoryWriter(TAG, () => Infinity), 1, 10);
    const heir = new HistoryWriter(TAG, () => Infinity);
    heir.load(SERIES, JSON.parse((await link.commands.hget(historyIndexKey(TAG), SERIES)) ?? ''));
    await write(heir, 11, 20);
    expect(await secondsOf()).toEqual(seconds(1, 20));
    expect(await link.commands.exists(historyChunkKey(TAG, SERIES, 1))).toBe(0);
  });

  it('is bounded: the oldest chunks go', async () => {
    await write(new HistoryWriter(TAG, () => 2 * CHUNK_ROWS), 1, 5 * CHUNK_ROWS);
    const kept = await secondsOf();
    expect(kept.length).toBeGreaterThanOrEqual(2 * CHUNK_ROWS);
    expect(kept.length).toBeLessThanOrEqual(3 * CHUNK_ROWS);
    expect(kept.at(-1)).toBe(5 * CHUNK_ROWS);
    expect(await link.commands.keys(`history:{${TAG}}:*`)).toHaveLength(kept.length / CHUNK_ROWS);
  });

  it('of a series without any is null', async () => {
    expect(await read()).toBeNull();
  });

  describe('that is not written yet', () => {
    const event = (n: number, more: object = {}) => ({ symbol: 'SPY', timeframe: '1s', timestamp: n * 1_000, isFinal: true, ...more }); // prettier-ignore
    const put = (offset: number, kind: string, ...events: object[]) =>
      link.commands.xadd(OUT, `${offset}-0`, 'kind', kind, 'data', JSON.stringify(events), 'token', '1', 'bars', '1');
    const unwritten = async (since: number): Promise<number[]> =>
      (await readUnwritten(link.commands, TAG, SERIES, since)).map(({ timestamp }) => timestamp / 1_000);

    it('is found in the stream: final bars of the series alone, oldest first', async () => {
      await put(1, 'bar', event(1), event(2), event(2, { symbol: 'QQQ' }));
      await put(2, 'bar', event(3, { timeframe: '1m' }), event(3));
      await put(3, 'control', { symbol: 'SPY', timeframe: '1s' });
      await put(4, 'bar', event(4, { isFinal: false }), event(4, { symbol: 'SPYX' }));
      await put(5, 'bar', event(4));
      expect(await unwritten(1_000)).toEqual([2, 3, 4]);
      expect(await unwritten(-Infinity)).toEqual([1, 2, 3, 4]);
      expect(await unwritten(4_000)).toEqual([]);
    });

    it('is sought through as many pages as it takes, and no further than it must', async () => {
      const xrevrange = jest.spyOn(link.commands, 'xrevrange');
      for (let n = 1; n <= 240; n++) await put(n, 'bar', event(n));
      expect(await unwritten(50_000)).toEqual(seconds(51, 240));
      expect(xrevrange).toHaveBeenCalledTimes(4);
      xrevrange.mockClear();
      expect(await unwritten(238_000)).toEqual([239, 240]);
      expect(xrevrange).toHaveBeenCalledTimes(1);
      xrevrange.mockRestore();
    });

    it('is nothing where there is no stream', async () => {
      expect(await unwritten(0)).toEqual([]);
    });
  });
});
