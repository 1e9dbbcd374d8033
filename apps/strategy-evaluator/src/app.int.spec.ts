import { indicatorPlanOf, settingsSchema, type SettingsInput } from '@wagehood/config';
import type { CalculationEvent, Signal } from '@wagehood/contracts';
import { createCatalog, createEngine, toValues } from '@wagehood/indicators';
import { bundleService, type RunningService } from '@wagehood/service/testing';
import { builtinStrategies, signalId } from '@wagehood/strategies';
import { generateMarket, instantiate, runStrategies } from '@wagehood/strategies/testing';
import {
  connectRedis,
  createControl,
  createReader,
  partitionOf,
  partitionTags,
  silentLog,
  stageKey,
  type Reader,
  type RedisLink,
} from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { join } from 'node:path';
import { eventOf } from './testing/documents';
import { createUpstream, type Upstream } from './testing/upstream';

jest.setTimeout(60_000);

const PARTITIONS = 4;
const BARS = 1_500;
const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'TSLA'];

const bundle = bundleService(join(__dirname, 'main.ts'));
afterAll(() => bundle.remove());

const marketOf = (symbol: string) =>
  generateMarket(symbol < 'R' ? 'trending' : 'mean-reverting', {
    bars: BARS,
    seed: symbol.charCodeAt(0),
    sigma: 0.01,
  });

/** Bars with the values of the default indicators, as calculation gives them out. */
function eventsOf(symbol: string): CalculationEvent[] {
  const plan = indicatorPlanOf(settingsSchema.parse({}), createCatalog());
  const engine = createEngine(plan);
  const [handle, row] = [engine.add(), new Float64Array(plan.columns.length)];
  return marketOf(symbol).map((bar) => {
    engine.step(handle, bar, row);
    const { openTime: timestamp, ...prices } = bar;
    return eventOf(symbol, 0, bar.close, { timestamp, ...prices, values: toValues(plan, row) });
  });
}

/** What the engine of the core says of a symbol: id, side and confidence of every signal. */
function expectedOf(symbol: string): [string, string, number][] {
  const market = marketOf(symbol);
  const instances = builtinStrategies.map((definition) => instantiate(definition));
  return runStrategies(instances, market).map(({ at, strategy, side, confidence }) => {
    const { params } = instances.find(({ name }) => name === strategy) as (typeof instances)[number];
    return [signalId(strategy, params, symbol, '1m', market[at]?.openTime ?? 0, side), side, confidence];
  });
}

