import { indicatorPlanOf, settingsSchema, type SettingsInput } from '@wagehood/config';
import { readBatch, type BarEvent, type CalculationEvent } from '@wagehood/contracts';
import { createCatalog, createEngine, toValues, type IndicatorValue } from '@wagehood/indicators';
import { bundleService, type RunningService } from '@wagehood/service/testing';
import {
  connectRedis,
  createProducer,
  createReader,
  partitionTags,
  silentLog,
  streamKey,
  type Producer,
  type Reader,
  type RedisLink,
} from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { join } from 'node:path';
import { barEventOf, documentOf } from './testing/documents';

jest.setTimeout(60_000);

const PARTITIONS = 4;
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5);
const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'TSLA'];

const bundle = bundleService(join(__dirname, 'main.ts'));
afterAll(() => bundle.remove());

const bar = (symbol: string, n: number): BarEvent => {
  const close = 100 + 10 * Math.sin(n / 7) + symbol.charCodeAt(0) / 10;
  return barEventOf(symbol, {
    openTime: START + n * MINUTE,
    open: close,
    high: close + 1,
    low: close - 1,
    close,
    volume: n,
  });
};

/** Values of the default indicators on the first bars of a symbol, by the engine of the core. */
function expectedValues(symbol: string, bars: number): Record<string, IndicatorValue>[] {
  const plan = indicatorPlanOf(settingsSchema.parse({}), createCatalog());
  const engine = createEngine(plan);
  const [handle, row] = [engine.add(), new Float64Array(plan.columns.length)];
  return Array.from({ length: bars }, (_, n) => {
    const { timestamp: openTime, ...prices } = bar(symbol, n);
    engine.step(handle, { openTime, ...prices }, row);
    return toValues(plan, row);
  });
}

