import { connectRedis, createControl, silentLog } from '@wagehood/streams';
import type { Logger } from '@wagehood/service';
import { startRedis, until } from '@wagehood/testing';
import { runApi, type RunningApi } from './testing/run-api';

const healthOf = async (api: RunningApi) => {
  const response = await fetch(`${api.base}/health`);
  return { status: response.status, body: (await response.json()) as { status: string; redis: { detail: string } } };
};

describe('without Redis', () => {
  it('answers 503 from the start, and works once Redis is there', async () => {
    const redis = await startRedis();
    await redis.kill();
    const api = await runApi(redis.url, { wait: false });
    const health = await healthOf(api);
    expect(health).toMatchObject({ status: 503, body: { status: 'unhealthy' } });
    expect(health.body.redis.detail).toMatch(/cannot be reached|connecting/);
    const refused = await fetch(`${api.base}/indicators/SPY`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('content-type')).toContain('problem+json');
    expect(api.part('redis').ready?.()).toMatchObject({ ok: false });
    await redis.restart();
    await until(async () => (await fetch(`${api.base}/indicators/SPY`)).status === 200);
    expect(api.part('configuration').ready?.()).toMatchObject({ ok: true });
    await api.stop();
    await redis.stop();
  });

  it('says so in mid-run, keeps its streams, and writes the configuration again when all was lost', async () => {
    const redis = await startRedis();
    const api = await runApi(redis.url);
    await fetch(`${api.base}/watchlist`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"symbol":"TSLA"}',
    });
    await redis.kill();
    await until(async () => (await fetch(`${api.base}/data/latest/SPY`)).status === 503);
    expect((await fetch(`${api.base}/stats`)).status).toBe(503);
    expect((await healthOf(api)).status).toBe(503);
    await redis.restart();
    await until(async () => (await fetch(`${api.base}/data/latest/TSLA`)).status === 200);
    expect((await healthOf(api)).body.status).toBe('degraded');
    const link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    await until(() => createControl(link).read(), { timeoutMs: 8_000 });
    await link.close();
    const other = await runApi(redis.url);
    await until(async () => (await fetch(`${other.base}/data/latest/TSLA`)).status === 200, { timeoutMs: 8_000 });
    await other.stop();
    await api.stop();
    await redis.stop();
  }, 20_000);

  it('ends in time while Redis is away, whatever is asked and followed', async () => {
    const redis = await startRedis();
    const api = await runApi(redis.url);
    await until(async () => (await fetch(`${api.base}/data/latest/SPY`)).status !== 503);
    const stream = await fetch(`${api.base}/stream`);
    expect(stream.status).toBe(200);
    // It takes what it is sent and answers nothing: the worst of all ways to be away.
    await redis.kill('SIGSTOP');
    const asked = ['/stats', '/data/latest/SPY', '/watchlist'].map((path) =>
      fetch(`${api.base}${path}`).then(({ status }) => status, String),
    );
    const startedAt = performance.now();
    await api.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await Promise.all([...asked, stream.text().catch(() => '')]);
    await redis.kill('SIGCONT');
    await redis.stop();
  });

  it('logs little while Redis is away, however much is asked and followed', async () => {
    const redis = await startRedis();
    const lines: string[] = [];
    const keep = (message: string): void => void lines.push(message);
    const log: Logger = { debug: () => undefined, info: keep, warn: keep, error: keep, child: () => log };
    const api = await runApi(redis.url, { log, environment: { API_RATE_LIMIT: '100000' } });
    const following = new AbortController();
    const stream = await fetch(`${api.base}/stream`, { signal: following.signal });
    expect(stream.status).toBe(200);
    const before = lines.length;
    await redis.kill();
    await until(async () => (await fetch(`${api.base}/data/latest/SPY`)).status === 503);
    const end = performance.now() + 3_000;
    while (performance.now() < end) {
      const paths = ['/stats', '/data/latest/SPY', '/monitor/alerts', '/monitor/dead-letters'];
      const answers = await Promise.all(paths.map((path) => fetch(`${api.base}${path}`)));
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
    }
    expect(lines.slice(before).join('\n')).toMatch(/Redis at .* cannot be reached/);
    expect(lines.length - before).toBeLessThanOrEqual(8);
    await redis.restart();
    await until(() => api.part('redis').ready?.().ok === true);
    following.abort();
    await api.stop();
    await redis.stop();
  }, 20_000);

  it('says that the password is wrong', async () => {
    const redis = await startRedis({ args: ['--requirepass', 'right'] });
    const api = await runApi(redis.url, { wait: false, environment: { REDIS_PASSWORD: 'wrong' } });
    await until(async () => /refuses our credentials/.test((await healthOf(api)).body.redis.detail));
    const problem = (await (await fetch(`${api.base}/indicators/SPY`)).json()) as { detail: string };
    expect(problem.detail).toContain('REDIS_PASSWORD');
    await api.stop();
    await redis.stop();
  });

  it('still reads, changes the watchlist and counts requests when Redis is full', async () => {
    const redis = await startRedis();
    const api = await runApi(redis.url, { environment: { API_RATE_LIMIT: '100' } });
    const link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    await link.commands.config('SET', 'maxmemory', '1');
    expect((await fetch(`${api.base}/indicators/SPY`)).status).toBe(200);
    const watched = await fetch(`${api.base}/watchlist`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"symbol":"TSLA"}',
    });
    expect(await watched.json()).toMatchObject({ changed: true });
    await link.close();
    await api.stop();
    await redis.stop();
  });
});
