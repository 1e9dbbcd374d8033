import { readBatch } from '@wagehood/contracts';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { stageKey, streamKey } from '../layout/keys';
import { partitionOf, partitionTags } from '../layout/partition';
import { silentLog } from '../log';
import { createProducer, type Producer } from '../producer/producer';
import { connectRedis, type RedisLink } from '../redis/connect';
import { numberedBars } from '../testing/bars';
import { createTail, type Tail, type TailEntry } from './tail';

const PARTITIONS = 4;
const tags = partitionTags(PARTITIONS);
const SPY = streamKey('market_data_stream', tags[partitionOf('SPY', PARTITIONS)] as string);

describe('a tail over a real Redis', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let tail: Tail;
  let producer: Producer;
  const follows: { stop(): Promise<void> }[] = [];
  beforeEach(async () => {
    redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'tail', log: silentLog });
    tail = createTail({ link, partitions: PARTITIONS, log: silentLog });
    producer = createProducer({ link, partitions: PARTITIONS, id: 'producer', log: silentLog });
  });
  afterEach(async () => {
    await Promise.all(follows.splice(0).map((follow) => follow.stop()));
    await producer.stop();
    await link.close();
    await redis.stop();
  });

  const offer = async (from: number, to: number, symbols = ['SPY']) => {
    for (let n = from; n <= to; n++) {
      await producer.offer(numberedBars(symbols, n, n));
      await producer.flush();
    }
  };
  const closesOf = (entries: readonly TailEntry[], symbol = 'SPY'): number[] =>
    entries
      .flatMap(({ data }) => readBatch(data) as { symbol: string; close: number }[])
      .filter((bar) => bar.symbol === symbol)
      .map(({ close }) => close);
  const following = async (from = tail.position(['market_data_stream'])) => {
    const seen: TailEntry[] = [];
    follows.push(tail.follow(await from, (entries) => void seen.push(...entries)));
    return seen;
  };

  it('knows where every stream ends, from what its writer keeps', async () => {
    expect([...(await tail.position(['market_data_stream'])).values()]).toEqual([0, 0, 0, 0]);
    await offer(1, 3);
    expect((await tail.position(['market_data_stream'])).get(SPY)).toBe(3);
    const [tag] = tags as [string];
    await link.commands.hset(stageKey('calculation', tag), 'out', 7);
    await link.commands.hset(stageKey('strategy', tag), 'out', 5);
    await link.commands.hset(stageKey('alerting', tag), 'out', 2);
    const streams = ['calculation_events_stream', 'signal_stream', 'alert_stream'] as const;
    expect([...(await tail.position(streams, [0]))]).toEqual(
      expect.arrayContaining([
        [streamKey('calculation_events_stream', tag), 7],
        [streamKey('signal_stream', tag), 5],
        [streamKey('alert_stream', tag), 2],
      ]),
    );
  });

  it('reads what came after a position, as many entries as asked for', async () => {
    await offer(1, 5);
    const [first, second] = await tail.read(new Map([[SPY, 1]]), 2);
    expect(first).toMatchObject({
      stream: 'market_data_stream',
      partition: partitionOf('SPY', PARTITIONS),
      offset: 2,
      kind: 'bar',
      bars: 2,
    });
    expect(second?.offset).toBe(3);
    expect(await tail.read(new Map([[SPY, 5]]), 10)).toEqual([]);
    expect(await tail.read(new Map(), 10)).toEqual([]);
  });

  it('starts at the oldest entry there is when the position was trimmed away', async () => {
    await offer(1, 6);
    await link.commands.xtrim(SPY, 'MINID', '4-0');
    expect((await tail.read(new Map([[SPY, 1]]), 10)).map(({ offset }) => offset)).toEqual([4, 5, 6]);
  });

  it('follows what comes, all of it and in order, on every partition', async () => {
    const symbols = ['SPY', 'QQQ', 'IWM', 'TSLA'];
    await offer(1, 2, symbols);
    const seen = await following();
    await offer(3, 40, symbols);
    await until(() => seen.length >= 38 * new Set(symbols.map((symbol) => partitionOf(symbol, PARTITIONS))).size);
    for (const symbol of symbols) expect(closesOf(seen, symbol)).toEqual(Array.from({ length: 38 }, (_, i) => i + 3));
  });

  it('waits for a listener that is slow', async () => {
    const batches: number[][] = [];
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    follows.push(
      tail.follow(await tail.position(['market_data_stream']), async (entries) => {
        batches.push(closesOf(entries));
        await gate;
      }),
    );
    await offer(1, 1);
    await until(() => batches.length === 1);
    await offer(2, 5);
    expect(batches).toEqual([[1]]);
    go();
    await until(() => batches.flat().length === 5);
    expect(batches).toEqual([[1], [2, 3, 4, 5]]);
  });

  it('goes on where it was when Redis was away', async () => {
    const seen = await following();
    await offer(1, 3);
    await until(() => seen.length === 3);
    await redis.kill();
    await until(() => !link.status().ok);
    await redis.restart();
    await until(() => link.status().ok);
    await offer(4, 6);
    await until(() => seen.length === 6);
    expect(closesOf(seen)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('shows again what a listener has failed to take, until it does', async () => {
    let fails = 1;
    const seen: number[] = [];
    follows.push(
      tail.follow(await tail.position(['market_data_stream']), (entries) => {
        if (fails-- > 0) throw new Error('not now');
        seen.push(...closesOf(entries));
      }),
    );
    await offer(1, 3);
    await until(() => seen.length >= 3);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('stops at once, also while it waits, and says nothing afterwards', async () => {
    const seen = await following();
    await follows.splice(0)[0]?.stop();
    await offer(1, 2);
    expect(seen).toEqual([]);
  });
});