describe('the calculation worker as a process over a real Redis', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let producer: Producer;
  let reader: Reader;
  let version = 0;
  beforeEach(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    await link.ready();
    producer = createProducer({ link, partitions: PARTITIONS, id: 'test', log: silentLog });
    reader = createReader(link, PARTITIONS);
    version = 0;
  });
  afterEach(async () => {
    await producer.stop();
    await link.close();
    await redis.stop();
  });

  const start = (env: Record<string, string> = {}): RunningService =>
    bundle.run({ REDIS_URL: redis.url, PARTITIONS: `${PARTITIONS}`, ...env });
  const stop = async (service: RunningService): Promise<void> => {
    service.signal('SIGTERM');
    expect(await service.exit()).toBe(0);
  };
  const configure = (settings: SettingsInput) => producer.appendControl(documentOf(++version, settings));
  const offer = async (from: number, to: number, symbols = SYMBOLS) => {
    for (let n = from; n <= to; n++) await producer.offer(symbols.map((symbol) => bar(symbol, n)));
    await producer.flush();
  };
  const events = async (): Promise<CalculationEvent[]> => {
    const streams = partitionTags(PARTITIONS).map((tag) => streamKey('calculation_events_stream', tag));
    const entries = (await Promise.all(streams.map((key) => link.commands.xrange(key, '-', '+')))).flat();
    return entries
      .filter(([, fields]) => fields[1] === 'bar')
      .flatMap(([, fields]) => readBatch(fields[3] as string) as CalculationEvent[]);
  };
  const untilEvents = (count: number): Promise<CalculationEvent[]> =>
    until(
      async () => {
        const found = await events();
        return found.length >= count && found;
      },
      { timeoutMs: 20_000 },
    );

  it('gives out what the engine of the core says, keeps latest values and history, and drains in time', async () => {
    const worker = start();
    await configure({ watchlist: SYMBOLS.map((symbol) => ({ symbol, timeframes: ['5m'] })) });
    await offer(0, 249);
    const found = await untilEvents(SYMBOLS.length * (250 + 50));
    expect((await worker.line('ready'))['component']).toBe('CalculationEngine');
    expect((await worker.get('/readyz')).status).toBe(200);

    for (const symbol of SYMBOLS) {
      const own = found.filter((event) => event.symbol === symbol && event.timeframe === '1m');
      expect(own.map(({ values }) => values)).toEqual(expectedValues(symbol, 250));
      expect(found.filter((event) => event.symbol === symbol && event.timeframe === '5m')).toHaveLength(50);

      await until(async () => JSON.parse((await reader.latest([`${symbol}|1m`])).get(`${symbol}|1m`) ?? '{}').timestamp === START + 249 * MINUTE); // prettier-ignore
      expect(await reader.seriesOf(symbol)).toEqual([`${symbol}|1m`, `${symbol}|5m`]);
    }
    await stop(worker);
    const history = await reader.history('SPY|1m', { from: 0, to: Infinity, limit: 10_000 });
    expect(history?.pages.flatMap(({ rows }) => rows)).toHaveLength(250);
    expect(history?.tail).toEqual([]); // a drain leaves nothing unwritten
    expect((await reader.stageStats('calculation')).map(({ owner, lagBars }) => [owner, lagBars])).toEqual([0, 1, 2, 3].map(() => ['', 0])); // prettier-ignore
  });

  it('follows the configuration of the log, and puts aside what is no bar', async () => {
    const worker = start();
    await configure({ indicators: [{ name: 'sma_3' }], watchlist: [{ symbol: 'SPY' }] });
    await offer(0, 4, ['SPY']);
    await configure({ indicators: [{ name: 'sma_3' }, { name: 'ema_2' }], watchlist: [{ symbol: 'SPY' }] });
    await producer.offer([{ ...bar('SPY', 5), high: 1 }]);
    await offer(6, 7, ['SPY']);
    const found = await untilEvents(7);
    expect(found.map(({ values }) => Object.keys(values).join())).toEqual([
      ...Array.from({ length: 5 }, () => 'sma_3'),
      ...Array.from({ length: 2 }, () => 'sma_3,ema_2'),
    ]);
    const [letter] = await reader.deadLetters('calculation', 10);
    expect(JSON.parse(letter?.json ?? '')).toMatchObject({ symbol: 'SPY', error: expect.stringContaining('high') });
    const metrics = await (await worker.get('/metrics')).text();
    expect(metrics).toMatch(/wagehood_stage_dead_letters_total\{service="calculation-worker"\} 1/);
    await stop(worker);
  });

  it('goes on in another process where the first was killed, with the same values', async () => {
    await configure({ watchlist: [{ symbol: 'SPY', timeframes: ['5m'] }] });
    const first = start();
    await offer(0, 59, ['SPY']);
    await untilEvents(60 + 12);
    first.signal('SIGKILL');
    await first.exit();
    await offer(60, 99, ['SPY']);
    const second = start();
    const found = await untilEvents(100 + 20);
    expect(found.filter(({ timeframe }) => timeframe === '1m').map(({ values }) => values)).toEqual(
      expectedValues('SPY', 100),
    );
    expect(found.filter(({ timeframe }) => timeframe === '5m')).toHaveLength(20);
    await stop(second);
  });

  it('says on /readyz why it cannot work, and works when it can', async () => {
    await redis.kill();
    const worker = start();
    await until(async () => (await (await worker.get('/readyz')).text()).includes('cannot be reached'));
    expect((await worker.get('/readyz')).status).toBe(503);
    expect((await worker.get('/livez')).status).toBe(200); // a restart would not help
    await redis.restart();
    await worker.line('ready');
    expect((await worker.get('/readyz')).status).toBe(200);
    await stop(worker);
  });

  it('refuses to start with another number of partitions, in one sentence', async () => {
    const worker = start();
    await worker.line('ready');
    const other = start({ PARTITIONS: '16' });
    expect(await other.exit()).toBe(1);
    expect(other.errors()).toContain('PARTITIONS is 16, but this Redis was started with 4');
    await stop(worker);
  });
});
