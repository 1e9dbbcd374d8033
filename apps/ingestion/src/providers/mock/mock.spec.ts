import type { FeedBar, FeedRequest, ProviderContext } from '../provider';
import { settingsOf } from '../testing/settings-of';
import { testProviderContract } from '../testing/test-provider-contract';
import { followClock } from './follow-clock';
import { mock } from './mock';

const settings = (env: Record<string, string> = {}) => settingsOf(mock, env);

const context = (overrides: Partial<ProviderContext> = {}): ProviderContext => ({
  updateIntervalMs: 1000,
  now: Date.now,
  log: { info: () => undefined, warn: () => undefined },
  reject: () => undefined,
  ...overrides,
});

/** A clock that runs 10 times as fast as time does, so that realtime can be tested. */
const hurriedClock = () => {
  const start = Date.UTC(2026, 10, 22, 12);
  const origin = performance.now();
  return () => start + (performance.now() - origin) * 10;
};

testProviderContract('mock', {
  create: () => mock.create(settings({ MOCK_SPEED: 'max', MOCK_BARS: '5000' }), context()),
  symbols: ['SPY', 'QQQ'],
});

testProviderContract('mock', {
  create: () => mock.create(settings({ MOCK_SPEED: 'max', MOCK_BARS: '5000', MOCK_CORRECTIONS: '5' }), context()),
  symbols: ['SPY', 'QQQ'],
});

describe('mock as fast as it goes', () => {
  const deliver = async (env: Record<string, string>, feeds: readonly FeedRequest[]) => {
    const bars: FeedBar[] = [];
    const take = async (batch: readonly FeedBar[]) => void bars.push(...batch);
    await mock.create(settings(env), context()).subscribe(feeds, take, new AbortController().signal);
    return bars;
  };
  const feed = (symbol: string, after: number | null = null): FeedRequest => ({ symbol, timeframe: '1s', after });

  it('ends after MOCK_BARS bars of each symbol', async () => {
    const bars = await deliver({ MOCK_SPEED: 'max', MOCK_BARS: '1500' }, [feed('A'), feed('B')]);
    expect(bars).toHaveLength(3000);
    expect(bars.at(-1)?.openTime).toBe(Date.UTC(2026, 0, 5) + 1_499_000);
  });

  it('continues behind what is stored, up to the same end', async () => {
    const env = { MOCK_SPEED: 'max', MOCK_BARS: '100' };
    const whole = await deliver(env, [feed('A')]);
    const rest = await deliver(env, [feed('A', whole[59]?.openTime)]);
    expect(rest).toEqual(whole.slice(60));
  });

  it('joins history and live without a seam', async () => {
    const provider = mock.create(settings({ MOCK_SPEED: 'max' }), context());
    const past: FeedBar[] = [];
    for await (const chunk of provider.history('A', '1s', { bars: 300 })) past.push(...chunk);
    const [first] = await deliver({ MOCK_SPEED: 'max', MOCK_BARS: '1' }, [feed('A')]);
    expect(past).toHaveLength(300);
    expect(first?.openTime).toBe((past.at(-1)?.openTime ?? 0) + 1000);
    expect(first?.open).toBe(past.at(-1)?.close);
  });
});

describe('mock in real time', () => {
  const watch = async (updateIntervalMs: number, symbols: readonly string[], enough: number) => {
    const now = hurriedClock();
    const provider = mock.create(settings(), context({ updateIntervalMs, now }));
    const feeds = symbols.map((symbol) => ({ symbol, timeframe: '1s' as const, after: null }));
    const abort = new AbortController();
    const bars: FeedBar[] = [];
    const take = async (batch: readonly FeedBar[]) => {
      for (const bar of batch) if (bar.isFinal) expect(bar.openTime + 1000).toBeLessThanOrEqual(now());
      if (bars.push(...batch) >= enough) abort.abort();
    };
    await provider.subscribe(feeds, take, abort.signal);
    return { bars };
  };

  it('delivers every bar once it is closed, without a gap', async () => {
    const { bars } = await watch(1000, ['A'], 30);
    bars.forEach((bar, i) =>
      expect(bar).toMatchObject({ isFinal: true, openTime: (bars[0]?.openTime ?? 0) + i * 1000 }),
    );
  });

  it('shows forming bars between final ones when updates are quicker than the bars', async () => {
    const { bars } = await watch(250, ['A'], 30);
    const forming = bars.filter(({ isFinal }) => !isFinal);
    expect(forming.length).toBeGreaterThan(0);
    for (const bar of forming) expect(bar.openTime % 1000).toBe(0);
  });

  it('ends when every symbol has reached the end of the plan', async () => {
    const start = Date.UTC(2026, 0, 5);
    let time = start;
    const bars: FeedBar[] = [];
    await followClock(
      { seed: 42, timeframe: '1s', start, end: start + 5_000 },
      {
        feeds: ['A', 'B', 'C'].map((symbol) => ({ symbol, timeframe: '1s' as const, after: null })),
        ...{ onBars: async (batch) => void bars.push(...batch), signal: new AbortController().signal },
        ...{ factor: 1_000, intervalMs: 1_000, now: () => (time += 100) },
      },
    );
    expect(bars.filter(({ isFinal }) => isFinal).every(({ openTime }) => openTime < start + 5_000)).toBe(true);
    expect(new Set(bars.map(({ symbol }) => symbol))).toEqual(new Set(['A', 'B', 'C']));
    expect(Math.max(...bars.map(({ openTime }) => openTime))).toBe(start + 4_000);
  });

  it('spreads the symbols over the interval', async () => {
    const symbols = Array.from({ length: 200 }, (_, i) => `S${i}`);
    const start = Date.UTC(2026, 0, 5);
    let time = start;
    const abort = new AbortController();
    const batches: number[] = [];
    const onBars = async ({ length }: readonly FeedBar[]) => {
      if (batches.push(length) === 100) abort.abort();
    };
    await followClock(
      { seed: 42, timeframe: '1s', start, end: start + 60_000 },
      {
        feeds: symbols.map((symbol) => ({ symbol, timeframe: '1s' as const, after: null })),
        ...{ onBars, signal: abort.signal, factor: 1_000, intervalMs: 1_000 },
        now: () => (time += 5), // goes on whenever it is looked at, so that no machine is too slow for it
      },
    );
    expect(Math.max(...batches.slice(-50))).toBeLessThan(10);
  });

  it.each([
    [0.25, '1s'],
    [1, '1s'],
    [7, '5s'],
    [60, '1m'],
    [90_000, '1d'],
  ])('updates every %d s: a feed of %s bars', async (seconds, expected) => {
    const provider = mock.create(settings(), context({ updateIntervalMs: seconds * 1000 }));
    expect(await provider.feedTimeframe('SPY')).toBe(expected);
  });
});
