import { until } from '@wagehood/testing';
import { historyIndexKey, stageKey, streamKey } from '../layout/keys';
import { partitionOf } from '../layout/partition';
import { createReader } from '../read/reader';
import { numberedBars } from '../testing/bars';
import { countingProcessor } from '../testing/counting';
import { bySymbol, expectedOutputs, Fixture } from '../testing/fixture';
import { parseEntry } from './log-entry';

const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'TSLA', 'NVDA', 'AAPL', 'MSFT', 'AMD'];

describe('a stage over a real Redis', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await Fixture.open();
  });
  afterEach(() => fixture.close());

  const exact = async (bars: number): Promise<void> => {
    const outputs = await fixture.untilOutputs(SYMBOLS.length * bars);
    expect(bySymbol(outputs)).toEqual(expectedOutputs(SYMBOLS, bars));
  };

  it('gives each bar out once and in order', async () => {
    const producer = await fixture.producer();
    const worker = fixture.worker('w1');
    await worker.start();
    await producer.offer(numberedBars(SYMBOLS, 1, 300));
    await exact(300);
    expect(worker.status().owned).toHaveLength(4);
    await worker.stop();
    await producer.stop();
    for (let partition = 0; partition < 4; partition++) expect((await fixture.stage(partition))['owner']).toBe('');
  });

  it('takes a backlog of large entries in reads that fit into memory', async () => {
    const producer = await fixture.producer();
    await producer.offer(numberedBars(SYMBOLS, 1, 600));
    await producer.flush();
    const worker = fixture.worker('w1', { readBars: 200 });
    await worker.start();
    await exact(600);
    await worker.stop();
    await producer.stop();
    const reads = fixture.events.flatMap((event) => (event.type === 'committed' && event.bars > 0 ? [event] : []));
    expect(reads.length).toBeGreaterThan(4);
    for (const { entries, bars } of reads) expect(entries === 1 || bars <= 400).toBe(true);
  });

  it('goes on exactly where a worker that died stopped', async () => {
    const producer = await fixture.producer();
    const dying = fixture.worker('dying', { snapshotEveryMs: 50 });
    await dying.start();
    await producer.offer(numberedBars(SYMBOLS, 1, 100));
    await fixture.untilOutputs(SYMBOLS.length * 50);
    // As kill -9 would: no save, no release, no goodbye.
    await dying.stop(0);
    await producer.offer(numberedBars(SYMBOLS, 101, 200));
    const heir = fixture.worker('heir');
    await heir.start();
    await exact(200);
    await heir.stop();
    await producer.stop();
  });

  it('gives away again what a lossy failover has given back to it', async () => {
    const producer = await fixture.producer();
    const [old, heir] = [fixture.worker('old'), fixture.worker('heir')];
    await old.start();
    await heir.start();
    const shared = () => old.status().owned.length === 2 && heir.status().owned.length === 2;
    await until(shared, { timeoutMs: 15_000, what: 'two partitions each' });
    const [moved] = heir.status().owned;
    const { partition, epoch } = moved as { partition: number; epoch: number };
    // The hand-over is lost, as if it had been confirmed by a primary that died: the partition belongs to the one before.
    const key = stageKey('calculation', fixture.tags[partition] as string);
    await fixture.link().commands.hset(key, 'owner', 'old', 'epoch', epoch - 1);
    await until(async () => (await fixture.stage(partition))['owner'] === 'heir', {
      timeoutMs: 15_000,
      what: 'the heir back',
    });
    await producer.offer(numberedBars(SYMBOLS, 1, 50));
    await exact(50);
    await Promise.all([old.stop(), heir.stop()]);
    await producer.stop();
  });

  it('shares partitions fairly while workers come and go, without losing a bar', async () => {
    const producer = await fixture.producer();
    const workers = ['a', 'b', 'c'].map((id) => fixture.worker(id));
    const feeding = (async () => {
      for (let n = 1; n <= 200; n++) await producer.offer(numberedBars(SYMBOLS, n, n)).then(() => producer.flush());
    })();
    await workers[0]?.start();
    await workers[1]?.start();
    await workers[2]?.start();
    await until(() => workers.every((worker) => [1, 2].includes(worker.status().owned.length)), { timeoutMs: 5_000 });
    await workers[0]?.stop();
    await workers[1]?.stop();
    await until(() => workers[2]?.status().owned.length === 4, { timeoutMs: 5_000 });
    await feeding;
    await exact(200);
    await workers[2]?.stop();
    await producer.stop();
  });

  it('keeps its input short, however often its owner changes', async () => {
    const producer = await fixture.producer();
    const [retainBars, perOwner, owners] = [50, 10, 15];
    for (let owner = 0; owner < owners; owner++) {
      const worker = fixture.worker(`owner ${owner}`, { retainBars });
      await worker.start();
      for (let n = 1; n <= perOwner; n++) {
        const at = owner * perOwner + n;
        await producer.offer(numberedBars(SYMBOLS, at, at));
        await producer.flush();
      }
      await fixture.untilOutputs(SYMBOLS.length * perOwner * (owner + 1));
      await worker.stop();
    }
    for (const [partition, tag] of fixture.tags.entries()) {
      const symbols = SYMBOLS.filter((symbol) => partitionOf(symbol, 4) === partition).length;
      const kept = symbols * (await fixture.link().commands.xlen(streamKey('market_data_stream', tag)));
      expect(kept).toBeGreaterThanOrEqual(Math.min(retainBars, symbols * perOwner * owners));
      expect(kept).toBeLessThan(2 * retainBars + 2 * symbols * perOwner);
    }
    await exact(perOwner * owners);
    await producer.stop();
  });

  it('keeps what fits, although the newest entry that its owner finds is a long one', async () => {
    const producer = await fixture.producer();
    const tuning = { retainBars: 1_000_000, retainBytes: 150_000 };
    for (let n = 1; n <= 40; n++) {
      await producer.offer(numberedBars(SYMBOLS, n, n));
      await producer.flush();
    }
    await producer.offer(numberedBars(SYMBOLS, 41, 340));
    await producer.flush();
    for (const [id, bars] of [
      ['first', 340],
      ['second', 341],
    ] as const) {
      await producer.offer(numberedBars(SYMBOLS, 341, bars));
      await producer.flush();
      const worker = fixture.worker(id, tuning);
      await worker.start();
      await exact(bars);
      await worker.stop();
    }
    for (const tag of fixture.tags) {
      const [oldest] = await fixture.link().commands.xrange(streamKey('market_data_stream', tag), '-', '+', 'COUNT', 1);
      expect(oldest?.[0]).toBe('1-0');
    }
    await producer.stop();
  });

  it('finds out that a stranger stole deliveries, the last one included', async () => {
    const producer = await fixture.producer();
    const worker = fixture.worker('w1');
    await worker.start();
    await producer.offer(numberedBars(SYMBOLS, 1, 5));
    await fixture.untilOutputs(SYMBOLS.length * 5);
    const thief = fixture.link('thief').commands;
    const keys = fixture.tags.map((tag) => streamKey('market_data_stream', tag));
    const resynced = (): boolean => fixture.events.some(({ type }) => type === 'resynced');
    /** It waits before the worker does, which still folds what came before. */
    const steal = () =>
      thief.xreadgroup('GROUP', 'calculation', 'thief', 'COUNT', 10, 'BLOCK', 50, 'STREAMS', ...keys, ...keys.map(() => '>')); // prettier-ignore
    let n = 5;
    while (n < 40 || (!resynced() && n < 2_000)) {
      n++;
      const stealing = steal();
      await producer.offer(numberedBars(SYMBOLS, n, n));
      await producer.flush();
      await stealing;
    }
    await exact(n);
    expect(resynced()).toBe(true);
    await worker.stop();
    await producer.stop();
  });

  it('leaves nothing pending that is committed, though a reply was lost that had delivered it again', async () => {
    const producer = await fixture.producer();
    const worker = fixture.worker('w1');
    await worker.start();
    await producer.offer(numberedBars(SYMBOLS, 1, 10));
    await exact(10);
    const { commands } = fixture.link('lost');
    const key = streamKey('market_data_stream', fixture.tags[partitionOf('SPY', 4)] as string);
    await commands.xgroup('SETID', key, 'calculation', '0');
    await commands.xreadgroup('GROUP', 'calculation', 'owner', 'COUNT', 100, 'STREAMS', key, '>');
    await until(async () => Number((await commands.xpending(key, 'calculation'))[0]) === 0, {
      what: 'nothing pending',
    });
    await producer.offer(numberedBars(SYMBOLS, 11, 20));
    await exact(20);
    await worker.stop();
    await producer.stop();
  });

  it('puts a bar that throws aside and goes on with the others', async () => {
    const producer = await fixture.producer();
    const worker = fixture.worker('w1', {}, { createProcessor: () => countingProcessor({ poison: 3 }) });
    await worker.start();
    await producer.offer(numberedBars(['SPY'], 1, 6));
    const outputs = await fixture.untilOutputs(5);
    expect(outputs.map(({ close }) => close)).toEqual([1, 2, 4, 5, 6]);
    const [letter] = await createReader(fixture.link(), 4).deadLetters('calculation', 10);
    expect(JSON.parse(letter?.json ?? '')).toMatchObject({ symbol: 'SPY', timeframe: '1s', error: 'poisoned' });
    const output = streamKey('calculation_events_stream', fixture.tags[partitionOf('SPY', 4)] as string);
    const told = (await fixture.link().commands.xrange(output, '-', '+'))
      .map(parseEntry)
      .filter(({ kind }) => kind === 'system');
    expect(told.map(({ data }) => JSON.parse(data) as unknown)).toMatchObject([
      [
        {
          code: 'dead_letter',
          subject: 'calculation SPY',
          detail: 'calculation put SPY 1s aside: poisoned',
          symbols: ['SPY'],
        },
      ],
    ]);
    await worker.stop();
    await producer.stop();
  });

  it('keeps history whole across chunks, deaths and the part that is not yet written', async () => {
    const producer = await fixture.producer();
    for (const [i, upTo] of [300, 600, 900].entries()) {
      const worker = fixture.worker(`w${i}`, { snapshotEveryMs: 30 });
      await worker.start();
      await producer.offer(numberedBars(['SPY', 'QQQ'], upTo - 299, upTo));
      await fixture.untilOutputs(2 * upTo);
      await worker.stop(i === 1 ? 0 : undefined);
    }
    const reader = createReader(fixture.link(), 4);
    const history = await reader.history('SPY|1s', { from: 0, to: Infinity, limit: 10_000 });
    const stored = history?.pages.flatMap(({ rows }) => rows.map((row) => row[1])) ?? [];
    const tail = history?.tail.map((event) => event.timestamp / 1_000) ?? [];
    expect([...stored, ...tail]).toEqual(Array.from({ length: 900 }, (_, i) => i + 1));
    const recent = await reader.history('SPY|1s', { from: 500_000, to: 510_000, limit: 4 });
    expect(recent?.pages.flatMap(({ rows }) => rows.map((row) => row[1]))).toEqual([507, 508, 509, 510]);
    expect(
      await fixture.link().commands.hkeys(historyIndexKey(fixture.tags[partitionOf('SPY', 4)] as string)),
    ).toContain('SPY|1s');
    await producer.stop();
  });

  it('halts with an alarm, never restarts from zero, when its stage hash was deleted', async () => {
    const producer = await fixture.producer();
    const worker = fixture.worker('w1', { snapshotEveryMs: 30 });
    await worker.start();
    await producer.offer(numberedBars(SYMBOLS, 1, 20));
    await fixture.untilOutputs(SYMBOLS.length * 20);
    await worker.stop();
    const partition = partitionOf('SPY', 4);
    await fixture.link().commands.del(stageKey('calculation', fixture.tags[partition] as string));
    const next = fixture.worker('w2');
    await next.start();
    await until(() => next.status().halted.size === 1, { timeoutMs: 5_000 });
    expect([...next.status().halted.keys()]).toEqual([partition]);
    await next.stop();
    await producer.stop();
  });

  /** Workers one after another; each dies when it touches the bar that `killer` names for its life. Returns how many died. */
  async function liveAndDie(killer: (life: number) => number | null, bars: number): Promise<number> {
    for (let life = 0; ; life++) {
      const link = fixture.link(`life-${life}`);
      const death = new AbortController();
      const onStep = ({ bar }: { bar: { close: number } }) => {
        if (bar.close !== killer(life)) return;
        link.commands.disconnect(); // as kill -9 in the middle of the batch: nothing that follows reaches Redis
        death.abort();
      };
      const worker = fixture.worker(`life-${life}`, {}, { link, createProcessor: () => countingProcessor({ onStep }) });
      await worker.start();
      await until(async () => death.signal.aborted || (await fixture.outputs()).length >= bars);
      await worker.stop(death.signal.aborted ? 0 : undefined);
      if (!death.signal.aborted) return life;
    }
  }

  it('isolates a bar that kills its worker, after a few deaths', async () => {
    const producer = await fixture.producer();
    await producer.offer(numberedBars(['SPY'], 1, 10));
    await producer.flush();
    expect(await liveAndDie(() => 7, 9)).toBe(5); // three to raise suspicion, two to find the culprit
    expect((await fixture.outputs()).map(({ close }) => close)).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10]);
    const [letter] = await createReader(fixture.link(), 4).deadLetters('calculation', 10);
    expect(JSON.parse(letter?.json ?? '')).toMatchObject({
      symbol: 'SPY',
      error: expect.stringContaining('ended its process'),
    });
    await producer.stop();
  });

  it('accuses no bar of kills that come by chance, also in the middle of the careful walk', async () => {
    const producer = await fixture.producer();
    await producer.offer(numberedBars(['SPY'], 1, 10));
    await producer.flush();
    const inHand = [7, 7, 7, 4, 9, 2]; // three deaths raise suspicion, three more fall into walks
    expect(await liveAndDie((life) => inHand[life] ?? null, 10)).toBe(inHand.length);
    expect((await fixture.outputs()).map(({ close }) => close)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await createReader(fixture.link(), 4).deadLetters('calculation', 10)).toEqual([]);
    await producer.stop();
  });
});
