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
