import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@wagehood/testing';
import {
  alertsKey,
  deadLettersKey,
  historyIndexKey,
  latestKey,
  membersKey,
  signalsKey,
  stageKey,
} from '../layout/keys';
import { partitionOf } from '../layout/partition';
import type { Producer } from '../producer/producer';
import type { StageWorker } from '../stage/stage-worker';
import { numberedBars } from '../testing/bars';
import { countingProcessor } from '../testing/counting';
import { Fixture } from '../testing/fixture';
import { createReader, type Reader } from './reader';

const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'TSLA'];

describe('the reader over a real Redis', () => {
  let fixture: Fixture;
  let reader: Reader;
  let producer: Producer;
  let worker: StageWorker | null;
  beforeEach(async () => {
    fixture = await Fixture.open();
    reader = createReader(fixture.link(), fixture.partitions);
    producer = await fixture.producer();
    worker = null;
  });
  afterEach(async () => {
    await worker?.stop();
    await producer.stop();
    await fixture.close();
  });

  const tagOf = (symbol: string): string => fixture.tags[partitionOf(symbol, fixture.partitions)] as string;
  const client = () => fixture.link('other').commands;
  const run = async (poison?: number) => {
    worker = fixture.worker('w1', {}, { createProcessor: () => countingProcessor(poison ? { poison } : {}) });
    await worker.start();
  };
  const settled = async (bars: number): Promise<void> => {
    await fixture.untilOutputs(bars);
    await worker?.stop(); // saves and shows everything
  };

  it('has nothing to say about an empty Redis', async () => {
    expect(await reader.latest(['SPY|1s'])).toEqual(new Map());
    expect(await reader.latest([])).toEqual(new Map());
    expect(await reader.seriesOf('SPY')).toEqual([]);
    expect(await reader.history('SPY|1s', { from: 0, to: Infinity, limit: 10 })).toBeNull();
    expect(await reader.signals('SPY', 10)).toEqual([]);
    expect(await reader.alerts(10)).toEqual([]);
    expect(await reader.members('calculation')).toEqual([]);
    expect(await reader.deadLetters('calculation', 10)).toEqual([]);
    expect(await reader.deadLetterCount('calculation')).toBe(0);
    const nothing = {
      owner: '',
      epoch: 0,
      off: 0,
      tail: 0,
      bars: 0,
      lagBars: 0,
      outBars: 0,
      snapshotAgeMs: 0,
      deadLetters: 0,
    };
    expect(await reader.stageStats('calculation')).toEqual(
      [0, 1, 2, 3].map((partition) => ({ partition, ...nothing })),
    );
  });

  it('finds the latest values of many series on many partitions, and leaves out what there is not', async () => {
    await run();
    await producer.offer(numberedBars(SYMBOLS, 1, 7));
    await settled(SYMBOLS.length * 7);
    const latest = await reader.latest([...SYMBOLS.map((symbol) => `${symbol}|1s`), 'SPY|1m', 'AAPL|1s']);
    expect([...latest.keys()].sort()).toEqual(SYMBOLS.map((symbol) => `${symbol}|1s`).sort());
    for (const json of latest.values()) expect(JSON.parse(json)).toMatchObject({ close: 7, count: 7 });
  });

  it('names the series of a symbol, shortest timeframe first', async () => {
    await client().hset(latestKey(tagOf('SPY')), 'SPY|1h', '{}', 'SPY|1s', '{}', 'SPY|5m', '{}', 'SPYX|1s', '{}');
    expect(await reader.seriesOf('SPY')).toEqual(['SPY|1s', 'SPY|5m', 'SPY|1h']);
  });

  it('gives history whole: what is written and what is still in the stream alone', async () => {
    worker = fixture.worker('w1', { snapshotEveryMs: 20 });
    await worker.start();
    await producer.offer(numberedBars(['SPY'], 1, 400));
    await until(async () => (await client().hget(historyIndexKey(tagOf('SPY')), 'SPY|1s')) !== null);
    worker.tune({ snapshotEveryMs: 1e9 });
    await producer.offer(numberedBars(['SPY'], 401, 500));
    await fixture.untilOutputs(500);
    const closes = async (from: number, to: number, limit: number) => {
      const found = await reader.history('SPY|1s', { from: from * 1_000, to: to * 1_000, limit });
      const stored = found?.pages.flatMap(({ rows }) => rows.map((row) => row[1] as number)) ?? [];
      return { stored, tail: found?.tail.map(({ timestamp }) => timestamp / 1_000) ?? [] };
    };
    const all = await closes(0, 1_000, 10_000);
    expect([...all.stored, ...all.tail]).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    expect(all.tail.length).toBeGreaterThanOrEqual(100);
    expect(await closes(495, 498, 10_000)).toEqual({ stored: [], tail: [495, 496, 497, 498] });
    expect((await closes(0, 1_000, 3)).tail).toEqual([498, 499, 500]);
    expect(await closes(10, 12, 10_000)).toEqual({ stored: [10, 11, 12], tail: [] });
  });

  it('gives history that has not been written at all yet', async () => {
    worker = fixture.worker('w1', { snapshotEveryMs: 1e9 });
    await worker.start();
    await producer.offer(numberedBars(['SPY'], 1, 3));
    await fixture.untilOutputs(3);
    const found = await reader.history('SPY|1s', { from: 2_000, to: 9_000, limit: 10 });
    expect(found?.pages).toEqual([]);
    expect(found?.tail.map(({ timestamp }) => timestamp)).toEqual([2_000, 3_000]);
  });

  it('gives the newest signals of a symbol, and the newest alerts of every partition', async () => {
    for (let n = 1; n <= 5; n++) await client().rpush(signalsKey(tagOf('SPY'), 'SPY'), `${n}`);
    expect(await reader.signals('SPY', 2)).toEqual(['4', '5']);
    for (const [i, tag] of fixture.tags.entries()) await client().rpush(alertsKey(tag), `${i}a`, `${i}b`, `${i}c`);
    expect((await reader.alerts(2)).sort()).toEqual(['0b', '0c', '1b', '1c', '2b', '2c', '3b', '3c']);
  });

  it('knows where a stage stands and who serves it', async () => {
    await producer.offer(numberedBars(['SPY'], 1, 5));
    await producer.flush();
    const partition = partitionOf('SPY', 4);
    expect((await reader.stageStats('calculation'))[partition]).toMatchObject({ owner: '', bars: 0, lagBars: 5 });
    await client().hset(stageKey('strategy', tagOf('SPY')), { epoch: 3, owner: 'x', off: 1, offBars: 2, outBars: 9 });
    await client().hset(stageKey('calculation', tagOf('SPY')), { out: 4, outBars: 11 });
    expect((await reader.stageStats('strategy'))[partition]).toEqual({
      ...{
        partition,
        owner: 'x',
        epoch: 3,
        off: 1,
        tail: 4,
        bars: 2,
        lagBars: 9,
        outBars: 9,
        snapshotAgeMs: 0,
        deadLetters: 0,
      },
    });
  });

  it('knows how old the snapshot is, and its dead letters', async () => {
    await producer.offer(numberedBars(['SPY'], 1, 5));
    await producer.flush();
    const partition = partitionOf('SPY', 4);
    await delay(30);
    await client().xadd(deadLettersKey('calculation', tagOf('SPY')), '*', 'data', '{}');
    const waiting = (await reader.stageStats('calculation'))[partition];
    expect(waiting?.snapshotAgeMs).toBeGreaterThan(25);
    expect(waiting?.snapshotAgeMs).toBeLessThan(10_000);
    expect(waiting?.deadLetters).toBe(1);
    worker = fixture.worker('w1');
    await worker.start();
    await fixture.untilOutputs(5);
    await worker.stop(); // saves everything
    expect((await reader.stageStats('calculation'))[partition]).toMatchObject({ off: 1, snapshotAgeMs: 0 });
  });

  it('knows when each member gave its last heartbeat', async () => {
    await until(async () => (await reader.heartbeatAges('ingestion')).has('producer'));
    expect((await reader.heartbeatAges('ingestion')).get('producer')).toBeLessThan(1_500);
    const [now] = await client().time();
    await client().zadd(membersKey('strategy'), Number(now) * 1_000 + 1_200, 'slow', 1_000, 'long-gone');
    const ages = await reader.heartbeatAges('strategy');
    expect([...ages.keys()]).toEqual(['slow']);
    expect(ages.get('slow')).toBeGreaterThanOrEqual(800);
  });

  it('knows the members that are live by the clock of the server', async () => {
    await run();
    await until(async () => (await reader.members('calculation')).join() === 'w1');
    expect(await reader.members('ingestion')).toEqual(['producer']);
    await client().zadd(membersKey('strategy'), 1_000, 'long-gone');
    expect(await reader.members('strategy')).toEqual([]);
  });

  it('gives the newest dead letters with the partition they are from, and counts them all', async () => {
    await run(3);
    await producer.offer(numberedBars(SYMBOLS, 1, 4));
    await settled(SYMBOLS.length * 3);
    const letters = await reader.deadLetters('calculation', 10);
    expect(letters.map(({ partition, json }) => [partition, JSON.parse(json).symbol])).toEqual(
      expect.arrayContaining(SYMBOLS.map((symbol) => [partitionOf(symbol, 4), symbol])),
    );
    expect(await reader.deadLetterCount('calculation')).toBe(SYMBOLS.length);
    expect((await reader.deadLetters('calculation', 1)).length).toBeLessThanOrEqual(4);
    expect(await reader.deadLetterCount('strategy')).toBe(0);
  });
});
