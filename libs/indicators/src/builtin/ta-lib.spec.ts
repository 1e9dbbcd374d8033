import type { Bar } from '@wagehood/market';
import { runBatch } from '../batch';
import { createCatalog } from '../catalog';
import { createPlan } from '../plan';
import { resolveIndicator } from '../resolve';
import { exactBands } from '../testing/exact';
import { walk } from '../testing/markets';
import { sp500 } from '../testing/real-prices';
import { loadTaLib } from '../testing/talib';

const taLib = loadTaLib();
const markets: readonly (readonly [string, Bar[]])[] = [
  ['a random walk at 100', walk(20_000, 11)],
  ['a calm random walk at 1e-4', walk(5_000, 12, 1e-4, 0.001)],
  ['a wild random walk at 1e6', walk(5_000, 13, 1e6, 0.05)],
  ['5 104 real days of the S&P 500', sp500()],
];

/** Name, parameters, function of TA-Lib, its options in its order. */
const CASES = [
  ['sma', { period: 20 }, 'SMA', [20]],
  ['sma', { period: 1 }, null, []],
  ['sma', { period: 200 }, 'SMA', [200]],
  ['ema', { period: 12 }, 'EMA', [12]],
  ['ema', { period: 26 }, 'EMA', [26]],
  ['ema', { period: 200 }, 'EMA', [200]],
  ['rsi', { period: 14 }, 'RSI', [14]],
  ['rsi', { period: 2 }, 'RSI', [2]],
  ['rsi', { period: 21 }, 'RSI', [21]],
  ['macd', {}, 'MACD', [12, 26, 9]],
  ['macd', { fast_period: 5, slow_period: 35, signal_period: 5 }, 'MACD', [5, 35, 5]],
] as const;

describe.each(markets)('on %s', (_, bars) => {
  const closes = bars.map(({ close }) => close);

  it.each(CASES.filter(([, , name]) => name !== null))('%s %j agrees with TA_%s', (id, parameters, name, options) => {
    const expected = taLib.call(name as string, [closes], options, id === 'macd' ? 3 : 1);
    const actual = compute(id, parameters, bars);
    const start = (expected[0] as Float64Array).findIndex((value) => !Number.isNaN(value));
    actual.forEach((column, i) => expectAgreement(column, expected[i] as Float64Array, closes, start));
    if (id !== 'macd') expect((actual[0] as Float64Array).findIndex((value) => !Number.isNaN(value))).toBe(start);
  });

  it('sma of one bar is its close', () => {
    expect([...(compute('sma', { period: 1 }, bars)[0] as Float64Array)]).toEqual(closes);
  });

  it('macd shows its line from the bar of its slow average on, where TA_MACD waits for the signal', () => {
    const [fast, slow] = [taLib.call('EMA', [closes.slice(14)], [12], 1)[0], taLib.call('EMA', [closes], [26], 1)[0]];
    const line = compute('macd', {}, bars)[0] as Float64Array;
    const expected = Float64Array.from(line, (_value, at) => (fast?.[at - 14] ?? NaN) - (slow?.[at] as number));
    expect(line.findIndex((value) => !Number.isNaN(value))).toBe(25);
    expectAgreement(line, expected, closes, 25);
  });

  it.each([
    [20, 2],
    [5, 1],
    [50, 2.5],
  ])(
    'bollinger bands %d/%d agree with TA_BBANDS as far as that is exact, and with exact arithmetic',
    (period, width) => {
      const actual = compute('bollinger_bands', { period, std_dev: width }, bars);
      const expected = taLib.call('BBANDS', [closes], [period, width, width, 0], 3);
      // TA_BBANDS takes a variance below 1e-8 for zero: there is nothing to compare where its bands are one line.
      const comparable = closes.map((_close, at) => expected[0]?.[at] !== expected[1]?.[at]);
      actual.forEach((column, i) =>
        closes.forEach((close, at) => {
          if (at >= period - 1 && comparable[at])
            expectClose(column[at] as number, expected[i]?.[at] as number, close, 1e-9);
        }),
      );
      for (let at = period - 1; at < bars.length; at += 37) {
        const exact = exactBands(closes.slice(at - period + 1, at + 1), width);
        actual.forEach((column, i) =>
          expectClose(column[at] as number, exact[i] as number, closes[at] as number, 1e-12),
        );
      }
    },
  );
});

function compute(id: string, parameters: Readonly<Record<string, number>>, bars: readonly Bar[]): Float64Array[] {
  const resolved = resolveIndicator(createCatalog(), id, parameters);
  if (!resolved.ok) throw new Error(resolved.faults.join('; '));
  return runBatch(createPlan([resolved.instance]), bars);
}

/** |Δ| ≤ 1e-9 · max(|x|, price) from bar `start` on, and no value missing. */
function expectAgreement(actual: Float64Array, expected: Float64Array, closes: readonly number[], start: number): void {
  for (let at = start; at < closes.length; at++)
    expectClose(actual[at] as number, expected[at] as number, closes[at] as number, 1e-9);
}

function expectClose(actual: number, expected: number, price: number, tolerance: number): void {
  if (!(Math.abs(actual - expected) <= tolerance * Math.max(Math.abs(expected), price)))
    throw new Error(`is ${actual}, expected ${expected} (price ${price})`);
}
