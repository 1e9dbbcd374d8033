import {
  connectRedis,
  lastKey,
  partitionOf,
  partitionTags,
  repartition,
  silentLog,
  stageKey,
  type RedisLink,
} from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { runApi } from './testing/run-api';
import { sampleEvent, sampleSignal } from './testing/samples';
import { createSeed } from './testing/seed';
import { readSse } from './testing/sse-reader';

const [FEW, MANY] = [4, 64];
/** It moves to a partition that did not exist before. */
const SYMBOL = 'QQQ';

describe('GET /stream across a change of the number of partitions', () => {
  let redis: TestRedis;
  let link: RedisLink;
  beforeEach(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
  });
  afterEach(async () => {
    await link.close();
    await redis.stop();
  });

  /** As SIGTERM leaves the stages that have nothing left to do. */
  const endStages = async (): Promise<void> => {
    for (const tag of partitionTags(FEW)) {
      const outOf = async (stage: 'calculation' | 'strategy') =>
        (await link.commands.hget(stageKey(stage, tag), 'out')) ?? '0';
      const [values, signals] = [await outOf('calculation'), await outOf('strategy')];
      await link.commands.hset(lastKey(tag), '#', values);
      await link.commands.hset(stageKey('calculation', tag), { epoch: 1, off: values, snap: values });
      await link.commands.hset(stageKey('strategy', tag), { epoch: 1, off: values, snap: values });
      await link.commands.hset(stageKey('alerting', tag), { epoch: 1, off: signals, snap: signals });
    }
  };

  it.each([
    ['a client that wants one symbol', `?symbols=${SYMBOL}&channels=price,signal`],
    ['a client that wants everything', '?channels=price,signal'],
  ])('%s is told, and misses nothing that came after it', async (_, query) => {
    expect(partitionOf(SYMBOL, MANY)).toBeGreaterThanOrEqual(FEW);
    let api = await runApi(redis.url, { environment: { PARTITIONS: String(FEW) } });
    const before = await readSse(`${api.base}/stream${query}`);
    await until(() => before.lastId() !== '');
    const few = createSeed(link.commands, FEW);
    await few.append('calculation_events_stream', SYMBOL, 'bar', [sampleEvent({ symbol: SYMBOL, close: 1 })]);
    await few.append('signal_stream', SYMBOL, 'signal', [sampleSignal({ symbol: SYMBOL, id: 'before' })]);
    await until(() => before.messages.length === 2);
    await api.stop();
    await endStages();
    expect(await repartition({ link, to: MANY, settleMs: 0 })).toMatchObject({ outcome: 'moved' });

    // The services are up before the client comes back.
    const many = createSeed(link.commands, MANY);
    await many.append('calculation_events_stream', SYMBOL, 'bar', [sampleEvent({ symbol: SYMBOL, close: 2 })]);
    await many.append('signal_stream', SYMBOL, 'signal', [sampleSignal({ symbol: SYMBOL, id: 'after' })]);
    api = await runApi(redis.url, { environment: { PARTITIONS: String(MANY) } });
    const after = await readSse(`${api.base}/stream${query}`, before.lastId());
    await until(() => after.messages.length === 3);
    expect(after.messages.map(({ event, data }) => data.data['id'] ?? data.data['close'] ?? event)).toEqual(
      expect.arrayContaining(['gap', 2, 'after']),
    );
    expect(after.messages[0]?.data.data).toEqual({ log: '*', repartitioned: true });
    after.cut();

    // From there on it is a client like any other.
    await many.append('calculation_events_stream', SYMBOL, 'bar', [sampleEvent({ symbol: SYMBOL, close: 3 })]);
    const later = await readSse(`${api.base}/stream${query}`, after.lastId());
    await until(() => later.messages.length === 1);
    expect(later.messages[0]?.data.data['close']).toBe(3);
    later.cut();
    await api.stop();
  });
});
