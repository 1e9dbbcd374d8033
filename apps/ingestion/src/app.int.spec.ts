import { readBatch, type BarEvent, type CorrectionEntry, type WarmupEntry } from '@wagehood/contracts';
import { freePort, startRedis, until as untilMet, type TestRedis, type UntilOptions } from '@wagehood/testing';
import { join } from 'node:path';
import { configurator, loggedBars, readLogs, startIngestion, type RunningIngestion } from './testing/start-ingestion';

const SP500 = join(__dirname, '../../../node_modules/vega-datasets/data/sp500-2000.csv');

jest.setTimeout(30_000);

let redis: TestRedis;
let api: ReturnType<typeof configurator>;
let running: RunningIngestion[];

const start = (env: Record<string, string> = {}) => {
  const app = startIngestion(redis.url, { HISTORY_BARS: '50', ...env });
  running.push(app);
  return app;
};
const watch = (...symbols: string[]) => symbols.map((symbol) => ({ symbol }));

const until = <T>(condition: () => T | Promise<T>, options: UntilOptions = {}) =>
  untilMet(condition, { timeoutMs: 15_000, ...options });

/** Open times 1 000 ms apart, each once. */
function expectUnbroken(bars: readonly { readonly timestamp: number }[]): void {
  bars.slice(1).forEach(({ timestamp }, i) => expect(timestamp - (bars[i]?.timestamp ?? 0)).toBe(1000));
}

beforeEach(async () => {
  redis = await startRedis();
  api = configurator(redis.url);
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((app) => app.stop()));
  await api.close();
  await redis.stop();
});

