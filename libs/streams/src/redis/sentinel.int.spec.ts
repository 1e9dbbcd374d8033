import { ask, startSentinels, until, type TestNode, type TestSentinels } from '@wagehood/testing';
import type { GapEntry } from '@wagehood/contracts';
import type { RedisNode } from '@wagehood/config';
import type { Redis } from 'ioredis';
import type { EventEmitter } from 'node:events';
import { lastKey, stageKey, streamKey } from '../layout/keys';
import { partitionOf } from '../layout/partition';
import { silentLog } from '../log';
import type { ProducerOptions } from '../producer/producer';
import { parseEntry } from '../stage/log-entry';
import { numberedBars } from '../testing/bars';
import { bySymbol, expectedOutputs, Fixture } from '../testing/fixture';
import { connectRedis, type RedisLink } from './connect';

jest.setTimeout(120_000);

const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'TSLA', 'NVDA', 'AAPL', 'MSFT', 'AMD'];
/** What ioredis listens with for the announcements of the sentinels. */
interface Detector {
  readonly sentinels: readonly { readonly client: EventEmitter }[];
}
const nodesOf = (addresses: string): RedisNode[] =>
  addresses.split(',').map((address) => {
    const [host = '', port] = address.split(':');
    return { host, port: Number(port) };
  });

