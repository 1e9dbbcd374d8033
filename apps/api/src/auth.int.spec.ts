import { connectRedis, silentLog, type RedisLink } from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { createApiKey, type Scope } from './auth/api-key';
import { createKeyStore, API_KEYS_KEY, type KeyStore } from './auth/key-store';
import { runKeysCommand } from './auth/keys-command';
import { runKeys } from './auth/run-keys';
import { runApi, type RunningApi } from './testing/run-api';

describe('api keys', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let store: KeyStore;
  let api: RunningApi;
  const given = createApiKey('given', ['admin'], new Date()).key;

  const createKey = async (scopes: readonly Scope[]): Promise<string> => {
    const lines: string[] = [];
    const terminal = { out: (line: string) => void lines.push(line), err: () => undefined };
    await runKeysCommand({ action: 'create', name: scopes.join(), scopes }, store, terminal);
    return lines[0] ?? '';
  };
  const call = (path: string, key?: string, init: RequestInit = {}) =>
    fetch(api.base + path, {
      ...init,
      headers: { ...init.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) },
    });
  const watch = (key?: string) =>
    call('/watchlist', key, {
      method: 'POST',
      body: '{"symbol":"TSLA"}',
      headers: { 'Content-Type': 'application/json' },
    });

  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    store = createKeyStore(link.commands);
    api = await runApi(redis.url, {
      environment: {
        ...{ API_AUTH: 'on', API_HOST: '127.0.0.1', API_RATE_LIMIT: '5', API_AUTH_FAILURES: '6' },
        API_ADMIN_KEY: given,
      },
    });
  });

  afterAll(async () => {
    await api.stop();
    await link.close();
    await redis.stop();
  });

  it('asks for a key, and not for health and documentation', async () => {
    const refused = await call('/indicators/SPY');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect((await call('/health')).status).toBe(200);
    expect((await fetch(`${api.origin}/api/v1/openapi.json`)).status).toBe(200);
  });

  it('lets each scope do its own and no more', async () => {
    const reader = await createKey(['read']);
    const writer = await createKey(['write']);
    const admin = await createKey(['admin']);
    expect((await call('/indicators/SPY', reader)).status).toBe(200);
    const forbidden = await watch(reader);
    expect(forbidden.status).toBe(403);
    expect(((await forbidden.json()) as { detail: string }).detail).toContain("'write'");
    expect((await watch(writer)).status).toBe(200);
    expect((await call('/stats', writer)).status).toBe(403);
    expect((await call('/stats', admin)).status).toBe(200);
    expect((await watch(admin)).status).toBe(200);
  });

  it('takes the key that the environment gives, and stores it nowhere', async () => {
    expect((await watch(given)).status).toBe(200);
    expect((await call('/stats', `${given.slice(0, -4)}0000`)).status).toBe(401);
    expect(await link.commands.hexists(API_KEYS_KEY, given.split('_')[1] ?? '')).toBe(0);
  });

  it('keeps only the hash of a secret', async () => {
    const key = await createKey(['read']);
    const stored = JSON.stringify(await link.commands.hgetall(API_KEYS_KEY));
    expect(stored).not.toContain(key.split('_')[2]);
  });

  it('limits each key on its own and says so', async () => {
    const key = await createKey(['read']);
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await call('/indicators/SPY', key));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[0]?.headers.get('x-ratelimit-limit')).toBe('5');
    expect(answers[0]?.headers.get('x-ratelimit-remaining')).toBe('4');
    expect(Number(answers[5]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answers[5]?.headers.get('content-type')).toContain('problem+json');
    expect((await call('/indicators/SPY', await createKey(['read']))).status).toBe(200);
  });

  it('forgets a revoked key within a moment', async () => {
    const key = await createKey(['read']);
    expect((await call('/indicators/SPY', key)).status).toBe(200);
    expect(await store.revoke(key.split('_')[1] ?? '')).toBe(true);
    await until(async () => (await call('/indicators/SPY', key)).status === 401, { everyMs: 300 });
  });

  it('refuses wrong keys, and after too many attempts the address', async () => {
    const key = await createKey(['read']);
    const wrong = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
    expect((await call('/indicators/SPY', wrong)).status).toBe(401);
    const answers = [];
    for (let i = 0; i < 8; i++) answers.push((await call('/indicators/SPY', 'wh_nonsense')).status);
    expect(answers).toContain(401);
    expect(answers.at(-1)).toBe(429);
    expect((await call('/indicators/SPY', key)).status).toBe(200);
  });
});

describe('the keys command', () => {
  it('explains itself, and says in one line that Redis is away', async () => {
    const said: string[] = [];
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
      said.push(String(line));
      return true;
    });
    expect(await runKeys(['creat'], {})).toBe(2);
    expect(await runKeys(['list'], { REDIS_URL: 'unix:///nowhere/redis.sock' })).toBe(1);
    write.mockRestore();
    expect(said[0]).toContain('usage:');
    expect(said[1]).toMatch(/cannot be reached/);
  }, 10_000);
});