describe('ingestion', () => {
  it('waits for the configuration and says so', async () => {
    const app = start();
    await app.started;
    expect(app.part('feeds').ready?.()).toEqual({
      ok: false,
      detail: 'waiting for the configuration (the api writes it when it starts)',
    });
    await api.write({ watchlist: watch('SPY') });
    await until(() => app.part('feeds').ready?.().ok);
  });

  it('puts the configuration first in every log, then history, then live bars without a seam', async () => {
    await api.write({ watchlist: watch('SPY', 'QQQ', 'IWM') });
    start();
    const bars = await until(async () => {
      const logged = await loggedBars(api.link, 'SPY');
      return logged.length >= 53 && logged;
    });
    expectUnbroken(bars);
    expect(bars.slice(0, 50).every(({ backfilled }) => backfilled)).toBe(true);
    expect(bars.at(-1)).toMatchObject({ source: 'mock', timeframe: '1s', isFinal: true });
    expect(bars.at(-1)?.backfilled).toBeUndefined();
    for (const entries of await readLogs(api.link)) {
      expect(entries[0]?.kind).toBe('control');
      entries.forEach(({ offset }, i) => expect(offset).toBe(i + 1));
    }
  });

  it('follows the watchlist while it runs', async () => {
    await api.write({ watchlist: watch('SPY', 'QQQ') });
    start();
    await until(async () => (await loggedBars(api.link, 'QQQ')).length > 50);
    const changedAt = performance.now();
    await api.write({ watchlist: watch('SPY', 'NEW') });
    await until(async () => (await loggedBars(api.link, 'NEW')).some(({ backfilled }) => !backfilled));
    expect(performance.now() - changedAt).toBeLessThan(4_000);
    const left = (await loggedBars(api.link, 'QQQ')).length;
    const spy = await until(async () => {
      const bars = await loggedBars(api.link, 'SPY');
      return (bars.at(-1)?.timestamp ?? 0) > Date.now() - 1500 && bars;
    });
    expectUnbroken(spy);
    expect((await loggedBars(api.link, 'QQQ')).length).toBe(left);
    expectUnbroken(await loggedBars(api.link, 'NEW'));
  });

  it('gives what is added in mid-stream its past, up to the very bar at which the log stands; once, over a restart too', async () => {
    const settings = { watchlist: watch('SPY', 'QQQ'), strategies: [], indicators: [{ name: 'sma_3' }] };
    await api.write(settings);
    const first = start({ HISTORY_BARS: '20' });
    await until(async () => (await loggedBars(api.link, 'QQQ')).length > 22);
    const pasts = async (): Promise<WarmupEntry[]> =>
      (await readLogs(api.link))
        .flat()
        .flatMap(({ kind, data }) => (kind === 'warmup' ? [JSON.parse(data) as WarmupEntry] : []));
    await api.write({ ...settings, system: { batch_calculation_size: 5 } });
    await api.write({ ...settings, indicators: [{ name: 'sma_3' }, { name: 'sma_9' }] });
    await until(async () => (await pasts()).length >= 2);
    await first.stop();
    start({ HISTORY_BARS: '20' });
    const count = (await loggedBars(api.link, 'SPY')).length;
    await until(async () => (await loggedBars(api.link, 'SPY')).length > count + 1);
    expect((await pasts()).map(({ symbol, version, need }) => [symbol, version, need]).sort()).toEqual([
      ['QQQ', 3, 20],
      ['SPY', 3, 20],
    ]);
    for (const { symbol, bars } of await pasts()) {
      expectUnbroken(bars);
      expect(bars.length).toBeGreaterThanOrEqual(20);
      const stands = (await readLogs(api.link))
        .flatMap((entries) => {
          const at = entries.findIndex(({ kind, data }) => kind === 'warmup' && data.includes(`"${symbol}"`));
          return entries.slice(0, Math.max(0, at)).filter(({ kind }) => kind === 'bar');
        })
        .flatMap(({ data }) => readBatch(data) as BarEvent[])
        .filter((bar) => bar.symbol === symbol)
        .at(-1);
      expect(bars.at(-1)?.timestamp).toBe(stands?.timestamp);
    }
  });

  it('brings corrections into the log, each with its series up to where it stands, and goes on with them after a restart', async () => {
    const settings = { watchlist: watch('SPY', 'QQQ'), indicators: [{ name: 'sma_10' }], strategies: [] };
    await api.write(settings);
    const corrections = async (): Promise<CorrectionEntry[]> =>
      (await readLogs(api.link))
        .flat()
        .flatMap(({ kind, data }) => (kind === 'correction' ? [JSON.parse(data) as CorrectionEntry] : []));
    const environment = { MOCK_SPEED: '40/s', MOCK_CORRECTIONS: '10' };
    const first = start(environment);
    await until(async () => (await corrections()).length > 4);
    await first.stop();
    start(environment);
    const before = (await corrections()).length;
    await until(async () => (await corrections()).length > before + 4);
    const places = new Map<string, number>();
    for (const entries of await readLogs(api.link)) {
      const last = new Map<string, number>();
      for (const { kind, data } of entries) {
        if (kind === 'bar')
          for (const { symbol, timestamp } of readBatch(data) as BarEvent[]) last.set(symbol, timestamp);
        if (kind !== 'correction') continue;
        const { symbol, need, bars, revisions } = JSON.parse(data) as CorrectionEntry;
        expectUnbroken(bars);
        expect(bars.at(-1)?.timestamp).toBe(last.get(symbol));
        const [{ timestamp: from } = { timestamp: 0 }] = revisions;
        expect(bars.filter(({ timestamp }) => timestamp < from).length).toBeGreaterThanOrEqual(need);
        const isNews = ({ timestamp, revision }: (typeof revisions)[number]) =>
          revision > (places.get(`${symbol} ${timestamp}`) ?? 0);
        expect(revisions.some(isNews)).toBe(true);
        for (const { timestamp, revision } of revisions) {
          expect(bars.find((bar) => bar.timestamp === timestamp)?.revision).toBe(revision);
          places.set(`${symbol} ${timestamp}`, revision);
        }
      }
    }
    expect(places.size).toBeGreaterThan(5);
  });

  it('shows forming bars when updates are quicker than bars', async () => {
    await api.write({ watchlist: watch('SPY'), system: { data_update_interval_seconds: 0.25 } });
    start();
    await until(async () => (await readLogs(api.link)).flat().some(({ kind }) => kind === 'forming'));
    await until(async () => (await loggedBars(api.link, 'SPY')).length > 51);
    expectUnbroken(await loggedBars(api.link, 'SPY'));
  });

  it('continues after a restart where it stopped', async () => {
    await api.write({ watchlist: watch('SPY') });
    const first = start();
    await until(async () => (await loggedBars(api.link, 'SPY')).length > 51);
    await first.stop();
    const before = (await loggedBars(api.link, 'SPY')).length;
    await new Promise((resolve) => setTimeout(resolve, 1500)); // bars that nobody listens to
    start();
    await until(async () => (await loggedBars(api.link, 'SPY')).length > before + 3);
    expectUnbroken(await loggedBars(api.link, 'SPY'));
  });

  it('shares the symbols among replicas and takes over those of one that leaves', async () => {
    const symbols = Array.from({ length: 12 }, (_, i) => `S${i}`);
    await api.write({ watchlist: watch(...symbols) });
    const first = start();
    const second = start();
    const count = async (app: RunningIngestion) => {
      const metric = await app.metrics.registry.getSingleMetric('wagehood_ingestion_symbols')?.get();
      return metric?.values[0]?.value ?? 0;
    };
    await until(
      async () =>
        (await count(first)) > 0 && (await count(second)) > 0 && (await count(first)) + (await count(second)) === 12,
    );
    await until(async () => (await loggedBars(api.link, 'S0')).length > 51);
    await first.stop();
    await until(async () => (await count(second)) === 12);
    const stoppedAt = Date.now();
    for (const symbol of symbols) {
      await until(async () => ((await loggedBars(api.link, symbol)).at(-1)?.timestamp ?? 0) >= stoppedAt);
      expectUnbroken(await loggedBars(api.link, symbol));
    }
  });

  it('plays the real S&P 500 whole and stays up at its end', async () => {
    await api.write({ watchlist: watch('SPX', 'XYZ'), system: { data_provider: 'replay' } });
    const app = start({ REPLAY_FILES: `SPX=${SP500}` });
    await until(() => app.part('feeds').ready?.().detail === '0 symbols live, 0 joining, 1 at their end', {
      timeoutMs: 10_000,
    });
    await until(async () => (await loggedBars(api.link, 'SPX')).length === 5105);
    const bars = await loggedBars(api.link, 'SPX');
    expect(bars.every(({ backfilled, source }) => !backfilled && source === 'replay')).toBe(true);
    expect(bars[0]).toMatchObject({ timestamp: Date.UTC(2000, 0, 3), open: 1469.25, price: 1455.219971 });
    expect(app.lines).toContain('provider replay does not know XYZ: no bars of it will come');
    expect(app.lines).toContain('end of data: the provider has no more bars; staying up');
  });

  it('says on /readyz that a recording is missing', async () => {
    await api.write({ watchlist: watch('SPX'), system: { data_provider: 'replay' } });
    const app = start({ REPLAY_FILE: join(redis.dir, 'missing.csv') });
    await until(() => app.part('feeds').ready?.().detail.includes('missing.csv'));
    expect(app.part('feeds').ready?.().ok).toBe(false);
  });

  it('says that a provider is not known', async () => {
    await api.write({ watchlist: [{ symbol: 'SPY', data_provider: 'bloomberg' }] });
    const app = start();
    await until(
      () => app.part('feeds').ready?.().detail === "provider 'bloomberg' is not known; there are mock, replay",
    );
  });

  it('makes the provider wait when calculation is behind, and loses nothing', async () => {
    await api.write({ watchlist: watch('A', 'B') });
    const app = start({ MOCK_SPEED: 'max', MOCK_BARS: '30000' });
    await until(() => app.part('log').ready?.().detail.includes('calculation is behind'));
    expect(app.part('log').ready?.().ok).toBe(true);
    expectUnbroken(await loggedBars(api.link, 'A'));
  });
});