describe('the protocol over real sentinels', () => {
  let set: TestSentinels;
  let fixture: Fixture;
  let reading: RedisLink | null = null;
  beforeAll(async () => {
    set = await startSentinels();
  });
  afterAll(() => set?.stop());
  beforeEach(() => {
    fixture = Fixture.over({ sentinels: nodesOf(set.addresses), sentinelName: set.name });
  });
  afterEach(async () => {
    await fixture.close();
    reading = null;
    await set.heal(); // or a replica that was not there would keep what is deleted now
    await ask(await set.primary(), 'FLUSHALL');
  });

  /** Kills the primary after it has confirmed at least ten more batches of each partition that no replica will ever see. */
  const failOverLossily = async (): Promise<void> => {
    const dying = await set.primary();
    const stages = fixture.tags.map((tag) => stageKey('calculation', tag));
    const committed = () => Promise.all(stages.map(async (stage) => Number(await ask(dying, 'HGET', stage, 'off'))));
    await set.failOver(async () => {
      const before = await committed();
      await until(async () => (await committed()).every((off, i) => off > (before[i] ?? 0) + 10), {
        timeoutMs: 20_000,
      });
    });
  };
  const feedThroughFailover = async (options: Partial<ProducerOptions>): Promise<number> => {
    const producer = await fixture.producer(options);
    const worker = fixture.worker('w1', { snapshotEveryMs: 50 });
    await worker.start();
    let bars = 0;
    const feed = async (): Promise<void> => {
      bars++;
      await producer.offer(numberedBars(SYMBOLS, bars, bars));
      await producer.flush();
    };
    let over = false;
    const failover = failOverLossily().finally(() => (over = true));
    while (!over) await Promise.race([feed(), failover]); // without a primary, feeding waits for ever
    await failover;
    for (let more = 50; more > 0; more--) await feed();
    // What the last moments of an old primary took away is missed when the next bar comes.
    while (!(await until(() => isDone(bars), { timeoutMs: 3_000 }).catch(() => false))) await feed();
    await producer.stop();
    await worker.stop();
    return bars;
  };
  /** True when the last bar of every symbol is in the log and every entry is committed. */
  const isDone = async (bars: number): Promise<boolean> => {
    const { commands } = (reading ??= fixture.link('reading'));
    const done = SYMBOLS.map(async (symbol) => {
      const tag = fixture.tags[partitionOf(symbol, fixture.partitions)] as string;
      const [last, tail] = await commands.hmget(lastKey(tag), `${symbol}|1s`, '#');
      return Number(last) === bars * 1_000 && tail === (await commands.hget(stageKey('calculation', tag), 'off'));
    });
    return (await Promise.all(done)).every(Boolean);
  };

  it('sends again what a failover has lost, and computes the same again', async () => {
    const repaired: number[] = [];
    const hooks: ProducerOptions['hooks'] = { onRepaired: (_partition, _series, resent) => void repaired.push(resent) };
    const bars = await feedThroughFailover({ hooks });
    expect(bySymbol(await fixture.outputs())).toEqual(expectedOutputs(SYMBOLS, bars));
    expect(repaired.reduce((sum, resent) => sum + resent, 0)).toBeGreaterThanOrEqual(SYMBOLS.length * 10);
  });

  it('reports exactly what is lost for good: nobody remembers it', async () => {
    const bars = await feedThroughFailover({ tuning: { ringMs: 0, ringBars: 1 }, refetch: async () => [] });
    const link = reading as unknown as RedisLink;
    const gaps = (
      await Promise.all(fixture.tags.map((tag) => link.commands.xrange(streamKey('market_data_stream', tag), '-', '+')))
    )
      .flat()
      .map(parseEntry)
      .filter(({ kind }) => kind === 'gap')
      .map(({ data }) => JSON.parse(data) as GapEntry);
    const given = bySymbol(await fixture.outputs());
    for (const symbol of SYMBOLS) {
      const closes = (given.get(symbol) ?? []).map(({ close }) => close);
      const lost = gaps.filter((gap) => gap.symbol === symbol);
      expect(lost.length).toBeGreaterThan(0);
      const isReported = (n: number) => lost.some(({ from, to }) => from < n * 1_000 && n * 1_000 < to);
      const all = Array.from({ length: bars }, (_, i) => i + 1);
      expect(closes).toEqual(all.filter((n) => !isReported(n)));
    }
  });

  it('waits for as long as Redis has too few replicas to be trusted', async () => {
    const primary = await set.primary();
    const demand = (replicas: number) => ask(primary, 'CONFIG', 'SET', 'min-replicas-to-write', replicas);
    const producer = await fixture.producer();
    const worker = fixture.worker('w1');
    await worker.start();
    await demand(3);
    await producer.offer(numberedBars(SYMBOLS, 1, 10));
    await until(() => producer.stats().blocked !== null);
    expect(await fixture.outputs()).toEqual([]);
    await demand(0);
    expect(bySymbol(await fixture.untilOutputs(SYMBOLS.length * 10))).toEqual(expectedOutputs(SYMBOLS, 10));
    await worker.stop();
    await producer.stop();
  });

  it('finds the new primary when the old one lives on, and one sentinel is dead', async () => {
    const stderr = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const link = fixture.link();
    await link.ready();
    expect(await link.commands.set('a', 1)).toBe('OK');
    const old = await set.primary();
    const [first, , dying] = set.sentinels as [TestNode, TestNode, TestNode];
    await dying.redis.kill();
    const failover = () => ask(first, 'SENTINEL', 'FAILOVER', set.name).catch(() => null); // not while one is under way
    await until(failover, { timeoutMs: 10_000 });
    await until(async () => (await set.primary()) !== old, { timeoutMs: 20_000 });
    // Until it knows that it is a replica, the old one takes writes that are lost.
    const arrived = async () => {
      await link.commands.set('a', 2).catch(() => null);
      return (await ask(await set.primary(), 'GET', 'a')) === '2';
    };
    await until(arrived, { timeoutMs: 10_000 });
    await dying.redis.restart();
    expect(stderr).not.toHaveBeenCalled();
    stderr.mockRestore();
  });

  it('goes on when a failover is announced while it connects', async () => {
    const link = fixture.link();
    await link.ready();
    const client = link.commands as Redis;
    const { failoverDetector } = (client as unknown as { connector: { failoverDetector: Detector } }).connector;
    client.once('connecting', () =>
      queueMicrotask(() => {
        for (const { client: sentinel } of failoverDetector.sentinels) sentinel.emit('message', '+switch-master');
      }),
    );
    await ask(await set.primary(), 'CLIENT', 'KILL', 'TYPE', 'normal');
    await until(() => client.status !== 'ready', { everyMs: 1 });
    await until(() => client.status === 'ready');
    expect(await client.ping()).toBe('PONG');
  });

  it('says which of the settings is wrong', async () => {
    const sentinels = nodesOf(set.addresses);
    const wrong = [
      { settings: { sentinels, sentinelName: 'nobody' }, says: /not known to the sentinels; check REDIS_SENTINEL_NAME/ },
      { settings: { sentinels: [{ host: '127.0.0.1', port: 1 }], sentinelName: 'market' }, says: /sentinel market cannot be reached \(no sentinel answers: / },
      { settings: { sentinels, sentinelName: 'market', username: 'nobody', password: 'guess' }, says: /WRONGPASS.*REDIS_USERNAME/ },
    ]; // prettier-ignore
    for (const { settings, says } of wrong) {
      const link: RedisLink = connectRedis({ host: '', port: 0, ...settings }, { name: 'wrong', log: silentLog });
      await until(() => says.test(link.status().error ?? ''), { timeoutMs: 10_000, what: String(says) });
      await link.close();
    }
  });
});
