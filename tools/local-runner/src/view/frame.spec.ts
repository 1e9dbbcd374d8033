import { samplePicture, sampleSignal } from '../testing/samples';
import { barTime, duration, grouped, price, signalColumns, table } from './format';
import { frame, statusLine } from './frame';

describe('frame', () => {
  it('shows services by kind, stages, totals, signals and notes', () => {
    expect(frame(samplePicture)).toMatchInlineSnapshot(`
     [
       "wagehood · up 01:02:05 · http://127.0.0.1:8000/docs",
       "Redis 7.0.15 on 127.0.0.1:41231, data in .data/redis",
       "",
       "  service             ready  state",
       "  api                   1/1  ready",
       "  calculation-worker    1/2  restarting  1 restart",
       "",
       "  stage        partitions  waiting  per second",
       "  calculation       16/16        0           3",
       "  strategy          16/16        2           3",
       "",
       "  3 symbols · 12 345 bars · 17 signals · 16 alerts",
       "",
       "  last signals",
       "  2003-04-01  SPX  1d  buy  1455.22  0.71  macd_rsi_strategy",
       "",
       "  ! calculation-worker-2 was killed by SIGKILL; it is started again",
       "",
       "Ctrl-C stops everything · log: realtime_processor_20261122_160000.log",
     ]
    `);
  });

  it('has something to say before the first figures are there', () => {
    const lines = frame({ ...samplePicture, stats: null, signals: [], notes: [] });
    expect(lines).toContain('  waiting for the first figures');
    expect(lines).toContain('    none yet');
  });
});

describe('statusLine', () => {
  it('is one line', () => {
    expect(statusLine(samplePicture)).toBe('2/3 processes ready · 3 bars/s · 2 waiting · 12 345 bars · 17 signals');
    expect(statusLine({ ...samplePicture, stats: null })).toBe('2/3 processes ready');
  });
});

describe('format', () => {
  it('groups digits', () =>
    expect([0, 999, 1_000, 1_234_567.4].map(grouped)).toEqual(['0', '999', '1 000', '1 234 567']));
  it('writes durations', () => expect(duration(3_725.9)).toBe('01:02:05'));
  it('writes prices without noise', () =>
    expect([1455.219971, 939.28003, 0.1 + 0.2, 100].map(price)).toEqual(['1455.22', '939.28', '0.3', '100']));

  it('writes a time as exactly as its timeframe needs', () => {
    const iso = '2026-11-22T16:05:07.000Z';
    expect(['1d', '1m', '5s'].map((timeframe) => barTime(iso, timeframe))).toEqual([
      '2026-11-22',
      '2026-11-22 16:05',
      '16:05:07',
    ]);
  });

  it('makes columns of a signal', () => {
    expect(signalColumns(sampleSignal)).toEqual([
      '2003-04-01',
      'SPX',
      '1d',
      'buy',
      '1455.22',
      '0.71',
      'macd_rsi_strategy',
    ]);
  });

  it('sets columns of numbers right and others left', () => {
    expect(
      table([
        ['name', 'n'],
        ['a', '1'],
        ['bcdef', '100'],
      ]),
    ).toEqual(['name     n', 'a        1', 'bcdef  100']);
  });
});
