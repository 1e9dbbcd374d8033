import type { Alert } from '@wagehood/contracts';
import { ask, startCluster, until, type ClusterNode, type TestCluster } from '@wagehood/testing';
import type { Command } from 'ioredis';
import { createAlertLog } from '../alerts/alert-log';
import { createObservations, type Observations } from '../alerts/observations';
import { createControl } from '../control/control';
import { claimPartitions } from '../layout/claim-partitions';
import { hashTagOf, partitionsKey, signalsKey, stageKey, streamKey } from '../layout/keys';
import { CLUSTER_SLOTS, crc16, partitionOf } from '../layout/partition';
import { silentLog } from '../log';
import * as scripts from '../protocol/scripts';
import { createReader } from '../read/reader';
import { createTail, type TailEntry } from '../read/tail';
import { numberedBars } from '../testing/bars';
import { bySymbol, expectedOutputs, Fixture } from '../testing/fixture';
import type { RedisLink } from './connect';
import type { Script } from './define-script';

jest.setTimeout(90_000);

const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'TSLA', 'NVDA', 'AAPL', 'MSFT', 'AMD'];
const slotOf = (tag: string): number => crc16(tag) % CLUSTER_SLOTS;

describe('the protocol over a real cluster', () => {
  let cluster: TestCluster;
  let fixture: Fixture;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.stop());
  beforeEach(() => {
    const nodes = cluster.seeds.split(',').map((seed) => seed.split(':'));
    fixture = Fixture.over({ cluster: nodes.map(([host = '', port]) => ({ host, port: Number(port) })) });
  });
  afterEach(async () => {
    await fixture.close();
    await Promise.all((await cluster.masters()).map((master) => ask(master, 'FLUSHALL')));
  });

  const exact = async (bars: number): Promise<void> => {
    const outputs = await fixture.untilOutputs(SYMBOLS.length * bars, 40_000);
    expect(bySymbol(outputs)).toEqual(expectedOutputs(SYMBOLS, bars));
  };
  /** Feeds bar after bar until `trouble` is over and then some more; returns how many, and how many had to be sent again. */
  const feedThrough = async (trouble: () => Promise<unknown>): Promise<{ bars: number; resent: number }> => {
    let resent = 0;
    const producer = await fixture.producer({
      hooks: { onRepaired: (_partition, _series, count) => (resent += count) },
    });
    const worker = fixture.worker('w1', { snapshotEveryMs: 50 });
    await worker.start();
    let over = false;
    const troubled = trouble().finally(() => (over = true));
    let bars = 0;
    for (let more = 50; more > 0; more -= over ? 1 : 0) {
      bars++;
      await producer.offer(numberedBars(SYMBOLS, bars, bars));
      await producer.flush();
    }
    await troubled;
    await exact(bars);
    await worker.stop();
    await producer.stop();
    return { bars, resent };
  };

  it('runs every script within one slot, also on nodes that have never seen it', async () => {
    const seen = new Map<string, Set<string>>(); // sha → numbers of slots per call
    const link = fixture.link('spied');
    const spied = (spy: RedisLink): RedisLink => {
      const sendCommand = spy.commands.sendCommand.bind(spy.commands);
      Object.assign(spy.commands, {
        sendCommand(command: Command) {
          const { name, args: words } = command;
          if (name === 'evalsha') {
            const [sha, count, ...rest] = words as unknown as [string, number, ...string[]];
            const slots = new Set(rest.slice(0, count).map((key) => slotOf(hashTagOf(key))));
            seen.set(sha, (seen.get(sha) ?? new Set()).add(`${slots.size}`));
          }
          return sendCommand(command);
        },
      });
      return spy;
    };
    await claimPartitions(spied(link), 4);
    await createControl(link).write({ settings: {} as never, updatedBy: 'test', updatedAt: 1 }, 0);
    const producer = await fixture.producer({ link });
    const worker = fixture.worker('w1', { snapshotEveryMs: 20 }, { link });
    await worker.start();
    for (let n = 1; n <= 20; n++) {
      await producer.offer(numberedBars(SYMBOLS, n, n));
      await producer.flush();
      if (n % 5 === 0) await Promise.all(cluster.nodes.map((node) => ask(node, 'SCRIPT', 'FLUSH')));
    }
    await exact(20);
    for (const [partition, tag] of fixture.tags.entries()) {
      const { epoch = 0 } = worker.status().owned.find((owned) => owned.partition === partition) ?? {};
      const stage = stageKey('calculation', tag);
      expect(await scripts.probe.run(link.commands, [stage], [epoch, 'w1', '1::0'])).toBe(true);
      const keys = [stage, streamKey('market_data_stream', tag)];
      expect(await scripts.resync.run(link.commands, keys, [epoch, 'w1', 'calculation'])).toMatchObject({ off: expect.any(Number) }); // prettier-ignore
    }
    const alert = { id: 'a1', status: 'failed' } as Alert;
    expect(await createAlertLog(link, 4).publish(alert, 'a1 failed')).toBe('early');
    expect(await scripts.movePartitions.run(link.commands, [partitionsKey], ['3', '5'])).toBe('4');
    expect(await scripts.replaceList.run(link.commands, [signalsKey('a', 'SPY')], ['{}'])).toBe(1);
    expect(await createReader(link, 4).members('calculation')).toEqual(['w1']);
    await producer.markWarm(
      SYMBOLS.map((symbol) => `${symbol}|1s`),
      1,
    );
    const sight = { code: 'stage_halted', subject: 'x', detail: 'x' } as unknown as Parameters<Observations['tell']>[0];
    expect(await createObservations(link, 4).tell(sight)).toBe('early');
    expect(await scripts.standAside.run(link.commands, [stageKey('strategy', fixture.tags[0] as string)], [''])).toBe(true); // prettier-ignore
    await worker.stop();
    await producer.stop();

    const all = Object.values(scripts).filter((script): script is Script<never> => 'sha' in script);
    expect([...seen.keys()].sort()).toEqual(all.map(({ sha }) => sha).sort());
    expect([...seen.values()].map((sizes) => [...sizes])).toEqual(all.map(() => ['1']));
  });

  it('spreads partitions over all masters, and shows all of them to whoever follows', async () => {
    const owners = await Promise.all(fixture.tags.map((tag) => cluster.ownerOf(slotOf(tag))));
    expect(new Set(owners).size).toBe(3);
    const link = fixture.link();
    const tail = createTail({ link, partitions: 4, log: silentLog });
    const streams = ['market_data_stream', 'calculation_events_stream'] as const;
    const from = await tail.position(streams);
    const entries: TailEntry[] = [];
    const following = tail.follow(from, (found) => void entries.push(...found));
    await feedThrough(async () => undefined);
    const ends = await tail.position(streams);
    const total = [...ends.values()].reduce((sum, end) => sum + end, 0);
    await until(() => entries.length >= total, { timeoutMs: 20_000 });
    for (const [partition] of fixture.tags.entries())
      for (const stream of streams) {
        const own = entries.filter((entry) => entry.partition === partition && entry.stream === stream);
        expect(own.map(({ offset }) => offset)).toEqual(own.map((_, i) => i + 1));
      }
    expect(entries).toHaveLength(total);
    expect((await tail.read(from, 10_000)).length).toBe(total);
    await following.stop();
    const history = await createReader(link, 4).history('SPY|1s', { from: 0, to: Infinity, limit: 10 });
    expect(history?.pages.flatMap(({ rows }) => rows.map((row) => row[1])).at(-1)).toBe(50);
  });

  it('loses and doubles nothing while slots move, torn between two nodes for a while', async () => {
    const slot = slotOf(fixture.tags[partitionOf('SPY', 4)] as string);
    const home = await cluster.ownerOf(slot);
    const [away] = (await cluster.masters()).filter((master) => master !== home) as [ClusterNode];
    const { bars } = await feedThrough(async () => {
      await cluster.moveSlot(slot, away, 10);
      await cluster.moveSlot(slot, home, 10);
    });
    expect(bars).toBeGreaterThan(50);
  });

  it('loses and doubles nothing when a master dies and takes what it has confirmed with it', async () => {
    const tag = fixture.tags[partitionOf('SPY', 4)] as string;
    const dying = await cluster.ownerOf(slotOf(tag));
    const committed = async (): Promise<number> =>
      Number(await ask(dying, 'HGET', stageKey('calculation', tag), 'off'));
    const { resent } = await feedThrough(() =>
      cluster.failOver(dying, async () => {
        const before = await committed();
        await until(async () => (await committed()) > before + 10, { timeoutMs: 20_000 });
      }),
    );
    expect(resent).toBeGreaterThanOrEqual(10);
    await cluster.revive(dying);
  });
});
