import { arbSymbol } from '@wagehood/testing';
import fc from 'fast-check';
import {
  alertsKey,
  alertsToldKey,
  historyChunkKey,
  historyIndexKey,
  lastKey,
  latestKey,
  partitionsKey,
  signalsKey,
  stageKey,
  stageNames,
  stateKey,
  undeliveredKey,
  undeliveredOrderKey,
  REVISIONS_MARK,
  WARM_MARK,
} from '../layout/keys';
import { partitionOf, partitionTag, partitionTags } from '../layout/partition';
import type { RedisClient, RedisLink } from '../redis/connect';
import { packState } from '../stage/partition-store';
import { Fixture } from '../testing/fixture';
import { contentsOf } from '../testing/repartition/contents';
import { repartition } from './repartition';

const [SMALL, LARGE, BASE] = [16, 64, 1_000];

const arbSymbols = fc.uniqueArray(
  fc.record({
    symbol: arbSymbol,
    timeframe: fc.constantFrom('1s', '1d'),
    bytes: fc.uint8Array({ maxLength: 40 }),
    texts: fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
    chunks: fc.integer({ min: 1, max: 3 }),
  }),
  { selector: ({ symbol }) => symbol, minLength: 1, maxLength: 40 },
);
type Held = Parameters<Parameters<typeof arbSymbols.map>[0]>[0][number];

/** What the services would have left behind for a symbol. */
async function hold(
  client: RedisClient,
  { symbol, timeframe, bytes, texts, chunks }: Held,
  at: number,
  base: number,
): Promise<void> {
  const tag = partitionTag(partitionOf(symbol, SMALL), SMALL);
  const series = `${symbol}|${timeframe}`;
  await client.hset(lastKey(tag), series, 1_000 * at, WARM_MARK + series, 1 + at);
  await client.hset(lastKey(tag), REVISIONS_MARK + series, JSON.stringify([1_000 * at, 1]));
  await client.hset(latestKey(tag), series, JSON.stringify(texts));
  await client.hset(stateKey('calculation', tag), series, packState(base, bytes));
  await client.hset(stateKey('strategy', tag), series, packState(base, bytes.map((byte) => byte ^ 255))); // prettier-ignore
  await client.hset(stateKey('alerting', tag), symbol, packState(base, bytes.slice(1)));
  const position = { first: 0, last: chunks - 1, rows: 3, off: base, columns: '{}' };
  await client.hset(historyIndexKey(tag), series, JSON.stringify(position));
  for (let chunk = 0; chunk < chunks; chunk++)
    await client.set(historyChunkKey(tag, series, chunk), Buffer.concat([Buffer.from('{}\n'), bytes]));
  await client.rpush(signalsKey(tag, symbol), ...texts);
  const alert = JSON.stringify({ id: `a${at}`, signal: { symbol }, createdAt: at });
  await client.rpush(alertsKey(tag), alert);
  await client.hset(undeliveredKey(tag), `a${at}`, alert);
  await client.zadd(undeliveredOrderKey(tag), at, `a${at}`);
  await client.zadd(alertsToldKey(tag), at, `failed a${at}`);
}

interface Place {
  readonly base: number;
  readonly epoch: number;
}

/** All that services leave behind which have worked off everything. */
async function leave(client: RedisClient, symbols: readonly Held[], { base, epoch }: Place): Promise<void> {
  await client.flushall();
  await client.set(partitionsKey, SMALL);
  for (const tag of partitionTags(SMALL)) {
    await client.hset(lastKey(tag), { '#': base, '#bars': 0 });
    const bars = { offBars: 0, snapBars: 0, outBars: 0 };
    const standing = { epoch, owner: '', ver: 1, att: 0, attoff: base, seq: 0, ...bars };
    for (const stage of stageNames)
      await client.hset(stageKey(stage, tag), { ...standing, base, off: base, snap: base, out: base });
  }
  for (const [at, held] of symbols.entries()) await hold(client, held, at, base);
}

describe('any set of symbols', () => {
  let fixture: Fixture;
  let link: RedisLink;
  beforeAll(async () => {
    fixture = await Fixture.open();
    link = fixture.link();
  });
  afterAll(() => fixture.close());

  it('is found where it belongs among 64 partitions, and is the same when it is back in 16', async () => {
    const { commands } = link;
    const roundTrip = async (symbols: readonly Held[]): Promise<void> => {
      await leave(commands, symbols, { base: BASE, epoch: 1 });
      await repartition({ link, to: LARGE, settleMs: 0 });
      for (const { symbol, timeframe, chunks } of symbols) {
        const tag = partitionTag(partitionOf(symbol, LARGE), LARGE);
        const series = `${symbol}|${timeframe}`;
        expect(await commands.hexists(stateKey('strategy', tag), series)).toBe(1);
        expect(await commands.hexists(lastKey(tag), WARM_MARK + series)).toBe(1);
        expect(await commands.exists(historyChunkKey(tag, series, chunks - 1))).toBe(1);
      }
      await repartition({ link, to: SMALL, settleMs: 0 });
      const after = await contentsOf(commands);
      // The same, but for the places that streams go on from and the numbers of ownerships, which only grow.
      await leave(commands, symbols, { base: BASE + 2, epoch: 3 });
      expect(after).toEqual(await contentsOf(commands));
    };
    await fc.assert(fc.asyncProperty(arbSymbols, roundTrip), { numRuns: 8 });
  }, 60_000);
});
