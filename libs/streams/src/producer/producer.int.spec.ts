import {
  type BarEvent,
  type ControlDocument,
  type CorrectionEntry,
  type GapEntry,
  readBatch,
} from '@wagehood/contracts';
import { until } from '@wagehood/testing';
import { lastKey, streamKey } from '../layout/keys';
import { partitionOf } from '../layout/partition';
import { parseEntry } from '../stage/log-entry';
import { numberedBar, numberedBars, revisedBar } from '../testing/bars';
import { expectedOutputs, bySymbol, Fixture } from '../testing/fixture';

describe('the producer over a real Redis', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await Fixture.open();
  });
  afterEach(() => fixture.close());

  const log = async (symbol: string) => {
    const tag = fixture.tags[partitionOf(symbol, 4)] as string;
    const raw = await fixture.link().commands.xrange(streamKey('market_data_stream', tag), '-', '+');
    return raw.map(parseEntry);
  };
  const closes = async (symbol: string): Promise<number[]> =>
    (await log(symbol))
      .filter(({ kind }) => kind === 'bar')
      .flatMap(({ data }) => readBatch(data) as { symbol: string; close: number }[])
      .filter((bar) => bar.symbol === symbol)
      .map(({ close }) => close);

  it('tells apart what is new, a duplicate and late, and appends each bar once', async () => {
    const refused: string[] = [];
    const producer = await fixture.producer({
      hooks: { onRefused: ({ timestamp }, reason) => refused.push(`${timestamp} ${reason}`) },
    });
    await producer.offer([1, 2, 2, 1, 3].map((n) => numberedBar('SPY', n)));
    await producer.flush();
    expect(await closes('SPY')).toEqual([1, 2, 3]);
    expect(refused).toEqual(['2000 duplicate', '1000 late']);
    await producer.stop();
  });

  it('goes on behind what an earlier producer has left', async () => {
    const first = await fixture.producer();
    await first.offer(numberedBars(['SPY'], 1, 5));
    await first.stop();
    const second = await fixture.producer({ id: 'second' });
    expect(await second.lastTimes(['SPY|1s', 'QQQ|1s'])).toEqual(new Map([['SPY|1s', 5_000]]));
    await second.offer(numberedBars(['SPY'], 4, 8));
    await second.flush();
    expect(await closes('SPY')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await second.stop();
  });

  it('makes its caller wait while calculation is behind, and loses nothing', async () => {
    const producer = await fixture.producer({
      tuning: { limitBars: 100, limitBarsPerSeries: 0, queueBatches: 2, maxEntryBars: 20 },
    });
    let done = false;
    const feeding = (async () => {
      for (let n = 1; n <= 600; n++) await producer.offer([numberedBar('SPY', n)]);
      done = true;
    })();
    await until(() => producer.stats().blocked?.includes('calculation is behind') ?? false);
    expect(done).toBe(false);
    const worker = fixture.worker('w1', { snapshotEveryMs: 20 });
    await worker.start();
    await feeding;
    expect(bySymbol(await fixture.untilOutputs(600))).toEqual(expectedOutputs(['SPY'], 600));
    await worker.stop();
    await producer.stop();
  });

  it('sends again from memory what Redis has lost', async () => {
    const repaired: number[] = [];
    const producer = await fixture.producer({
      hooks: { onRepaired: (_partition, _series, resent) => repaired.push(resent) },
    });
    await producer.offer(numberedBars(['SPY'], 1, 5));
    await producer.flush();
    await forget('SPY', 3);
    await producer.offer([numberedBar('SPY', 6)]);
    await producer.flush();
    expect(await closes('SPY')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(repaired).toEqual([2]);
    await producer.stop();
  });

  it('sends again what Redis has lost twice', async () => {
    const gaps: (GapEntry | null)[] = [];
    const producer = await fixture.producer({ hooks: { onRepaired: (_p, _s, _resent, gap) => gaps.push(gap) } });
    await producer.offer(numberedBars(['SPY'], 1, 5));
    await producer.flush();
    for (const next of [6, 7]) {
      await forget('SPY', 3);
      await producer.offer([numberedBar('SPY', next)]);
      await producer.flush();
    }
    expect(await closes('SPY')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(gaps).toEqual([null, null]);
    await producer.stop();
  });

  it('sends again what was in the log already when it came, should Redis lose it later', async () => {
    const gaps: (GapEntry | null)[] = [];
    const producer = await fixture.producer({ hooks: { onRepaired: (_p, _s, _resent, gap) => gaps.push(gap) } });
    const replica = await fixture.producer({ id: 'replica' });
    for (const n of [1, 2, 3]) {
      if (n === 2) await replica.offer(numberedBars(['SPY'], 1, 2));
      await replica.flush();
      await producer.offer([numberedBar('SPY', n)]); // 2 is a duplicate: as after an answer that never came
      await producer.flush();
    }
    await forget('SPY', 0);
    await producer.offer([numberedBar('SPY', 4)]);
    await producer.flush();
    expect(await closes('SPY')).toEqual([1, 2, 3, 4]);
    expect(gaps).toEqual([null]);
    await producer.stop();
    await replica.stop();
  });

  it('asks the history of the provider for what is no longer in memory, and reports what cannot be had', async () => {
    const gaps: (GapEntry | null)[] = [];
    let history = numberedBars(['SPY'], 2, 5);
    const producer = await fixture.producer({
      tuning: { ringBars: 1, ringMs: 0 },
      refetch: async () => history,
      hooks: { onRepaired: (_partition, _series, _resent, gap) => gaps.push(gap) },
    });
    await producer.offer(numberedBars(['SPY'], 1, 5));
    await producer.flush();
    await forget('SPY', 1);
    await producer.offer([numberedBar('SPY', 6)]);
    await producer.flush();
    expect(await closes('SPY')).toEqual([1, 2, 3, 4, 5, 6]);
    history = [];
    await producer.offer([numberedBar('SPY', 7)]);
    await producer.flush();
    await forget('SPY', 2);
    await producer.offer([numberedBar('SPY', 8)]);
    await producer.flush();
    expect(await closes('SPY')).toEqual([1, 2, 7, 8]); // the last batch, 7, was still in memory
    expect(gaps).toEqual([null, expect.objectContaining({ symbol: 'SPY', from: 2_000, to: 7_000 })]);
    expect((await log('SPY')).filter(({ kind }) => kind === 'gap')).toHaveLength(1);
    await producer.stop();
  });

  it('puts each configuration into every log once, however many replicas do it', async () => {
    const [a, b] = [await fixture.producer({ id: 'a' }), await fixture.producer({ id: 'b' })];
    const document = { version: 1 } as ControlDocument;
    await Promise.all([a.appendControl(document), b.appendControl(document)]);
    await a.appendControl({ version: 2 } as ControlDocument);
    for (const tag of fixture.tags) {
      const entries = (await fixture.link().commands.xrange(streamKey('market_data_stream', tag), '-', '+')).map(
        parseEntry,
      );
      expect(entries.map(({ kind, data }) => [kind, JSON.parse(data)])).toEqual([['control', { version: 1 }], ['control', { version: 2 }]]); // prettier-ignore
    }
    await a.stop();
    await b.stop();
  });

  it('lets no bar into a log that came back without its configuration, and puts the present one there first', async () => {
    let present: ControlDocument | null = null;
    const producer = await fixture.producer({ configuration: async () => present });
    await producer.appendControl({ version: 5 } as ControlDocument);
    await producer.offer(numberedBars(['SPY'], 1, 2));
    await producer.flush();
    await fixture.link().commands.flushall();
    await producer.offer([numberedBar('SPY', 3)]);
    await until(() => producer.stats().blocked?.includes('Redis has lost the configuration') ?? false);
    expect(await log('SPY')).toEqual([]);
    present = { version: 1 } as ControlDocument; // a new api begins anew
    await producer.flush();
    expect((await log('SPY')).map(({ kind }) => kind)).toEqual(['control', 'bar']);
    expect(await closes('SPY')).toEqual([1, 2, 3]);
    expect(producer.stats().blocked).toBeNull();
    await producer.stop();
  });

  it('waits while Redis is full, goes on when there is room again, and says how long bars have waited', async () => {
    const waited: number[] = [];
    const producer = await fixture.producer({ hooks: { onSent: (_partition, waitedMs) => waited.push(waitedMs) } });
    await fixture.link().commands.config('SET', 'maxmemory', '1mb');
    await until(() => producer.stats().blocked?.includes('full') ?? false);
    await producer.offer(numberedBars(['SPY'], 1, 3));
    const offeredAt = performance.now();
    await until(() => performance.now() >= offeredAt + 50);
    await fixture.link().commands.config('SET', 'maxmemory', '0');
    await producer.flush();
    expect(await closes('SPY')).toEqual([1, 2, 3]);
    expect(waited).toHaveLength(1);
    expect(waited[0]).toBeGreaterThanOrEqual(50);
    await producer.stop();
  });

  it('survives a Redis that is killed and comes back', async () => {
    const producer = await fixture.producer();
    await producer.offer(numberedBars(['SPY'], 1, 3));
    await producer.flush();
    await fixture.redis.kill();
    const flushed = producer.offer(numberedBars(['SPY'], 4, 6)).then(() => producer.flush());
    await until(() => producer.stats().blocked?.includes('does not answer') ?? false);
    await fixture.redis.restart();
    await flushed;
    // This Redis keeps nothing on disk: what it had lost came back from the producer's memory.
    expect(await closes('SPY')).toEqual([1, 2, 3, 4, 5, 6]);
    await producer.stop();
  });

  /** What a failover does: everything after bar `n` of a symbol was never written. */
  async function forget(symbol: string, n: number): Promise<void> {
    const tag = fixture.tags[partitionOf(symbol, 4)] as string;
    const client = fixture.link().commands;
    const kept = numberedBars([symbol], 1, n);
    await client.del(streamKey('market_data_stream', tag), lastKey(tag));
    const again = await fixture.producer({ id: 'earlier' });
    await again.offer(kept);
    await again.stop();
  }

  describe('a corrected series', () => {
    const correction = (revised: BarEvent[], from: number, to: number): CorrectionEntry => ({
      ...{ symbol: 'SPY', timeframe: '1s' as const, need: 1 },
      revisions: revised.map(({ timestamp, revision = 0 }) => ({ timestamp, revision })),
      bars: numberedBars(['SPY'], from, to).map((bar) => revised.find(({ timestamp }) => timestamp === bar.timestamp) ?? bar), // prettier-ignore
    });
    const corrected = async () =>
      (await log('SPY'))
        .filter(({ kind }) => kind === 'correction')
        .map(({ data }) => (JSON.parse(data) as CorrectionEntry).bars.map(({ close }) => close));

    it('is brought up to where the log stands, with what its bars have been corrected to before', async () => {
      const producer = await fixture.producer();
      await producer.offer(numberedBars(['SPY'], 1, 5));
      expect(await producer.appendCorrection(correction([revisedBar('SPY', 5, 1)], 3, 5))).toBe('appended');
      await producer.offer(numberedBars(['SPY'], 6, 6));
      // This history was fetched before 5 had come and been corrected.
      expect(await producer.appendCorrection(correction([revisedBar('SPY', 3, 2)], 2, 4))).toBe('appended');
      expect(await corrected()).toEqual([
        [3, 4, 5.001],
        [2, 3.002, 4, 5.001, 6],
      ]);
      await producer.stop();
    });

    it('stays out when it is known, when it does not reach the log, and while the log has not got that far', async () => {
      const producer = await fixture.producer();
      await producer.offer(numberedBars(['SPY'], 1, 5));
      await producer.flush();
      await producer.stop();
      const second = await fixture.producer({ id: 'second' }); // it remembers nothing
      expect(await second.appendCorrection(correction([revisedBar('SPY', 3, 1)], 2, 4))).toBe('apart');
      expect(await second.appendCorrection(correction([revisedBar('SPY', 6, 1)], 2, 6))).toBe('apart');
      expect(await second.appendCorrection(correction([revisedBar('SPY', 3, 1)], 2, 6))).toBe('appended');
      expect(await second.appendCorrection(correction([revisedBar('SPY', 3, 1)], 2, 5))).toBe('known');
      await second.stop();
    });

    it('is what is sent again, should Redis lose it; the log then knows that it lacks the correction', async () => {
      const producer = await fixture.producer();
      await producer.offer(numberedBars(['SPY'], 1, 5));
      const revised = [revisedBar('SPY', 4, 1), revisedBar('SPY', 2, 3)];
      for (const bar of revised) await producer.appendCorrection(correction([bar], 1, 5));
      expect(await producer.unknownCorrections(revised)).toEqual([]);
      await forget('SPY', 2);
      expect(await producer.unknownCorrections(revised)).toEqual(revised);
      await producer.offer([numberedBar('SPY', 6)]);
      await producer.flush();
      expect(await closes('SPY')).toEqual([1, 2, 3, 4.001, 5, 6]);
      await producer.stop();
    });

    it('is refused when it is older than all that the log remembers', async () => {
      const producer = await fixture.producer();
      await producer.offer(numberedBars(['SPY'], 1, 300));
      const many = Array.from({ length: 256 }, (_, i) => revisedBar('SPY', 20 + i, 1));
      expect(await producer.appendCorrection(correction(many, 1, 300))).toBe('appended');
      const old = revisedBar('SPY', 5, 1);
      expect(await producer.appendCorrection(correction([old], 1, 300))).toBe('forgotten');
      expect(await producer.unknownCorrections([old])).toEqual([]); // nobody knows: it is not asked for again
      await producer.stop();
    });
  });

  describe('the past of a series', () => {
    const document = (version: number) => ({ version, settings: {} }) as unknown as ControlDocument;
    const past = (version: number, from: number, to: number) => ({
      ...{ symbol: 'SPY', timeframe: '1s' as const, version, need: 1 },
      bars: numberedBars(['SPY'], from, to),
    });
    const pasts = async () =>
      (await log('SPY'))
        .filter(({ kind }) => kind === 'warmup')
        .map(({ data }) => (JSON.parse(data) as { bars: { close: number }[] }).bars.map(({ close }) => close));

    it('is brought up to where the log stands when its turn has come: bars that came meanwhile go in, later ones are left off', async () => {
      const producer = await fixture.producer();
      await producer.offer(numberedBars(['SPY'], 1, 4));
      await producer.appendControl(document(1));
      await producer.offer([numberedBar('SPY', 5)]);
      const behind = producer.appendWarmup(past(1, 3, 4)); // fetched before 5 had come, and 5 is not in the log yet
      await producer.offer(numberedBars(['SPY'], 6, 6));
      expect(await behind).toBe('appended');
      await producer.appendControl(document(2));
      expect(await producer.appendWarmup(past(2, 4, 9))).toBe('appended'); // the provider knows of 7 to 9 already
      expect(await pasts()).toEqual([[3, 4, 5], [4, 5, 6]]); // prettier-ignore
      expect(await closes('SPY')).toEqual([1, 2, 3, 4, 5, 6]);
      await producer.stop();
    });

    it('stays out when it does not reach the log, when it is known, and when it is outdated', async () => {
      const first = await fixture.producer();
      await first.offer(numberedBars(['SPY'], 1, 5));
      await first.stop();
      const producer = await fixture.producer({ id: 'second' }); // it remembers nothing
      await producer.appendControl(document(1));
      expect(await producer.appendWarmup(past(1, 2, 4))).toBe('apart');
      expect(await producer.appendWarmup(past(1, 6, 9))).toBe('apart');
      expect(await producer.appendWarmup(past(1, 4, 5))).toBe('appended');
      expect(await producer.appendWarmup(past(1, 4, 5))).toBe('known');
      await producer.appendControl(document(2));
      expect(await producer.appendWarmup(past(1, 4, 5))).toBe('outdated');
      expect(await pasts()).toEqual([[4, 5]]);
      await producer.stop();
    });

    it('is noted in the standings of its series, and so is what needs none', async () => {
      const producer = await fixture.producer();
      await producer.offer(numberedBars(['SPY', 'QQQ'], 1, 2));
      await producer.appendControl(document(3));
      const series = ['SPY|1s', 'QQQ|1s', 'IWM|1s'];
      const before = { last: 2_000, warm: 0, control: 3 };
      const none = { last: null, warm: 0, control: 3 };
      expect([...(await producer.standings(series))].sort()).toEqual(
        [['SPY|1s', before], ['QQQ|1s', before], ['IWM|1s', none]].sort(),
      ); // prettier-ignore
      await producer.appendWarmup(past(3, 1, 2));
      await producer.markWarm(['QQQ|1s', 'IWM|1s'], 3);
      expect([...(await producer.standings(series)).values()].map(({ warm }) => warm)).toEqual([3, 3, 3]);
      await producer.markWarm(series, 2); // too late
      expect([...(await producer.standings(series)).values()].map(({ warm }) => warm)).toEqual([3, 3, 3]);
      await producer.stop();
    });
  });
});
