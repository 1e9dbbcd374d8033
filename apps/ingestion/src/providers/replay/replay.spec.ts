import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedBar, FeedRequest, Provider } from '../provider';
import { settingsOf } from '../testing/settings-of';
import { testProviderContract } from '../testing/test-provider-contract';
import { replay } from './replay';

const DAY = 86_400_000;
const HEADER = 'date,open,high,low,close,adjclose,volume';
const SP500 = join(__dirname, '../../../../../node_modules/vega-datasets/data/sp500-2000.csv');

let folder: string;
let warnings: string[];
let rejected: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wagehood-replay-'));
  const days = (start: number) =>
    Array.from({ length: 60 }, (_, i) => {
      const close = 100 + Math.sin(i) * 5;
      return {
        date: new Date(start + i * DAY).toISOString().slice(0, 10),
        open: close,
        high: close + 1,
        low: close - 1,
        close,
        volume: 1000 + i,
      };
    });
  const rows = days(Date.UTC(2020, 0, 1));
  await mkdir(join(folder, 'many'));
  await file(
    'many/AAA.csv',
    ['date,open,high,low,close,volume', ...rows.map((row) => Object.values(row).join(','))].join('\n'),
  );
  await file('many/bbb.ndjson', rows.map((row) => JSON.stringify({ ...row, symbol: 'BBB' })).join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  warnings = [];
  rejected = [];
});

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const open = (env: Record<string, string>): Provider =>
  replay.create(settingsOf(replay, env), {
    updateIntervalMs: 1000,
    now: () => performance.now(),
    log: { info: () => undefined, warn: (message) => void warnings.push(message) },
    reject: (reason) => void rejected.push(reason),
  });

/** Seconds of bars with corrections among them, as an exchange would have published them. */
const CORRECTED = [
  'timestamp,open,high,low,close,volume,revision',
  ...[
    '0,1,9,1,1,1,',
    '1,1,9,1,2,1,',
    '0,1,9,1,7,1,1',
    '2,1,9,1,3,1,0',
    '3,1,9,1,4,1,',
    '2,1,9,1,8,1,1',
    '2,1,9,1,9,1,2',
  ],
  ...['4,1,9,1,5,1,x', '4,1,9,1,5,1,'],
]
  .map((line) => line.replace(/^(\d),/, (_, n: string) => `${1_767_571_200 + Number(n)},`))
  .join('\n');
const at = (bars: readonly FeedBar[]) =>
  bars.map(({ openTime, close, revision }) => [openTime / 1_000 - 1_767_571_200, close, revision ?? 0]);

async function deliver(
  provider: Provider,
  symbols: readonly string[],
  after: number | null = null,
): Promise<FeedBar[]> {
  const feeds: FeedRequest[] = [];
  for (const symbol of symbols) {
    const timeframe = await provider.feedTimeframe(symbol);
    if (timeframe) feeds.push({ symbol, timeframe, after });
  }
  const bars: FeedBar[] = [];
  await provider.subscribe(feeds, async (batch) => void bars.push(...batch), new AbortController().signal);
  return bars;
}

testProviderContract('replay', {
  create: () => open({ REPLAY_FILES: join(folder, 'many') }),
  symbols: ['AAA', 'BBB'],
  unknown: 'ZZZ',
});

