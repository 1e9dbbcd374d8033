import { connectRedis, silentLog, type RedisLink } from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import fc from 'fast-check';
import { createApiKey, type Scope } from './auth/api-key';
import { createKeyStore } from './auth/key-store';
import { KnownUrls } from './http/known-urls';
import { createRawClient, type RawAnswer, type RawAsk } from './testing/raw-get';
import { runApi, type RunningApi, type RunOptions } from './testing/run-api';
import { sampleEvent, sampleSignal } from './testing/samples';
import { createSeed, type Seed } from './testing/seed';

const BASE = '/api/v1/realtime';
const find = KnownUrls.prototype.find;

/** What differs from one answer to the next by nature. */
function settled({ status, headers: { date: _, ...headers }, text }: RawAnswer) {
  const volatile = /"(time|uptimeSeconds|usedMemoryBytes|barsPerSecond)":("[^"]*"|[\d.]+)/g;
  return { status, headers: { ...headers, 'content-length': '' }, text: text.replace(volatile, '"$1":0') };
}

describe('the hot path', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let seed: Seed;
  /** Off: express answers everything. */
  let hot = true;
  let served = 0;

  const withApi = async (
    options: RunOptions,
    use: (ask: (ask: RawAsk) => Promise<RawAnswer>, api: RunningApi) => unknown,
  ) => {
    const api = await runApi(redis.url, options);
    const client = createRawClient(api.origin);
    try {
      await use(client.ask, api);
    } finally {
      client.close();
      await api.stop();
    }
  };
  const createKey = async (...scopes: Scope[]): Promise<Record<string, string>> => {
    const { key, record } = createApiKey(scopes.join(), scopes, new Date());
    await createKeyStore(link.commands).add(record);
    return { Authorization: `Bearer ${key}` };
  };

  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    seed = createSeed(link.commands, 4);
    await seed.latest(sampleEvent());
    await seed.latest(sampleEvent({ timeframe: '1h', timestamp: 1_780_000_000_000 }));
    await seed.signals([sampleSignal({ id: 'a', receivedAt: 0 }), sampleSignal({ id: 'b', side: 'sell' })]);
    jest.spyOn(KnownUrls.prototype, 'find').mockImplementation(function (this: KnownUrls, url) {
      const known = hot ? find.call(this, url) : undefined;
      if (known) served++;
      return known;
    });
  });

  beforeEach(() => {
    served = 0;
  });

  afterAll(async () => {
    jest.restoreAllMocks();
    await link.close();
    await redis.stop();
  });

  /** The same request by express, which may learn it, and then with the hot path. */
  const compare = async (ask: (ask: RawAsk) => Promise<RawAnswer>, request: RawAsk): Promise<RawAnswer> => {
    const headers = { 'X-Request-Id': 'same', ...request.headers };
    hot = false;
    const slow = await ask({ ...request, headers });
    hot = true;
    const fast = await ask({ ...request, headers });
    expect({ request, ...settled(fast) }).toEqual({ request, ...settled(slow) });
    return fast;
  };

  const good = [
    ...['/indicators/SPY', '/indicators/spy?timeframe=1h', '/indicators/QQQ', '/data/latest/SPY', '/data/latest/%53PY'],
    ...['/signals/SPY', '/signals/SPY?limit=1', '/signals/SPY?side=sell&min_confidence=0.1', '/health', '/stats'],
    ...['/indicators/SPY?', '/indicators/SPY?unknown=1', '/indicators/SPY/', '/INDICATORS/SPY'],
  ];
  const bad = [
    ...['/indicators/NOPE', '/indicators/%E0%A4%A', '/indicators/SPY?timeframe=2m', '/signals/SPY?limit=0', '/nope'],
    ...[
      '/signals/SPY?strategy=nope',
      '/indicators',
      '/indicators/__proto__',
      '//indicators/SPY',
      '/signals/SPY?side=hold',
    ],
  ];

  it('answers every request as express does, whatever it is', async () => {
    await withApi({}, async (ask) => {
      for (const path of good) {
        expect((await compare(ask, { path: BASE + path })).status).toBe(200);
      }
      expect(served).toBe(good.length);
      for (const path of bad) await compare(ask, { path: BASE + path });
      served = 0;
      for (const method of ['HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH']) {
        for (const path of good) await compare(ask, { path: BASE + path, method });
      }
      expect(served).toBe(0);
    });
  }, 30_000);

  it('answers requests that nobody thought of as express does', async () => {
    const route = fc.constantFrom('indicators', 'signals', 'data/latest', 'data', 'health', 'stats', '..', '');
    const symbol = fc.constantFrom('/SPY', '/SPY', '/qqq', '/btc%2Fusd', '/%', '//SPY', '');
    const query = fc.constantFrom(
      '',
      '',
      '?limit=1',
      '?limit=x',
      '?timeframe=1m',
      '?timeframe=1m&timeframe=1h',
      '?side=',
      '?%',
      '?limit[]=1',
      '#x',
    );
    const path = fc.tuple(route, symbol, query).map((parts) => `${BASE}/${parts.join('')}`);
    const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST');
    const id = fc.constantFrom('mine', 'x'.repeat(64), 'fine.id-1');
    await withApi({}, (ask) =>
      fc.assert(
        fc.asyncProperty(path, method, id, async (asked, by, requestId) => {
          await compare(ask, { path: asked, method: by, headers: { 'X-Request-Id': requestId } });
        }),
        { numRuns: 300 },
      ),
    );
    expect(served).toBeGreaterThan(10);
  }, 60_000);

  it('makes an id for a request without a sane one', async () => {
    await withApi({}, async (ask) => {
      const path = `${BASE}/indicators/SPY`;
      const ids = [];
      for (let i = 0; i < 3; i++) ids.push((await ask({ path })).headers['x-request-id']);
      expect(new Set(ids).size).toBe(3);
      expect((await ask({ path, headers: { 'X-Request-Id': 'a b' } })).headers['x-request-id']).toMatch(
        /^[0-9a-f-]{36}$/,
      );
      expect(served).toBe(3);
    });
  });

  const locked = { API_AUTH: 'on', API_HOST: '127.0.0.1', API_RATE_LIMIT: '0' };

  it('lets in the same keys, and refuses the others in the same words', async () => {
    const [reader, writer, admin] = [await createKey('read'), await createKey('write'), await createKey('admin')];
    const wrong = { Authorization: `${reader['Authorization']?.slice(0, -2)}zz` };
    await withApi({ environment: locked }, async (ask) => {
      for (const path of good) {
        expect((await ask({ path: BASE + path, headers: reader })).status).toBe(200);
        const answers: number[] = [];
        for (const headers of [{}, reader, writer, admin, wrong, { Authorization: 'Basic eA==' }]) {
          answers.push((await compare(ask, { path: BASE + path, headers })).status);
        }
        expect(answers).toEqual(path === '/health' ? Array(6).fill(200) : [401, 200, 403, 200, 401, 401]);
      }
      expect(served).toBeGreaterThanOrEqual(6 * good.length);
    });
  }, 30_000);

  it.each([
    ['keys', locked, '/indicators/SPY'],
    ['addresses', {}, '/indicators/SPY'],
    ['addresses without a key', locked, '/health'],
  ])('spends the same budget of %s', async (kind, environment, path) => {
    await withApi(
      { environment: { ...environment, API_RATE_LIMIT: '7', API_RATE_WINDOW: '600', API_TRUST_PROXY: '1' } },
      async (ask) => {
        const seen = async (who: string) => {
          const headers = { ...(await createKey('read')), 'X-Forwarded-For': `6.6.6.6, ${who} of ${kind}` };
          const answers = [];
          for (let i = 0; i < 9; i++) {
            const { status, headers: got } = await ask({ path: BASE + path, headers });
            answers.push([status, got['x-ratelimit-limit'], got['x-ratelimit-remaining'], got['content-type']]);
          }
          return answers;
        };
        hot = false;
        const slow = await seen('one');
        hot = true;
        const fast = await seen('another');
        expect(fast).toEqual(slow);
        expect(fast.map(([status]) => status)).toEqual([...Array(7).fill(200), 429, 429]);
        expect(served).toBe(9);
      },
    );
  });

  it('forgets what URLs mean when the configuration changes', async () => {
    await withApi({}, async (ask, api) => {
      const path = `${BASE}/indicators/TSLA`;
      const watch = (action: string) =>
        fetch(`${api.base}/watchlist`, {
          method: 'POST',
          body: JSON.stringify({ symbol: 'TSLA', action }),
          headers: { 'Content-Type': 'application/json' },
        });
      for (const [action, status] of [
        ['add', 200],
        ['remove', 404],
        ['add', 200],
      ] as const) {
        await watch(action);
        for (let i = 0; i < 3; i++) expect((await ask({ path })).status).toBe(status);
      }
    });
    expect(served).toBe(4);
  });

  it('shows what has changed, and the passing of a ttl', async () => {
    await withApi({}, async (ask) => {
      const price = async () => {
        const { text } = await ask({ path: `${BASE}/data/latest/IWM` });
        return (JSON.parse(text) as { series: { price: number }[] }).series[0]?.price;
      };
      for (let close = 1; close < 20; close++) {
        await seed.append('calculation_events_stream', 'IWM', 'bar', [
          sampleEvent({ symbol: 'IWM', close, price: close }),
        ]);
        if (close === 1) await seed.latest(sampleEvent({ symbol: 'IWM', close, price: close }));
        await until(async () => (await price()) === close, { everyMs: 2 });
      }
      const ids = async () => {
        const { text } = await ask({ path: `${BASE}/signals/IWM` });
        return (JSON.parse(text) as { signals: { id: string; expired?: true }[] }).signals.map(({ id, expired }) => [
          id,
          expired,
        ]);
      };
      expect(await ids()).toEqual([]);
      const signal = sampleSignal({ symbol: 'IWM', receivedAt: Date.now() - 599_500 });
      await seed.signals([signal]);
      await seed.append('signal_stream', 'IWM', 'signal', [signal]);
      await until(async () => (await ids()).length === 1, { everyMs: 2 });
      await until(async () => (await ids())[0]?.[1] === true, { everyMs: 20 });
    });
  });
});
