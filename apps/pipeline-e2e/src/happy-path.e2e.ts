import { startSystem, type System } from '@wagehood/fleet';
import type {
  HealthResponse,
  HistoricalResponse,
  IndicatorsResponse,
  LatestResponse,
  SignalsResponse,
  StatsResponse,
  WatchlistResponse,
} from '@wagehood/contracts';
import { until } from '@wagehood/testing';
import { httpClient, type HttpClient } from './testing/http-client';

const SYMBOLS = ['SPY', 'QQQ', 'IWM'];
const INDICATORS = ['bollinger_bands', 'ema_12', 'ema_26', 'macd', 'rsi_14', 'sma_200', 'sma_50'];
const SOON = { timeoutMs: 10_000, everyMs: 50 };

describe('five services from their bundles, and a user who speaks HTTP', () => {
  let system: System;
  let client: HttpClient;

  beforeAll(async () => {
    system = await startSystem({ settings: null });
    const api = system.start('api', { API_AUTH: 'off', API_PORT: '0', WATCHLIST_SYMBOLS: SYMBOLS.join() });
    const others = (['strategy-evaluator', 'alerting', 'ingestion', 'calculation-worker'] as const).map((name) =>
      system.start(name),
    );
    await Promise.all([api, ...others].map((service) => service.ready()));
    client = await httpClient(api);
  });

  afterAll(() => system?.stop());

  const warm = (symbol: string) =>
    until(
      async () => {
        const { body } = await client.get<IndicatorsResponse>(`/indicators/${symbol}`);
        const [series] = body.series ?? [];
        return series?.ready ? series : null;
      },
      { ...SOON, what: `indicators of ${symbol}` },
    );

  const signalsOf = (symbol: string) =>
    until(
      async () => {
        const { body } = await client.get<SignalsResponse>(`/signals/${symbol}`);
        return body.signals?.length ? body.signals : null;
      },
      { ...SOON, what: `signals of ${symbol}` },
    );

  it.each(SYMBOLS)('%s: all seven indicators are warm at once, because history comes first', async (symbol) => {
    const series = await warm(symbol);
    expect(Object.keys(series.indicators).sort()).toEqual(INDICATORS);
    expect(series.timeframe).toBe('1s');
  });

  it.each(SYMBOLS)('%s: has signals of strategies, and history to draw them on', async (symbol) => {
    const [signal] = await signalsOf(symbol);
    expect(signal).toMatchObject({ symbol, timeframe: '1s', side: expect.stringMatching(/^(buy|sell)$/) });
    const { body } = await client.get<HistoricalResponse>(`/data/historical/${symbol}?limit=100`);
    expect(body.bars).toHaveLength(100);
    expect(Object.keys(body.bars[99]?.indicators ?? {}).sort()).toEqual(INDICATORS);
  });

  it('shows bars as they come', async () => {
    const latest = async () => (await client.get<LatestResponse>('/data/latest/SPY')).body.series[0];
    const before = await latest();
    await until(async () => ((await latest())?.bar.timestamp ?? '') > (before?.bar.timestamp ?? ''), {
      ...SOON,
      what: 'a newer bar',
    });
  });

  it('pushes bars and values, and resumes where a client has left off without a hole', async () => {
    const query = 'symbols=SPY&channels=price';
    const first = await client.events(query, (events) => events.length >= 2);
    const last = first[first.length - 1];
    const next = await client.events(query, (events) => events.length >= 2, last?.id);
    const times = [...first, ...next].map(({ data }) => Date.parse(String(data.data['timestamp'] ?? data.timestamp)));
    expect(times.map((time, i) => (i === 0 ? 1_000 : time - (times[i - 1] ?? 0)))).toEqual(times.map(() => 1_000));
  });

  it('POST /watchlist with a new symbol: bars, indicators and signals within 10 s, without a restart', async () => {
    const startedAt = performance.now();
    const pids = () => ['api', 'ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting'] as const;
    const before = pids().map((name) => system.running(name)[0]?.pid);
    expect((await client.get('/indicators/NVDA')).status).toBe(404);
    const { status, body } = await client.post<WatchlistResponse>('/watchlist', { symbol: 'nvda' });
    expect(status).toBe(200);
    expect(body.watchlist.map(({ symbol }) => symbol)).toEqual([...SYMBOLS, 'NVDA']);
    await Promise.all([warm('NVDA'), signalsOf('NVDA')]);
    await client.events('symbols=NVDA&channels=price', (events) => events.length > 0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(pids().map((name) => system.running(name)[0]?.pid)).toEqual(before);
  });

  it('takes a symbol away again', async () => {
    const { body } = await client.post<WatchlistResponse>('/watchlist', { symbol: 'NVDA', action: 'remove' });
    expect(body.watchlist.map(({ symbol }) => symbol)).toEqual(SYMBOLS);
    expect((await client.get('/indicators/NVDA')).status).toBe(404);
    await until(async () => (await system.reader.latest(['NVDA|1s'])).size === 0, {
      ...SOON,
      what: 'no value of NVDA',
    });
  });

  it('says of itself that it is well', async () => {
    const health = await until(
      async () => {
        const { body } = await client.get<HealthResponse>('/health');
        return body.status === 'healthy' ? body : null;
      },
      { ...SOON, what: 'health' },
    );
    expect(health.services.map(({ name, instances }) => [name, instances]).sort()).toEqual(
      ['alerting', 'api', 'calculation', 'ingestion', 'strategy'].map((name) => [name, 1]),
    );
    const { body } = await client.get<StatsResponse>('/stats');
    expect(body).toMatchObject({ symbols: 3, partitions: 16 });
    expect(body.stages.map(({ deadLetters }) => deadLetters)).toEqual([0, 0, 0]);
  });
});
