import { connectRedis, silentLog, type RedisLink } from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { createMetrics } from '../metrics';
import { watchRedis } from './redis-metrics';

describe('Redis as a service sees it', () => {
  let redis: TestRedis;
  let link: RedisLink;
  const metrics = createMetrics({ service: 'test', defaults: false });
  const value = async (name: string): Promise<number | undefined> => {
    const found = new RegExp(`^wagehood_${name}\\{service="test"\\} (\\S+)$`, 'm').exec(await metrics.text())?.[1];
    return found === undefined ? undefined : Number(found);
  };

  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'metrics', log: silentLog });
    await link.ready();
    watchRedis(metrics, link);
  });
  afterAll(async () => {
    await link.close();
    await redis.stop();
  });

  it('tells how much of its memory is in use', async () => {
    expect(await value('redis_up')).toBe(1);
    expect(await value('redis_memory_used_ratio')).toBe(0); // there is no limit
    await link.commands.config('SET', 'maxmemory', '64mb');
    const before = await value('redis_memory_used_ratio');
    await link.commands.set('large', 'x'.repeat(16 * 1024 * 1024));
    expect(before).toBeLessThan(0.2);
    expect(await value('redis_memory_used_ratio')).toBeGreaterThan(0.25);
  });

  it('says so when it is away, and then makes no scrape wait', async () => {
    await redis.kill();
    await until(async () => (await value('redis_up')) === 0);
    expect(await value('redis_memory_used_ratio')).toBeUndefined();
  });
});
