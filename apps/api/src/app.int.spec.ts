import { connectRedis, silentLog, type RedisLink } from '@wagehood/streams';
import {
  healthResponse,
  historicalResponse,
  indicatorsResponse,
  latestResponse,
  signalsResponse,
  watchlistResponse,
} from '@wagehood/contracts';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { statsDocument } from './openapi/stats-document';
import { runApi, type RunningApi } from './testing/run-api';
import { sampleEvent, sampleSignal } from './testing/samples';
import { createSeed, type Seed } from './testing/seed';

describe('the api over a real Redis', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let api: RunningApi;
  let seed: Seed;

  const get = async (path: string) => {
    const response = await fetch(api.base + path);
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  const post = async (body: unknown) => {
    const response = await fetch(`${api.base}/watchlist`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    seed = createSeed(link.commands, 4);
    api = await runApi(redis.url);
  });

  afterAll(async () => {
    await api.stop();
    await link.close();
    await redis.stop();
  });

  it('listens on loopback when authentication is off', () => {
    expect(api.part('http').announce?.()).toMatchObject({ apiHost: '127.0.0.1' });
  });

  it('gives the indicators of every series of a symbol', async () => {
    await seed.latest(sampleEvent());
    await seed.latest(sampleEvent({ timeframe: '1h', timestamp: 1_780_000_000_000 }));
    const { status, body } = await get('/indicators/spy');
    expect(status).toBe(200);
    const answer = indicatorsResponse.parse(body);
    expect(answer.series.map(({ timeframe }) => timeframe)).toEqual(['1m', '1h']);
    expect(answer.series[0]?.indicators['sma_50']).toMatchObject({ value: 100.5, ready: true });
    expect(answer.series[0]?.indicators['rsi_14']).toMatchObject({ value: null, ready: false });
    expect((await get('/indicators/SPY?timeframe=1h')).body['series']).toHaveLength(1);
  });

  it('gives a watched symbol without bars an empty list', async () => {
    expect((await get('/indicators/QQQ')).body).toEqual({ symbol: 'QQQ', series: [] });
    expect((await get('/data/historical/QQQ')).body).toMatchObject({ bars: [], nextCursor: null });
  });

  it('gives the latest bar with its values', async () => {
    await seed.latest(sampleEvent({ symbol: 'IWM', close: 42, price: 42 }));
    const { body } = await get('/data/latest/IWM');
    expect(latestResponse.parse(body).series[0]).toMatchObject({ price: 42, bar: { close: 42 }, source: 'mock' });
  });

  it('hides values whose ttl has passed', async () => {
    const old = Date.now() - 400_000;
    await seed.latest(sampleEvent({ symbol: 'IWM', timeframe: '5s', receivedAt: old, timestamp: old }));
    const series = await until(async () => {
      const { body } = await get('/indicators/IWM?timeframe=5s');
      return (body['series'] as { indicators: Record<string, unknown> }[])[0];
    });
    expect(series.indicators['sma_50']).toEqual({ value: null, ready: true, expired: true });
  });

  it('gives signals, newest first, and filters them', async () => {
    const expired = Date.now() - 700_000;
    await seed.signals([
      sampleSignal({ id: 'a', receivedAt: expired }),
      sampleSignal({ id: 'b', side: 'sell', confidence: 0.9 }),
      sampleSignal({ id: 'c', strategy: 'ma_crossover_strategy' }),
    ]);
    const ids = async (query: string) =>
      signalsResponse.parse((await get(`/signals/SPY${query}`)).body).signals.map(({ id }) => id);
    expect(await ids('')).toEqual(['c', 'b', 'a']);
    expect(await ids('?limit=1')).toEqual(['c']);
    expect(await ids('?side=sell')).toEqual(['b']);
    expect(await ids('?strategy=ma_crossover_strategy')).toEqual(['c']);
    expect(await ids('?min_confidence=0.8')).toEqual(['b']);
    const { body } = await get('/signals/SPY');
    expect((body['signals'] as { expired?: true }[]).map(({ expired: gone }) => gone)).toEqual([
      undefined,
      undefined,
      true,
    ]);
  });

  it('shows corrected bars: the newest with its revision, history as it stands now, written or not', async () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    const rows = [0, 1, 2, 3, 4].map((i) => [start + i * 60_000, 1, 9, 0.5, i, 10]);
    const again = [2, 3, 4].map((i) => [start + i * 60_000, 1, 9, 0.5, i + 0.5, 10]);
    await seed.history('SPY', '1m', ['timestamp', 'open', 'high', 'low', 'close', 'volume'], [...rows, ...again]);
    const bar = (i: number, close: number) => sampleEvent({ timestamp: start + i * 60_000, close });
    await seed.append('calculation_events_stream', 'SPY', 'bar', [bar(4, 4)]);
    const corrected = { ...bar(4, 4.75), revision: 2 };
    const events = [bar(2, 2.5), bar(3, 3.25), corrected];
    const correction = { symbol: 'SPY', timeframe: '1m', from: start + 3 * 60_000, events };
    await seed.append('calculation_events_stream', 'SPY', 'correction', correction);
    await seed.latest(corrected);
    const { bars } = historicalResponse.parse((await get('/data/historical/SPY?timeframe=1m')).body);
    expect(bars.map(({ close }) => close)).toEqual([0, 1, 2.5, 3.25, 4.75]);
    const newest = historicalResponse.parse((await get('/data/historical/SPY?timeframe=1m&limit=2')).body);
    expect(newest.bars.map(({ close }) => close)).toEqual([3.25, 4.75]);
    const newestBar = await until(async () => {
      const { series } = latestResponse.parse((await get('/data/latest/SPY')).body);
      return series[0]?.bar.revision === 2 && series[0].bar;
    });
    expect(newestBar).toMatchObject({ close: 4.75, revision: 2 });
  });

  it('pages through history in both directions', async () => {
    const columns = [
      'timestamp',
      'open',
      'high',
      'low',
      'close',
      'volume',
      'sma_50',
      'macd.macd_line',
      'macd.signal_line',
    ];
    const start = Date.parse('2026-01-01T00:00:00Z');
    const row = (i: number) => [start + i * 60_000, 1, 2, 0.5, i, 10, i < 2 ? NaN : i / 2, i, NaN];
    await seed.history(
      'QQQ',
      '1m',
      columns,
      Array.from({ length: 8 }, (_, i) => row(i)),
    );
    await seed.latest(sampleEvent({ symbol: 'QQQ' }));
    await seed.append('calculation_events_stream', 'QQQ', 'bar', [
      sampleEvent({ symbol: 'QQQ', timestamp: start + 8 * 60_000, close: 8 }),
    ]);

    const closes = async (query: string) => {
      const answer = historicalResponse.parse((await get(`/data/historical/QQQ?timeframe=1m${query}`)).body);
      return { closes: answer.bars.map(({ close }) => close), next: answer.nextCursor, bars: answer.bars };
    };
    const all = await closes('');
    expect(all).toMatchObject({ closes: [0, 1, 2, 3, 4, 5, 6, 7, 8], next: null });
    expect(all.bars[0]?.indicators).toEqual({ sma_50: null, macd: { macd_line: 0, signal_line: null } });
    expect(all.bars[4]?.indicators['sma_50']).toBe(2);

    const newest = await closes('&limit=4');
    expect(newest.closes).toEqual([5, 6, 7, 8]);
    const older = await closes(`&limit=4&cursor=${newest.next}`);
    expect(older.closes).toEqual([1, 2, 3, 4]);
    expect(await closes(`&limit=4&cursor=${older.next}`)).toMatchObject({ closes: [0], next: null });

    const first = await closes('&limit=3&start_date=2026-01-01T00:02:00Z&end_date=2026-01-01T00:07:00Z');
    expect(first.closes).toEqual([2, 3, 4]);
    const second = await closes(
      `&limit=3&start_date=2026-01-01T00:02:00Z&end_date=2026-01-01T00:07:00Z&cursor=${first.next}`,
    );
    expect(second).toMatchObject({ closes: [5, 6], next: null });

    expect((await closes('&indicator=sma_50&limit=1')).bars[0]?.indicators).toHaveProperty('sma_50');
    expect((await closes('&indicator=none&limit=1')).bars[0]?.indicators).toEqual({});
  });

  it('adds a symbol once, normalised, for everybody', async () => {
    const first = await post({ symbol: 'btc/usd', timeframes: ['1m', '5m'] });
    expect(first.status).toBe(200);
    const answer = watchlistResponse.parse(first.body);
    expect(answer).toMatchObject({ changed: true });
    expect(answer.watchlist.at(-1)).toMatchObject({ symbol: 'BTC-USD', enabled: true, timeframes: ['1m', '5m'] });
    expect((await post({ symbol: 'BTC-USD' })).body).toMatchObject({ changed: false, version: answer.version });
    expect((await get('/indicators/BTC-USD')).status).toBe(200);
    await post({ symbol: 'BTC-USD', action: 'remove' });
    expect((await get('/indicators/BTC-USD')).status).toBe(404);
  });

  it('loses no symbol when many are added at once', async () => {
    const symbols = Array.from({ length: 12 }, (_, i) => `NEW${i}`);
    const answers = await Promise.all(symbols.map((symbol) => post({ symbol })));
    expect(answers.map(({ status }) => status)).toEqual(symbols.map(() => 200));
    const { body } = await post({ symbol: 'NEW0' });
    expect(watchlistResponse.parse(body).watchlist.map(({ symbol }) => symbol)).toEqual(
      expect.arrayContaining(symbols),
    );
  });

  it('says how everything is', async () => {
    const health = await get('/health');
    expect(health.status).toBe(200);
    expect(healthResponse.parse(health.body)).toMatchObject({ status: 'degraded', redis: { ok: true } });
    const stats = statsDocument.parse((await get('/stats')).body);
    expect(stats).toMatchObject({ partitions: 4, redis: { ok: true } });
    expect(stats.stages[0]?.byPartition).toHaveLength(4);
    expect(stats.fleet).toMatchObject({
      kubernetes: { state: 'off', detail: 'this is no pod: KUBERNETES_SERVICE_HOST is not set' },
      services: [{ name: 'ingestion' }, {}, {}, {}, { name: 'api', processes: [{ id: 'test', pod: null }] }],
    });
  });

  it('serves OpenAPI and its page without foreign scripts', async () => {
    const document = (await (await fetch(`${api.origin}/api/v1/openapi.json`)).json()) as {
      openapi: string;
      paths: object;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/api/v1/realtime/indicators/{symbol}');
    const page = await fetch(`${api.origin}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]*src="\/docs\/)/);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
      expect((await fetch(api.origin + path)).status).toBe(200);
    }
  });

  it('follows a configuration that another replica writes', async () => {
    const other = await runApi(redis.url);
    await fetch(`${other.base}/watchlist`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"symbol":"ELSE"}',
    });
    await until(async () => (await get('/indicators/ELSE')).status === 200);
    await other.stop();
  });
});
