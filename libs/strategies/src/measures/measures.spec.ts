import fc from 'fast-check';
import type { Bar } from '@wagehood/market';
import { generateMarket } from '../testing';
import { averageRanges } from '../testing/average-range';
import { indicatorColumns } from '../testing/indicator-columns';
import { averageTrueRange } from './average-true-range';
import type { Measure } from './measure';
import { pivots } from './pivots';
import { relativeStrength } from './relative-strength';
import { volumeMean } from './volume-mean';

const bars = generateMarket('random-walk', { bars: 500, seed: 2, sigma: 0.01 });

/** Outputs of a measure, one array per bar. */
function run(measure: Measure, over: readonly Bar[]): number[][] {
  const state = new Float64Array(measure.slots + 4).fill(7, 0, 2).fill(7, measure.slots + 2);
  const rows = over.map((bar) => {
    const out = new Float64Array(measure.outputs + 2).fill(7);
    measure.step(state, 2, bar, out, 1);
    expect([out[0], out[measure.outputs + 1]]).toEqual([7, 7]);
    return [...out.subarray(1, measure.outputs + 1)];
  });
  expect([...state.subarray(0, 2), ...state.subarray(measure.slots + 2)]).toEqual([7, 7, 7, 7]);
  return rows;
}

describe.each([averageTrueRange(), relativeStrength(21), volumeMean(), pivots()])('$key', (measure) => {
  it('is frozen, stays in its slots and is ready after its warm-up', () => {
    expect(Object.isFrozen(measure)).toBe(true);
    const rows = run(measure, bars);
    rows.forEach((row, at) => {
      if (at >= measure.warmup - 1) for (const value of row) expect(Number.isFinite(value)).toBe(true);
    });
    if (measure.key !== 'pivots_2') expect(rows[measure.warmup - 2]).toEqual([NaN]);
  });
});

describe('measures', () => {
  it('average true range is Wilder’s', () => {
    const expected = averageRanges(bars);
    run(averageTrueRange(), bars).forEach(([atr], at) => {
      if (at < 14) expect(atr).toBeNaN();
      else expect(Math.abs((atr as number) / (expected[at] as number) - 1)).toBeLessThan(1e-12);
    });
  });

  it('relative strength is the indicator', () => {
    const [expected] = indicatorColumns(bars, 'rsi', { period: 21 }) as [Float64Array];
    expect(run(relativeStrength(21), bars).flat()).toEqual([...expected]);
  });

  it('volume mean leaves this bar out', () => {
    run(volumeMean(), bars).forEach(([mean], at) => {
      const before = bars.slice(at - 20, at).map(({ volume }) => volume);
      if (at < 20) expect(mean).toBeNaN();
      else expect((mean as number) / (before.reduce((sum, volume) => sum + volume, 0) / 20)).toBeCloseTo(1, 12);
    });
  });

  it('volume mean is exactly 0 once 20 bars had no volume', () => {
    const quiet = bars.slice(0, 60).map((bar, at) => ({ ...bar, volume: at < 30 ? 1e9 + at / 3 : 0 }));
    expect(run(volumeMean(), quiet)[50]).toEqual([0]);
  });

  it('pivots are local extremes over two bars on each side, told two bars later', () => {
    const price = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(fc.array(price, { maxLength: 40 }), (prices) => {
        const spiky = prices.map((p, at) => ({ openTime: at, open: p, high: p, low: p, close: p, volume: 1 }));
        const expected = prices.map((_, at) => {
          const [a, b, middle, c, d] = [-4, -3, -2, -1, 0].map((k) => prices[at + k] ?? NaN) as [number, ...number[]];
          const m = middle as number;
          const extreme = (sign: number) =>
            sign * m > sign * a &&
            sign * m > sign * (b as number) &&
            sign * m >= sign * (c as number) &&
            sign * m >= sign * (d as number);
          return [extreme(1) ? m : 0, extreme(-1) ? m : 0];
        });
        expect(run(pivots(), spiky)).toEqual(expected);
      }),
      { seed: 3 },
    );
  });
});
