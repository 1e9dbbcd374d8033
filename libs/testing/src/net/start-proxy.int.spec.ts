import { ask } from '../redis/ask';
import { startRedis, type TestRedis } from '../redis/start-redis';
import { until } from '../until';
import { startProxy, type TestProxy } from './start-proxy';

describe('startProxy', () => {
  let redis: TestRedis;
  let proxy: TestProxy;
  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startProxy({ path: redis.socket });
  });
  afterAll(async () => {
    await proxy.stop();
    await redis.stop();
  });
  afterEach(async () => {
    proxy.heal();
    await until(() => proxy.connections === 0);
  });

  const direct = (...words: string[]) => ask({ path: redis.socket }, ...words);

  it('passes everything on', async () => {
    const large = 'x'.repeat(3_000_000);
    await ask(proxy, 'SET', 'large', large);
    expect(await ask(proxy, 'GET', 'large')).toBe(large);
  });

  it('makes everything late', async () => {
    proxy.suffer({ latencyMs: 50 });
    const startedAt = performance.now();
    expect(await ask(proxy, 'PING')).toBe('PONG');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(99);
  });

  it('resets connections, open ones and new ones', async () => {
    proxy.suffer({ replies: 'hold' });
    const asked = ask(proxy, 'PING');
    await until(() => proxy.connections === 1);
    expect(proxy.cut()).toBe(1);
    await expect(asked).rejects.toThrow(/ECONNRESET|closed/);
    proxy.suffer({ refuse: true });
    await expect(ask(proxy, 'PING')).rejects.toThrow(/ECONNRESET|closed/);
  });

  it('is a black hole that gives back in the end', async () => {
    proxy.suffer({ requests: 'hold', replies: 'hold' });
    const asked = ask(proxy, 'SET', 'late', 'yes');
    await until(() => proxy.connections === 1);
    expect(await direct('GET', 'late')).toBeNull();
    proxy.heal();
    expect(await asked).toBe('OK');
  });

  it('lets the server act and nobody hear of it', async () => {
    proxy.suffer({ replies: 'drop' });
    const asked = ask(proxy, 'SET', 'silent', 'yes');
    asked.catch(() => undefined);
    await until(async () => (await direct('GET', 'silent')) === 'yes');
    proxy.heal();
    await expect(asked).rejects.toThrow(/ECONNRESET|closed/);
    expect(await ask(proxy, 'GET', 'silent')).toBe('yes');
  });
});
