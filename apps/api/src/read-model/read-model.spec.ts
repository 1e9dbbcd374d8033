import { settingsSchema } from '@wagehood/config';
import { coalesce } from './coalesce';
import { expiresAt, Sight } from './expiry';
import { frequenciesOf } from './frequencies';
import { HeldValues } from './held-values';
import { cutPage, planPage } from './history-page';
import { likelySymbols } from './known-symbols';
import { MicroCache } from './micro-cache';
import { parseMemoryInfo } from './stats-view';
import { Throttle } from './throttle';

const MINUTE_MS = 60_000;

describe('expiry', () => {
  it('counts from when the bar came in, and never less than two bars', () => {
    expect(expiresAt(7, 300, MINUTE_MS)).toBe(300_007);
    expect(expiresAt(7, 300, 24 * 60 * MINUTE_MS)).toBe(2 * 24 * 60 * MINUTE_MS + 7);
  });

  it('knows until when everything looks the same', () => {
    const sight = new Sight(1_000);
    expect([999, 1_000, 5_000, 3_000].map((lastMs) => sight.hasExpired(lastMs))).toEqual([true, false, false, false]);
    expect(sight.untilMs).toBe(1_000);
    expect(new Sight(0).untilMs).toBe(Infinity);
  });
});

describe('Throttle and HeldValues', () => {
  it('let the first bar of each span pass', () => {
    const throttle = new Throttle();
    const passed = [0, 1, 2, 3, 5, 6].filter((i) => throttle.passes('k', i * MINUTE_MS, 180, MINUTE_MS));
    expect(passed).toEqual([0, 3, 6]);
    expect(throttle.passes('k', 0, 60, MINUTE_MS)).toBe(true);
  });

  it('show the value of that bar until the next span', () => {
    const held = new HeldValues();
    const show = (i: number, seconds: number) =>
      held.show('k', { value: i, openTime: i * MINUTE_MS, receivedAt: 0 }, seconds, MINUTE_MS).value;
    expect([0, 1, 2, 3, 4].map((i) => show(i, 180))).toEqual([0, 0, 0, 3, 3]);
    expect(show(5, 1)).toBe(5);
  });

  it('do not hold an empty place against the first value', () => {
    const held = new HeldValues();
    held.show('k', { value: null, openTime: 0, receivedAt: 0 }, 180, MINUTE_MS);
    expect(held.show('k', { value: 1, openTime: MINUTE_MS, receivedAt: 0 }, 180, MINUTE_MS).value).toBe(1);
  });
});

describe('MicroCache', () => {
  it('reads once for all who ask, again when stale, and never keeps a failure', async () => {
    let now = 0;
    let reads = 0;
    const cache = new MicroCache<number>(100, 10, () => now);
    const read = async () => ++reads;
    expect(await Promise.all([cache.get('k', read), cache.get('k', read)])).toEqual([1, 1]);
    expect(cache.get('k', read)).toBe(1);
    now = 100;
    expect(await cache.get('k', read)).toBe(2);
    await expect(cache.get('bad', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('bad', read)).toBe(3);
  });

  it('is bounded', async () => {
    const cache = new MicroCache<number>(100, 2, () => 0);
    for (let i = 0; i < 5; i++) await cache.get(String(i), async () => i);
    expect(await cache.get('0', async () => 42)).toBe(42);
    expect(cache.get('4', async () => 42)).toBe(4);
  });
});

describe('coalesce', () => {
  it('reads the keys of one turn at once, each one once', async () => {
    const calls: (readonly string[])[] = [];
    const one = coalesce(async (keys) => {
      calls.push(keys);
      return keys.map((key) => `${key}!`);
    });
    expect(await Promise.all([one('a'), one('b'), one('a')])).toEqual(['a!', 'b!', 'a!']);
    expect(await one('c')).toBe('c!');
    expect(calls).toEqual([['a', 'b'], ['c']]);
  });

  it('fails everybody who waits', async () => {
    const one = coalesce<string>(() => Promise.reject(new Error('away')));
    const outcomes = await Promise.allSettled([one('a'), one('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('pages of history', () => {
  const rows = Array.from({ length: 10 }, (_, i) => ({ openTime: i }));
  const times = (page: readonly { openTime: number }[]) => page.map(({ openTime }) => openTime);

  it('walk forward from a start, back without one, and end', () => {
    expect(planPage({ start: 5, end: 9, limit: 1, cursor: undefined })).toEqual({ from: 5, to: 8, forward: true });
    expect(planPage({ start: undefined, end: undefined, limit: 1, cursor: 'b7' })).toMatchObject({
      to: 7,
      forward: false,
    });
    expect(planPage({ start: undefined, end: undefined, limit: 1, cursor: 'z' })).toBeNull();
    expect(cutPage(rows, 3, true)).toMatchObject({ nextCursor: 'f3' });
    expect(times(cutPage(rows, 3, false).page)).toEqual([7, 8, 9]);
    expect(cutPage(rows, 3, false).nextCursor).toBe('b6');
    expect(cutPage(rows, 10, false).nextCursor).toBeNull();
  });

  it('cover every row once, whatever the size of a page', () => {
    for (const limit of [1, 3, 4, 10]) {
      const seen: number[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const plan = planPage({ start: undefined, end: undefined, limit, cursor });
        const found = rows.filter(({ openTime }) => openTime <= (plan?.to ?? 0)).slice(-limit - 1);
        const { page, nextCursor } = cutPage(found, limit, false);
        seen.unshift(...times(page));
        cursor = nextCursor;
      }
      expect(seen).toEqual(times(rows));
    }
  });
});

describe('likelySymbols', () => {
  it('names what is most like it first, and not too many', () => {
    expect(likelySymbols('APPL', ['SPY', 'AAPL', 'QQQ'])[0]).toBe('AAPL');
    expect(likelySymbols('BTC', ['AAPL', 'BTC-USD'])[0]).toBe('BTC-USD');
    expect(
      likelySymbols(
        'X',
        Array.from({ length: 500 }, (_, i) => `S${i}`),
      ),
    ).toHaveLength(20);
  });
});

describe('parseMemoryInfo', () => {
  it('reads what Redis says, and takes 0 for no limit', () => {
    const info = '# Memory\r\nused_memory:1024\r\nused_memory_human:1K\r\nmaxmemory:0\r\n';
    expect(parseMemoryInfo(info)).toEqual({ used: 1024, max: null });
  });
});

describe('frequenciesOf', () => {
  it('knows the settings, and the defaults for what is gone', () => {
    const settings = settingsSchema.parse({ indicators: [{ name: 'sma_50', ttl_seconds: 7 }] });
    const frequencies = frequenciesOf(settings);
    expect([
      frequencies.indicatorTtl('sma_50'),
      frequencies.indicatorTtl('gone'),
      frequencies.strategyTtl('gone'),
    ]).toEqual([7, 300, 600]);
  });
});