describe('replay', () => {
  it('plays the real S&P 500: 5 105 daily bars, all valid', async () => {
    const bars = await deliver(open({ REPLAY_FILES: `SPX=${SP500}` }), ['SPX']);
    expect(bars).toHaveLength(5105);
    expect(bars[0]).toEqual({
      symbol: 'SPX',
      timeframe: '1d',
      openTime: Date.UTC(2000, 0, 3),
      open: 1469.25,
      high: 1478,
      low: 1438.359985,
      close: 1455.219971,
      volume: 931800000,
      isFinal: true,
    });
    expect(rejected).toEqual([]);
  });

  it('takes the symbol from REPLAY_SYMBOL, from the entry, from the column or from the file name', async () => {
    const rows = `${HEADER}\n2020-01-01,1,2,1,2,2,10\n`;
    const path = await file('msft.csv', rows);
    expect(await open({ REPLAY_FILE: path, REPLAY_SYMBOL: 'abc/usd' }).feedTimeframe('ABC-USD')).toBe('1d');
    expect(await open({ REPLAY_FILES: `XYZ=${path}` }).feedTimeframe('XYZ')).toBe('1d');
    expect(await open({ REPLAY_FILE: path }).feedTimeframe('MSFT')).toBe('1d');
    expect(await open({ REPLAY_FILE: path }).feedTimeframe('XYZ')).toBeNull();
  });

  it('merges files by time', async () => {
    const bars = await deliver(open({ REPLAY_FILES: join(folder, 'many') }), ['AAA', 'BBB']);
    expect(bars).toHaveLength(120);
    bars.slice(1).forEach((bar, i) => expect(bar.openTime).toBeGreaterThanOrEqual(bars[i]?.openTime ?? 0));
  });

  it('continues behind what is stored', async () => {
    const provider = open({ REPLAY_FILES: join(folder, 'many') });
    const whole = await deliver(provider, ['AAA']);
    expect(await deliver(provider, ['AAA'], whole[39]?.openTime)).toEqual(whole.slice(40));
  });

  it('skips, names and counts every bad row', async () => {
    const path = await file(
      'bad.csv',
      [
        HEADER,
        '2020-01-01,10,11,9,10,10,100',
        '2020-01-02,ten,11,9,10,10,100',
        '2020-01-03,10,9,11,10,10,100',
        '2020-01-04,-10,11,9,10,10,100',
        '2020-01-05,10,11,9,10,10,-1',
        'tomorrow,10,11,9,10,10,100',
        '2020-01-07,10,11',
        '2020-01-08,10,11,9,20,10,100',
        '2020-01-09,"10"x,11,9,10,10,100',
        '2020-01-10,"10,11,9,10,10,100',
        '"2020-01-11","10","11","9","10","10","100"',
        '',
        '2020-01-12,10,11,9,10,10,100',
      ].join('\n'),
    );
    const provider = open({ REPLAY_FILE: path });
    const bars = await deliver(provider, ['BAD']);
    expect(bars.map(({ openTime }) => openTime)).toEqual([1, 11, 12].map((day) => Date.UTC(2020, 0, day)));
    expect(rejected.sort()).toEqual(
      [
        'not-finite',
        'high-below-low',
        'price-not-positive',
        'volume-negative',
        'time-unreadable',
        'row-unreadable',
        'outside-range',
        'not-finite',
        'not-finite',
      ].sort(),
    );
    expect(warnings).toContain(`${path}:3: open is NaN, expected a finite number; row skipped`);
    expect(warnings).toContain(`${path}:7: the time cannot be read; row skipped`);
    await deliver(provider, ['BAD']);
    expect(rejected).toHaveLength(9);
  });

  it('skips lines of NDJSON that are no objects', async () => {
    const good = { timestamp: 1_577_836_800, open: 1, high: 2, low: 1, close: 2, volume: 3, symbol: 'N' };
    const next = { ...good, timestamp: 1_577_836_860_000 };
    const path = await file('bad.ndjson', `${JSON.stringify(good)}\n{oops\n[1]\n${JSON.stringify(next)}\n`);
    const bars = await deliver(open({ REPLAY_FILE: path }), ['N']);
    expect(bars.map(({ openTime, timeframe }) => [openTime, timeframe])).toEqual([
      [1_577_836_800_000, '1m'],
      [1_577_836_860_000, '1m'],
    ]);
    expect(rejected).toEqual(['row-unreadable', 'row-unreadable']);
  });

  it.each([
    ['a file that is not there', { REPLAY_FILE: '/nowhere/x.csv' }, "replay: '/nowhere/x.csv' does not exist"],
    ['no file at all', {}, 'replay: no file; set REPLAY_FILES'],
  ])('says what is wrong: %s', async (_, env, message) => {
    await expect(open(env).feedTimeframe('X')).rejects.toThrow(message);
  });

  it('says what is wrong: a file without the columns', async () => {
    const path = await file('prices.csv', 'day,price\n2020-01-01,5\n');
    await expect(open({ REPLAY_FILE: path }).feedTimeframe('PRICES')).rejects.toThrow(
      `${path}:1: no column date (or timestamp, time), open, high, low, close, volume; found day, price`,
    );
  });

  it('keeps to the speed it is given', async () => {
    const started = performance.now();
    await deliver(open({ REPLAY_FILES: join(folder, 'many'), REPLAY_SPEED: '600/s' }), ['AAA']);
    expect(performance.now() - started).toBeGreaterThan((59 / 600) * 1000 - 5);
  });
});

describe('replay of a recording with corrections', () => {
  const start = async () => open({ REPLAY_FILES: `SPY=${await file('corrected.csv', CORRECTED)}` });

  it('plays them in their place; a revision that is none is a bad row', async () => {
    expect(at(await deliver(await start(), ['SPY']))).toEqual([
      [0, 1, 0],
      [1, 2, 0],
      [0, 7, 1],
      [2, 3, 0],
      [3, 4, 0],
      [2, 8, 1],
      [2, 9, 2],
      [4, 5, 0],
    ]);
    expect(rejected).toEqual(['revision-invalid']);
  });

  it('plays those of the last bars again when it goes on', async () => {
    const provider = await start();
    const bars: FeedBar[] = [];
    const feeds = [{ symbol: 'SPY', timeframe: '1s' as const, after: (1_767_571_200 + 3) * 1_000 }];
    await provider.subscribe(feeds, async (some) => void bars.push(...some), new AbortController().signal);
    expect(at(bars)).toEqual([[0, 7, 1], [2, 8, 1], [2, 9, 2], [4, 5, 0]]); // prettier-ignore
  });

  it('has the past as it was corrected', async () => {
    const past: FeedBar[] = [];
    const range = { from: 1_767_571_200_000, to: (1_767_571_200 + 4) * 1_000 };
    for await (const chunk of (await start()).history('SPY', '1s', range)) past.push(...chunk);
    expect(at(past)).toEqual([[0, 7, 1], [1, 2, 0], [2, 9, 2], [3, 4, 0]]); // prettier-ignore
  });
});
