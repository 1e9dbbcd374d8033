import type { RedisSettings } from '@wagehood/config';
import { connectRedis, silentLog, type RedisLink } from '@wagehood/streams';
import { freePort, startRedis, until, type TestRedis } from '@wagehood/testing';
import { redisPart } from './redis-part';

describe('the Redis of a service', () => {
  let redis: TestRedis | null = null;
  let links: RedisLink[] = [];
  afterEach(async () => {
    await Promise.all(links.map((link) => link.close()));
    await redis?.stop();
    [redis, links] = [null, []];
  });
  const connect = (settings: Partial<RedisSettings>): RedisLink => {
    const link = connectRedis({ host: '127.0.0.1', port: 1, ...settings }, { name: 'part', log: silentLog });
    links.push(link);
    return link;
  };

  it('is ready when it answers and the number of partitions holds', async () => {
    redis = await startRedis();
    const part = redisPart(connect({ url: redis.url }), 4);
    await part.start?.();
    expect(part.ready?.()).toEqual({ ok: true, detail: 'connected' });
    await redisPart(connect({ url: redis.url }), 4).start?.();
  });

  it('refuses to start on a Redis with another number of partitions, and says what to do', async () => {
    redis = await startRedis();
    await redisPart(connect({ url: redis.url }), 4).start?.();
    await expect(redisPart(connect({ url: redis.url }), 16).start?.()).rejects.toThrow(
      'PARTITIONS is 16, but this Redis was started with 4 and symbols stay in their partition; set PARTITIONS=4',
    );
  });

  it('waits for a Redis that is not there yet, and says so', async () => {
    const port = await freePort();
    const part = redisPart(connect({ port }), 4);
    const started = part.start?.();
    await until(() => part.ready?.().detail.includes('cannot be reached'));
    expect(part.ready?.().ok).toBe(false);
    redis = await startRedis({ args: ['--port', `${port}`, '--bind', '127.0.0.1'] });
    await started;
    expect(part.ready?.()).toEqual({ ok: true, detail: 'connected' });
  });

  it('says why Redis refuses it, and starts when the password is right at last', async () => {
    redis = await startRedis({ port: true, args: ['--requirepass', 'secret'] });
    const part = redisPart(connect({ port: redis.port as number, password: 'guess' }), 4);
    const started = part.start?.();
    await until(() => part.ready?.().detail.includes('check REDIS_USERNAME and REDIS_PASSWORD'));
    expect(part.ready?.().ok).toBe(false);
    const admin = connect({ port: redis.port as number, password: 'secret' });
    await admin.ready();
    await admin.commands.config('SET', 'requirepass', 'guess');
    await started;
    await until(() => part.ready?.().ok);
  });

  it('notices when Redis goes away, and when it is back', async () => {
    redis = await startRedis();
    const part = redisPart(connect({ url: redis.url }), 4);
    await part.start?.();
    await redis.kill();
    await until(() => !part.ready?.().ok);
    expect(part.ready?.().detail).toContain(redis.url);
    await redis.restart();
    await until(() => part.ready?.().ok);
  });

  it('can be stopped while it still tries to start', async () => {
    redis = await startRedis();
    const link = connect({ url: redis.url });
    await link.ready();
    const asked = jest.spyOn(link.commands, 'sendCommand').mockImplementation(async () => {
      throw new Error('Command timed out');
    });
    const part = redisPart(link, 4);
    const started = part.start?.();
    await until(() => asked.mock.calls.length >= 1);
    await part.stop?.();
    await started;
    expect(link.commands.status).toBe('end');
  });
});
