import {
  connectRedis,
  createReader,
  createTail,
  latestKey,
  partitionOf,
  partitionTag,
  silentLog,
  streamKey,
  type RedisLink,
} from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { createLogReader } from '../stream/tail-reader';
import { sampleEvent, sampleSignal } from '../testing/samples';
import { createSeed, type Seed } from '../testing/seed';
import { LiveMarket } from './live-market';
import { createMarketReader } from './market-reader';

const PARTITIONS = 4;
const TAG = partitionTag(partitionOf('SPY', PARTITIONS), PARTITIONS);
const LOG = streamKey('calculation_events_stream', TAG);

describe('LiveMarket over a real Redis', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let seed: Seed;
  let market: LiveMarket;
  let reads: number;

  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    seed = createSeed(link.commands, PARTITIONS);
  });
  afterAll(async () => {
    await link.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await link.commands.flushall();
    const stored = createMarketReader(createReader(link, PARTITIONS));
    const tail = createTail({ link, partitions: PARTITIONS, log: silentLog });
    reads = 0;
    const latest = (symbol: string) => {
      reads++;
      return stored.latest(symbol);
    };
    market = new LiveMarket({ ...stored, latest }, createLogReader(tail, PARTITIONS));
  });
  afterEach(() => market.stop());

  const closes = async (symbol = 'SPY') => (await market.latest(symbol)).map(({ close }) => close);
  const append = (...events: readonly object[]) => seed.append('calculation_events_stream', 'SPY', 'bar', events);
  /** Until the symbol is held without being read again. */
  const settle = (symbol = 'SPY') =>
    until(async () => {
      const before = reads;
      await until(() => closes(symbol));
      for (let i = 0; i < 10; i++) await new Promise((resolve) => setTimeout(resolve, 25)).then(() => closes(symbol));
      return reads === before;
    });

  it('reads once, and then gives the same array without a question to Redis', async () => {
    await seed.latest(sampleEvent({ close: 1 }));
    await settle();
    const events = await market.latest('SPY');
    const before = reads;
    const others = Array.from({ length: 1_000 }, () => market.latest('SPY')).filter((again) => again !== events);
    expect(others).toEqual([]);
    expect(reads).toBe(before);
  });

  it('shows an event of the log that is not stored yet, and no other symbol', async () => {
    await seed.latest(sampleEvent({ close: 1 }));
    await settle();
    const before = reads;
    await append(sampleEvent({ close: 2 }), sampleEvent({ symbol: 'SPYX', close: 3 }));
    await until(async () => (await closes())[0] === 2);
    await append(sampleEvent({ timeframe: '1h', close: 4 }));
    await until(async () => (await closes()).length === 2);
    expect(await closes()).toEqual([2, 4]);
    expect(reads).toBe(before);
  });

  it('is not led back by an older bar, nor by one that is still forming', async () => {
    await seed.latest(sampleEvent({ close: 1 }));
    await settle();
    await append(sampleEvent({ close: 8, timestamp: 60_000 }), sampleEvent({ close: 9, isFinal: false, values: {} }));
    await append(sampleEvent({ timeframe: '1d', close: 3 }));
    await until(async () => (await closes()).length === 2);
    expect(await closes()).toEqual([1, 3]);
  });

  it('is not led back by an earlier revision of the bar that is stored', async () => {
    const timestamp = 600_000;
    await seed.latest(sampleEvent({ close: 2, timestamp, revision: 2 }));
    await settle();
    await append(sampleEvent({ close: 1, timestamp, revision: 1 }), sampleEvent({ close: 0, timestamp }));
    await append(sampleEvent({ timeframe: '1d', close: 3 }));
    await until(async () => (await closes()).length === 2);
    expect(await closes()).toEqual([2, 3]);
  });

  it('shows the newest bar as a correction has left it', async () => {
    const timestamp = 600_000;
    await seed.latest(sampleEvent({ close: 1, timestamp }));
    await settle();
    const events = [1, 2].map((close) =>
      sampleEvent({ timestamp: timestamp - 120_000 + close * 60_000, close: close + 5 }),
    );
    const correction = { symbol: 'SPY', timeframe: '1m', from: timestamp - 60_000, events };
    await seed.append('calculation_events_stream', 'SPY', 'correction', correction);
    await until(async () => (await closes())[0] === 7);
    expect(await closes()).toEqual([7]);
  });

  it('finds what was stored late, after it had been asked for', async () => {
    await seed.latest(sampleEvent({ close: 1 }));
    expect(await closes()).toEqual([1]);
    await seed.latest(sampleEvent({ close: 2 })); // its event came before anybody followed
    await until(async () => (await closes())[0] === 2, { timeoutMs: 1_000 });
  });

  it('reads again when a configuration has come: a series may be gone', async () => {
    await seed.latest(sampleEvent({ close: 1 }));
    await settle();
    await link.commands.del(latestKey(TAG));
    await seed.append('calculation_events_stream', 'SPY', 'control', []);
    await until(async () => (await closes()).length === 0);
  });

  it('reads again when entries were trimmed away before it saw them', async () => {
    await seed.latest(sampleEvent({ close: 1 }));
    await settle();
    const hidden = await append(sampleEvent({ close: 2 }));
    await link.commands.pipeline().xdel(LOG, `${hidden}-0`).exec();
    await seed.latest(sampleEvent({ close: 2 }));
    await append(sampleEvent({ symbol: 'SPYX' }));
    await until(async () => (await closes())[0] === 2);
  });

  it('reads again when the log was lost and begins anew', async () => {
    for (let i = 0; i < 3; i++) await append(sampleEvent({ close: 1 }));
    await seed.latest(sampleEvent({ close: 1 }));
    await settle();
    await link.commands.flushall();
    await seed.latest(sampleEvent({ close: 5 }));
    await until(async () => (await closes())[0] === 5);
    await settle();
    await append(sampleEvent({ close: 6 }));
    await until(async () => (await closes())[0] === 6);
  }, 15_000);

  it('lets a flood pass, and is right behind it', async () => {
    await seed.latest(sampleEvent({ close: 1 }));
    await settle();
    const timestamp = sampleEvent().timestamp;
    await Promise.all(Array.from({ length: 300 }, (_, i) => append(sampleEvent({ close: i, timestamp }))));
    await seed.latest(sampleEvent({ close: 299, timestamp }));
    await until(async () => (await closes())[0] === 299);
    await settle();
    await append(sampleEvent({ close: 1_000 }));
    await until(async () => (await closes())[0] === 1_000);
  }, 15_000);

  it('marks a new signal of that symbol alone', async () => {
    await until(() => market.signalsMark('SPY') >= 0);
    const before = market.signalsMark('SPY');
    const other = market.signalsMark('SPYX');
    await seed.append('signal_stream', 'SPY', 'signal', [sampleSignal()]);
    await until(() => market.signalsMark('SPY') !== before);
    expect(market.signalsMark('SPYX')).toBe(other);
  });
});
