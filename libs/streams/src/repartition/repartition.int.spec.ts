import { claimPartitions } from '../layout/claim-partitions';
import { lastKey, membersKey, partitionsKey, stageKey } from '../layout/keys';
import { partitionOf, partitionTag, partitionTags } from '../layout/partition';
import { createReader } from '../read/reader';
import type { RedisLink } from '../redis/connect';
import { bySymbol, expectedOutputs, Fixture } from '../testing/fixture';
import { contentsOf, dumpAll, restoreAll, type Dump } from '../testing/repartition/contents';
import { dyingLink, Killed } from '../testing/repartition/dying';
import { eventsOf, live, POISON } from '../testing/repartition/life';
import { repartition, type RepartitionReport } from './repartition';

const SYMBOLS = Array.from({ length: 8 }, (_, i) => `S${i}`);
const [FROM, TO, BARS] = [3, 5, 30];
/** KILL_EVERY=1 strikes at every command; it takes minutes. */
const STRIDE = Number(process.env['KILL_EVERY'] ?? 5);

describe('repartition', () => {
  let fixture: Fixture;
  let link: RedisLink;
  let earlier: Dump;
  let original: Record<string, unknown>;

  beforeAll(async () => {
    fixture = await Fixture.open();
    link = fixture.link();
    await claimPartitions(link, FROM);
    await live(fixture, FROM, SYMBOLS, 1, BARS);
    earlier = await dumpAll(link.commands);
    original = await contentsOf(link.commands);
  });
  beforeEach(() => restoreAll(link.commands, earlier));
  afterAll(() => fixture.close());

  const move = (to: number, over: RedisLink = link): Promise<RepartitionReport> =>
    repartition({ link: over, to, settleMs: 0 });
  const refusalOf = (to = TO): Promise<string> =>
    move(to).then(
      () => 'moved',
      (error: Error) => error.message,
    );
  const tag = (partition: number) => partitionTag(partition, FROM);

  it('meets names that the old and the new partitions share', () => {
    const shared = partitionTags(FROM).filter((one) => partitionTags(TO).includes(one));
    expect(shared.length).toBeGreaterThan(0);
  });

  it('goes on in the new partitions as if nothing had happened', async () => {
    const report = await move(TO);
    expect(report).toMatchObject({ from: FROM, to: TO, outcome: 'moved' });
    expect(report.moved.get('signals')?.items).toBe(SYMBOLS.length);
    expect(report.moved.get('letters of strategy')?.items).toBe(SYMBOLS.length);
    expect(await link.commands.get(partitionsKey)).toBe(String(TO));
    await claimPartitions(link, TO);
    await live(fixture, TO, SYMBOLS, BARS + 1, 2 * BARS);

    const whole = expectedOutputs(SYMBOLS, 2 * BARS);
    const later = new Map(Array.from(whole, ([symbol, events]) => [symbol, events.slice(BARS)]));
    expect(bySymbol(await eventsOf(fixture, TO))).toEqual(later);
    const reader = createReader(link, TO);
    for (const symbol of SYMBOLS) {
      const history = await reader.history(`${symbol}|1s`, { from: 0, to: Infinity, limit: 1_000 });
      const rows = history?.pages.flatMap(({ rows: some }) => some.map((row) => [...row]));
      expect(rows).toEqual(whole.get(symbol)?.map(({ timestamp, close, sum }) => [timestamp, close, sum]));
      const signals = (await reader.signals(symbol, 1_000)).map((json) => JSON.parse(json) as { timestamp: number });
      const due = whole.get(symbol)?.filter(({ close }) => close !== POISON);
      expect(signals.map(({ timestamp }) => timestamp)).toEqual(due?.map(({ timestamp }) => timestamp));
    }
    expect(await reader.deadLetterCount('strategy')).toBe(SYMBOLS.length);
    expect((await reader.alerts(500)).length).toBe(SYMBOLS.length * (2 * BARS - 1));
  });

  it('may be killed with any command, sent or not, and goes on to the same end', async () => {
    await move(TO);
    const whole = await contentsOf(link.commands);
    const killed = (n: number): Promise<boolean> =>
      move(TO, dyingLink(link, n, n % 2 === 0)).then(
        () => false,
        (error: unknown) => error instanceof Killed || Promise.reject(error as Error),
      );
    let deaths = 0;
    for (let n = STRIDE; await restoreAll(link.commands, earlier).then(() => killed(n)); n += STRIDE) {
      deaths++;
      await killed(Math.ceil(n / 2)); // and once more on the way
      expect(await move(TO)).toMatchObject({ to: TO });
      expect(await contentsOf(link.commands)).toEqual(whole);
    }
    expect(deaths).toBeGreaterThan(200 / STRIDE);

    expect(await contentsOf(link.commands)).toEqual(whole);
  }, 120_000);

  it('lets no service start on the way, and can be given up as long as nothing was replaced', async () => {
    await expect(move(TO, dyingLink(link, 60, false))).rejects.toThrow(Killed);
    await expect(claimPartitions(link, FROM)).rejects.toThrow(
      `this Redis is on its way from ${FROM} to ${TO} partitions; finish that first: npm run repartition -- --to ${TO}`,
    );
    expect(await refusalOf(9)).toContain(`finish it with --to ${TO}, or give it up with --abort`);
    expect(await repartition({ link, to: TO, abort: true })).toMatchObject({ outcome: 'aborted' });
    expect(await contentsOf(link.commands)).toEqual(original);
  });

  it('changes nothing when it only looks, and has nothing to do the second time', async () => {
    const looked = await repartition({ link, to: TO, dryRun: true });
    expect(looked.outcome).toBe('dry-run');
    expect(await contentsOf(link.commands)).toEqual(original);
    expect((await move(TO)).moved).toEqual(looked.moved);
    expect(await move(TO)).toMatchObject({ outcome: 'already' });
  });

  it('refuses while somebody lives, while input is left, while state is not saved, and what it does not know', async () => {
    const { commands } = link;
    const undone = async (spoil: () => Promise<unknown>, line: string): Promise<void> => {
      await restoreAll(commands, earlier);
      await spoil();
      const before = await contentsOf(commands);
      expect(await refusalOf()).toContain(line);
      expect(await contentsOf(commands)).toEqual(before);
    };
    await undone(() => commands.zadd(membersKey('strategy'), Date.now() + 60_000, 'x'), 'strategy is running (1 live)');
    await undone(() => commands.hincrby(lastKey(tag(1)), '#', 1), 'calculation has input left in 1 of 3 partitions');
    await undone(() => commands.hincrby(stageKey('strategy', tag(0)), 'snap', -1), 'strategy has not saved 1 of 3');
    await undone(() => commands.hset(lastKey(tag(0)), '#control', 4), 'has entered some of the logs only');
    await undone(() => commands.set(`history:{${tag(2)}}:strange`, 1), `key history:{${tag(2)}}:strange is of no kind`);
    const service = fixture.link('api');
    await service.ready();
    await service.commands.client('SETNAME', 'wagehood-api-commands');
    await undone(() => Promise.resolve(), 'api is connected: end every service first');
    await service.close();
  });

  it('brings everything back when it goes back', async () => {
    await move(TO);
    await move(FROM);
    for (const symbol of SYMBOLS)
      expect(await link.commands.hget(lastKey(tag(partitionOf(symbol, FROM))), `${symbol}|1s`)).toBe(`${BARS}000`);
    await live(fixture, FROM, SYMBOLS, BARS + 1, BARS + 5);
    const due = expectedOutputs(SYMBOLS, BARS + 5);
    const later = new Map(Array.from(due, ([symbol, events]) => [symbol, events.slice(BARS)]));
    expect(bySymbol(await eventsOf(fixture, FROM))).toEqual(later);
  });
});
