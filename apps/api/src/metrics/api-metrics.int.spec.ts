import {
  deadLettersKey,
  lastKey,
  membersKey,
  partitionTag,
  stageKey,
  tokensKey,
  type RedisClient,
} from '@wagehood/streams';
import { connectRedis, silentLog, type RedisLink } from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { statsDocument } from '../openapi/stats-document';
import { runApi, type RunningApi } from '../testing/run-api';

const TAG = partitionTag(2, 4);

describe('what the api measures', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let client: RedisClient;
  let api: RunningApi;
  const value = async (series: string): Promise<number | undefined> => {
    const [name, labels = ''] = series.split(/[{}]/);
    const line = (await api.metrics())
      .split('\n')
      .find((text) => text.startsWith(`wagehood_${name}{`) && labels.split(',').every((label) => text.includes(label)));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  const becomes = (series: string, wanted: number): Promise<true> =>
    until(async () => (await value(series)) === wanted, { timeoutMs: 5_000 });

  beforeAll(async () => {
    redis = await startRedis();
    api = await runApi(redis.url);
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    client = link.commands;
    await link.ready();
  });
  afterAll(async () => {
    await link.close();
    await api.stop();
    await redis.stop();
  });

  it('follows a partition from nobody to an owner who dies, as metrics and as statistics', async () => {
    const [seconds, micros] = await client.time();
    const now = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
    await becomes('pipeline_unowned_partitions{stage="calculation"}', 4);
    await client.zadd(membersKey('calculation'), now + 60_000, 'worker');
    await client.zadd(membersKey('ingestion'), now + 60_000, 'feeder');
    await client.hset(stageKey('calculation', TAG), { epoch: 7, owner: 'worker', off: 3, offBars: 30, snap: 2 });
    await client.hset(lastKey(TAG), { '#': 5, '#bars': 90 });
    const tokens = [1, 2, 3, 4, 5].map((n) => `${(now - 100_000 * (6 - n)) * 1_000}`);
    await client.rpush(tokensKey('market_data_stream', TAG), ...tokens);
    await client.xadd(deadLettersKey('calculation', TAG), '*', 'data', '{}');

    await becomes('pipeline_unowned_partitions{stage="calculation"}', 3);
    await becomes('pipeline_members{stage="calculation"}', 1);
    await becomes('ingestion_members', 1);
    await becomes('pipeline_lag_bars{stage="calculation"}', 60);
    await becomes('pipeline_dead_letters{stage="calculation"}', 1);
    await becomes('partition_lag_bars{stage="calculation",partition="2"}', 60);
    await becomes('partition_epoch{stage="calculation",partition="2"}', 7);
    await becomes('partition_lease_age_seconds{stage="calculation",partition="2"}', 0);
    const age = await value('partition_snapshot_age_seconds{stage="calculation",partition="2"}');
    expect(Math.round((age ?? 0) / 100)).toBe(3); // the third entry is the oldest that is not saved
    expect(await value('partition_lease_age_seconds{stage="calculation",partition="1"}')).toBeUndefined();

    const stats = statsDocument.parse(await (await fetch(`${api.base}/stats`)).json());
    const [calculation] = stats.stages;
    expect(calculation?.byPartition[2]).toEqual({
      ...{
        partition: 2,
        owner: 'worker',
        epoch: 7,
        leaseAgeSeconds: 0,
        offset: 3,
        tail: 5,
        lagBars: 60,
        deadLetters: 1,
      },
      snapshotAgeSeconds: expect.any(Number),
    });
    expect(calculation?.byPartition[1]).toMatchObject({ owner: null, leaseAgeSeconds: null, snapshotAgeSeconds: 0 });

    await client.zadd(membersKey('calculation'), now - 1_000, 'worker');
    await becomes('pipeline_unowned_partitions{stage="calculation"}', 4);
  });

  it('counts requests under few names, whatever is asked', async () => {
    for (const path of ['/health', '/health', '/stats', '/indicators/NOPE', '/x1/y', '/x2'])
      await fetch(api.base + path);
    await fetch(`${api.base}/watchlist`, { method: 'POST', body: 'no json' });
    await fetch(`${api.origin}/z${Math.random()}`, { method: 'PURGE' }).catch(() => undefined);
    await becomes('api_requests_total{route="health",method="GET"}', 2);
    await becomes('api_requests_total{route="other",method="GET",status="4xx"}', 2);
    await becomes('api_requests_total{route="watchlist",method="POST",status="4xx"}', 1);
    await becomes('api_request_seconds_count{route="indicators"}', 1);
    const routes = new Set([...(await api.metrics()).matchAll(/route="(\w+)"/g)].map(([, route]) => route));
    expect([...routes].sort()).toEqual(['health', 'indicators', 'other', 'stats', 'watchlist']);
  });
});