describe('ingestion and a Redis in trouble', () => {
  it('waits for a Redis that is not there yet', async () => {
    const port = await freePort();
    const app = startIngestion(`redis://127.0.0.1:${port}`);
    running.push(app);
    await until(() => app.part('redis').ready?.().detail.includes('cannot be reached'));
    expect(app.part('redis').ready?.().ok).toBe(false);
  });

  it('says that the password is wrong', async () => {
    const locked = await startRedis({ args: ['--requirepass', 'right'], port: true });
    try {
      const app = startIngestion(locked.url.replace('redis://', 'redis://:wrong@'));
      running.push(app);
      await until(() => app.part('redis').ready?.().detail.includes('refuses our credentials'));
      await app.stop();
    } finally {
      await locked.stop();
    }
  });

  it('refuses to start with another number of partitions', async () => {
    await start().started;
    const other = startIngestion(redis.url, { PARTITIONS: '8' });
    running.push(other);
    await expect(other.started).rejects.toThrow('PARTITIONS is 8, but this Redis was started with 4');
  });

  it('goes on without a gap when Redis is restarted', async () => {
    const dir = join(redis.dir, 'aof');
    const durable = await startRedis({ dir, args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const writer = configurator(durable.url);
    try {
      await writer.write({ watchlist: watch('SPY') });
      const app = startIngestion(durable.url, { HISTORY_BARS: '50' });
      running.push(app);
      await until(async () => (await loggedBars(writer.link, 'SPY')).length > 51);
      await durable.kill();
      await until(() => !app.part('redis').ready?.().ok);
      await durable.restart();
      await until(async () => ((await loggedBars(writer.link, 'SPY')).at(-1)?.timestamp ?? 0) > Date.now() - 1500, {
        timeoutMs: 15_000,
      });
      expectUnbroken(await loggedBars(writer.link, 'SPY'));
      await app.stop();
    } finally {
      await writer.close();
      await durable.stop();
    }
  });
});