describe('the strategy evaluator as a process over a real Redis', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let reader: Reader;
  let upstream: Upstream;
  beforeEach(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    await link.ready();
    reader = createReader(link, PARTITIONS);
    upstream = createUpstream(link, PARTITIONS);
  });
  afterEach(async () => {
    await link.close();
    await redis.stop();
  });

  const start = (): RunningService => bundle.run({ REDIS_URL: redis.url, PARTITIONS: `${PARTITIONS}` });
  const stop = async (service: RunningService): Promise<void> => {
    service.signal('SIGTERM');
    expect(await service.exit()).toBe(0);
  };
  const emit = async (from: number, to: number, events: ReadonlyMap<string, CalculationEvent[]>) => {
    for (let at = from; at < to; at += 50)
      await upstream.emit([...events.values()].flatMap((all) => all.slice(at, Math.min(to, at + 50))));
  };
  const caughtUp = () =>
    until(async () => (await reader.stageStats('strategy')).every(({ off, tail }) => tail > 0 && off === tail), {
      timeoutMs: 20_000,
    });
  const toldOf = (signals: readonly Signal[], symbol: string) =>
    signals.filter((signal) => signal.symbol === symbol).map(({ id, side, confidence }) => [id, side, confidence]);

  it('gives out the signals of the engine of the core, keeps the newest of each symbol, and drains in time', async () => {
    const events = new Map(SYMBOLS.map((symbol) => [symbol, eventsOf(symbol)]));
    const evaluator = start();
    await upstream.configure({});
    await emit(0, BARS, events);
    await caughtUp();
    expect((await evaluator.line('ready'))['component']).toBe('StrategyEvaluator');
    expect((await evaluator.get('/readyz')).status).toBe(200);
    const signals = await upstream.signals();
    for (const symbol of SYMBOLS) {
      const expected = expectedOf(symbol);
      expect(expected.length).toBeGreaterThan(3);
      expect(toldOf(signals, symbol)).toEqual(expected);
      const kept = (await reader.signals(symbol, 2)).map((json) => (JSON.parse(json) as Signal).id);
      expect(kept).toEqual(expected.slice(-2).map(([id]) => id));
    }
    await stop(evaluator);
    expect((await reader.stageStats('strategy')).map(({ owner }) => owner)).toEqual(['', '', '', '']);
  });

  it('goes on in another process where the first was killed: each signal once', async () => {
    const events = new Map([['SPY', eventsOf('SPY')]]);
    const first = start();
    await upstream.configure({});
    await emit(0, 900, events);
    await caughtUp();
    first.signal('SIGKILL');
    await first.exit();
    await emit(900, BARS, events);
    const second = start();
    await caughtUp();
    expect(toldOf(await upstream.signals(), 'SPY')).toEqual(expectedOf('SPY'));
    await stop(second);
  });

  it('puts aside what is no event and goes on', async () => {
    const evaluator = start();
    await upstream.configure({});
    await upstream.emit([eventOf('SPY', 1, 100, { close: null as never }), eventOf('SPY', 2, 100)]);
    await caughtUp();
    const letters = await reader.deadLetters('strategy', 10);
    expect(letters.map(({ json }) => JSON.parse(json))).toMatchObject([
      { symbol: 'SPY', error: 'not a calculation event: symbol, timeframe, prices or values are missing' },
    ]);
    expect((await evaluator.get('/readyz')).status).toBe(200);
    await stop(evaluator);
  });

  describe('more signals than the next stage may be behind', () => {
    const LIMIT = 2_000; // the least that redis_streams_maxlen allows for
    const SIGNALS = 3_000;
    const settings = (alerts: boolean): SettingsInput => ({
      strategies: [{ name: 'ma_crossover_strategy', parameters: { min_confidence: 0 } }],
      system: { redis_streams_maxlen: 1_000, batch_calculation_size: 1, enable_alerts: alerts },
    });
    /** The averages cross with each bar. */
    const crossing = (n: number): CalculationEvent =>
      eventOf('SPY', n, 100, { high: 101, low: 99, values: { sma_50: n % 2 === 0 ? 101 : 99, sma_200: 100 } });
    const configure = async (alerts: boolean): Promise<void> => {
      const control = createControl(link);
      const version = (await control.read())?.version ?? 0;
      const next = { settings: settingsSchema.parse(settings(alerts)), updatedBy: 'test', updatedAt: 0 };
      expect((await control.write(next, version)).ok).toBe(true);
      await upstream.configure(settings(alerts));
    };
    const emitMany = async (): Promise<void> => {
      for (let n = 0; n < SIGNALS; n += 100)
        await upstream.emit(Array.from({ length: 100 }, (_, i) => crossing(n + i)));
    };
    const said = async () =>
      Number(
        await link.commands.hget(
          stageKey('strategy', partitionTags(PARTITIONS)[partitionOf('SPY', PARTITIONS)] as string),
          'outBars',
        ),
      );
    const heldBack = async (evaluator: RunningService): Promise<boolean> =>
      !/stage_back_pressure_total\S* 0\b/.test(await (await evaluator.get('/metrics')).text());

    it('with alerts off nobody is waited for', async () => {
      const evaluator = start();
      await configure(false);
      await emitMany();
      await caughtUp();
      expect(await said()).toBeGreaterThan(LIMIT);
      expect(await heldBack(evaluator)).toBe(false);
      await stop(evaluator);
    });

    it('with alerts on it waits; switching them off frees it where it stands', async () => {
      const evaluator = start();
      await configure(true);
      await emitMany();
      await until(() => heldBack(evaluator), { timeoutMs: 20_000 });
      expect(await said()).toBeLessThanOrEqual(LIMIT + 200);
      await configure(false);
      await caughtUp();
      expect(await said()).toBeGreaterThan(LIMIT);
      await stop(evaluator);
    });
  });

  it('says on /readyz why it cannot work, and works when it can', async () => {
    await redis.kill();
    const evaluator = start();
    await until(async () => (await (await evaluator.get('/readyz')).text()).includes('cannot be reached'));
    expect((await evaluator.get('/readyz')).status).toBe(503);
    await redis.restart();
    await evaluator.line('ready');
    expect((await evaluator.get('/readyz')).status).toBe(200);
    await stop(evaluator);
  });
});
